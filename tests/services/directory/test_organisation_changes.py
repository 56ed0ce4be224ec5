"""Organisations are entered, corrected and closed, by those who may, and nobody is entered twice."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.ids import new_id
from tests.services.directory.test_areas_changes import feed, said
from tests.services.directory.test_credit_code import with_check_character
from tests.services.directory.town import Town


def fresh_code() -> str:
    """A valid code that no other test has."""
    digits = "".join(str(int(one, 16) % 10) for one in new_id().hex[-9:])
    return with_check_character(f"91350100{digits}")


async def entered(town: Town, name: str, tenant: str = "here", by: Actor | None = None, **more: Any) -> dict[str, Any]:
    body = {"tenant_id": str(town.ids[tenant]), "kind": "school", "name": name, **more}
    answer = await town.call("POST", "/organisations", by or town.keeper(), body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def put(town: Town, path: str, body: Any, by: Actor | None = None) -> httpx.Response:
    """Over the version that is there."""
    found = await town.call("GET", f"/organisations/{path.split('/')[0]}", town.founder)
    return await town.call("PUT", f"/organisations/{path}", by or town.keeper(), body, if_match=found.headers["etag"])


async def test_a_new_organisation_is_read_as_it_was_entered(town: Town, house: House) -> None:
    code = fresh_code()
    hours = [{"days": [5, 1], "opens": "08:30", "closes": "12:00"}]
    made = await entered(
        town,
        "红柳小学",
        aliases=["区红柳小学", "红柳小学"],
        parent_id=str(town.ids["urban"]),
        serves=[str(town.ids["compound"])],
        credit_code=f"{code[:8].lower()}-{code[8:].lower()}",
        contact={"phone": "0755-8888 6666", "address": "和平路 1 号", "opening_times": hours},
    )
    detail = (await town.get("resident", f"/organisations/{made['id']}")).json()
    assert detail | {"allowed_actions": made["allowed_actions"]} == made
    assert (detail["aliases"], detail["credit_code"]) == (["区红柳小学"], code)
    assert detail["contact"] == {
        "phone": "0755-8888 6666",
        "address": "和平路 1 号",
        "opening_times": [{"days": [1, 5], "opens": "08:30", "closes": "12:00"}],
    }
    assert (detail["parent"]["name"], [area["name"] for area in detail["serves"]]) == ("城建办", ["和平小区"])
    assert detail["allowed_actions"] == []
    assert made["allowed_actions"] == ["update", "correct", "assign", "merge", "close"]
    assert UUID(made["id"]) in {row.id for row in (await feed(house)).organisations}
    history = (await town.call("GET", f"/organisations/{made['id']}/history", town.keeper())).json()["items"]
    assert [(line["action"], line["role"]) for line in history] == [("create", "community_admin")]


@pytest.mark.parametrize(
    "role, root, tenant, status",
    [
        (Role.COMMUNITY_ADMIN, "here", "here", 201),
        (Role.STREET_STAFF, "street", "here", 201),
        (Role.STREET_STAFF, "street", "street", 201),
        (Role.PLATFORM_ADMIN, "district", "street", 201),
        (Role.COMMUNITY_ADMIN, "here", "street", 403),  # they see it, and it is not theirs
        (Role.COMMUNITY_ADMIN, "grid", "here", 403),
        (Role.COMMUNITY_ADMIN, "here", "there", 422),  # it does not exist for them
        (Role.COMMUNITY_ADMIN, "here", "grid", 422),  # no tenant
        (Role.COMMUNITY_STAFF, "here", "here", 403),
        (Role.GRID_OFFICER, "grid", "here", 403),
        (Role.ORGANISATION_STAFF, "here", "here", 403),
    ],
)
async def test_who_may_enter_one(town: Town, role: Role, root: str, tenant: str, status: int) -> None:
    body = {"tenant_id": str(town.ids[tenant]), "kind": "school", "name": "第二小学"}
    answer = await town.call("POST", "/organisations", town.keeper(role, root), body)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "change, problem",
    [
        ({"kind": "castle"}, ("/kind", "unknown_kind")),
        ({"name": " "}, ("/name", "string_too_short")),
        ({"name": "一\n二"}, ("/name", "one_line")),
        ({"tenant_id": str(UUID(int=7))}, ("/tenant_id", "unknown_area")),
        ({"parent_id": str(UUID(int=7))}, ("/parent_id", "unknown_organisation")),
        ({"parent_id": "school"}, ("/parent_id", "unknown_organisation")),
        ({"serves": [str(UUID(int=7))]}, ("/serves/0", "unknown_area")),
        ({"serves": ["here", "there"]}, ("/serves/1", "unknown_area")),
        ({"formation_status": "formed"}, ("/formation_status", "not_formed")),
        ({"formation_status": "hopeless"}, ("/formation_status", "enum")),
        ({"credit_code": "91350100M000100Y4"}, ("/credit_code", "credit_code_form")),
        ({"credit_code": "9135010OM000100Y43"}, ("/credit_code", "credit_code_form")),
        ({"credit_code": "91350100M000100Y44"}, ("/credit_code", "credit_code_check")),
        ({"credit_code": "91350100M000010Y43"}, ("/credit_code", "credit_code_check")),
        ({"contact": {"phone": "找王师傅"}}, ("/contact/phone", "string_pattern_mismatch")),
        ({"contact": {"opening_times": [{"days": [8], "opens": "09:00", "closes": "10:00"}]}},
         ("/contact/opening_times/0/days/0", "less_than_equal")),
        ({"contact": {"opening_times": [{"days": [1], "opens": "24:00", "closes": "25:00"}]}},
         ("/contact/opening_times/0/opens", "string_pattern_mismatch")),
        ({"contact": {"opening_times": [{"days": [1], "opens": "18:00", "closes": "09:00"}]}},
         ("/contact/opening_times/0", "closes_before")),
        ({"colour": "red"}, ("/colour", "extra_forbidden")),
    ],
)  # fmt: skip
async def test_a_wrong_organisation_is_refused_by_name(
    town: Town, house: House, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    body = {"tenant_id": "here", "kind": "school", "name": "第二小学"} | change
    for name in {"tenant_id", "parent_id"} & body.keys():
        body[name] = str(town.ids.get(body[name], body[name]))
    body["serves"] = [str(town.ids.get(one, one)) for one in body.get("serves", [])]
    count = "select count(*) from organisation"
    before = await house.pool.fetchval(count)
    status, found = said(await town.call("POST", "/organisations", town.keeper(), body))
    assert (status, found[:1]) == (422, [problem])
    assert await house.pool.fetchval(count) == before


async def test_a_wrong_check_character_is_named_and_the_right_one_is_not_told(town: Town) -> None:
    body = {"tenant_id": str(town.ids["here"]), "kind": "school", "name": "二小", "credit_code": "91350100M000100Y44"}
    for language in ("zh", "en"):
        answer = await town.call("POST", "/organisations", town.keeper(), body, accept_language=language)
        [error] = answer.json()["errors"]
        assert "18" in error["message"] and "3" not in error["message"]


async def test_a_credit_code_is_had_once_wherever_it_is_kept(town: Town) -> None:
    code = fresh_code()
    await entered(town, "一小", "there", town.keeper(root="there"), credit_code=code)
    body = {"tenant_id": str(town.ids["here"]), "kind": "school", "name": "另一所", "credit_code": code}
    hidden = await town.call("POST", "/organisations", town.keeper(), body | {"confirm_new": True})
    assert (hidden.status_code, hidden.json()["code"]) == (409, "directory.credit_code_taken_elsewhere")
    assert "一小" not in hidden.text
    seen = await town.call("POST", "/organisations", town.keeper(Role.STREET_STAFF, "street"), body)
    assert (seen.status_code, seen.json()["code"]) == (409, "directory.credit_code_taken")
    assert seen.json()["name"] == "一小" and "一小" in seen.json()["detail"]


async def test_of_five_at_once_with_one_code_one_is_entered(town: Town) -> None:
    code = fresh_code()
    places = [("here", town.keeper()), ("there", town.keeper(root="there"))] * 3
    answers = await asyncio.gather(
        *(
            town.call("POST", "/organisations", who, {
                "tenant_id": str(town.ids[tenant]), "kind": "school", "name": f"{n}小", "credit_code": code
            })
            for n, (tenant, who) in enumerate(places)
        )
    )  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]


@pytest.mark.parametrize(
    "name, tenant, alike",
    [
        ("城建办公室", "street", ["城建办"]),
        ("城建办（测试街道办事处）", "here", ["城建办"]),
        ("深圳市测试区医院", "here", ["测试区医院"]),
        ("甲社区居民委员会", "here", ["甲社区居委会"]),
        ("乙社区小学", "here", []),  # kept by a community beside it
        ("第三小学", "here", []),
    ],
)
async def test_a_similar_name_there_or_above_is_a_warning(town: Town, name: str, tenant: str, alike: list[str]) -> None:
    body = {"tenant_id": str(town.ids[tenant]), "kind": "department", "name": name}
    by = town.keeper(Role.STREET_STAFF, "street")
    answer = await town.call("POST", "/organisations", by, body)
    if not alike:
        assert answer.status_code == 201
        return
    assert (answer.status_code, answer.json()["code"]) == (409, "directory.similar_organisations")
    assert [one["name"] for one in answer.json()["candidates"]] == alike
    assert "confirm_new" in answer.json()["detail"] and alike[0] in answer.json()["detail"]
    assert (await town.call("POST", "/organisations", by, body | {"confirm_new": True})).status_code == 201


async def test_of_two_that_enter_the_same_at_once_one_is_warned(town: Town) -> None:
    body = {"tenant_id": str(town.ids["here"]), "kind": "school", "name": "红旗小学"}
    answers = await asyncio.gather(*(town.call("POST", "/organisations", town.keeper(), body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_a_change_needs_the_version_that_was_read_and_is_kept_in_the_history(town: Town) -> None:
    path = f"/organisations/{town.ids['committee']}"
    body = {"kind": "residents_committee", "name": "甲社区居民委员会", "serves": [str(town.ids["here"])]}
    assert (await town.call("PUT", path, town.keeper(), body)).json()["code"] == "precondition_required"
    tag = (await town.call("GET", path, town.keeper())).headers["etag"]
    answers = await asyncio.gather(*(town.call("PUT", path, town.keeper(), body, if_match=tag) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    history = (await town.call("GET", f"{path}/history", town.keeper())).json()["items"]
    assert [line["facts"] for line in history] == [{"changed": ["name"], "before": {"name": "甲社区居委会"}}]
    assert (await town.call("GET", f"{path}/history", town.keeper(root="there"))).status_code == 404


async def test_its_own_staff_correct_how_it_is_reached_and_nothing_else(town: Town, house: House) -> None:
    company = town.ids["property"]
    worker = Actor(town.ids["worker"], (Grant(Role.ORGANISATION_STAFF, organisation_id=company),))
    read = await town.call("GET", f"/organisations/{company}", worker)
    assert read.json()["allowed_actions"] == ["correct"]
    contact = {"phone": "0755-12345", "opening_times": [{"days": [6, 7], "opens": "10:00", "closes": "16:00"}]}
    done = await put(town, f"{company}/contact", contact, worker)
    assert (done.status_code, done.json()["contact"]["phone"]) == (200, "0755-12345")
    street = town.keeper(Role.STREET_STAFF, "street")
    history = (await town.call("GET", f"/organisations/{company}/history", street)).json()["items"]
    assert history[0]["role"] == "organisation_staff"
    assert history[0]["facts"] == {"changed": ["phone", "opening_times"], "before": {"opening_times": []}}
    body = {"kind": "property_company", "name": "新平安物业"}
    assert (await put(town, str(company), body, worker)).status_code == 403
    other = await put(town, f"{town.ids['committee']}/contact", contact, worker)
    assert (other.status_code, other.json()["code"]) == (403, "directory.organisation_not_yours")
    assert await house.pool.fetchval("select name from organisation where id = $1", company) == "平安物业"


async def test_whoever_lets_it_serve_an_area_looks_after_that_area(town: Town) -> None:
    """Its staff see what they serve: nobody gives them another's community."""
    street = town.keeper(Role.STREET_STAFF, "street")
    company, body = str(town.ids["property"]), {"kind": "property_company", "name": "平安物业"}
    kept = [str(town.ids["compound"])]
    there = town.keeper(root="there")  # keeps the company, and does not look after 甲
    assert (await put(town, company, body | {"serves": kept}, there)).status_code == 200
    wider = body | {"serves": [*kept, str(town.ids["here"])]}
    assert (await put(town, company, wider, there)).status_code == 422
    assert (await put(town, company, wider, street)).status_code == 200
    assert (await put(town, company, body, there)).json()["serves"] == []


