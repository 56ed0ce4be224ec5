"""What a council's organisations do together: agreements, resources, needs, and the projects that join them."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.directory.house import House
from shared.kernel.actor import Role
from shared.kernel.ids import new_id
from tests.services.directory.test_councils import made as council_made
from tests.services.directory.test_memberships import said
from tests.services.directory.town import Town

FIELDS = ["organisation", "members", "activities", "resources", "safety", "environment"]


async def seated(town: Town) -> str:
    """The council of 甲, in which the property company sits."""
    council = await council_made(town)
    unit = {"organisation_id": str(town.ids["property"]), "starts_on": "2025-03-01"}
    assert (await town.call("POST", f"/councils/{council['id']}/seat", town.keeper(), unit)).status_code == 200
    return str(council["id"])


def promised(town: Town, council: str, **more: Any) -> dict[str, Any]:
    unit = str(town.ids["property"])
    clauses = [{"field": field, "text": f"每月{field}一次", "organisation_id": unit} for field in FIELDS]
    body = {"council_id": council, "title": "共驻共建协议书", "starts_on": "2026-01-01", "ends_on": "2027-01-01"}
    return body | {"party_ids": [unit], "clauses": clauses} | more


async def listed(town: Town, noun: str, council: str, **more: Any) -> dict[str, Any]:
    body = {
        "council_id": council,
        "kind": "room",
        "title": "合唱队排练",
        "starts_on": "2026-03-01",
        "ends_on": "2026-06-01",
    }
    unit = {"organisation_id": str(town.ids["property"])} if noun == "resources" else {}
    answer = await town.call("POST", f"/{noun}", town.keeper(Role.COMMUNITY_STAFF), body | unit | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_an_agreement_of_six_kinds_of_joint_work_is_fulfilled_clause_by_clause(town: Town) -> None:
    council, staff = await seated(town), town.keeper(Role.COMMUNITY_STAFF)
    made = (await town.call("POST", "/agreements", staff, promised(town, council))).json()
    assert (made["state"], made["clause_count"], made["fulfilled_count"], made["share"]) == ("current", 6, 0, 0.0)
    first = {"clause_id": made["clauses"][0]["id"], "note": "已联合召开组织生活会。"}
    done = (await town.call("POST", f"/agreements/{made['id']}/fulfil", staff, first)).json()
    assert (done["fulfilled_count"], done["share"]) == (1, 0.167)
    assert [(c["fulfilled_on"], c["note"]) for c in done["clauses"]][:2] == [
        ("2026-03-02", first["note"]),
        (None, None),
    ]
    again = await town.call("POST", f"/agreements/{made['id']}/fulfil", staff, first)
    assert said(again) == (422, [("/clause_id", "duplicate")])
    resident = (await town.get("resident", f"/agreements/{made['id']}")).json()
    assert (resident["share"], resident["allowed_actions"]) == (0.167, [])


async def test_a_clause_that_stays_keeps_that_it_is_fulfilled(town: Town) -> None:
    council, staff = await seated(town), town.keeper(Role.COMMUNITY_STAFF)
    made = (await town.call("POST", "/agreements", staff, promised(town, council))).json()
    path, clause = f"/agreements/{made['id']}", made["clauses"][0]
    await town.call("POST", f"{path}/fulfil", staff, {"clause_id": clause["id"], "note": "已办"})
    body = promised(town, council, clauses=[{"id": clause["id"], "field": "safety", "text": "改为巡逻"}])
    del body["council_id"]
    tag = (await town.call("GET", path, staff)).headers["etag"]
    answers = await asyncio.gather(*(town.call("PUT", path, staff, body, if_match=tag) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    changed = (await town.call("GET", path, staff)).json()
    assert [(c["field"], c["text"], c["note"]) for c in changed["clauses"]] == [("safety", "改为巡逻", "已办")]
    assert changed["share"] == 1.0


@pytest.mark.parametrize(
    "start, end, state",
    [
        ("2025-06-01", "2026-03-03", "current"),
        ("2025-06-01", "2026-03-02", "ended"),
        ("2026-03-03", "2027-01-01", "upcoming"),
    ],
)
async def test_an_agreement_is_in_force_until_the_day_before_its_end(
    town: Town, start: str, end: str, state: str
) -> None:
    council = await seated(town)
    body = promised(town, council, starts_on=start, ends_on=end)
    made = (await town.call("POST", "/agreements", town.keeper(), body)).json()
    assert made["state"] == state
    for asked, count in ((state, 1), ("upcoming" if state == "ended" else "ended", 0)):
        found = await town.call("GET", f"/agreements?council={council}&state={asked}", town.keeper())
        assert len(found.json()["items"]) == count


@pytest.mark.parametrize(
    "change, problem",
    [
        ({"ends_on": "2025-12-31"}, ("/ends_on", "ends_before_start")),
        ({"party_ids": [str(new_id())]}, ("/party_ids/0", "not_a_member")),
        ({"clauses": [{"field": "feasts", "text": "x"}]}, ("/clauses/0/field", "unknown_kind")),
        (
            {"clauses": [{"field": "safety", "text": "x", "organisation_id": str(new_id())}]},
            ("/clauses/0/organisation_id", "not_a_party"),
        ),
        ({"clauses": [{"id": str(new_id()), "field": "safety", "text": "x"}]}, ("/clauses/0/id", "unknown_clause")),
        ({"clauses": []}, ("/clauses", "too_short")),
    ],
)
async def test_a_wrong_agreement_is_refused_by_name(
    town: Town, house: House, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    body = promised(town, await seated(town), **change)
    assert said(await town.call("POST", "/agreements", town.keeper(), body)) == (422, [problem])
    assert await house.pool.fetchval("select count(*) from agreement where tenant_id = $1", town.ids["here"]) == 0


async def test_a_need_shows_the_resources_of_its_kind_time_and_place(town: Town) -> None:
    council = await seated(town)
    grid, building = str(town.ids["grid"]), str(town.ids["building"])
    beside = {"parent_id": str(town.ids["here"]), "kind": "grid", "name": "二网格"}
    other = (await town.call("POST", "/areas", town.keeper(), beside)).json()["id"]
    fitting = [
        await listed(town, "resources", council, title="到处", ends_on=None),
        await listed(town, "resources", council, title="上级", area_id=grid),
        await listed(town, "resources", council, title="同一处", area_id=building),
        await listed(town, "resources", council, title="相接", starts_on="2026-05-31", ends_on="2026-07-01"),
    ]
    for more in (
        {"title": "别的种类", "kind": "money"},
        {"title": "别处", "area_id": other},
        {"title": "太晚", "starts_on": "2026-06-01", "ends_on": "2026-07-01"},
        {"title": "已过", "starts_on": "2026-01-01", "ends_on": "2026-03-01"},
    ):
        await listed(town, "resources", council, **more)
    gone = await listed(town, "resources", council, title="撤回")
    assert (await town.call("POST", f"/resources/{gone['id']}/withdraw", town.keeper(), {})).status_code == 200
    need = await listed(town, "needs", council, area_id=building)
    found = (await town.call("GET", f"/needs/{need['id']}", town.keeper())).json()
    assert [match["title"] for match in found["matches"]] == [resource["title"] for resource in fitting]
    rooms = (await town.call("GET", f"/resources?council={council}&kind=money", town.keeper())).json()["items"]
    assert [room["title"] for room in rooms] == ["别的种类"]


async def test_a_project_joins_a_need_once_and_is_finished_with_it(town: Town) -> None:
    council, keeper = await seated(town), town.keeper()
    need, resource = await listed(town, "needs", council), await listed(town, "resources", council)
    body = {"council_id": council, "title": "合唱队进校园", "need_ids": [need["id"]], "resource_ids": [resource["id"]]}
    answers = await asyncio.gather(*(town.call("POST", "/projects", keeper, body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 4
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert said(refused)[1] == [("/need_ids/0", "unknown_need")]
    project = next(answer.json() for answer in answers if answer.status_code == 201)
    assert [n["name"] for n in project["needs"] + project["resources"]] == ["合唱队排练"] * 2
    assert (await town.call("GET", f"/needs/{need['id']}", keeper)).json()["state"] == "joined"
    taken = await town.call("POST", f"/needs/{need['id']}/withdraw", keeper, {})
    assert (taken.status_code, taken.json()["code"], taken.json()["state"]) == (
        409,
        "directory.listed_no_more",
        "joined",
    )
    path = f"/projects/{project['id']}/finish"
    done = (await town.call("POST", path, keeper, {"note": "每周六排练"})).json()
    assert (done["state"], done["note"], done["ends_on"]) == ("done", "每周六排练", "2026-03-02")
    assert (await town.call("GET", f"/needs/{need['id']}", keeper)).json()["state"] == "done"
    assert (await town.call("POST", path, keeper, {"note": "再来"})).status_code == 409
    for state, count in (("done", 1), ("open", 0)):
        page = (await town.call("GET", f"/projects?council={council}&state={state}", keeper)).json()
        assert len(page["items"]) == count


@pytest.mark.parametrize(
    "change, problem",
    [
        ({"kind": "gold"}, ("/kind", "unknown_kind")),
        ({"area_id": "{there}"}, ("/area_id", "unknown_area")),
        ({"area_id": "{street}"}, ("/area_id", "outside")),
        ({"organisation_id": str(new_id())}, ("/organisation_id", "unknown_organisation")),
        ({"starts_on": "2026-07-01"}, ("/ends_on", "ends_before_start")),
    ],
)
async def test_what_cannot_be_listed_is_refused_by_name(
    town: Town, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    body = {"council_id": await seated(town), "kind": "room", "title": "礼堂", "ends_on": "2026-06-01"}
    body |= {"organisation_id": str(town.ids["property"])}
    body |= {name: value.format(**town.ids) for name, value in change.items()}
    assert said(await town.call("POST", "/resources", town.keeper(), body)) == (422, [problem])


async def test_nobody_is_a_party_twice(town: Town) -> None:
    body = promised(town, await seated(town))
    twice = body | {"party_ids": body["party_ids"] * 2}
    assert said(await town.call("POST", "/agreements", town.keeper(), twice)) == (422, [("/party_ids/1", "duplicate")])


@pytest.mark.parametrize("path", ["/resources", "/needs", "/projects", "/agreements"])
async def test_a_council_that_the_caller_does_not_see_is_wrong_where_it_is_named(town: Town, path: str) -> None:
    seen = await seated(town)
    bodies: dict[str, dict[str, Any]] = {
        "/projects": {"title": "项目", "need_ids": [str(new_id())], "resource_ids": []},
        "/agreements": promised(town, seen),
    }
    body = bodies.get(path, {"kind": "room", "title": "礼堂", "organisation_id": str(town.ids["committee"])})
    elsewhere = town.keeper(Role.COMMUNITY_ADMIN, "there")
    for council, who in ((str(new_id()), town.keeper()), (seen, elsewhere)):
        refused = await town.call("POST", path, who, body | {"council_id": council})
        assert said(refused) == (422, [("/council_id", "unknown_council")]), refused.text


async def test_another_communitys_lists_do_not_exist_and_residents_do_not_write(town: Town) -> None:
    council = await seated(town)
    need = await listed(town, "needs", council)
    there = town.keeper(Role.COMMUNITY_STAFF, "there")
    assert (await town.call("GET", f"/needs/{need['id']}", there)).status_code == 404
    assert (await town.call("POST", f"/needs/{need['id']}/withdraw", there, {})).status_code == 404
    assert (await town.call("GET", f"/needs?council={council}", there)).json()["items"] == []
    resident = town.keeper(Role.RESIDENT)
    assert (await town.call("POST", f"/needs/{need['id']}/withdraw", resident, {})).status_code == 403
    assert UUID(need["id"])


async def test_what_a_merged_unit_has_promised_and_gives_the_survivor_does(town: Town) -> None:
    council, unit = await seated(town), {"tenant_id": str(town.ids["there"]), "kind": "property_company"}
    made = (await town.call("POST", "/agreements", town.keeper(), promised(town, council))).json()
    resource = await listed(town, "resources", council)
    body = unit | {"name": "宏远物业公司", "confirm_new": True}
    survivor = (await town.call("POST", "/organisations", town.founder, body)).json()["id"]
    old = {"organisation_ids": [str(town.ids["property"])]}
    merged = await town.call("POST", f"/organisations/{survivor}/merge", town.founder, old)
    assert merged.status_code == 200, merged.text
    changed = (await town.call("GET", f"/agreements/{made['id']}", town.founder)).json()
    assert [party["id"] for party in changed["parties"]] == [survivor]
    assert {clause["organisation"]["id"] for clause in changed["clauses"]} == {survivor}
    assert [clause["text"] for clause in changed["clauses"]] == [clause["text"] for clause in made["clauses"]]
    (given,) = (await town.call("GET", f"/resources?council={council}", town.founder)).json()["items"]
    assert (given["id"], given["organisation"]["id"]) == (resource["id"], survivor)
