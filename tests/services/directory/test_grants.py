"""Roles are given and ended: by whom it may be, where it may be, with every step in the audit."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.directory.actions.tokens import actor_for
from services.directory.house import House
from services.directory.queries.standing import as_they_stand
from shared.infra.auth import ACCESS_LIFE
from shared.kernel.actor import Actor, Grant, Role
from tests.services.directory.test_offices import TODAY, Hall, actor_for_word, code, field, hall
from tests.services.directory.town import Town

__all__ = ["hall"]


async def give(
    hall: Hall, person: str, role: str, where: str, actor: Actor | None = None, **more: Any
) -> httpx.Response:
    town = hall.town
    root = "organisation_id" if where in ("property", "urban", "school", "committee") else "area_id"
    body = {"person_id": str(town.ids[person]), "role": role, root: str(town.ids[where]), **more}
    return await hall.post("/grants", body, actor)


async def given(hall: Hall, person: str, role: str, where: str, **more: Any) -> str:
    answer = await give(hall, person, role, where, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def listed(hall: Hall, actor: Actor, **query: str) -> list[tuple[str, str]]:
    words = "&".join(f"{name}={value}" for name, value in query.items())
    answer = await hall.town.call("GET", f"/grants?{words}", actor)
    assert answer.status_code == 200, answer.text
    return [(item["role"], item["person"]["name"]) for item in answer.json()["items"]]


async def test_a_role_is_given_for_some_time_and_listed(hall: Hall) -> None:
    town = hall.town
    await given(hall, "p1", "community_staff", "here", ends_on="2026-09-01")
    await given(hall, "p1", "organisation_staff", "committee")
    assert await hall.roles("p1") == {(Role.COMMUNITY_STAFF, town.ids["here"]), (Role.ORGANISATION_STAFF, None)}
    assert await hall.roles("p1", date(2026, 9, 1)) == {(Role.ORGANISATION_STAFF, None)}
    mine = await listed(hall, hall.admin, person=str(town.ids["p1"]))
    assert mine == [("organisation_staff", "张一"), ("community_staff", "张一")]
    here = str(town.ids["here"])
    assert await listed(hall, hall.admin, area=here, role="community_staff") == [("community_staff", "张一")]
    assert await listed(hall, hall.admin, area=here, role="community_staff", on="2026-09-01") == []
    assert len(await listed(hall, hall.admin, organisation=str(town.ids["committee"]))) == 1
    there = Actor(town.ids["stranger"], (Grant(Role.OVERSIGHT, town.ids["there"]),))
    assert await listed(hall, there, person=str(town.ids["p1"])) == []
    assert (await town.call("GET", "/grants", hall.admin)).status_code == 422


@pytest.mark.parametrize(
    "person, role, where, expected",
    [
        ("admin", "community_staff", "here", (403, "directory.not_to_yourself")),
        ("p1", "community_admin", "here", (403, "directory.beyond_your_rank")),
        ("p1", "street_staff", "here", (403, "directory.beyond_your_rank")),
        ("p1", "oversight", "here", (403, "directory.beyond_your_rank")),
        ("p1", "community_staff", "street", (403, "directory.beyond_your_rank")),
        ("p1", "community_staff", "there", (422, "invalid")),  # out of sight
        ("p1", "organisation_staff", "school", (422, "invalid")),  # kept by the other community
        ("p3", "community_staff", "here", (422, "invalid")),  # of the other community
        ("p1", "organisation_staff", "here", (422, "invalid")),
        ("p1", "community_staff", "committee", (422, "invalid")),
    ],
)
async def test_nobody_gives_beyond_their_own(
    hall: Hall, house: House, person: str, role: str, where: str, expected: tuple[int, str]
) -> None:
    before = await house.pool.fetchval("select count(*) from role_grant")
    assert code(await give(hall, person, role, where)) == expected
    assert await house.pool.fetchval("select count(*) from role_grant") == before


async def test_an_organisation_that_serves_a_place_gives_nothing_there(hall: Hall) -> None:
    worker = await actor_for_word(hall, "worker")
    assert code(await give(hall, "p1", "building_head", "building", worker)) == (403, "forbidden")
    # A role of administration whose root is an organisation has no place.
    odd = Actor(hall.town.ids["worker"], (Grant(Role.COMMUNITY_ADMIN, None, hall.town.ids["property"]),))
    assert code(await give(hall, "p1", "building_head", "building", odd)) == (403, "directory.beyond_your_rank")


async def test_nobody_ends_the_role_of_who_stands_above_or_their_own(hall: Hall, house: House) -> None:
    clerk, street = hall.town.ids["clerk"], await actor_for_word(hall, "clerk")
    above = await house.pool.fetchval("select id from role_grant where person_id = $1", clerk)
    own = await house.pool.fetchval("select id from role_grant where person_id = $1", hall.admin.person_id)
    assert (await hall.post(f"/grants/{above}/end")).status_code == 404, "it counts above: out of sight"
    platform = await hall.town.call("POST", f"/grants/{above}/end", street, {})
    assert code(platform) == (403, "directory.beyond_your_rank")
    assert code(await hall.post(f"/grants/{own}/end")) == (403, "directory.beyond_your_rank")
    assert (await hall.town.call("POST", f"/grants/{own}/end", street, {})).status_code == 200


async def test_a_role_that_has_ended_counts_no_second_more(hall: Hall, house: House) -> None:
    town, street = hall.town, await actor_for_word(hall, "clerk")
    kept = await given(hall, "p1", "building_head", "building")
    own = await house.pool.fetchval("select id from role_grant where person_id = $1", hall.admin.person_id)
    assert (await as_they_stand(house.pool, hall.admin, TODAY)).grants == hall.admin.grants
    assert (await town.call("POST", f"/grants/{own}/end", street, {})).status_code == 200
    assert (await as_they_stand(house.pool, hall.admin, TODAY)).grants == ()
    # The token lives on, for a quarter of an hour; what gives power asks the directory.
    assert code(await give(hall, "p2", "building_head", "building")) == (403, "directory.beyond_your_rank")
    assert code(await hall.post(f"/grants/{kept}/end")) == (403, "directory.beyond_your_rank")
    assert code(await hall.appoint("p2", "floor_contact", "building")) == (403, "directory.not_yours")
    assert ACCESS_LIFE.total_seconds() <= 900
    assert (await actor_for(house.pool, hall.admin.person_id, TODAY)).grants == ()


async def test_the_same_role_is_had_once_at_a_time(hall: Hall) -> None:
    answers = await asyncio.gather(
        *(give(hall, "p1", "community_staff", "here", ends_on="2026-09-01") for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    held = next(answer for answer in answers if answer.status_code == 409)
    assert code(held) == (409, "directory.role_held") and held.json()["ends_on"] == "2026-09-01"
    assert (await give(hall, "p1", "community_staff", "here", starts_on="2026-09-01")).status_code == 201


async def test_a_role_ends_once_and_not_before_it_begins(hall: Hall) -> None:
    grant = await given(hall, "p1", "volunteer", "here", starts_on="2026-02-01")
    early = await hall.post(f"/grants/{grant}/end", {"on": "2026-01-01"})
    assert early.status_code == 422 and field(early) == ("/on", "days")
    answers = await asyncio.gather(*(hall.post(f"/grants/{grant}/end") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert field(await give(hall, "p2", "volunteer", "here", ends_on="2026-03-02")) == ("/ends_on", "days")


async def test_every_grant_and_end_stands_in_the_audit_for_ever(hall: Hall, town: Town, house: House) -> None:
    grant = await given(hall, "p1", "building_head", "building")
    await hall.post(f"/grants/{grant}/end")
    lines = (await town.call("GET", f"/grants/{grant}/history", hall.admin)).json()["items"]
    assert [(line["action"], line["granted"], line["role"], line["by"]["name"]) for line in lines] == [
        ("end", "building_head", "community_admin", "主任"),
        ("grant", "building_head", "community_admin", "主任"),
    ]
    oversight = Actor(town.ids["resident"], (Grant(Role.OVERSIGHT, town.ids["here"]),))
    audit = f"/areas/{town.ids['here']}/grants/history"
    all_lines = (await town.call("GET", audit, oversight)).json()["items"]
    assert [line["action"] for line in all_lines[:2]] == ["end", "grant"]
    # What a load brought stands there too.
    assert {(line["person"]["name"], line["role"]) for line in all_lines} >= {("马桂兰", "operator")}
    first = (await town.call("GET", f"{audit}?limit=1", oversight)).json()
    rest = (await town.call("GET", f"{audit}?limit=1&cursor={first['next_cursor']}", oversight)).json()
    assert rest["items"][0]["action"] == "grant"
    assert (await town.call("GET", f"/areas/{town.ids['street']}/grants/history", oversight)).status_code == 404
    for statement in ("delete from role_grant_history", "update office_history set action = 'x'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.pool.execute(statement)
    assert await house.pool.fetchval("select count(*) from role_grant_history where grant_id = $1", UUID(grant)) == 2