async def test_no_organisation_belongs_to_its_own_part(town: Town) -> None:
    urban, street = str(town.ids["urban"]), town.keeper(Role.STREET_STAFF, "street")
    part = await entered(town, "城建一队", "street", street, parent_id=urban)
    inner = await entered(town, "城建一队甲组", "street", street, parent_id=part["id"])
    for parent in (urban, part["id"], inner["id"]):
        answer = await put(town, urban, {"kind": "department", "name": "城建办", "parent_id": parent}, street)
        assert said(answer) == (422, [("/parent_id", "cycle")])
    below = {"kind": "department", "name": "城建办", "parent_id": str(town.ids["committee"])}
    assert said(await put(town, urban, below, street)) == (422, [("/parent_id", "parent_elsewhere")])


async def test_a_closed_one_stays_readable_and_nobody_works_for_it_any_more(town: Town, house: House) -> None:
    company, by = town.ids["property"], town.keeper(root="there")
    supported = await town.call(
        "POST", f"/organisations/{company}/supports", by, {"area_id": str(town.ids["grid-there"])}
    )
    assert supported.status_code == 200, supported.text
    closed = await town.call("POST", f"/organisations/{company}/close", by, {})
    assert (closed.json()["closed"], closed.json()["closed_on"]) == (True, "2026-03-02")
    assert closed.json()["allowed_actions"] == [] and closed.json()["supports"] == []
    for table in ("membership", "role_grant", "support"):
        ends = await house.pool.fetch(f"select ends_on from {table} where organisation_id = $1", company)
        assert [row["ends_on"] for row in ends] == [date(2026, 3, 2)], table
    row = next(row for row in (await feed(house)).organisations if row.id == company)
    assert row.closed and row.succeeded_by is None
    again = await town.call("POST", f"/organisations/{company}/close", by, {})
    assert (again.status_code, again.json()["code"]) == (409, "directory.organisation_closed")


