"""One Idempotency-Key, fifty times in the same moment, at every address that takes a change: one effect, one answer."""

import asyncio
import io
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import aiohttp
import orjson
import pytest
from PIL import Image

from deploy.assemble import Assembly
from deploy.services import SERVICES
from shared.infra.auth import TokenIssuer
from shared.infra.web.routes import DeclaredRoute, Reach
from shared.kernel.actor import Grant, Role
from shared.kernel.ids import new_id
from tests.concurrency.crowd import Answer, Crowd, Wish, crowd_of
from tests.concurrency.service import code_of, offer, opened, record_in
from tests.services.petitions.test_journey_of_a_petition import brought_to
from tests.support.world import World

_TIMES = 50


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a call is prepared."""

    world: World
    crowd: Crowd
    issuer: TokenIssuer


Prepare = Callable[[Stage], Awaitable[Wish]]


async def _report(stage: Stage) -> Wish:
    body = {"text": "路灯不亮", "location": stage.world.location()}
    return Wish(stage.world.resident, "/petitions", body)


async def _petition(status: str, who: str, action: str, body: Any, stage: Stage) -> Wish:
    petition = await brought_to(stage.world, status)
    if action == "dispatch":
        body = {"lead": {"type": "organisation", "id": str(stage.world.ids["property"])}}
    return Wish(stage.world.people[who], f"/petitions/{petition['id']}/{action}", body)


async def _photo(stage: Stage) -> Wish:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return Wish(stage.world.resident, "/attachments", out.getvalue())


async def _offer(stage: Stage) -> Wish:
    return Wish(stage.world.team_leader, "/openings", offer())


async def _claim(stage: Stage) -> Wish:
    opening = await opened(stage.crowd, stage.world)
    return Wish(stage.world.volunteer, f"/openings/{opening['id']}/claim", {})


async def _record(status: str, action: str, body: Any, stage: Stage) -> Wish:
    (who,) = crowd_of(stage.world, stage.issuer, 1, Grant(Role.VOLUNTEER, stage.world.ids["here"]))
    opening, record = await record_in(stage.crowd, stage.world, who, status)
    if action.startswith("check"):
        body = {"code": await code_of(stage.crowd, stage.world, opening)}
    by = stage.world.team_leader if action in ("approve", "reject") else who
    return Wish(by, f"/service-records/{record['id']}/{action}", body)


async def _building(stage: Stage) -> str:
    body = {"parent_id": str(stage.world.ids["grid2"]), "kind": "building", "name": "旧楼"}
    return str((await stage.crowd.do(stage.world.platform_admin, "/areas", body))["id"])


async def _new_area(stage: Stage) -> Wish:
    body = {"parent_id": str(stage.world.ids["grid"]), "kind": "building", "name": "新楼"}
    return Wish(stage.world.platform_admin, "/areas", body)


async def _import(stage: Stage) -> Wish:
    lines = "code,kind,name\nN-1,building,北楼\nN-1-1,entrance,1单元\n"
    return Wish(stage.world.platform_admin, f"/areas/import?parent={stage.world.ids['grid']}", lines.encode())


async def _shape(action: str, body: Any, stage: Stage) -> Wish:
    building = await _building(stage)
    if action == "move":
        body = {"parent_id": str(stage.world.ids["grid"])}
    if action == "merge":
        body = {"area_ids": [await _building(stage)]}
    return Wish(stage.world.platform_admin, f"/areas/{building}/{action}", body)


async def _change(stage: Stage) -> Wish:
    path = f"/areas/{await _building(stage)}"
    return Wish(stage.world.platform_admin, path, {"name": "三号楼"}, "PUT", if_match='"1-0"')


async def _person(stage: Stage) -> str:
    body = {"name": "住户", "home_id": str(stage.world.ids["building"]), "phone": "13809901234"}
    return str((await stage.crowd.do(stage.world.street_staff, "/people", body))["id"])


async def _enter(stage: Stage) -> Wish:
    body = {"name": "新住户", "home_id": str(stage.world.ids["building"]), "door": "501", "phone": "13809901234"}
    return Wish(stage.world.street_staff, "/people", body)


async def _correct(stage: Stage) -> Wish:
    path, body = f"/people/{await _person(stage)}", {"name": "改名", "phone": "13809901235"}
    return Wish(stage.world.street_staff, path, body, "PUT", if_match='"1-0"')


async def _import_people(stage: Stage) -> Wish:
    lines = "name,phone,id_number\n王大,13809901234,11010519491231002X\n"
    return Wish(stage.world.street_staff, f"/people/import?area={stage.world.ids['here']}", lines.encode())


async def _assign(stage: Stage) -> Wish:
    body = {"kinds": ["lives_alone"], "helper_ids": [str(stage.world.neighbour.id)]}
    return Wish(stage.world.community_admin, f"/people/{await _person(stage)}/care", body, "PUT", if_match='"0-0"')


async def _merge_people(stage: Stage) -> Wish:
    survivor, other = await _person(stage), await _person(stage)
    return Wish(stage.world.street_staff, f"/people/{survivor}/merge", {"person_ids": [other]})


async def _reveal(stage: Stage) -> Wish:
    body = {"fields": ["phone"], "reason": "service"}
    return Wish(stage.world.street_staff, f"/people/{await _person(stage)}/reveal", body)


async def _correct_own(stage: Stage) -> Wish:
    return Wish(stage.world.resident, "/me/contact", {"phone": "13809901234"}, "PUT", if_match='"1-0"')


async def _household(stage: Stage) -> Wish:
    return Wish(stage.world.street_staff, f"/areas/{stage.world.ids['building']}/households", {"door": "602"})


async def _new_door(stage: Stage) -> Wish:
    wish = await _household(stage)
    household = await stage.crowd.do(wish.person, wish.path, wish.body)
    return Wish(wish.person, f"/households/{household['id']}", {"door": "603"}, "PUT", if_match='"1-0"')


async def _fill(stage: Stage) -> Wish:
    ids = stage.world.ids
    body = {"person_id": str(ids["neighbour"]), "kind": "building_head", "area_id": await _building(stage)}
    return Wish(stage.world.platform_admin, "/offices", body)


async def _held(action: str, stage: Stage) -> Wish:
    """An office of the neighbour's is ended, or is the volunteer's from now on."""
    filled = await _fill(stage)
    office = await stage.crowd.do(filled.person, filled.path, filled.body)
    body = {} if action == "end" else {"person_id": str(stage.world.ids["volunteer"])}
    path = f"/offices/{office['id']}/{action}" if action != "all" else f"/people/{office['person']['id']}/hand-over"
    return Wish(stage.world.platform_admin, path, body)


async def _give(stage: Stage) -> Wish:
    ids = stage.world.ids
    body = {"person_id": str(ids["neighbour"]), "role": "community_staff", "area_id": str(ids["here"])}
    return Wish(stage.world.platform_admin, "/grants", body)


async def _given(stage: Stage) -> Wish:
    given = await _give(stage)
    grant = await stage.crowd.do(given.person, given.path, given.body)
    return Wish(stage.world.platform_admin, f"/grants/{grant['id']}/end", {})


async def _organisation(stage: Stage) -> dict[str, Any]:
    body = {"tenant_id": str(stage.world.ids["here"]), "kind": "school", "name": "小学", "confirm_new": True}
    return dict(await stage.crowd.do(stage.world.platform_admin, "/organisations", body))


async def _new_organisation(stage: Stage) -> Wish:
    body = {"tenant_id": str(stage.world.ids["here"]), "kind": "school", "name": "中学", "confirm_new": True}
    return Wish(stage.world.platform_admin, "/organisations", body)


async def _put_organisation(part: str, body: Any, stage: Stage) -> Wish:
    path = f"/organisations/{(await _organisation(stage))['id']}{part}"
    return Wish(stage.world.platform_admin, path, body, "PUT", if_match='"1-0"')


async def _keep(action: str, stage: Stage) -> Wish:
    made = await _organisation(stage)
    path, body = f"/organisations/{made['id']}/{action}", {}
    if action == "merge":
        body = {"organisation_ids": [(await _organisation(stage))["id"]]}
    if action.startswith("supports"):
        body = {"area_id": str(stage.world.ids["here"])}
    if action == "supports/end":
        detail = await stage.crowd.do(stage.world.platform_admin, path.removesuffix("/end"), body)
        path, body = path.replace("/end", f"/{detail['supports'][0]['id']}/end"), {}
    return Wish(stage.world.platform_admin, path, body)


def _person_in(stage: Stage, organisation: str) -> dict[str, str]:
    ids = stage.world.ids
    return {"organisation_id": str(ids[organisation]), "person_id": str(ids["neighbour"])}


async def _join(stage: Stage) -> Wish:
    return Wish(stage.world.platform_admin, "/memberships", _person_in(stage, "property") | {"kind": "member"})


async def _end_membership(stage: Stage) -> Wish:
    joined = await _join(stage)
    made = await stage.crowd.do(joined.person, joined.path, joined.body)
    return Wish(joined.person, f"/memberships/{made['id']}/end", {})


async def _enrol(stage: Stage) -> Wish:
    joined = await _join(stage)
    await stage.crowd.do(joined.person, joined.path, joined.body)
    body = _person_in(stage, "property") | {"community_id": str(stage.world.ids["here"])}
    return Wish(stage.world.community_staff, "/enrolments", body)


async def _end_enrolment(stage: Stage) -> Wish:
    enrolled = await _enrol(stage)
    made = await stage.crowd.do(enrolled.person, enrolled.path, enrolled.body)
    return Wish(enrolled.person, f"/enrolments/{made['id']}/end", {})


async def _new_council(stage: Stage) -> Wish:
    body = {"area_id": str(stage.world.ids["here"]), "name": "大党委", "rhythms": []}
    return Wish(stage.world.platform_admin, "/councils", body)


async def _council(action: str, body: Any, stage: Stage) -> Wish:
    new = await _new_council(stage)
    path = f"/councils/{(await stage.crowd.do(new.person, new.path, new.body))['id']}"
    if action == "update":
        return Wish(new.person, path, {"name": "联合党委", "rhythms": []}, "PUT", if_match='"1-0"')
    unit = {"organisation_id": str(stage.world.ids["property"])}
    if action == "unseat":
        await stage.crowd.do(new.person, f"{path}/seat", unit)
    return Wish(new.person, f"{path}/{action}", unit if body is None else body)


async def _new_facility(stage: Stage) -> Wish:
    body = {"kind": "library", "name": "阅览室", "location": stage.world.location()}
    return Wish(stage.world.community_staff, "/facilities", body)


async def _new_service(stage: Stage) -> Wish:
    body = {"category": "legal", "name": "法律咨询", "area_id": str(stage.world.ids["here"])}
    return Wish(stage.world.community_staff, "/services", body)


async def _entry(new: Prepare, action: str, stage: Stage) -> Wish:
    wish = await new(stage)
    path = f"{wish.path}/{(await stage.crowd.do(wish.person, wish.path, wish.body))['id']}"
    if action == "update":
        return Wish(wish.person, path, {**wish.body, "name": "新名"}, "PUT", if_match='"1-0"')
    return Wish(wish.person, f"{path}/{action}", {})


async def _of_council(noun: str, action: str, body: Any, stage: Stage) -> Wish:
    """Something new on a list of a council, or what is done with it."""
    new = await _new_council(stage)
    council = await stage.crowd.do(new.person, new.path, new.body)
    unit = {"organisation_id": str(stage.world.ids["property"])}
    await stage.crowd.do(new.person, f"/councils/{council['id']}/seat", unit)
    of = {"council_id": council["id"], "title": "清单"}
    promised = {"starts_on": "2026-01-01", "ends_on": "2199-01-01", "party_ids": [unit["organisation_id"]]}
    promised["clauses"] = [{"field": "safety", "text": "巡逻"}]
    need = of | {"kind": "room"}
    bodies = {"agreements": of | promised, "resources": need | unit, "needs": need}
    if noun == "projects":
        bodies["projects"] = of | {"need_ids": [(await stage.crowd.do(new.person, "/needs", need))["id"]]}
    if action == "":
        return Wish(new.person, f"/{noun}", bodies[noun])
    made = await stage.crowd.do(new.person, f"/{noun}", bodies[noun])
    if action == "update":
        changed = {"title": "新协议", **promised}
        return Wish(new.person, f"/{noun}/{made['id']}", changed, "PUT", if_match='"1-0"')
    if action == "fulfil":
        body = {"clause_id": made["clauses"][0]["id"], "note": "做到了"}
    return Wish(new.person, f"/{noun}/{made['id']}/{action}", body)


#: How each address is called with success.
CALLS: dict[str, Prepare] = {
    "/petitions": _report,
    "/petitions/{id}/accept": partial(_petition, "submitted", "grid_officer", "accept", {}),
    "/petitions/{id}/reject": partial(
        _petition, "submitted", "community_staff", "reject", {"reason": "no_facts", "text": "请补充地点"}
    ),
    "/petitions/{id}/dispatch": partial(_petition, "accepted", "community_staff", "dispatch", None),
    "/petitions/{id}/start": partial(_petition, "dispatched", "property_staff", "start", {}),
    "/petitions/{id}/resolve": partial(
        _petition, "in_progress", "property_staff", "resolve", {"outcome": "solved", "text": "换了电源"}
    ),
    "/petitions/{id}/confirm": partial(
        _petition, "resolved", "resident", "confirm", {"rating": 5, "contacted": True}
    ),
    "/petitions/{id}/dispute": partial(
        _petition, "resolved", "resident", "dispute", {"solved": "no", "text": "还是坏的"}
    ),
    "/petitions/{id}/withdraw": partial(_petition, "submitted", "resident", "withdraw", {}),
    "/attachments": _photo,
    "/openings": _offer,
    "/openings/{id}/claim": _claim,
    "/service-records/{id}/check-in": partial(_record, "confirmed", "check-in", None),
    "/service-records/{id}/check-out": partial(_record, "checked_in", "check-out", None),
    "/service-records/{id}/submit": partial(_record, "checked_out", "submit", {"text": "做完了"}),
    "/service-records/{id}/approve": partial(_record, "submitted", "approve", {}),
    "/service-records/{id}/reject": partial(_record, "submitted", "reject", {"text": "没有来"}),
    "/service-records/{id}/cancel": partial(_record, "confirmed", "cancel", {"text": "临时有事"}),
    "/facilities": _new_facility,
    "/facilities/{facility_id}": partial(_entry, _new_facility, "update"),
    "/facilities/{facility_id}/close": partial(_entry, _new_facility, "close"),
    "/services": _new_service,
    "/services/{service_id}": partial(_entry, _new_service, "update"),
    "/services/{service_id}/close": partial(_entry, _new_service, "close"),
    "/areas": _new_area,
    "/areas/import": _import,
    "/areas/{area_id}": _change,
    "/areas/{area_id}/move": partial(_shape, "move", None),
    "/areas/{area_id}/merge": partial(_shape, "merge", None),
    "/areas/{area_id}/split": partial(_shape, "split", {"parts": [{"name": "东楼"}, {"name": "西楼"}]}),
    "/areas/{area_id}/close": partial(_shape, "close", {}),
    "/people": _enter,
    "/people/import": _import_people,
    "/people/{person_id}/care": _assign,
    "/people/{person_id}/merge": _merge_people,
    "/people/{person_id}": _correct,
    "/people/{person_id}/reveal": _reveal,
    "/me/contact": _correct_own,
    "/areas/{area_id}/households": _household,
    "/households/{household_id}": _new_door,
    "/offices": _fill,
    "/offices/{office_id}/end": partial(_held, "end"),
    "/offices/{office_id}/hand-over": partial(_held, "hand-over"),
    "/people/{person_id}/hand-over": partial(_held, "all"),
    "/grants": _give,
    "/grants/{grant_id}/end": _given,
    "/organisations": _new_organisation,
    "/organisations/{organisation_id}": partial(_put_organisation, "", {"kind": "school", "name": "红柳小学"}),
    "/organisations/{organisation_id}/contact": partial(_put_organisation, "/contact", {"phone": "0990-6666666"}),
    "/organisations/{organisation_id}/responsibilities": partial(
        _put_organisation, "/responsibilities", {"responsibilities": [{"category": "doors", "level": "community"}]}
    ),
    "/organisations/{organisation_id}/merge": partial(_keep, "merge"),
    "/organisations/{organisation_id}/close": partial(_keep, "close"),
    "/organisations/{organisation_id}/supports": partial(_keep, "supports"),
    "/organisations/{organisation_id}/supports/{support_id}/end": partial(_keep, "supports/end"),
    "/memberships": _join,
    "/memberships/{id}/end": _end_membership,
    "/enrolments": _enrol,
    "/enrolments/{id}/end": _end_enrolment,
    "/councils": _new_council,
    "/councils/{id}": partial(_council, "update", None),
    "/councils/{id}/seat": partial(_council, "seat", None),
    "/councils/{id}/unseat": partial(_council, "unseat", None),
    **{f"/{noun}": partial(_of_council, noun, "", None) for noun in ("agreements", "resources", "needs", "projects")},
    "/agreements/{id}": partial(_of_council, "agreements", "update", None),
    "/agreements/{id}/fulfil": partial(_of_council, "agreements", "fulfil", None),
    "/resources/{id}/withdraw": partial(_of_council, "resources", "withdraw", {}),
    "/needs/{id}/withdraw": partial(_of_council, "needs", "withdraw", {}),
    "/projects/{id}/finish": partial(_of_council, "projects", "finish", {"note": "完成了"}),
    "/councils/{id}/meetings": partial(_council, "meetings", {"kind": "round_table"}),
}  # fmt: skip


@pytest.fixture
def stage(world: World, crowd: Crowd, issuer: TokenIssuer) -> Stage:
    return Stage(world, crowd, issuer)


def _sent(wish: Wish, key: str, number: int = 0) -> Wish:
    """The call with its key; `number` makes its content another one. A form has a boundary of its own every time."""
    if isinstance(wish.body, bytes):
        form = aiohttp.FormData()
        form.add_field("file", wish.body + b"\n" * number, filename="a.jpg", content_type="image/jpeg")
        return replace(wish, body=form, key=key)
    if number and "text" in wish.body:
        return replace(wish, body=wish.body | {"text": f"{wish.body['text']} {number}"}, key=key)
    return replace(wish, body=orjson.dumps(wish.body) + b" " * number, key=key)


def _said(answer: Answer) -> Any:
    """What every answer must have alike. The points of what was approved may arrive while the answers are written, and
    a photo's links are signed anew."""
    told = answer.json
    if "id" not in told:
        return told
    return (told["id"], told.get("points")) if told.get("status") in ("approved", "awarded", None) else told


