"""Carries out the calls of the table, tells what became of them, and whether anything was changed."""

import re
from typing import Any

import httpx

from shared.kernel.actor import Role
from shared.kernel.ids import new_id
from tests.security.table import Outcome, Row, expected
from tests.security.things import Things, photo
from tests.security.town import Scope, Thing
from tests.support.person import Person

#: What a call that must change nothing could change. An upload and a key belong to no community.
_CHANGEABLE = {
    "petitions": ("petition", "petition_history", "petition_note", "petition_text", "attachment"),
    "directory": (
        *("area", "area_polygon", "area_history", "area_succession", "membership"),
        *("office", "office_history", "role_grant", "role_grant_history"),
        *("organisation", "organisation_history", "organisation_succession", "support"),
        *("person", "person_history", "household", "sealed_value", "access_log", "care", "care_helper"),
        *("membership", "enrolment", "council", "council_member", "council_meeting", "record_history"),
        *("agreement", "resource", "need", "project"),
        *("facility", "service", "service_place", "catalogue_history"),
    ),
    "volunteers": ("opening", "opening_history", "service_record", "service_record_history", "service_record_note"),
}
#: Said of what is named in a body and does not exist for the caller.
_UNKNOWN = frozenset({"unknown_petition", "unknown_area", "unknown_organisation", "unknown_council"})
#: What a call changes that names it in its body.
_FRESH = frozenset({"community", "unit", "member", "council", "need"})
#: The ETag of what was made in two steps: a council's unit took its seat afterwards. Of all else it is "1-0".
_AS_MADE = {"council": '"2-0"'}


async def thing_for(things: Things, row: Row, role: Role, scope: Scope) -> Thing:
    """What the cell is about: a fresh one where the call will change it."""
    by_organisation = role is Role.ORGANISATION_STAFF and scope is Scope.HELD and row.noun == "petition"
    makes = row.declared.changes and (not row.named or row.noun in _FRESH)
    changes = makes and expected(row, role, scope) is Outcome.IN
    thing = await (things.fresh if changes else things.kept)(row.thing, by_organisation)
    # Some go by the roles of this moment, whatever the token says.
    if row.declared.path.endswith(("/reveal", "/merge", "/care")):
        await things.town.give(role, scope, thing)
    if row.declared.path.endswith("/people/{person_id}/merge"):
        things.spare = (await (things.fresh if changes else things.kept)("person", False)).id
    return thing


async def call(things: Things, row: Row, caller: Person, thing: Thing) -> httpx.Response:
    """The row's call by this caller."""
    path = row.declared.path.replace("{support_id}", thing.another)
    path = re.sub(r"\{[a-z_]*id\}", thing.id, path)
    if row.noun == "photo":
        return await caller.call("GET", things.town.house("petitions").links.sign(path))
    path = path.removeprefix("/api/v1")
    if row.declared.method == "GET":
        pages = row.listed is not None and row.noun != "category" and not path.endswith("/resolve")
        query = (
            row.query.format(**{"area_id": thing.id, "place": things.town.ids.get(thing.area), **things.town.ids})
            + ("&limit=100" if pages else "")
        ).lstrip("&")
        return await caller.get(f"{path}?{query}" if query else path)
    if path == "/attachments":
        return await caller.post(path, files=photo())
    if path == "/areas/import":
        file = ("areas.csv", f"code,kind,name\n{thing.id}-1,entrance,1单元\n".encode(), "text/csv")
        return await caller.post(f"{path}?parent={thing.id}", files={"file": file})
    if path == "/people/import":
        file = ("people.csv", "name,phone\n新人,13800000000\n".encode(), "text/csv")
        return await caller.post(f"{path}?area={thing.id}", files={"file": file})
    body = await _body(things, row, thing)
    if row.declared.method == "PUT":
        tag = _AS_MADE.get(row.noun, '"1-0"') if thing.id else (await caller.get("/me")).headers["etag"]
        return await caller.call("PUT", f"/api/v1{path}", json=body, headers={"if-match": tag})
    return await caller.post(path, body)


