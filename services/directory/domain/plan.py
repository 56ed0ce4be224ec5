"""What a load will write: seeds against what the directory holds already, decided here, carried out by actions/load.

A key names the same thing for ever: what it stood for keeps its id and its tenant. What Linli's own people have done
since stays done: an ended role or office does not come back, an area that was moved or closed stays where it is or
closed, an erased person stays erased.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from services.directory.domain.checks import check
from services.directory.domain.contact import ToSeal
from services.directory.domain.errors import SeedRefused
from services.directory.domain.kinds import Kinds
from services.directory.domain.plan_catalogue import PresentCatalogue, plan_catalogue
from services.directory.domain.plan_held import Known, plan_held
from services.directory.domain.plan_organisations import organisation_columns, unsaid
from services.directory.domain.plan_people import Blind, indexed, no_blind, person_row, texts_of, to_seal
from services.directory.domain.seed import AreaSeed, DirectorySeed
from services.directory.domain.tenants import tenant_of
from shared.kernel.errors import FieldProblem

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Present:
    """What is there of what a seed names: by key, and what people hold; offices also those of others in its areas.

    People and households have the blind indexes of their sealed texts, in hexadecimal, as `sealed`.
    The key of an organisation that was merged leads to the one that took it in. `credit_codes` says who has a code.
    """

    areas: Mapping[str, Row]
    organisations: Mapping[str, Row]
    people: Mapping[str, Row]
    households: Mapping[str, Row]
    offices: Sequence[Row]
    memberships: Mapping[tuple[UUID, str, UUID], Row]
    grants: Sequence[Row]
    supports: Mapping[tuple[UUID, UUID], Row] = field(default_factory=dict)
    credit_codes: Mapping[str, UUID] = field(default_factory=dict)
    catalogue: PresentCatalogue = field(default_factory=PresentCatalogue)


@dataclass(slots=True)
class Counts:
    """How many rows of one kind were new, different, and as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


#: What the rows of each table are called where a load is counted.
KINDS = {
    "area": "areas",
    "organisation": "organisations",
    "household": "households",
    "person": "people",
    "office": "offices",
    "membership": "memberships",
    "role_grant": "grants",
    "support": "supports",
    "facility": "facilities",
    "service": "services",
    "service_place": "service_places",
}


@dataclass(slots=True)
class Plan:
    """Rows to write by table, in an order in which references hold; `version` is the one they will have."""

    ids: dict[str, UUID] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in KINDS})
    counts: dict[str, Counts] = field(default_factory=lambda: {kind: Counts() for kind in KINDS.values()})
    sealing: list[ToSeal] = field(default_factory=list)

    def settle(self, table: str, now: Row | None, wanted: Row, at_first: Row) -> Row:
        """Decides on one row: new (with what it has `at_first`), different, or as it was."""
        counts = self.counts[KINDS[table]]
        if now is None:
            counts.created += 1
            row = at_first | wanted | {"version": 1}
        elif all(now[name] == value for name, value in wanted.items()):
            counts.unchanged += 1
            return now
        else:
            counts.changed += 1
            row = now | wanted | {"version": now["version"] + 1}
        self.rows[table].append(row)
        return row

    def keep(self, table: str) -> None:
        """Counts a row that is left alone."""
        self.counts[KINDS[table]].unchanged += 1


def plan(
    seed: DirectorySeed,
    present: Present,
    kinds: Kinds,
    new: Callable[[], UUID],
    day: date,
    blind: Blind = no_blind,
) -> Plan:
    """Decides on every row; raises SeedRefused with all that is wrong, or with all that would move."""
    problems = check(seed, kinds, present.areas, present.organisations, present.people, present.households)
    if problems:
        raise SeedRefused(fields=problems)
    planner = _Planner(seed, present, kinds, new, blind)
    planner.areas()
    if not planner.problems:
        planner.organisations()
        planner.households()
        planner.people()
    if planner.problems:
        raise SeedRefused(fields=planner.problems)
    problems = plan_held(planner.plan, seed, present, planner.known(), day)
    problems += plan_catalogue(planner.plan, seed, present.catalogue, planner.known())
    if problems:
        raise SeedRefused(fields=problems)
    return planner.plan