async def _done_once(stage: Stage, answer: Answer) -> None:
    """The action stands in the history once; each row of it has its version and its event."""
    noun, *rest = answer.wish.path.strip("/").partition("?")[0].split("/")
    if noun == "attachments":
        return
    if noun == "offices" or rest[-1:] == ["hand-over"]:
        return await _filled_once(stage, rest[1].replace("-", "_") if rest else "begin")
    if noun == "grants":
        return await _filled_once(stage, "end" if rest else "grant", "role_grant_history")
    if noun in ("people", "households", "me") or rest[-1:] == ["households"]:
        return await _registered_once(stage, noun, answer)
    if noun in ("facilities", "services"):
        return await _catalogued_once(stage, noun, _shaping(answer.wish.method, rest), answer)
    if noun == "areas":
        return await _shaped_once(stage, _shaping(answer.wish.method, rest))
    if noun == "organisations":
        return await _kept_once(stage, answer)
    if noun in _RECORDS:
        return await _recorded_once(stage, answer, rest[-1] if len(rest) > 1 else _RECORDS[noun][bool(rest)])
    action = rest[1] if rest else _MAKING[noun]
    table = "service_record" if action == "claim" else noun.removesuffix("s").replace("-", "_")
    house = stage.world.assembly.app("petitions" if noun == "petitions" else "volunteers").state.house
    row = await house.pool.fetchrow(
        f"""select version, (select array_agg(action order by version) from {table}_history h
                              where h.{table}_id = t.id) as actions,
                   (select count(*) from outbox where aggregate_id = t.id) as events
              from {table} t where id = $1::text::uuid""",
        answer.json["id"],
    )
    assert row["version"] == len(row["actions"]) == row["events"]
    assert row["actions"].count(action) == 1


