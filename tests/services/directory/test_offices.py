"""Offices held: filled, ended, handed over; who holds what from when until when, and what comes with it."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.directory.domain.seed import DirectorySeed, GrantSeed, PersonSeed
from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from tests.services.directory.town import Town

TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)


@dataclass(frozen=True, slots=True)
class Hall:
    """The community's administrator at work; `p1`, `p2` live in the building, `p3` in the other community."""

    town: Town
    admin: Actor

    async def post(self, path: str, body: Any = None, actor: Actor | None = None, **headers: str) -> httpx.Response:
        return await self.town.call("POST", path, actor or self.admin, body or {}, **headers)

    async def appoint(self, person: str, kind: str, area: str, **more: Any) -> httpx.Response:
        who, where = str(self.town.ids[person]), str(self.town.ids[area])
        return await self.post("/offices", {"person_id": who, "kind": kind, "area_id": where, **more})

    async def appointed(self, person: str, kind: str, area: str, **more: Any) -> str:
        answer = await self.appoint(person, kind, area, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def held(self, area: str, **query: Any) -> list[tuple[str, str, str, str | None]]:
        answer = await self.town.get("resident", "/offices", area=str(self.town.ids[area]), **query)
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        return [(o["kind"], o["person"]["name"], o["starts_on"], o["ends_on"]) for o in items]

    async def roles(self, person: str, on: date = TODAY) -> set[tuple[Role, UUID | None]]:
        actor = await actor_for(self.town.house.pool, self.town.ids[person], on)
        return {(grant.role, grant.area_id) for grant in actor.grants}


@pytest.fixture
async def hall(town: Town, house: House) -> Hall:
    k = f"{town.name}/".__add__
    seed = DirectorySeed(
        people=[
            PersonSeed(k("admin"), k("here"), "主任"),
            PersonSeed(k("p1"), k("here"), "张一", k("building")),
            PersonSeed(k("p2"), k("here"), "张二", k("building")),
            PersonSeed(k("p3"), k("there"), "张三", k("there")),
        ],
        grants=[GrantSeed(k("admin"), Role.COMMUNITY_ADMIN, area_key=k("here"))],
    )
    loaded = await load(house.pool, house.clock, seed)
    town.ids.update({key.removeprefix(k("")): id for key, id in loaded.ids.items()})
    return Hall(town, Actor(town.ids["admin"], (Grant(Role.COMMUNITY_ADMIN, town.ids["here"]),)))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def field(answer: httpx.Response) -> tuple[str, str]:
    (problem,) = answer.json()["errors"]
    return problem["pointer"], problem["code"]


async def test_an_office_is_held_from_a_day_until_another(hall: Hall) -> None:
    await hall.appointed("p1", "grid_officer", "grid", starts_on="2026-03-01", ends_on="2026-06-01")
    await hall.appointed("p1", "part_time_grid_officer", "compound")
    assert await hall.held("grid") == [
        ("grid_officer", "阿依古丽", "2025-01-01", None),
        ("grid_officer", "张一", "2026-03-01", "2026-06-01"),
    ]
    assert await hall.held("compound") == [("part_time_grid_officer", "张一", "2026-03-02", None)]
    for day, number in (("2024-12-31", 0), ("2026-02-28", 1), ("2026-05-31", 2), ("2026-06-01", 1)):
        assert len(await hall.held("grid", on=day)) == number, day
    answer = await hall.town.get("resident", "/offices", person=str(hall.town.ids["p1"]))
    assert [(o["kind"], o["kind_name"]) for o in answer.json()["items"]] == [
        ("grid_officer", {"zh": "专职网格员", "en": "Grid officer"}),
        ("part_time_grid_officer", {"zh": "兼职网格员", "en": "Part-time grid officer"}),
    ]
    one = await hall.town.get("resident", "/offices", person=str(hall.town.ids["p1"]), area=str(hall.town.ids["grid"]))
    assert len(one.json()["items"]) == 1
    everywhere = (await hall.town.get("clerk", "/offices", kind="grid_officer", limit=1)).json()
    assert len(everywhere["items"]) == 1 and everywhere["next_cursor"]
    rest = await hall.town.get("clerk", "/offices", kind="grid_officer", cursor=everywhere["next_cursor"])
    assert [o["person"]["name"] for o in rest.json()["items"]] == ["张一"]
    assert (await hall.town.get("stranger", "/offices", area=str(hall.town.ids["grid"]))).json()["items"] == []


async def test_one_office_tells_the_caller_what_they_may_do(hall: Hall) -> None:
    office = await hall.appointed("p1", "household_group_head", "building")
    for actor, allowed in ((hall.admin, ["end", "hand_over"]), (await actor_for_word(hall, "resident"), [])):
        answer = await hall.town.call("GET", f"/offices/{office}", actor)
        assert answer.json()["allowed_actions"] == allowed
        assert answer.headers["etag"].startswith('"1-')
    assert (await hall.town.get("stranger", f"/offices/{office}")).status_code == 404
    await hall.post(f"/offices/{office}/end")
    assert (await hall.town.call("GET", f"/offices/{office}", hall.admin)).json()["allowed_actions"] == []


async def actor_for_word(hall: Hall, person: str) -> Actor:
    return await actor_for(hall.town.house.pool, hall.town.ids[person])


async def test_an_exclusive_office_has_one_holder_at_a_time(hall: Hall) -> None:
    taken = await hall.appoint("p1", "building_head", "building")
    assert code(taken) == (409, "directory.office_taken")
    problem = taken.json()
    assert (problem["holder"], problem["starts_on"], problem["person_id"]) == (
        "马桂兰", "2025-01-01", str(hall.town.ids["head"]),
    )  # fmt: skip
    assert "马桂兰" in problem["detail"] and "2025-01-01" in problem["detail"]
    # Before it began, and after it ends, somebody else may.
    await hall.appointed("p1", "building_head", "building", starts_on="2024-01-01", ends_on="2025-01-01")
    assert code(await hall.appoint("p2", "building_head", "building", starts_on="2027-01-01"))[0] == 409
    head = (await hall.town.get("clerk", "/offices", area=str(hall.town.ids["building"]))).json()["items"][0]["id"]
    assert (await hall.post(f"/offices/{head}/end", {"on": "2027-01-01"})).status_code == 200
    await hall.appointed("p2", "building_head", "building", starts_on="2027-01-01")
    assert [name for _, name, *_ in await hall.held("building", on="2026-12-31")] == ["马桂兰"]
    assert [name for _, name, *_ in await hall.held("building", on="2027-01-01")] == ["张二"]


async def test_nobody_holds_the_same_office_twice(hall: Hall) -> None:
    await hall.appointed("p1", "floor_contact", "building", ends_on="2026-05-01")
    assert code(await hall.appoint("p1", "floor_contact", "building", starts_on="2026-04-30")) == (
        409, "directory.office_taken",
    )  # fmt: skip
    await hall.appointed("p1", "floor_contact", "building", starts_on="2026-05-01")
    await hall.appointed("p2", "floor_contact", "building")


async def test_of_two_who_appoint_at_once_one_is_told_who_was_first(hall: Hall, house: House) -> None:
    answers = await asyncio.gather(
        *(hall.appoint(person, "grid_head", "grid") for person in ("p1", "p2", "p1", "p2", "p1", "p2"))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    holder = next(answer.json()["person"]["name"] for answer in answers if answer.status_code == 201)
    assert {answer.json()["holder"] for answer in answers if answer.status_code == 409} == {holder}
    rows = await house.pool.fetch(
        "select 1 from office where area_id = $1 and kind = 'grid_head'", hall.town.ids["grid"]
    )
    assert len(rows) == 1


@pytest.mark.parametrize(
    "change, pointer",
    [
        ({"kind": "emperor"}, ("/kind", "unknown_kind")),
        ({"ends_on": "2026-03-02"}, ("/ends_on", "days")),
        ({"person_id": "there"}, ("/person_id", "unknown_person")),
        ({"person_id": "nobody"}, ("/person_id", "unknown_person")),
        ({"area_id": "nobody"}, ("/area_id", "unknown_area")),
        ({"starts_on": "gestern"}, ("/starts_on", "date_from_datetime_parsing")),
    ],
)
async def test_a_wrong_appointment_changes_nothing(
    hall: Hall, house: House, change: dict[str, str], pointer: tuple[str, str]
) -> None:
    ids = {"there": hall.town.ids["p3"], "nobody": UUID(int=1)}
    body = {
        "person_id": str(hall.town.ids["p1"]),
        "kind": "floor_contact",
        "area_id": str(hall.town.ids["building"]),
        **{name: str(ids.get(value, value)) for name, value in change.items()},
    }
    before = await house.pool.fetchval("select count(*) from office_history")
    answer = await hall.post("/offices", body)
    assert answer.status_code == 422, answer.text
    assert field(answer)[0] == pointer[0]
    if pointer[1] != "date_from_datetime_parsing":
        assert field(answer) == pointer
    assert await house.pool.fetchval("select count(*) from office_history") == before


async def test_a_street_chooses_among_the_people_of_all_its_communities(hall: Hall) -> None:
    town = hall.town
    body = {"person_id": str(town.ids["p3"]), "kind": "grid_officer", "area_id": str(town.ids["grid"])}
    clerk = await actor_for_word(hall, "clerk")
    assert (await town.call("POST", "/offices", clerk, body)).status_code == 201


async def test_who_may_not_fill_an_office_does_not(hall: Hall) -> None:
    town = hall.town
    body = {"person_id": str(town.ids["p1"]), "kind": "floor_contact", "area_id": str(town.ids["building"])}
    for actor, expected in (
        (await actor_for_word(hall, "resident"), (403, "forbidden")),
        (await actor_for_word(hall, "worker"), (403, "forbidden")),  # its company serves the compound
        (Actor(town.ids["admin"], (Grant(Role.COMMUNITY_ADMIN, town.ids["there"]),)), (422, "invalid")),
        # A token that says more than the database has: the role has ended, or never was.
        (Actor(town.ids["resident"], (Grant(Role.COMMUNITY_ADMIN, town.ids["here"]),)), (403, "directory.not_yours")),
    ):
        assert code(await town.call("POST", "/offices", actor, body)) == expected
    own = {**body, "person_id": str(town.ids["admin"])}
    assert code(await hall.post("/offices", own)) == (403, "directory.not_to_yourself")
    assert (await hall.held("building")) == [("building_head", "马桂兰", "2025-01-01", None)]


async def test_the_role_comes_and_goes_with_the_office(hall: Hall) -> None:
    grid, compound = hall.town.ids["grid"], hall.town.ids["compound"]
    one = await hall.appointed("p1", "grid_head", "grid")
    two = await hall.appointed("p1", "part_time_grid_officer", "grid", ends_on="2026-07-01")
    await hall.appointed("p1", "sanitation_officer", "compound")
    assert await hall.roles("p1") == {(Role.GRID_OFFICER, grid)}
    await hall.post(f"/offices/{one}/end")
    assert await hall.roles("p1") == {(Role.GRID_OFFICER, grid)}, "the other office brings it still"
    assert await hall.roles("p1", date(2026, 7, 1)) == set(), "until that ends"
    await hall.post(f"/offices/{two}/end")
    assert await hall.roles("p1") == set()
    assert compound not in {area for _, area in await hall.roles("p1")}


async def test_a_role_does_not_count_before_its_office_begins(hall: Hall) -> None:
    grid = hall.town.ids["grid"]
    first = await hall.appointed("p2", "grid_officer", "grid", ends_on="2026-04-01")
    await hall.appointed("p2", "grid_head", "grid", starts_on="2026-06-01")
    for day, has in ((TODAY, True), (date(2026, 4, 1), False), (date(2026, 5, 31), False), (date(2026, 6, 1), True)):
        assert bool(await hall.roles("p2", day)) == has, day
    await hall.post(f"/offices/{first}/end")
    assert await hall.roles("p2") == set()
    assert await hall.roles("p2", date(2026, 6, 1)) == {(Role.GRID_OFFICER, grid)}


async def test_an_office_ends_once(hall: Hall) -> None:
    office = await hall.appointed("p1", "floor_contact", "building", starts_on="2026-02-01")
    early = await hall.post(f"/offices/{office}/end", {"on": "2026-01-31"})
    assert early.status_code == 422 and field(early) == ("/on", "days")
    answers = await asyncio.gather(*(hall.post(f"/offices/{office}/end") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert {code(answer) for answer in answers if answer.status_code == 409} == {(409, "directory.already_ended")}
    assert (await hall.post(f"/offices/{office}/end", {"on": "2026-02-15"})).status_code == 200, "earlier still"


async def test_every_step_of_an_office_stands_in_its_history_for_ever(hall: Hall, house: House) -> None:
    office = await hall.appointed("p1", "grid_officer", "grid")
    await hall.post(f"/offices/{office}/end")
    answer = await hall.town.call("GET", f"/offices/{office}/history", hall.admin)
    steps = [(line["action"], line["version"], line["role"], line["by"]["name"]) for line in answer.json()["items"]]
    assert steps == [("end", 2, "community_admin", "主任"), ("begin", 1, "community_admin", "主任")]
    assert answer.json()["items"][0]["facts"]["ends_on"] == "2026-03-02"
    audit = await house.pool.fetch(
        "select action, facts->>'office_id' as office from role_grant_history where person_id = $1 order by id",
        hall.town.ids["p1"],
    )
    assert [tuple(row) for row in audit] == [("grant", office), ("end", office)]
    stranger = Actor(hall.town.ids["stranger"], (Grant(Role.COMMUNITY_STAFF, hall.town.ids["there"]),))
    assert (await hall.town.call("GET", f"/offices/{office}/history", stranger)).status_code == 404


async def test_nothing_is_held_in_a_closed_area(hall: Hall) -> None:
    town = hall.town
    floor = {"parent_id": str(town.ids["building"]), "kind": "floor", "name": "3层"}
    area = (await hall.post("/areas", floor)).json()["id"]
    town.ids["floor"] = UUID(area)
    office = await hall.appointed("p1", "floor_contact", "floor")
    later = await hall.appointed("p2", "floor_contact", "floor", starts_on="2026-09-01")
    assert (await hall.post(f"/areas/{area}/close")).status_code == 200
    for id, last in ((office, "2026-03-02"), (later, "2026-09-01")):
        assert (await hall.town.call("GET", f"/offices/{id}", hall.admin)).json()["ends_on"] == last
    assert field(await hall.appoint("p1", "floor_contact", "floor")) == ("/area_id", "closed")
