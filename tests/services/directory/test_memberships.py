"""Memberships: who belongs where, sent by whom, from when to when, and who may say so."""

import asyncio
from typing import Any

import httpx
import pytest

from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.ids import new_id
from tests.services.directory.town import Town


def said(answer: httpx.Response) -> tuple[int, list[tuple[str, str]]]:
    """Status and problems by pointer."""
    return answer.status_code, [(e["pointer"], e["code"]) for e in answer.json().get("errors", [])]


def wish(town: Town, kind: str = "staff", organisation: str = "committee", person: str = "head", **more: Any) -> Any:
    sent = {"organisation_id": str(town.ids[organisation]), "person_id": str(town.ids[person]), "kind": kind}
    named = {f"{name}_id": str(town.ids[more.pop(name)]) for name in ("on_behalf_of",) if name in more}
    return sent | named | more


def staff_of(town: Town, organisation: str, person: str = "worker") -> Actor:
    return Actor(town.ids[person], (Grant(Role.ORGANISATION_STAFF, None, town.ids[organisation]),))


async def names(town: Town, actor: Actor, **query: Any) -> list[tuple[str, str, str | None]]:
    """Person, kind and sender of a list."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    items = (await town.call("GET", f"/memberships?{asked}", actor)).json()["items"]
    return [(i["person"]["name"], i["kind"], (i["on_behalf_of"] or {"name": None})["name"]) for i in items]


async def test_somebody_sits_on_a_committee_for_a_unit_or_for_nobody(town: Town) -> None:
    keeper, organisation = town.keeper(), town.ids["committee"]
    sent = wish(town, "part_time_committee_member", on_behalf_of="property")
    alone = wish(town, "part_time_committee_member", person="resident")
    for body in (sent, alone):
        made = await town.call("POST", "/memberships", keeper, body)
        assert made.status_code == 201, made.text
        assert (made.json()["starts_on"], made.json()["state"]) == ("2026-03-02", "current")
        assert made.json()["allowed_actions"] == ["end"]
    assert await names(town, keeper, organisation=organisation) == [
        ("李秀英", "part_time_committee_member", None),
        ("马桂兰", "part_time_committee_member", "平安物业"),
    ]
    assert await names(town, keeper, organisation=organisation, kind="staff") == []
    # Whoever sent them sees them, and nobody else there.
    assert await names(town, staff_of(town, "property"), organisation=organisation) == [
        ("马桂兰", "part_time_committee_member", "平安物业")
    ]


async def test_a_person_has_several_with_their_own_days_and_sees_them_all(town: Town) -> None:
    for body in (
        wish(town, "staff", starts_on="2025-01-01", ends_on="2026-01-01"),
        wish(town, "staff", starts_on="2026-01-01"),
        wish(town, "member", starts_on="2026-06-01"),
    ):
        assert (await town.call("POST", "/memberships", town.keeper(), body)).status_code == 201
    me = Actor(town.ids["head"], (Grant(Role.RESIDENT, town.ids["here"]),))
    for state, count in (("current", 1), ("ended", 1), ("upcoming", 1)):
        found = await names(town, me, person=town.ids["head"], state=state)
        assert len(found) == count, state
    stranger = Actor(town.ids["stranger"], (Grant(Role.RESIDENT, town.ids["there"]),))
    assert await names(town, stranger, person=town.ids["head"]) == []


@pytest.mark.parametrize(
    "body, problem",
    [
        ({"kind": "king"}, ("/kind", "unknown_kind")),
        ({"person_id": str(new_id())}, ("/person_id", "unknown_person")),
        ({"organisation_id": str(new_id())}, ("/organisation_id", "unknown_organisation")),
        ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, ("/ends_on", "ends_before_start")),
        ({"starts_on": "2025-06-01"}, ("/person_id", "duplicate")),  # the one before holds until 2026
        ({"starts_on": "2024-12-31", "ends_on": "2025-01-02"}, ("/person_id", "duplicate")),
        ({"on_behalf_of_id": "{property}"}, ("/on_behalf_of_id", "not_delegated")),
        ({"kind": "stationed", "on_behalf_of_id": "{committee}"}, ("/on_behalf_of_id", "itself")),
        ({"kind": "stationed", "on_behalf_of_id": str(new_id())}, ("/on_behalf_of_id", "unknown_organisation")),
        ({"starts_on": "2026-02-30"}, ("/starts_on", "date_parsing")),
        ({"starts_on": "9999-12-31"}, ("/starts_on", "day_out_of_range")),
        ({"role": "admin"}, ("/role", "extra_forbidden")),
    ],
)
async def test_what_is_wrong_is_named_and_stores_nothing(
    town: Town, house: House, body: dict[str, Any], problem: tuple[str, str]
) -> None:
    before = wish(town, starts_on="2025-01-01", ends_on="2026-01-01")
    assert (await town.call("POST", "/memberships", town.keeper(), before)).status_code == 201
    sent = wish(town) | {name: value.format(**town.ids) for name, value in body.items()}
    refused = await town.call("POST", "/memberships", town.keeper(), sent)
    assert said(refused) == (422, [problem])
    kept = "select count(*) from membership where tenant_id = $1"
    assert await house.pool.fetchval(kept, town.ids["here"]) == 1


async def test_there_is_one_secretary_at_a_time(town: Town) -> None:
    assert (await town.call("POST", "/memberships", town.keeper(), wish(town, "secretary"))).status_code == 201
    other = await town.call("POST", "/memberships", town.keeper(), wish(town, "secretary", person="resident"))
    assert said(other) == (422, [("/kind", "held_by_another")])


async def test_of_ten_secretaries_at_once_one_is_left(town: Town) -> None:
    people = ["head", "resident", "officer", "clerk", "head"] * 2
    answers = await asyncio.gather(
        *(town.call("POST", "/memberships", town.keeper(), wish(town, "secretary", person=who)) for who in people)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 9


async def test_the_same_call_again_gives_the_same_membership(town: Town, house: House) -> None:
    first, again = [
        await town.call("POST", "/memberships", town.keeper(), wish(town), idempotency_key="one") for _ in range(2)
    ]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await town.call("POST", "/memberships", town.keeper(), wish(town, "member"), idempotency_key="one")
    assert other.json()["code"] == "idempotency_key_reused"
    kept = "select count(*) from membership where tenant_id = $1"
    assert await house.pool.fetchval(kept, town.ids["here"]) == 1


async def test_it_ends_once_and_its_history_stays(town: Town, house: House) -> None:
    made = (await town.call("POST", "/memberships", town.keeper(), wish(town, starts_on="2026-01-05"))).json()
    path = f"/memberships/{made['id']}/end"
    early = await town.call("POST", path, town.keeper(), {"ends_on": "2026-01-04"})
    assert said(early) == (422, [("/ends_on", "ends_before_start")])
    later = await town.call("POST", path, town.keeper(), {"ends_on": "2026-05-01"})
    assert (later.json()["state"], later.json()["ends_on"]) == ("current", "2026-05-01")
    longer = await town.call("POST", path, town.keeper(), {"ends_on": "2026-06-01"})
    assert said(longer) == (422, [("/ends_on", "later_than_before")])
    ended = await town.call("POST", path, town.keeper(), {})
    assert (ended.json()["state"], ended.json()["ends_on"]) == ("ended", "2026-03-02")
    assert ended.json()["allowed_actions"] == []
    again = await town.call("POST", path, town.keeper(), {})
    assert (again.status_code, again.json()["code"]) == (409, "directory.already_ended")
    history = "select * from record_history where noun = 'membership' and tenant_id = $1 order by id"
    lines = await house.pool.fetch(history, town.ids["here"])
    assert [(line["version"], line["action"], line["actor_role"]) for line in lines] == [
        (1, "join", "community_admin"),
        (2, "end", "community_admin"),
        (3, "end", "community_admin"),
    ]


@pytest.mark.parametrize(
    "who, kind, status",
    [
        ("own", "staff", 201),
        ("own", "member", 201),
        ("own", "secretary", 403),
        ("own", "stationed", 403),
        ("other", "staff", 403),  # they see the organisation, and it is not theirs
        ("elsewhere", "staff", 422),  # it does not exist for them
        ("grid", "staff", 403),
        ("street", "secretary", 201),
        ("staff", "staff", 403),
    ],
)
async def test_who_may_record_what(town: Town, who: str, kind: str, status: int) -> None:
    actors = {
        "own": staff_of(town, "committee"),
        "other": staff_of(town, "property"),
        "elsewhere": town.keeper(root="there"),
        "grid": town.keeper(root="grid"),
        "street": town.keeper(Role.STREET_STAFF, "street"),
        "staff": town.keeper(Role.COMMUNITY_STAFF, "here"),
    }
    answer = await town.call("POST", "/memberships", actors[who], wish(town, kind))
    assert answer.status_code == status, answer.text


async def test_staff_do_not_take_in_people_from_beyond_their_keeper(town: Town) -> None:
    beyond = await town.call("POST", "/memberships", staff_of(town, "committee"), wish(town, person="stranger"))
    assert said(beyond) == (422, [("/person_id", "unknown_person")])
    # A unit that the district keeps takes in people of every community in it.
    hospital = staff_of(town, "hospital")
    body = wish(town, "staff", organisation="hospital", person="stranger")
    assert (await town.call("POST", "/memberships", hospital, body)).status_code == 201


async def test_a_list_is_of_one_organisation_or_of_one_person(town: Town) -> None:
    for query in ("", f"organisation={town.ids['committee']}&person={town.ids['head']}"):
        assert said(await town.call("GET", f"/memberships?{query}", town.keeper()))[0] == 422