async def _catalogued_once(stage: Stage, noun: str, action: str, answer: Answer) -> None:
    """The history of the entry has it once, and there is one entry."""
    pool = stage.world.assembly.app("directory").state.house.pool
    history = "select action from catalogue_history where entry_id = $1::text::uuid"
    actions = [row["action"] for row in await pool.fetch(history, answer.json["id"])]
    assert actions.count(action) == 1 and actions.count("create") == 1
    table = {"facilities": "facility", "services": "service"}[noun]
    entries = f"select count(*) from {table} where tenant_id = $1"
    assert await pool.fetchval(entries, stage.world.ids["here"]) == 1


async def _shaped_once(stage: Stage, action: str) -> None:
    """The history of the whole community has it once."""
    pool = stage.world.assembly.app("directory").state.house.pool
    found = await pool.fetch("select action from area_history where tenant_id = $1", stage.world.ids["here"])
    assert [row["action"] for row in found].count(action) == 1


async def _registered_once(stage: Stage, noun: str, answer: Answer) -> None:
    """The record, or the log of who was shown it, has it once."""
    pool = stage.world.assembly.app("directory").state.house.pool
    if "/import" in answer.wish.path:
        return await _shaped_once(stage, "import_people")
    if answer.wish.path.endswith("reveal"):
        logged = "select count(*) from access_log where person_id = $1::text::uuid"
        assert await pool.fetchval(logged, answer.json["person_id"]) == 1
        return
    if answer.wish.path.endswith("/care"):
        helpers = "select count(*) from care_helper where person_id = $1::text::uuid"
        assert await pool.fetchval(helpers, answer.json["id"]) == 1
        return
    id = answer.json["person"]["id"] if noun == "me" else answer.json["id"]
    table = "person" if noun in ("people", "me") else "household"
    version = await pool.fetchval(f"select version from {table} where id = $1::text::uuid", id)
    assert version == (1 if answer.status == 201 else 2)


