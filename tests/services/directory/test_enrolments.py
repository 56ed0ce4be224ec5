"""Enrolments 双向报到: units where they are, members where they live; who was told and has not come."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.ids import new_id
from tests.services.directory.test_memberships import said, staff_of, wish
from tests.services.directory.town import Town


def resident(town: Town, person: str = "head", home: str = "building") -> Actor:
    return Actor(town.ids[person], (Grant(Role.RESIDENT, town.ids["here"]),), town.ids[home])


def enrol(town: Town, person: str | None = None, organisation: str = "hospital", **more: Any) -> dict[str, Any]:
    sent = {"community_id": str(town.ids["here"]), "organisation_id": str(town.ids[organisation])}
    return sent | ({"person_id": str(town.ids[person])} if person else {}) | more


async def member_of_the_hospital(town: Town, *people: str) -> None:
    """The hospital is kept by the district, and its members live in the communities."""
    for person in people:
        body = wish(town, "member", "hospital", person, starts_on="2025-01-01")
        assert (await town.call("POST", "/memberships", staff_of(town, "hospital"), body)).status_code == 201


async def test_a_member_enrols_where_they_live_and_the_unit_hears_of_it(town: Town) -> None:
    await member_of_the_hospital(town, "head", "resident")
    hospital, me = staff_of(town, "hospital"), resident(town)
    for person in ("head", "resident"):
        told = await town.call("POST", "/enrolments", hospital, enrol(town, person, state="told", on="2026-01-12"))
        assert (told.status_code, told.json()["state"]) == (201, "told"), told.text
    done = await town.call("POST", "/enrolments", me, enrol(town, "head"))
    assert done.status_code == 201, done.text
    assert [done.json()[name] for name in ("state", "told_on", "starts_on")] == ["enrolled", "2026-01-12", "2026-03-02"]
    own = await town.call("POST", "/enrolments", hospital, enrol(town, on="2026-02-01"))
    assert own.json()["person"] is None
    view = (await town.call("GET", f"/organisations/{town.ids['hospital']}/enrolments", hospital)).json()
    assert view["counts"] == {"told": 2, "done": 1, "not_yet": 1, "enrolled": 1, "ended": 0}
    assert {(i["person"] or {"name": None})["name"]: i["state"] for i in view["items"]} == {
        "马桂兰": "enrolled",
        "李秀英": "told",
        None: "enrolled",
    }
    path = f"/organisations/{town.ids['hospital']}/enrolments"
    waiting = (await town.call("GET", f"{path}?state=told&limit=1", hospital)).json()
    assert [i["person"]["name"] for i in waiting["items"]] == ["李秀英"] and waiting["next_cursor"] is None
    first = (await town.call("GET", f"{path}?limit=2", hospital)).json()
    rest = (await town.call("GET", f"{path}?limit=2&cursor={first['next_cursor']}", hospital)).json()
    assert len({i["id"] for i in first["items"] + rest["items"]}) == 3


async def test_the_community_and_those_above_see_the_units_and_how_many(town: Town) -> None:
    await member_of_the_hospital(town, "head", "resident")
    staff = town.keeper(Role.COMMUNITY_STAFF)
    for body in (enrol(town, "head"), enrol(town, "resident", state="told"), enrol(town, on="2026-02-01")):
        assert (await town.call("POST", "/enrolments", staff, body)).status_code == 201
    unit = {
        "organisation": {"id": str(town.ids["hospital"]), "name": "测试区医院"},
        "itself_since": "2026-02-01",
        "told": 1,
        "enrolled": 1,
        "not_yet": 1,
    }
    for who, where in ((staff, "here"), (town.keeper(Role.STREET_STAFF, "street"), "street"), (town.founder, "here")):
        view = (await town.call("GET", f"/areas/{town.ids[where]}/enrolments", who)).json()
        assert view["units"] == [unit]
        assert view["counts"] == {"told": 1, "done": 0, "not_yet": 1, "enrolled": 1, "ended": 0}
    beside = await town.call("GET", f"/areas/{town.ids['there']}/enrolments", staff)
    assert beside.status_code == 404
    listed = (await town.call("GET", f"/enrolments?community={town.ids['here']}&state=enrolled", staff)).json()
    assert len(listed["items"]) == 2


async def test_a_name_is_shown_to_the_person_the_unit_and_the_community_alone(town: Town) -> None:
    await member_of_the_hospital(town, "head")
    made = (await town.call("POST", "/enrolments", resident(town), enrol(town, "head"))).json()
    neighbour = resident(town, "resident")
    for who, seen in (
        (resident(town), True),
        (staff_of(town, "hospital"), True),
        (town.keeper(Role.COMMUNITY_STAFF), True),
        (town.keeper(Role.STREET_STAFF, "street"), True),
        (neighbour, False),
        (staff_of(town, "committee"), False),
        (town.keeper(Role.COMMUNITY_STAFF, "there"), False),
        (town.keeper(Role.GRID_OFFICER, "grid"), False),
    ):
        answer = await town.call("GET", f"/enrolments/{made['id']}", who)
        assert answer.status_code == (200 if seen else 404)
        listed = (await town.call("GET", f"/enrolments?community={town.ids['here']}", who)).json()["items"]
        assert [i["person"]["name"] for i in listed] == (["马桂兰"] if seen else [])
    assert len((await town.call("GET", "/enrolments", resident(town))).json()["items"]) == 1
    assert (await town.call("GET", "/enrolments", neighbour)).json()["items"] == []


@pytest.mark.parametrize(
    "body, problem",
    [
        ({"community_id": "{grid}"}, ("/community_id", "not_a_community")),
        ({"community_id": "{street}"}, ("/community_id", "not_a_community")),
        ({"community_id": str(new_id())}, ("/community_id", "unknown_area")),
        ({"community_id": "{there}"}, ("/community_id", "not_at_home")),
        ({"organisation_id": "{committee}"}, ("/person_id", "not_a_member")),
        ({"person_id": str(new_id())}, ("/person_id", "unknown_person")),
        ({"on": "2026-03-03"}, ("/on", "future")),
        ({"on": "2024-12-31"}, ("/person_id", "not_a_member")),  # they were none yet
        ({"state": "ended"}, ("/state", "literal_error")),
    ],
)
async def test_what_is_wrong_is_named_and_stores_nothing(
    town: Town, house: House, body: dict[str, Any], problem: tuple[str, str]
) -> None:
    await member_of_the_hospital(town, "head")
    sent = enrol(town, "head") | {name: value.format(**town.ids) for name, value in body.items()}
    refused = await town.call("POST", "/enrolments", town.keeper(Role.STREET_STAFF, "street"), sent)
    assert said(refused) == (422, [problem])
    kept = "select count(*) from enrolment where organisation_id = $1"
    assert await house.pool.fetchval(kept, town.ids["hospital"]) == 0


async def test_enrolments_of_one_member_never_overlap(town: Town) -> None:
    await member_of_the_hospital(town, "head")
    staff = town.keeper(Role.COMMUNITY_STAFF)
    made = (await town.call("POST", "/enrolments", staff, enrol(town, "head", on="2026-01-10"))).json()
    twice = await town.call("POST", "/enrolments", staff, enrol(town, "head"))
    assert said(twice) == (422, [("/person_id", "duplicate")])
    path = f"/enrolments/{made['id']}/end"
    assert said(await town.call("POST", path, staff, {"ends_on": "2026-01-09"})) == (
        422,
        [("/ends_on", "ends_before_start")],
    )
    ended = await town.call("POST", path, staff, {"ends_on": "2026-02-01"})
    assert (ended.json()["state"], ended.json()["allowed_actions"]) == ("ended", [])
    assert (await town.call("POST", path, staff, {})).json()["code"] == "directory.already_ended"
    overlapping = await town.call("POST", "/enrolments", staff, enrol(town, "head", on="2026-01-31"))
    assert said(overlapping) == (422, [("/on", "overlap")])
    again = await town.call("POST", "/enrolments", staff, enrol(town, "head", on="2026-02-01"))
    assert (again.status_code, again.json()["id"] == made["id"]) == (201, False)
    unit = enrol(town, on="2026-02-01")
    assert (await town.call("POST", "/enrolments", staff, unit)).status_code == 201
    assert said(await town.call("POST", "/enrolments", staff, unit)) == (422, [("/organisation_id", "duplicate")])


async def test_who_was_told_cannot_have_come_before(town: Town) -> None:
    await member_of_the_hospital(town, "head")
    staff = town.keeper(Role.COMMUNITY_STAFF)
    await town.call("POST", "/enrolments", staff, enrol(town, "head", state="told", on="2026-02-01"))
    early = await town.call("POST", "/enrolments", staff, enrol(town, "head", on="2026-01-31"))
    assert said(early) == (422, [("/on", "before_told")])


async def test_of_ten_at_once_one_is_enrolled_and_the_history_says_so(town: Town, house: House) -> None:
    await member_of_the_hospital(town, "head")
    answers = await asyncio.gather(
        *(town.call("POST", "/enrolments", resident(town), enrol(town, "head")) for _ in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 9
    lines = await house.pool.fetch(
        "select * from record_history where noun = 'enrolment' and tenant_id = $1", town.ids["here"]
    )
    assert [(line["action"], line["actor_role"], line["at"].date()) for line in lines] == [
        ("enrol", "oneself", date(2026, 3, 2))
    ]


@pytest.mark.parametrize(
    "who, body, status",
    [
        ("me", {"person": "head"}, 201),
        ("me", {"person": "head", "state": "told"}, 403),
        ("me", {"person": "resident"}, 403),
        ("me", {}, 403),
        ("unit", {}, 201),
        ("unit", {"person": "head", "state": "told"}, 201),
        ("unit", {"person": "head"}, 403),  # nobody is enrolled by the employer
        ("staff", {"person": "head"}, 201),
        ("street", {"person": "head"}, 201),
        ("grid", {"person": "head"}, 403),
        ("there", {"person": "head"}, 422),
    ],
)
async def test_who_may_enrol_whom(town: Town, who: str, body: dict[str, Any], status: int) -> None:
    await member_of_the_hospital(town, "head", "resident")
    actors = {
        "me": resident(town),
        "unit": staff_of(town, "hospital"),
        "staff": town.keeper(Role.COMMUNITY_STAFF),
        "street": town.keeper(Role.STREET_STAFF, "street"),
        "grid": town.keeper(Role.GRID_OFFICER, "grid"),
        "there": Actor(town.ids["stranger"], (Grant(Role.VOLUNTEER, new_id()),)),
    }
    answer = await town.call("POST", "/enrolments", actors[who], enrol(town, **body))
    assert answer.status_code == status, answer.text


async def test_a_member_ends_their_own(town: Town) -> None:
    await member_of_the_hospital(town, "head")
    made = (await town.call("POST", "/enrolments", resident(town), enrol(town, "head"))).json()
    assert made["allowed_actions"] == ["end"]
    neighbour = await town.call("POST", f"/enrolments/{made['id']}/end", resident(town, "resident"), {})
    assert neighbour.status_code == 404
    assert (await town.call("POST", f"/enrolments/{made['id']}/end", resident(town), {})).json()["state"] == "ended"
