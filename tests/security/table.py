"""The table of rights: endpoint × role × scope, generated from what the routes declare.

ROWS says for each declared route how it is called, and nothing about who may: `roles`, `reach` and `who` of the
declaration do, by the one rule in `expected`. What ties a role in a place to a thing is spelled out here from the
design (4-petitions, 5-volunteers, 6-directory), so that the services' own rules are held against something else than
themselves. `python -m tests.security.table` prints the table.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from deploy.routes import declared_routes
from shared.infra.web.routes import Declaration, Reach
from shared.kernel.actor import Role
from tests.security.town import Scope


class Outcome(StrEnum):
    """What becomes of a call."""

    IN = "yes"  # it is done, or shown
    ROLE = "403 role"  # the role may never do it
    TIE = "403 tie"  # they see the thing, and it is for others to do
    HIDDEN = "404"  # it does not exist for them
    NAMED = "422"  # it is named in the body, and does not exist for them
    UNLISTED = "not in the list"


@dataclass(frozen=True, slots=True)
class Row:
    """How a route is called. `thing`: what it is about, by noun and state; `listed`: whose list it then stands in."""

    name: str
    thing: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    listed: frozenset[str] | None = None
    named: bool = False  # the thing is named in the body, by this row's words for it

    @property
    def declared(self) -> Declaration:
        return DECLARED[self.name]

    @property
    def noun(self) -> str:
        return self.thing.partition(" ")[0]

    @property
    def title(self) -> str:
        return f"{self.name}{f'?{self.query}' if self.query else ''}{f' ({self.noun})' if self.named else ''}"


DECLARED = {declared.name: declared for declared in declared_routes() if declared.reach is not Reach.INTERNAL}
_API = "/api/v1"


def _get(path: str, thing: str = "", query: str = "", listed: str | None = None) -> Row:
    ties = frozenset(listed.split()) if listed is not None else None
    return Row(f"GET {_API}{path}", thing, {}, query, ties)


def _put(path: str, thing: str = "", **body: Any) -> Row:
    return Row(f"PUT {_API}{path}", thing, body)


def _post(path: str, thing: str = "", named: bool = False, listed: str | None = None, **body: Any) -> Row:
    ties = frozenset(listed.split()) if listed is not None else None
    return Row(f"POST {_API}{path}", thing, body, listed=ties, named=named)


#: Who sees by name who belongs where.
_INVOLVED = "keeper organiser reader own_staff oneself"

#: What a council's unit promises in an agreement.
_PROMISED: dict[str, Any] = {
    "title": "协议书",
    "starts_on": "2026-01-01",
    "ends_on": "2199-01-01",
    "party_ids": "committee",
    "clauses": [{"field": "safety", "text": "巡逻"}],
}

ROWS = [
    _get("/petitions", "petition accepted", "scope=mine", "reporter"),
    _get("/petitions", "petition accepted", "scope=held", "holder"),
    _get("/petitions", "petition accepted", "scope=area", "staff officer oversight"),
    _get("/petitions/home"),
    _get("/petitions/{id}", "petition submitted"),
    _get("/petitions/{id}/history", "petition submitted"),
    _post("/petitions", text="路灯不亮", location="building"),
    _post("/petitions/{id}/accept", "petition submitted"),
    _post("/petitions/{id}/reject", "petition submitted", reason="not_within_scope", text="请拨打 122"),
    _post("/petitions/{id}/dispatch", "petition accepted", lead="company here"),
    _post("/petitions/{id}/start", "petition accepted"),
    _post("/petitions/{id}/resolve", "petition in_progress", outcome="solved", text="修好了"),
    _post("/petitions/{id}/confirm", "petition resolved", rating=5, contacted=True),
    _post("/petitions/{id}/dispute", "petition resolved", solved="no", text="又坏了"),
    _post("/petitions/{id}/withdraw", "petition submitted"),
    _get("/categories", "category", "", ""),
    _post("/attachments"),
    _get("/attachments/{id}/photo", "photo"),
    _get("/attachments/{id}/thumbnail", "photo"),
    _get("/openings", "opening", "", ""),
    _get("/openings/{id}", "opening"),
    _post("/openings", "petition submitted", named=True),
    _post("/openings", "area", named=True),
    _get("/openings/{id}/check-in-code", "opening"),
    _post("/openings/{id}/claim", "opening"),
    _get("/service-records", "record confirmed", "scope=mine", "volunteer"),
    _get("/service-records", "record confirmed", "scope=led", "leader"),
    _get("/service-records", "record confirmed", "scope=area", "staff team_leader oversight"),
    _get("/service-records/home"),
    _get("/service-records/{id}", "record confirmed"),
    _post("/service-records/{id}/check-in", "record confirmed", code="shown"),
    _post("/service-records/{id}/check-out", "record checked_in", code="shown"),
    _post("/service-records/{id}/submit", "record checked_out", text="值守了两小时"),
    _post("/service-records/{id}/approve", "record submitted"),
    _post("/service-records/{id}/reject", "record submitted", text="没有参加"),
    _post("/service-records/{id}/cancel", "record confirmed"),
    _get("/points/me"),
    _get("/points/me/transfers"),
    _get("/areas/locate", "", "lat=12.0045&lon=60.0045&coord_sys=wgs84"),
    _get("/areas", "area", "", ""),
    _get("/areas/{area_id}", "area"),
    _get("/areas/{area_id}/tree", "area"),
    _get("/areas/{area_id}/officers", "area"),
    _get("/areas/{area_id}/coverage", "area"),
    _get("/statistics/directory", "area", "area={area_id}"),
    _get("/areas/{area_id}/history", "area"),
    _post("/areas", "area", named=True, kind="entrance", name="1单元"),
    _post("/areas/import", "area"),
    _put("/areas/{area_id}", "area", name="三号楼"),
    _post("/areas/{area_id}/move", "area", parent_id="grid2"),
    _post("/areas/{area_id}/merge", "area", area_ids="another"),
    _post("/areas/{area_id}/split", "area", parts=[{"name": "东"}, {"name": "西"}]),
    _post("/areas/{area_id}/close", "area"),
    _get("/memberships", "membership", "organisation={committee}", _INVOLVED),
    _get("/memberships/{id}", "membership"),
    _get("/memberships/{id}/history", "membership"),
    _post("/memberships", "unit", named=True, kind="member"),
    _post("/memberships/{id}/end", "membership"),
    _get("/enrolments", "enrolment", "community={here}", _INVOLVED),
    _get("/enrolments/{id}", "enrolment"),
    _get("/enrolments/{id}/history", "enrolment"),
    _post("/enrolments", "member", named=True, state="enrolled"),
    _post("/enrolments", "unit", named=True, state="told"),
    _post("/enrolments/{id}/end", "enrolment"),
    _get("/organisations/{id}/enrolments", "unit"),
    _get("/areas/{id}/enrolments", "area"),
    _get("/councils", "council listed", "", ""),
    _get("/councils/{id}", "council"),
    _get("/councils/{id}/history", "council"),
    _post("/councils", "community", named=True, name="大党委", rhythms=[{"kind": "council_meeting", "months": 1}]),
    _put("/councils/{id}", "council", name="大党委", rhythms=[]),
    _post("/councils/{id}/seat", "council", organisation_id="company here"),
    _post("/councils/{id}/unseat", "council", organisation_id="committee"),
    _post("/councils/{id}/meetings", "council", kind="council_meeting"),
    _get("/agreements", "agreement", "council={council}", ""),
    _get("/agreements/{id}", "agreement"),
    _get("/agreements/{id}/history", "agreement"),
    _post("/agreements", "council", named=True, **_PROMISED, council_id="the thing"),
    _put("/agreements/{id}", "agreement", **_PROMISED),
    _post("/agreements/{id}/fulfil", "agreement", clause_id="of the thing", note="做到了"),
    _get("/resources", "resource", "council={council}", ""),
    _get("/resources/{id}/history", "resource"),
    _post(
        "/resources",
        "council",
        named=True,
        council_id="the thing",
        organisation_id="committee",
        kind="room",
        title="礼堂",
    ),
    _post("/resources/{id}/withdraw", "resource"),
    _get("/needs", "need", "council={council}", ""),
    _get("/needs/{id}/history", "need"),
    _get("/needs/{id}", "need"),
    _post("/needs", "council", named=True, council_id="the thing", kind="room", title="缺场地"),
    _post("/needs/{id}/withdraw", "need"),
    _get("/projects", "project", "council={council}", ""),
    _get("/projects/{id}/history", "project"),
    _post("/projects", "need", named=True, council_id="of the thing", title="对接", need_ids="the thing"),
    _post("/projects/{id}/finish", "project", note="完成了"),
    _get("/kinds"),
    _get("/offices", "office", "", ""),
    _get("/offices/{office_id}", "office"),
    _get("/offices/{office_id}/history", "office"),
    _post("/offices", "area", named=True, kind="floor_contact", person_id="staff"),
    _post("/offices/{office_id}/end", "office"),
    _post("/offices/{office_id}/hand-over", "office", person_id="staff"),
    _post("/people/{person_id}/hand-over", "holder", person_id="staff"),
    _get("/grants", "grant", "area={place}", "keeper auditor"),
    _get("/grants/{grant_id}/history", "grant"),
    _get("/areas/{area_id}/grants/history", "area"),
    _post("/grants", "area", named=True, role="building_head", person_id="staff"),
    _post("/grants/{grant_id}/end", "grant"),
    _get("/organisations", "organisation", "", ""),
    _get("/people", "person", "", "registrar"),
    _post("/people/look-up", "person", listed="registrar", phone="of the thing"),
    _post("/people", "area", named=True, name="新人"),
    _post("/people/import", "area"),
    _get("/people/duplicates"),
    _get("/care", "care", "", "assigned"),
    _get("/people/{person_id}/care", "care"),
    _put("/people/{person_id}/care", "care", kinds=["disability"], helper_ids="officer"),
    _post("/people/{person_id}/merge", "person", person_ids="another"),
    _get("/people/{person_id}", "person"),
    _put("/people/{person_id}", "person", name="改名", home_id="building"),
    _post("/people/{person_id}/reveal", "person", fields=["phone"], reason="service"),
    _get("/people/{person_id}/history", "person"),
    _get("/people/{person_id}/access-log", "person"),
    _get("/areas/{area_id}/households", "area"),
    _post("/areas/{area_id}/households", "area", door="new"),
    _get("/households/{household_id}", "household"),
    _put("/households/{household_id}", "household", door="new"),
    _put("/me/contact", phone="13800000000"),
    _get("/organisations/resolve", "organisation", "name=committee", ""),
    _get("/organisations/{organisation_id}", "organisation"),
    _get("/organisations/{organisation_id}/history", "organisation"),
    _get("/organisations/{organisation_id}/supports", "organisation"),
    _get("/responsibilities", "area", "category=doors&area={area_id}"),
    _post("/organisations", "community", named=True, kind="school", name="小学", confirm_new=True),
    _put("/organisations/{organisation_id}", "organisation", kind="school", name="红柳小学"),
    _put("/organisations/{organisation_id}/contact", "organisation", phone="0990-6666666"),
    _put("/organisations/{organisation_id}/responsibilities", "organisation", responsibilities=[]),
    _post("/organisations/{organisation_id}/merge", "organisation", organisation_ids="another"),
    _post("/organisations/{organisation_id}/close", "organisation"),
    _post("/organisations/{organisation_id}/supports", "organisation", area_id="here"),
    _post("/organisations/{organisation_id}/supports/{support_id}/end", "support"),
    _get("/facilities", "facility", "", ""),
    _get("/facilities", "", "near=12.0,60.0&coord_sys=wgs84"),
    _get("/facilities/{facility_id}", "facility"),
    _get("/facilities/{facility_id}/history", "facility"),
    _post("/facilities", "area", named=True, kind="library", name="阅览室", location="building"),
    _put("/facilities/{facility_id}", "facility", kind="library", name="新阅览室", location="building"),
    _post("/facilities/{facility_id}/close", "facility"),
    _get("/services", "service", "", ""),
    _get("/services", "", "near=12.0,60.0&coord_sys=wgs84&open_now=true"),
    _get("/services/{service_id}", "service"),
    _get("/services/{service_id}/history", "service"),
    _post("/services", "area", named=True, category="legal", name="法律咨询"),
    _put("/services/{service_id}", "service", category="legal", name="法律咨询", area_id="building"),
    _post("/services/{service_id}/close", "service"),
    _get("/circles", "", "lat=12.0045&lon=60.0045&coord_sys=wgs84"),
    _get("/me"),
    _get("/home"),
]

_STAFF = dict.fromkeys((Role.COMMUNITY_STAFF, Role.COMMUNITY_ADMIN, Role.STREET_STAFF), "staff")
_OFFICERS = dict.fromkeys((Role.HOUSEHOLD_GROUP_HEAD, Role.BUILDING_HEAD, Role.GRID_OFFICER), "officer")
_OVERSIGHT = {Role.OVERSIGHT: "oversight"}
_LEADERS = {Role.TEAM_LEADER: "team_leader"}
_CURATORS = dict.fromkeys((*_STAFF, Role.PLATFORM_ADMIN), "keeper")
_KEEPERS = dict.fromkeys((Role.COMMUNITY_ADMIN, Role.STREET_STAFF, Role.PLATFORM_ADMIN), "keeper")
_REGISTRARS = {role: "registrar" for role in (*_STAFF, Role.GRID_OFFICER)}
_WORKERS = {**_KEEPERS, Role.COMMUNITY_STAFF: "organiser", Role.OVERSIGHT: "reader"}
#: What belongs to a council.
_OF_COUNCIL = ("agreement", "resource", "need", "project")
#: What a role in the place of a thing, or above it, makes of somebody.
_BY_ROLE: dict[str, dict[Role, str]] = {
    "petition": _STAFF | _OFFICERS | _OVERSIGHT,
    "opening": _STAFF | _LEADERS | _OVERSIGHT,
    "record": _STAFF | _LEADERS | _OVERSIGHT,
    "area": _KEEPERS,
    "facility": _CURATORS,
    "service": _CURATORS,
    "person": _REGISTRARS,
    "household": _REGISTRARS,
    "care": {Role.COMMUNITY_ADMIN: "administrator"},
    "office": _KEEPERS,
    "grant": _KEEPERS | {Role.OVERSIGHT: "auditor"},
    "community": _KEEPERS,
    "organisation": _KEEPERS,
    "support": _KEEPERS,
    **dict.fromkeys(("membership", "unit", "member", "enrolment", "council", *_OF_COUNCIL), _WORKERS),
}
_BY_OWNING = {
    "petition": "reporter",
    "record": "volunteer",
    **dict.fromkeys(("membership", "enrolment", "member"), "oneself"),
}
_BY_HOLDING = {"care": "assigned", "petition": "holder", "opening": "leader", "record": "leader"}
#: What belongs to an organisation is its own staff's.
_BY_WORKING_FOR = frozenset({"membership", "enrolment", "unit", "organisation"})
#: Who sees what a community keeps: who lives there, and whose role counts anywhere in it or above it.
_OF_THE_TENANT = {Scope.HOME, Scope.HERE, Scope.ABOVE, Scope.SISTER}
#: Who may offer a task for an area; and for a petition, besides them, those who can hold one.
_ORGANISERS = frozenset(_STAFF | _LEADERS)
_HOLDERS = frozenset(_STAFF | _OFFICERS) | {Role.ORGANISATION_STAFF}


def tie(noun: str, role: Role, scope: Scope) -> str | None:
    """What the caller is to the thing."""
    if scope is Scope.OWN:
        return _BY_OWNING.get(noun)
    if scope is Scope.HELD and noun in _BY_WORKING_FOR:
        return "own_staff" if role is Role.ORGANISATION_STAFF else None
    if scope is Scope.HELD:
        return _BY_HOLDING.get(noun)
    return _BY_ROLE.get(noun, {}).get(role) if scope in (Scope.HERE, Scope.ABOVE) else None


def expected(row: Row, role: Role, scope: Scope) -> Outcome:
    """The rule: `roles` admits, `reach` decides what there is, `who` decides who may."""
    declared, mine = row.declared, tie(row.noun, role, scope)
    if declared.reach is Reach.PUBLIC:
        return Outcome.IN
    if role not in declared.roles:
        return Outcome.ROLE
    if row.named:
        return _named(row, role, scope)
    there = {
        Reach.CONCERNED: mine is not None,
        Reach.AREA: scope in (Scope.HERE, Scope.ABOVE),
        Reach.TENANT: scope in _OF_THE_TENANT or mine in ("leader", "own_staff"),
    }.get(declared.reach, True)
    if row.listed is not None:
        there = mine in row.listed if row.listed else scope in _OF_THE_TENANT or mine == "own_staff"
        return Outcome.IN if there else Outcome.UNLISTED
    if row.thing and not there:
        return Outcome.HIDDEN
    # Above an area one keeps what lies beside it too: where it is moved to, what it is merged with.
    ties = _implied(mine) | ({f"{mine}_of_all"} if scope is Scope.ABOVE else set())
    return Outcome.IN if not declared.who or ties & declared.who else Outcome.TIE


def _implied(mine: str | None) -> set[str | None]:
    """Who keeps a place does its daily work as well, and gives the roles of those who look after a part of it."""
    return {mine, "organiser", "grantor"} if mine == "keeper" else {mine}


def _named(row: Row, role: Role, scope: Scope) -> Outcome:
    """A task for an area, or out of a petition: by organisers of the place, or by who holds the petition; what lies
    right below an area or is held there, what a community keeps, and who belongs to an organisation, whose own people
    see it as well."""
    if row.declared.path == f"{_API}/people":
        return Outcome.IN if scope in (Scope.HERE, Scope.ABOVE) else Outcome.NAMED
    if row.declared.path != f"{_API}/openings":
        noun = "facility" if row.declared.path in (f"{_API}/facilities", f"{_API}/services") else row.noun
        if _implied(tie(noun, role, scope)) & row.declared.who:
            return Outcome.IN
        own = row.noun in ("unit", "member")
        seen = own and (scope is Scope.OWN or (scope is Scope.HELD and role is Role.ORGANISATION_STAFF))
        return Outcome.TIE if seen or scope in _OF_THE_TENANT else Outcome.NAMED
    in_place = role in _ORGANISERS and scope in (Scope.HERE, Scope.ABOVE)
    if row.noun == "petition":
        return Outcome.IN if in_place or (scope is Scope.HELD and role in _HOLDERS) else Outcome.NAMED
    if role not in _ORGANISERS:
        return Outcome.TIE
    return Outcome.IN if in_place else Outcome.NAMED


CELLS = [(role, scope) for role in Role for scope in Scope]


def markdown() -> str:
    """Each row by scope: the outcome, with the roles for which it is so; then how many cells have which outcome."""
    lines = [f"| route | {' | '.join(Scope)} |", f"|---|{'---|' * len(Scope)}"]
    counted: Counter[Outcome] = Counter()
    for row in ROWS:
        columns = []
        for scope in Scope:
            by_outcome: dict[Outcome, list[Role]] = {}
            for role in Role:
                by_outcome.setdefault(expected(row, role, scope), []).append(role)
            counted.update({outcome: len(roles) for outcome, roles in by_outcome.items()})
            most = max(by_outcome, key=lambda outcome: len(by_outcome[outcome]))
            rest = [f"{outcome}: {', '.join(roles)}" for outcome, roles in by_outcome.items() if outcome is not most]
            columns.append("<br>".join([*rest, f"{'others' if rest else 'all'}: {most}"]))
        lines.append(f"| {row.title} | {' | '.join(columns)} |")
    counts = [f"- {outcome}: {number}" for outcome, number in counted.most_common()]
    return "\n".join([*lines, "", f"{counted.total()} cells:", *counts])


if __name__ == "__main__":
    print(markdown())