async def _filled_once(stage: Stage, action: str, table: str = "office_history") -> None:
    """The histories of the community's offices, or roles, have it once from the administrator."""
    pool = stage.world.assembly.app("directory").state.house.pool
    lines = f"select action from {table} where tenant_id = $1 and actor_id = $2"
    found = await pool.fetch(lines, stage.world.ids["here"], stage.world.platform_admin.id)
    assert [row["action"] for row in found].count(action) == 1


async def _kept_once(stage: Stage, answer: Answer) -> None:
    """Its history ends with what was done, and what was done before it for the call to be possible is all there is."""
    pool = stage.world.assembly.app("directory").state.house.pool
    actions = "select action from organisation_history where organisation_id = $1::text::uuid order by id"
    found = [row["action"] for row in await pool.fetch(actions, answer.json["id"])]
    last = answer.wish.path.split("/")[-1]
    action = "update" if last == answer.json["id"] else _KEEPING.get(last, last)
    assert found[-1] == action
    assert len(set(found)) == len(found)


#: What the last word of an address does, where the history calls it otherwise.
_KEEPING = {
    "organisations": "create",
    "contact": "correct",
    "responsibilities": "assign",
    "supports": "support",
    "end": "end_support",
}


async def _recorded_once(stage: Stage, answer: Answer, action: str) -> None:
    """Each version of the record has its line, and one of them tells of the action."""
    pool = stage.world.assembly.app("directory").state.house.pool
    id = UUID(answer.json["id"])
    lines = await pool.fetch("select action, version from record_history where record_id = $1 order by version", id)
    assert [line["version"] for line in lines] == list(range(1, len(lines) + 1))
    assert [line["action"] for line in lines].count(_NOTED_AS.get(action, action)) == 1