async def _body(things: Things, row: Row, thing: Thing) -> dict[str, Any]:
    """The body with the thing's own words in place of those that stand for them."""
    if row.declared.path.endswith("/areas"):
        return {**row.body, "parent_id": thing.id}
    if row.declared.path.endswith(("/facilities", "/services")):
        where = {"location": things.town.location("building")} if "location" in row.body else {}
        return {**row.body, **where, "area_id": thing.id}
    if row.declared.path.endswith("/people"):
        return {**row.body, "home_id": thing.id}
    if row.declared.path.endswith("/organisations"):
        return {**row.body, "tenant_id": thing.id}
    if "person_id" in row.body:
        there = {"area_id": thing.id, **things.days()} if row.named else {}
        return {**row.body, "person_id": str(things.town.ids[row.body["person_id"]]), **there}
    if row.noun in ("unit", "member"):
        places = {"community_id": str(things.town.ids["here"])} if row.declared.path.endswith("/enrolments") else {}
        return {**row.body, **places, "organisation_id": thing.id, "person_id": str(thing.owner)}
    if row.noun == "community":
        return {**row.body, "area_id": thing.id}
    if row.declared.path.endswith("/openings"):
        return things.offer(**{f"{row.noun}_id": thing.id})
    body = dict(row.body)
    if "code" in body:
        body["code"] = await things.code(thing)
    if "home_id" in body:
        body["home_id"] = str(things.town.ids[body["home_id"]])
    if body.get("door") == "new":
        body["door"] = str(new_id())
    if body.get("phone") == "of the thing":
        body["phone"] = thing.another
    if "lead" in body:
        body["lead"] = {"type": "organisation", "id": str(things.town.ids[body["lead"]])}
    if "parent_id" in body:
        body["parent_id"] = str(things.town.ids[body["parent_id"]])
    if "area_id" in body:
        body["area_id"] = str(things.town.ids[body["area_id"]])
    for others in {"area_ids", "organisation_ids"} & body.keys():
        body[others] = [thing.another]
    if "helper_ids" in body:
        body["helper_ids"] = [str(things.town.ids[body["helper_ids"]])]
    if "person_ids" in body:
        body["person_ids"] = [things.spare]
    if "council_id" in body:
        body["council_id"] = thing.id if row.noun == "council" else thing.another
    if "party_ids" in body:
        body["party_ids"] = [str(things.town.ids[body["party_ids"]])]
    if "clause_id" in body:
        body["clause_id"] = thing.another
    if "need_ids" in body:
        body["need_ids"] = [thing.id]
    if "organisation_id" in body:
        body["organisation_id"] = str(things.town.ids[body["organisation_id"]])
    if "location" in body:
        body["location"] = things.town.location(body["location"])
    return body


def outcome(row: Row, thing: Thing, answer: httpx.Response) -> Outcome | str:
    """What became of the call; anything that is none of the outcomes in its own words."""
    if answer.is_success:
        there = row.listed is None or thing.id in {item["id"] for item in answer.json()["items"]}
        return Outcome.IN if there else Outcome.UNLISTED
    problem = answer.json()
    match answer.status_code, problem["code"]:
        case 403, "forbidden":
            return Outcome.ROLE
        case 403, _:
            return Outcome.TIE
        case 404, "not_found":
            return Outcome.HIDDEN
        case 422, _ if problem["errors"][0]["code"] in _UNKNOWN:
            return Outcome.NAMED
    return f"{answer.status_code} {problem['code']}"


async def state_of(things: Things) -> dict[str, Any]:
    """A digest of all that the town's communities have, and of whose keys and photos wait."""
    found: dict[str, Any] = {}
    tenants = [things.town.ids[word] for word in ("street", "here", "there")]
    for service, tables in _CHANGEABLE.items():
        pool = things.town.house(service).pool
        for table in tables:
            digest = (
                f"select count(*), sum(hashtextextended(t::text, 0)) from {table} t where tenant_id = any($1::uuid[])"
            )
            found[f"{service}.{table}"] = tuple(await pool.fetchrow(digest, tenants))
    found["uploads"] = await things.town.house("petitions").pool.fetchval("select count(*) from upload")
    return found