async def test_one_that_others_belong_to_is_not_closed(town: Town) -> None:
    street = town.keeper(Role.STREET_STAFF, "street")
    answer = await town.call("POST", f"/organisations/{town.ids['urban']}/close", street, {})
    assert (answer.status_code, answer.json()["code"], answer.json()["children"]) == (
        409,
        "directory.organisation_in_use",
        1,
    )


async def test_an_owners_committee_counts_for_its_compound_when_it_is_formed(town: Town) -> None:
    async def coverage() -> dict[str, Any]:
        found = (await town.call("GET", f"/areas/{town.ids['here']}/coverage", town.keeper())).json()
        return dict(found["owners_committees"])

    assert (await coverage())["by_status"] == {"none": 1}
    served = [str(town.ids["compound"])]
    made = await entered(
        town, "和平小区业委会", kind="owners_committee", serves=served, formation_status="could_not_be_formed"
    )
    missing = await coverage()
    assert (missing["without"], missing["by_status"]) == (1, {"could_not_be_formed": 1})
    body = {"kind": "owners_committee", "name": "和平小区业委会", "serves": served}
    assert (await put(town, made["id"], body)).json()["formation_status"] == "formed"
    found = await coverage()
    assert (found["without"], found["by_status"], found["areas"]) == (0, {"formed": 1}, [])


async def test_the_kinds_are_told_in_both_languages(town: Town) -> None:
    kinds = {kind["key"]: kind for kind in (await town.get("resident", "/kinds")).json()["organisations"]}
    assert {"party_branch", "residents_committee", "youth_league", "new_organisation", "council"} <= kinds.keys()
    assert kinds["owners_committee"]["formed"] and not kinds["school"]["formed"]
    assert all(kind["name_zh"] and kind["name_en"].isascii() for kind in kinds.values())


async def test_a_stranger_learns_nothing_by_trying(town: Town) -> None:
    outsider = Actor(town.ids["clerk"], (Grant(Role.COMMUNITY_ADMIN, new_id()),))
    for action, body in (("merge", {"organisation_ids": [str(new_id())]}), ("close", {})):
        there = await town.call("POST", f"/organisations/{town.ids['committee']}/{action}", outsider, body)
        nowhere = await town.call("POST", f"/organisations/{new_id()}/{action}", outsider, body)
        assert there.status_code == nowhere.status_code == 404