class _Planner:
    """Goes through the seed kind by kind; what is settled is there for the kinds after it."""

    def __init__(
        self,
        seed: DirectorySeed,
        present: Present,
        kinds: Kinds,
        new: Callable[[], UUID],
        blind: Blind,
    ) -> None:
        self.blind = blind
        self.seed = seed
        self.present = present
        self.kinds = kinds
        self.new = new
        self.plan = Plan()
        self.problems: list[FieldProblem] = []
        self.area: dict[str, Row] = dict(present.areas)
        self.organisation: dict[str, Row] = dict(present.organisations)
        self.person: dict[str, Row] = dict(present.people)
        self.household: dict[str, Row] = dict(present.households)
        self.fresh: dict[str, UUID] = {}

    def areas(self) -> None:
        fresh = [area.key for area in self.seed.areas if area.key not in self.present.areas]
        # Lists show areas by id, so the ids of new ones follow the order of the source.
        self.fresh = dict(zip(fresh, sorted(self.new() for _ in fresh), strict=True))
        by_key = {area.key: (i, area) for i, area in enumerate(self.seed.areas)}
        parents = {key: {area.parent_key} if area.parent_key else set() for key, (_, area) in by_key.items()}
        without_place: set[str | None] = set()  # what lies below a refused area is not judged
        for key in TopologicalSorter(parents).static_order():
            if key not in by_key:
                continue
            i, area = by_key[key]
            if area.parent_key in without_place or not self._area(f"/areas/{i}", area):
                without_place.add(key)

    def _area(self, pointer: str, area: AreaSeed) -> bool:
        now = self.present.areas.get(area.key)
        if now and now["closed"]:
            self.plan.keep("area")
            self.plan.ids[area.key] = now["id"]
            return True
        parent = self.area[area.parent_key] if area.parent_key else None
        if parent and not now and not self._may_lie_in(pointer, area, parent):
            return False
        id = now["id"] if now else self.fresh[area.key]
        tenant_id = tenant_of(self.kinds, area.kind, id, parent["tenant_id"] if parent else None)
        if tenant_id is None:
            zh = f"“{area.name}”不属于任何区、街道或社区"
            en = f"“{area.name}” lies in no district, street or community"
            self.problems.append(FieldProblem(pointer, "seed.no_tenant", zh, en))
            return False
        place = {
            "tenant_id": tenant_id,
            "parent_id": parent["id"] if parent else None,
            "ancestors": [*parent["ancestors"], parent["id"]] if parent else [],
        }
        if now and now["moved"]:
            place = {name: now[name] for name in place}
        elif now and (now["parent_id"] != place["parent_id"] or now["tenant_id"] != tenant_id):
            self._moved(pointer, area.name)
            return False
        wanted = place | {
            "kind": area.kind,
            "name": area.name,
            "code": area.code,
            "lat": float(area.centre[0]) if area.centre else None,
            "lon": float(area.centre[1]) if area.centre else None,
            "households": area.households,
            "residents": area.residents,
            "polygons": [[[float(lon), float(lat)] for lat, lon in ring] for ring in area.polygons],
        }
        self.area[area.key] = self._keyed("area", area.key, id, now, wanted, {"closed": False})
        return True

    def _may_lie_in(self, pointer: str, area: AreaSeed, parent: Row) -> bool:
        """Whether the parent is open and ranks above the area."""
        at = f"{pointer}/parent_key"
        if parent["closed"]:
            zh = f"“{area.name}”的上级“{parent['name']}”已撤销"
            en = f"“{parent['name']}” above “{area.name}” is closed"
            self.problems.append(FieldProblem(at, "seed.closed_parent", zh, en))
        elif not self.kinds.fits(area.kind, parent["kind"]):
            (own, own_en), (above, above_en) = self.kinds.name(area.kind), self.kinds.name(parent["kind"])
            zh = f"{own}“{area.name}”不能设在{above}“{parent['name']}”下面"
            en = f"“{area.name}” ({own_en}) cannot lie in “{parent['name']}” ({above_en})"
            self.problems.append(FieldProblem(at, "seed.rank", zh, en))
        else:
            return True
        return False

    def organisations(self) -> None:
        ids = {o.key: self._id(self.present.organisations, o.key) for o in self.seed.organisations}
        known = {key: row["id"] for key, row in self.present.organisations.items()} | ids
        for i, organisation in enumerate(self.seed.organisations):
            now = self.present.organisations.get(organisation.key)
            tenant_id = self._tenant(f"/organisations/{i}", organisation.tenant_key, organisation.name, now)
            if now and (now["closed"] or now["external_key"] != organisation.key):
                self.plan.keep("organisation")
                self.plan.ids[organisation.key] = now["id"]
                continue
            key, id = organisation.key, ids[organisation.key]
            serves = [self.area[key] for key in organisation.serves_keys]
            parent_id = known[organisation.parent_key] if organisation.parent_key else None
            wanted = organisation_columns(organisation, parent_id, serves) | {"tenant_id": tenant_id}
            holder = self.present.credit_codes.get(wanted.get("credit_code", ""), id)
            if holder != id:
                zh, en = "这个统一社会信用代码已登记在另一个单位名下", "another organisation has this credit code"
                at = f"/organisations/{i}/credit_code"
                self.problems.append(FieldProblem(at, "seed.credit_code_taken", zh, en))
            at_first = unsaid(self.kinds.organisations[organisation.kind])
            self.organisation[key] = self._keyed("organisation", key, id, now, wanted, at_first)

    def households(self) -> None:
        for i, household in enumerate(self.seed.households):
            now, area = self.present.households.get(household.key), self.area[household.area_key]
            if now and now["tenant_id"] != area["tenant_id"]:
                self._moved(f"/households/{i}", household.key)
                continue
            texts = texts_of(household)
            wanted = {"area_id": area["id"], "sealed": indexed(texts, self.blind)}
            at_first = {"tenant_id": area["tenant_id"], "closed": False}
            id = self._id(self.present.households, household.key)
            row = self._keyed("household", household.key, id, now, wanted, at_first)
            self.household[household.key] = row
            self.plan.sealing += to_seal(row, now["sealed"] if now else {}, texts)

    def people(self) -> None:
        for i, person in enumerate(self.seed.people):
            now = self.present.people.get(person.key)
            tenant_id = self._tenant(f"/people/{i}", person.tenant_key, person.name, now)
            if now and (now["erased"] or now["merged_into"]):
                self.plan.keep("person")
                self.plan.ids[person.key] = now["merged_into"] or now["id"]
                continue
            home_id = self.area[person.home_key]["id"] if person.home_key else None
            household = self.household[person.household_key] if person.household_key else None
            work_id = self.organisation[person.work_organisation_key]["id"] if person.work_organisation_key else None
            texts = texts_of(person)
            wanted = person_row(person, now, tenant_id, home_id, household, work_id, indexed(texts, self.blind))
            id, at_first = self._id(self.present.people, person.key), {"erased": False, "merged_into": None}
            row = self._keyed("person", person.key, id, now, wanted, at_first)
            self.person[person.key] = row
            self.plan.sealing += to_seal(row, now["sealed"] if now else {}, texts)

    def known(self) -> Known:
        """What people can hold something of, by key."""
        return Known(self.person, self.area, self.organisation, self.kinds, self.new)

    def _keyed(self, table: str, key: str, id: UUID, now: Row | None, wanted: Row, at_first: Row) -> Row:
        self.plan.ids[key] = id
        return self.plan.settle(table, now, wanted, at_first | {"id": id, "external_key": key})

    def _id(self, present: Mapping[str, Row], key: str) -> UUID:
        id: UUID = present[key]["id"] if key in present else self.new()
        return id

    def _tenant(self, pointer: str, key: str, name: str, now: Row | None) -> UUID:
        """The tenant that keeps a thing: named by its own key, and the same for ever."""
        area = self.area[key]
        id: UUID = area["id"]
        if area["tenant_id"] != id:
            zh, en = f"“{area['name']}”不是区、街道或社区", f"“{area['name']}” is no district, street or community"
            self.problems.append(FieldProblem(f"{pointer}/tenant_key", "seed.not_a_tenant", zh, en))
        elif now and now["tenant_id"] != id:
            self._moved(pointer, name)
        return id

    def _moved(self, pointer: str, name: str) -> None:
        zh, en = f"“{name}”已登记在别处，导入不会移动它", f"“{name}” stands elsewhere already; a load moves nothing"
        self.problems.append(FieldProblem(pointer, "seed.moved", zh, en))
