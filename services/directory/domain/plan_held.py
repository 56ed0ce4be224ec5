"""What a load will write of what people hold: offices, memberships, roles; and of what organisations support.

What has ended stays so: a load brings nothing back, unless it tells of a later beginning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.directory.domain.days import next_turn
from services.directory.domain.held import Held, Taken
from services.directory.domain.kinds import Kinds
from services.directory.domain.seed import DirectorySeed, GrantSeed, OfficeSeed
from shared.kernel.errors import FieldProblem

if TYPE_CHECKING:
    from services.directory.domain.plan import Plan, Present

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """People, areas and organisations by the seed's keys, as they will be."""

    person: Mapping[str, Row]
    area: Mapping[str, Row]
    organisation: Mapping[str, Row]
    kinds: Kinds
    new: Callable[[], UUID]


def plan_held(plan: "Plan", seed: DirectorySeed, present: "Present", known: Known, day: date) -> list[FieldProblem]:
    """Decides on every office, membership, role and support; gives what cannot be."""
    problems = _offices(plan, seed, present, known, day)
    if not problems:
        _memberships(plan, seed, present, known)
        _grants(plan, seed, present, known)
        _supports(plan, seed, present, known)
    return problems


def _offices(plan: "Plan", seed: DirectorySeed, present: "Present", known: Known, day: date) -> list[FieldProblem]:
    problems = []
    held, taken = Held(present.offices, ("person_id", "kind", "area_id")), Taken(present.offices)
    for i, office in enumerate(seed.offices):
        person, area = known.person[office.person_key], known.area[office.area_key]
        now = held.find((person["id"], office.kind, area["id"]), office.starts_on, office.ends_on)
        row = _settle(plan, "office", now, _office(office, person, area, known), {"starts_on": office.starts_on})
        if row is None:
            continue
        row["turns_on"] = next_turn(row["starts_on"], row["ends_on"], day)
        if taken.by(row) is not None:
            kind, where = known.kinds.offices[office.kind], area["name"]
            zh = f"“{where}”的{kind.name_zh}在这段时间已有人担任"
            en = f"somebody is {kind.name_en.lower()} of “{where}” in that time"
            problems.append(FieldProblem(f"/offices/{i}", "seed.office_taken", zh, en))
    return problems


def _office(office: OfficeSeed, person: Row, area: Row, known: Known) -> Row:
    return {
        "id": known.new(),
        "tenant_id": area["tenant_id"],
        "person_id": person["id"],
        "area_id": area["id"],
        "kind": office.kind,
        "ends_on": office.ends_on,
        "exclusive": known.kinds.offices[office.kind].exclusive,
        "follows": None,
    }


def _memberships(plan: "Plan", seed: DirectorySeed, present: "Present", known: Known) -> None:
    for membership in seed.memberships:
        person, organisation = known.person[membership.person_key], known.organisation[membership.organisation_key]
        now = present.memberships.get((person["id"], membership.kind, organisation["id"]))
        same = {"person_id": person["id"], "organisation_id": organisation["id"], "kind": membership.kind}
        same |= {"tenant_id": organisation["tenant_id"], "id": known.new(), "ends_on": None}
        sender = membership.on_behalf_of_key
        same["on_behalf_of_id"] = known.organisation[sender]["id"] if sender else None
        if now and organisation["external_key"] != membership.organisation_key:
            plan.keep("membership")  # it went on, from that day on, in the one that took its organisation in
            continue
        _settle(plan, "membership", now, same, {"starts_on": membership.starts_on})


def _grants(plan: "Plan", seed: DirectorySeed, present: "Present", known: Known) -> None:
    held = Held(present.grants, ("person_id", "role", "area_id", "organisation_id"))
    for grant in seed.grants:
        row = _grant(grant, known)
        what = row["person_id"], row["role"], row["area_id"], row["organisation_id"]
        now = held.find(what, grant.starts_on, grant.ends_on)
        if now is None or (now["ends_on"] and grant.starts_on and grant.starts_on >= now["ends_on"]):
            plan.settle("role_grant", None, {}, row)
        else:
            plan.keep("role_grant")


def _grant(grant: GrantSeed, known: Known) -> Row:
    person = known.person[grant.person_key]
    return {
        "id": known.new(),
        "tenant_id": person["tenant_id"],
        "person_id": person["id"],
        "role": grant.role.value,
        "area_id": known.area[grant.area_key]["id"] if grant.area_key else None,
        "organisation_id": known.organisation[grant.organisation_key]["id"] if grant.organisation_key else None,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
    }


def _supports(plan: "Plan", seed: DirectorySeed, present: "Present", known: Known) -> None:
    for support in seed.supports:
        organisation, area = known.organisation[support.organisation_key], known.area[support.area_key]
        now = present.supports.get((organisation["id"], area["id"]))
        same = {"organisation_id": organisation["id"], "area_id": area["id"], "tenant_id": area["tenant_id"]}
        same |= {"id": known.new(), "ends_on": None}
        if now and organisation["external_key"] != support.organisation_key:
            plan.keep("support")
            continue
        _settle(plan, "support", now, same, {"starts_on": support.starts_on})


def _settle(plan: "Plan", table: str, now: Row | None, same: Row, wanted: Row) -> Row | None:
    """The row of an office, membership or support where one is written."""
    if now and now["ends_on"] is not None:
        if wanted["starts_on"] < now["ends_on"]:
            plan.keep(table)
            return None
        now = None
    row = plan.settle(table, now, wanted, same)
    return None if row is now else row
