"""The handling units of Pingshan as organisations, each once, however it is written.

What tells that two spellings are one unit, in this order:
- the number that the district's system gave it (`六和社区` and `六和社区（坪山街道办事处）` share one);
- the same task at the same tenant (`城建办公室` and `城建办`).

Where a unit belongs, in this order: a community's unit to the community (its parent is the street office);
a company to the district; one with a street in brackets or at the head of its name to that street, under
the street office; everything else to the district.

A name that only says the task of a street's unit (`城建办`) is never given to a street by guess: the street
of the event decides; without one, the number; without either, the event has no organisation and the report
says so.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.imports.pingshan_places import Places, area_key
from deploy.imports.report import Effect, Problem
from deploy.imports.tables import Row, read_table
from services.directory.domain.seed import OrganisationSeed
from services.directory.domain.unit_names import Spelling, UnitNames, office_name, spelled

_TEST_MARK = "测试"
_COMPANY_MARKS = ("公司", "营业中心", "供电局")
_STATION = "工作站"


@dataclass(slots=True)
class Unit:
    """One unit with all its spellings; `tenant` is the code of the area that keeps it, "" while unknown."""

    tenant: str
    kind: str
    street: str
    spellings: list[Spelling]

    @property
    def name(self) -> str:
        """The shortest spelling without a bracket: it does not change when the order of the rows does."""
        return min((spelling.base for spelling in self.spellings), key=lambda base: (len(base), base))

    @property
    def key(self) -> str:
        return organisation_key(self.tenant, self.name)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Which unit a spelling, a number or a task in a street means; None: a unit for testing."""

    by_spelling: dict[str, Unit | None]
    by_number: dict[str, Unit | None]
    by_task: dict[tuple[str, str], Unit]


def organisation_key(tenant: str, name: str) -> str:
    """The lasting key of the organisation with this name at the tenant with this statistical code."""
    return f"organisations/pingshan/{tenant}/{name}"