def _shaping(method: str, rest: list[str]) -> str:
    return "update" if method == "PUT" else rest[-1] if rest else "create"


_MAKING = {"petitions": "submit", "openings": "open"}
#: What their history calls making and changing one.
_RECORDS = {"memberships": ("join", ""), "enrolments": ("enrol", ""), "councils": ("create", "update")}
_RECORDS |= {"agreements": ("make", "update"), "projects": ("join", "")}
_RECORDS |= dict.fromkeys(("resources", "needs"), ("enter", ""))
_NOTED_AS = {"meetings": "note_meeting"}


@pytest.mark.parametrize("path", CALLS)
async def test_the_same_call_fifty_times_at_once_is_one_call(stage: Stage, path: str) -> None:
    wish, key = await CALLS[path](stage), str(new_id())
    answers = await stage.crowd.at_once([_sent(wish, key) for _ in range(_TIMES)])
    assert {answer.status for answer in answers} == {201 if path in _MAKES else 200}, answers[-1].json
    assert all(_said(answer) == _said(answers[0]) for answer in answers)
    await _done_once(stage, answers[0])


@pytest.mark.parametrize("path", CALLS)
async def test_fifty_different_calls_with_one_key_are_one_call_and_refusals(stage: Stage, path: str) -> None:
    wish, key = await CALLS[path](stage), str(new_id())
    answers = await stage.crowd.at_once([_sent(wish, key, number) for number in range(_TIMES)])
    done = [answer for answer in answers if answer.status < 300]
    refused = [answer for answer in answers if answer.status == 422]
    assert (len(done), len(refused)) == (1, _TIMES - 1), Counter(answer.status for answer in answers)
    assert {answer.json["code"] for answer in refused} == {"idempotency_key_reused"}
    await _done_once(stage, done[0])


