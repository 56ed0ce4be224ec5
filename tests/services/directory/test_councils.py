"""Councils: of communities, streets and districts; who sits in them, how often they meet, whether they keep to it."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.ids import new_id
from tests.services.directory.test_areas_changes import feed
from tests.services.directory.test_memberships import said, staff_of, wish
from tests.services.directory.town import Town

RHYTHMS = [{"kind": "council_meeting", "months": 1}, {"kind": "joint_conference", "months": 3}]


def new(town: Town, area: str = "here", **more: Any) -> dict[str, Any]:
    body = {"area_id": str(town.ids[area]), "name": "甲社区大党委", "rhythms": RHYTHMS, "starts_on": "2025-03-01"}
    return body | more


async def made(town: Town, **more: Any) -> dict[str, Any]:
    """The council of the community 甲."""
    answer = await town.call("POST", "/councils", town.keeper(), new(town, **more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_council_is_an_organisation_of_its_area(town: Town, house: House) -> None:
    council = await made(town)
    assert council["area"]["name"] == "甲社区" and council["allowed_actions"] == [
        "update",
        "seat",
        "unseat",
        "note_meeting",
    ]
    listed = (await town.get("resident", "/organisations", kind="council")).json()["items"]
    assert [(o["id"], o["name"]) for o in listed] == [(council["id"], "甲社区大党委")]
    row = next(o for o in (await feed(house)).organisations if str(o.id) == council["id"])
    assert (row.kind, row.serves, row.tenant_id) == ("council", [town.ids["here"]], town.ids["here"])


async def test_nothing_becomes_a_council_or_ceases_to_be_one_by_its_kind(town: Town) -> None:
    council, keeper = await made(town), town.keeper()
    entered = {"tenant_id": str(town.ids["here"]), "kind": "council", "name": "第三大党委", "confirm_new": True}
    assert said(await town.call("POST", "/organisations", keeper, entered)) == (422, [("/kind", "council")])
    for id, kind in ((town.ids["committee"], "council"), (council["id"], "school")):
        tag = (await town.call("GET", f"/organisations/{id}", keeper)).headers["etag"]
        body = {"kind": kind, "name": "改了"}
        changed = await town.call("PUT", f"/organisations/{id}", keeper, body, if_match=tag)
        assert said(changed)[1] == [("/kind", "council")], changed.text


async def test_its_secretary_and_committee_are_memberships(town: Town) -> None:
    council = await made(town)
    town.ids["council"] = UUID(council["id"])
    for body in (
        wish(town, "part_time_committee_member", "council", "head", on_behalf_of="property"),
        wish(town, "secretary", "council", "clerk"),
        wish(town, "committee_member", "council", "resident"),
    ):
        assert (await town.call("POST", "/memberships", town.keeper(), body)).status_code == 201
    detail = (await town.call("GET", f"/councils/{council['id']}", town.keeper(Role.RESIDENT))).json()
    sent = {m["person"]["name"]: m["on_behalf_of"] and m["on_behalf_of"]["name"] for m in detail["committee"]}
    assert [m["kind"] for m in detail["committee"]] == ["secretary", "committee_member", "part_time_committee_member"]
    assert sent == {"周建国": None, "李秀英": None, "马桂兰": "平安物业"}
    assert (detail["committee_count"], detail["allowed_actions"]) == (3, [])


async def test_a_rhythm_says_when_it_was_kept_last_and_by_when_it_must(town: Town) -> None:
    council = await made(town)
    path = f"/councils/{council['id']}/meetings"
    assert [(r["last_held"], r["due_by"], r["behind"]) for r in council["rhythms"]] == [
        (None, "2025-04-30", True),
        (None, "2025-06-30", True),
    ]
    staff = town.keeper(Role.COMMUNITY_STAFF)
    for kind, day in (
        ("council_meeting", "2026-02-28"),
        ("council_meeting", "2026-01-31"),
        ("joint_conference", "2025-11-30"),
    ):
        answer = await town.call("POST", path, staff, {"kind": kind, "held_on": day})
        assert answer.status_code == 200, answer.text
    noted = answer.json()
    assert [(r["kind"], r["last_held"], r["due_by"], r["behind"]) for r in noted["rhythms"]] == [
        ("council_meeting", "2026-02-28", "2026-03-31", False),
        ("joint_conference", "2025-11-30", "2026-02-28", True),
    ]
    assert [m["held_on"] for m in noted["meetings"]] == ["2026-02-28", "2026-01-31", "2025-11-30"]
    for area, count in (("here", 1), ("street", 1), ("there", 0)):
        found = (await town.call("GET", f"/councils?area={town.ids[area]}", staff)).json()["items"]
        assert [council["behind"] for council in found] == [True] * count
    await town.call("POST", path, staff, {"kind": "joint_conference"})
    assert not (await town.call("GET", "/councils", staff)).json()["items"][0]["behind"]


@pytest.mark.parametrize(
    "body, problem",
    [
        ({"kind": "party"}, ("/kind", "unknown_kind")),
        ({"held_on": "2026-03-03"}, ("/held_on", "future")),
        ({"held_on": "2025-02-28"}, ("/held_on", "before_start")),
        ({"held_on": "2026-02-03"}, ("/held_on", "duplicate")),
    ],
)
async def test_a_meeting_that_cannot_have_been_is_refused(
    town: Town, body: dict[str, Any], problem: tuple[str, str]
) -> None:
    council = await made(town)
    path, first = f"/councils/{council['id']}/meetings", {"kind": "council_meeting", "held_on": "2026-02-03"}
    assert (await town.call("POST", path, town.keeper(), first)).status_code == 200
    assert said(await town.call("POST", path, town.keeper(), first | body)) == (422, [problem])
    assert len((await town.call("GET", f"/councils/{council['id']}", town.keeper())).json()["meetings"]) == 1


async def test_a_unit_that_is_closed_sits_in_it_no_more_and_is_enrolled_no_more(town: Town, house: House) -> None:
    council, company = await made(town), town.ids["property"]
    by, unit = town.keeper(), {"organisation_id": str(company)}
    assert (await town.call("POST", f"/councils/{council['id']}/seat", by, unit)).status_code == 200
    enrolled = await town.call("POST", "/enrolments", by, unit | {"community_id": str(town.ids["here"])})
    assert enrolled.status_code == 201, enrolled.text
    closed = await town.call("POST", f"/organisations/{company}/close", town.keeper(root="there"), {})
    assert closed.status_code == 200, closed.text
    detail = (await town.call("GET", f"/councils/{council['id']}", by)).json()
    assert (detail["organisations"], detail["organisation_count"]) == ([], 0)
    ends = await house.pool.fetch("select ends_on from enrolment where organisation_id = $1", company)
    assert [row["ends_on"] for row in ends] == [date(2026, 3, 2)]


async def test_a_unit_sits_in_it_once_at_a_time(town: Town) -> None:
    council = await made(town)
    seat, unseat = f"/councils/{council['id']}/seat", f"/councils/{council['id']}/unseat"
    unit = {"organisation_id": str(town.ids["property"])}
    seated = (await town.call("POST", seat, town.keeper(), unit | {"starts_on": "2025-06-01"})).json()
    assert [(o["name"], o["starts_on"]) for o in seated["organisations"]] == [("平安物业", "2025-06-01")]
    assert seated["organisation_count"] == 1
    assert said(await town.call("POST", seat, town.keeper(), unit)) == (422, [("/organisation_id", "duplicate")])
    gone = await town.call("POST", unseat, town.keeper(), unit | {"ends_on": "2026-01-01"})
    assert gone.json()["organisations"] == []
    twice = await town.call("POST", unseat, town.keeper(), unit)
    assert (twice.status_code, twice.json()["code"]) == (409, "directory.already_ended")
    overlapping = await town.call("POST", seat, town.keeper(), unit | {"starts_on": "2025-12-31"})
    assert said(overlapping) == (422, [("/organisation_id", "duplicate")])
    assert (await town.call("POST", seat, town.keeper(), unit | {"starts_on": "2026-01-01"})).status_code == 200
    for body, problem in (
        ({"organisation_id": council["id"]}, "itself"),
        ({"organisation_id": str(new_id())}, "unknown_organisation"),
    ):
        assert said(await town.call("POST", seat, town.keeper(), body)) == (422, [("/organisation_id", problem)])
    absent = {"organisation_id": str(town.ids["hospital"])}
    assert said(await town.call("POST", unseat, town.keeper(), absent))[1] == [
        ("/organisation_id", "unknown_organisation")
    ]


@pytest.mark.parametrize(
    "body, problem",
    [
        ({"area_id": "{grid}"}, ("/area_id", "not_a_tenant")),
        ({"area_id": "{building}"}, ("/area_id", "not_a_tenant")),
        ({"area_id": str(new_id())}, ("/area_id", "unknown_area")),
        ({"rhythms": [{"kind": "feast", "months": 1}]}, ("/rhythms/0/kind", "unknown_kind")),
        ({"rhythms": [{"kind": "council_meeting", "months": 0}]}, ("/rhythms/0/months", "greater_than_equal")),
        ({"rhythms": [RHYTHMS[0], RHYTHMS[0]]}, ("", "duplicate")),
        ({"name": " "}, ("/name", "string_too_short")),
    ],
)
async def test_a_wrong_council_is_refused_by_name(town: Town, body: dict[str, Any], problem: tuple[str, str]) -> None:
    sent = new(town) | {n: v.format(**town.ids) if isinstance(v, str) else v for n, v in body.items()}
    assert said(await town.call("POST", "/councils", town.keeper(), sent)) == (422, [problem])


async def test_an_area_has_one_council_also_of_ten_at_once(town: Town) -> None:
    answers = await asyncio.gather(*(town.call("POST", "/councils", town.keeper(), new(town)) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["code"] == "directory.council_exists" and "甲社区大党委" in refused["detail"]


async def test_streets_and_districts_have_councils_too(town: Town) -> None:
    for area, keeper in (("street", town.keeper(Role.STREET_STAFF, "street")), ("district", town.founder)):
        answer = await town.call("POST", "/councils", keeper, new(town, area, name="大工委"))
        assert answer.status_code == 201, answer.text
    # Each sees those of their community and above.
    assert len((await town.get("resident", "/councils")).json()["items"]) == 2


@pytest.mark.parametrize(
    "role, root, status",
    [
        (Role.COMMUNITY_ADMIN, "here", 201),
        (Role.STREET_STAFF, "street", 201),
        (Role.PLATFORM_ADMIN, "district", 201),
        (Role.COMMUNITY_STAFF, "here", 403),
        (Role.COMMUNITY_ADMIN, "grid", 403),
        (Role.COMMUNITY_ADMIN, "there", 422),
    ],
)
async def test_who_may_make_a_council(town: Town, role: Role, root: str, status: int) -> None:
    assert (await town.call("POST", "/councils", town.keeper(role, root), new(town))).status_code == status


async def test_a_change_is_of_what_was_read_and_reaches_the_organisation(town: Town, house: House) -> None:
    council = await made(town)
    path, body = f"/councils/{council['id']}", {"name": "甲社区联合党委", "rhythms": RHYTHMS[:1]}
    assert (await town.call("PUT", path, town.keeper(), body)).json()["code"] == "precondition_required"
    tag = (await town.call("GET", path, town.keeper())).headers["etag"]
    answers = await asyncio.gather(
        *(town.call("PUT", path, town.keeper(), body, if_match=tag) for _ in range(4)),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    changed = (await town.call("GET", path, town.keeper())).json()
    # What stayed keeps its beginning.
    assert (changed["name"], [r["since"] for r in changed["rhythms"]]) == ("甲社区联合党委", ["2025-03-01"])
    row = next(o for o in (await feed(house)).organisations if str(o.id) == council["id"])
    assert (row.name, row.version) == ("甲社区联合党委", 2)


async def test_a_closed_council_stays_as_it_was_and_another_may_follow(town: Town, house: House) -> None:
    council = await made(town)
    await house.pool.execute("update organisation set closed = true where id = $1", UUID(council["id"]))
    answer = await town.call("POST", f"/councils/{council['id']}/meetings", town.keeper(), {"kind": "round_table"})
    assert (answer.status_code, answer.json()["code"]) == (409, "directory.council_closed")
    detail = (await town.call("GET", f"/councils/{council['id']}", town.keeper())).json()
    assert (detail["closed"], detail["allowed_actions"]) == (True, [])
    assert (await made(town))["id"] != council["id"]


async def test_a_council_of_another_community_does_not_exist(town: Town) -> None:
    council = await made(town)
    stranger = Actor(town.ids["stranger"], (Grant(Role.COMMUNITY_ADMIN, town.ids["there"]),), town.ids["there"])
    path = f"/councils/{council['id']}"
    assert (await town.call("GET", path, stranger)).status_code == 404
    unit = {"organisation_id": str(town.ids["property"])}
    assert (await town.call("POST", f"{path}/seat", stranger, unit)).status_code == 404
    own = staff_of(town, "property")  # serves a compound here, so it sees the council, and may not change it
    assert (await town.call("GET", path, own)).status_code == 200
    assert (await town.call("POST", f"{path}/seat", own, unit)).status_code == 403