class Units:
    """The organisations, and who is meant by the unit that an event names."""

    def __init__(self, directory: Path, places: Places, events: Iterable[Row], problems: list[Problem]) -> None:
        self._places = places
        self._unit_names = UnitNames(places.names.streets)
        rows = _named_rows(directory, problems)
        groups = [self._group(rows_of_one) for rows_of_one in _by_number(rows).values()]
        self._bare = self._bare_names(groups)
        self._meant = self._mentions(rows, groups)
        self._place_bare_names(events)
        self._report(rows, problems)

    def find(self, row: Row, problems: list[Problem]) -> str | None:
        """The key of the organisation that handled the event, or None where nobody real is named."""
        written = spelled(row["dispose_unit"])
        if not written and not row["dispose_unit_id"]:
            what = ("没有承办单位", "no handling unit is named")
            problems.append(row.problem("dispose_unit", *what, Effect.NO_ORGANISATION))
            return None
        if written in self._bare:
            return self._find_bare(row, written, problems)
        if written in self._meant.by_spelling:
            return self._key(row, self._meant.by_spelling[written], problems)
        return self._find_unlisted(row, written, problems)

    def organisations(self) -> list[OrganisationSeed]:
        """Street offices first, since they are parents; then units of district, streets, communities."""
        offices = [
            OrganisationSeed(
                key=self._office_key(code),
                tenant_key=area_key(code),
                kind="department",
                name=office_name(name),
                serves_keys=(area_key(code),),
            )
            for name, code in sorted(self._places.names.streets.items(), key=lambda item: item[1])
        ]
        units = {unit.key: unit for unit in self._meant.by_task.values()}
        ordered = sorted(units.values(), key=lambda unit: (len(unit.tenant), unit.key))
        return offices + [self._seed(unit) for unit in ordered]

    # How a group of spellings becomes a unit

    def _group(self, rows: list[Row]) -> Unit:
        spellings = [self._unit_names.parse(spelled(row["name"])) for row in rows]
        unit = Unit(tenant="", kind="department", street="", spellings=spellings)
        community = self._places.names.communities.get(unit.name.removesuffix(_STATION))
        streets = [spelling.street for spelling in spellings if spelling.street]
        district = self._places.district_code
        if community is not None:
            unit.tenant, unit.kind, unit.street = community.code, "community_station", community.street_code
        elif any(mark in unit.name for mark in _COMPANY_MARKS):
            served = next((spelling.street for spelling in spellings if spelling.serves_only), "")
            unit.tenant, unit.kind, unit.street = district, "enterprise", served
        elif streets:
            unit.tenant, unit.street = streets[0], streets[0]
        else:
            unit.tenant = district
        return unit

    def _bare_names(self, groups: list[Unit]) -> frozenset[str]:
        """Spellings that name the task of a street's unit but not the street."""
        written = [item for unit in groups if unit.kind == "department" for item in unit.spellings]
        tasks = {self._unit_names.task(item.base) for item in written if item.street}
        without = (item for item in written if not item.street)
        return frozenset(item.written for item in without if self._unit_names.task(item.base) in tasks)

    # Who is meant

    def _mentions(self, rows: list[Row], groups: list[Unit]) -> Mentions:
        """One unit per task and tenant, even where the numbers differ."""
        meant = Mentions({}, {}, {})
        for unit in groups:
            known: Unit | None = unit
            if any(_TEST_MARK in spelling.written for spelling in unit.spellings):
                known = None
            elif self._is_bare(unit):
                unit.tenant = ""
            else:
                known = self._merged(meant, unit)
            meant.by_spelling.update({spelling.written: known for spelling in unit.spellings})
        for row in rows:
            if row["aID"]:
                meant.by_number[row["aID"]] = meant.by_spelling[spelled(row["name"])]
        return meant

    def _merged(self, meant: Mentions, unit: Unit) -> Unit:
        known = meant.by_task.setdefault((unit.tenant, self._unit_names.task(unit.name)), unit)
        if known is not unit:
            known.spellings.extend(unit.spellings)
        return known

    def _is_bare(self, unit: Unit) -> bool:
        """Nothing in any of its spellings tells the street, though its name is that of a street's unit."""
        return all(spelling.written in self._bare for spelling in unit.spellings)

    def _place_bare_names(self, events: Iterable[Row]) -> None:
        """A unit that no spelling places stands in each street whose events name it."""
        for row in events:
            written, street = spelled(row["dispose_unit"]), self._event_street(row)
            unit = self._meant.by_spelling.get(written) if written in self._bare else None
            if unit is not None and not unit.tenant and street:
                here = Unit(street, "department", street, [self._unit_names.parse(written)])
                self._meant.by_task.setdefault((street, self._unit_names.task(unit.name)), here)

    def _event_street(self, row: Row) -> str:
        community = self._places.names.communities.get(row["community"])
        return community.street_code if community else self._places.street_code(row)

    def _find_bare(self, row: Row, written: str, problems: list[Problem]) -> str | None:
        listed = self._meant.by_spelling[written]
        here = self._meant.by_task.get((self._event_street(row), self._unit_names.task(written)))
        unit = here or listed
        if unit is None or not unit.tenant:
            what = ("单位名称未写街道，事件也没有街道", "neither the unit nor the event names a street")
            problems.append(row.problem("dispose_unit", *what, Effect.NO_ORGANISATION))
            return None
        if unit is not listed:
            office = office_name(self._places.street_name(unit.street))
            what = (
                f"未写街道，按事件所在街道归{office}",
                f"names no street: by the event's street, that of {office}",
            )
            problems.append(row.problem("dispose_unit", *what, Effect.CORRECTED))
        return unit.key

    def _find_unlisted(self, row: Row, written: str, problems: list[Problem]) -> str | None:
        """A name that disposeunit.csv does not list: by its number, else by its task and street."""
        spelling = self._unit_names.parse(written)
        unit = self._meant.by_number.get(row["dispose_unit_id"])
        unit = unit or self._meant.by_task.get((spelling.street, self._unit_names.task(spelling.base)))
        if unit is None or not unit.tenant:
            what = ("单位不在 disposeunit.csv 中", "a unit that is not in disposeunit.csv")
            problems.append(row.problem("dispose_unit", *what, Effect.NO_ORGANISATION))
            return None
        what = (f"按{unit.name}处理", f"taken as {unit.name}")
        problems.append(row.problem("dispose_unit", *what, Effect.CORRECTED))
        return unit.key

    def _key(self, row: Row, unit: Unit | None, problems: list[Problem]) -> str | None:
        if unit is not None:
            return unit.key
        what = ("测试单位，不是真实单位", "a unit for testing, nobody real")
        problems.append(row.problem("dispose_unit", *what, Effect.NO_ORGANISATION))
        return None

    def _report(self, rows: list[Row], problems: list[Problem]) -> None:
        """The listed units of which no organisation is made, each with its line."""
        for row in rows:
            written = spelled(row["name"])
            unit = self._meant.by_spelling[written]
            if unit is None:
                what = ("测试单位", "a unit for testing")
                problems.append(row.problem("name", *what, Effect.LEFT_OUT))
            elif not unit.tenant:
                what = (
                    "未写街道，只在事件所在街道设立",
                    "names no street: made only in the streets of its events",
                )
                problems.append(row.problem("name", *what, Effect.NO_ORGANISATION))

    # Organisations

    def _office_key(self, street: str) -> str:
        return organisation_key(street, office_name(self._places.street_name(street)))

    def _seed(self, unit: Unit) -> OrganisationSeed:
        written = (spelling.written for spelling in unit.spellings)
        return OrganisationSeed(
            key=unit.key,
            tenant_key=area_key(unit.tenant),
            kind=unit.kind,
            name=unit.name,
            parent_key=self._office_key(unit.street) if unit.tenant != self._places.district_code else None,
            aliases=tuple(name for name in dict.fromkeys(written) if name != unit.name),
            serves_keys=(area_key(unit.street if unit.kind == "enterprise" and unit.street else unit.tenant),),
        )


def _named_rows(directory: Path, problems: list[Problem]) -> list[Row]:
    rows = read_table(directory / "disposeunit.csv", ("id", "name", "aID"), problems)
    for row in rows:
        if not row["name"]:
            problems.append(row.problem("name", "没有名称", "no name", Effect.LEFT_OUT))
    return [row for row in rows if row["name"]]


def _by_number(rows: list[Row]) -> dict[str, list[Row]]:
    """Rows that share the number of the district's system; one without a number stands for itself."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["aID"] or row["name"]].append(row)
    return groups