_MAKES = {"/petitions", "/attachments", "/openings", "/openings/{id}/claim", "/areas", "/people", "/offices"}
_MAKES |= {"/organisations", "/grants"}
_MAKES.add("/areas/{area_id}/households")
_MAKES |= {"/memberships", "/enrolments", "/councils", "/agreements", "/resources", "/needs", "/projects"}
_MAKES |= {"/facilities", "/services"}


def test_every_address_that_takes_a_change_is_called(assembly: Assembly) -> None:
    routes = [r.declared for name in SERVICES for r in assembly.app(name).routes if isinstance(r, DeclaredRoute)]
    changes = [declared for declared in routes if declared.changes and declared.reach is not Reach.INTERNAL]
    assert CALLS.keys() == {declared.path.removeprefix("/api/v1") for declared in changes}
    assert len(CALLS) == len(changes)


async def test_one_key_for_reports_in_two_communities_at_once_makes_one_petition(stage: Stage) -> None:
    world = stage.world
    there = world.location() | {"lat": world.place[0] + 0.04}
    bodies = [{"text": "路灯不亮", "location": place} for place in (world.location(), there)]
    for _ in range(10):
        key = str(new_id())
        wishes = [Wish(world.resident, "/petitions", body, key=key) for body in bodies]
        answers = await stage.crowd.at_once(wishes * 5)
        made = {answer.json["id"] for answer in answers if answer.status == 201}
        assert len(made) == 1
        assert {answer.json["code"] for answer in answers if answer.status != 201} == {"idempotency_key_reused"}


async def test_one_key_for_places_in_two_communities_at_once_takes_one(stage: Stage) -> None:
    crowd, both = stage.crowd, [stage.world.ids["here"], stage.world.ids["there"]]
    (who,) = crowd_of(stage.world, stage.issuer, 1, *(Grant(Role.VOLUNTEER, area_id) for area_id in both))
    (leader,) = crowd_of(stage.world, stage.issuer, 1, *(Grant(Role.TEAM_LEADER, area_id) for area_id in both))
    for _ in range(10):
        offers = [offer(area_id=str(area_id)) for area_id in both]
        made = await asyncio.gather(*(crowd.do(leader, "/openings", body) for body in offers))
        key = str(new_id())
        answers = await crowd.at_once([Wish(who, f"/openings/{opening['id']}/claim", key=key) for opening in made])
        assert sorted(answer.status for answer in answers) == [201, 422]
        record = next(answer.json for answer in answers if answer.status == 201)
        await crowd.do(who, f"/service-records/{record['id']}/cancel")
