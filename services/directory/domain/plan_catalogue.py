"""Facilities and services of a load: what their rows shall say, and what cannot be.

What people closed stays closed, and no place of a service is taken away: a load undoes nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.directory.domain import rings
from services.directory.domain.catalogue import FacilityAccess
from services.directory.domain.hours import Schedule, kept, last_day
from services.directory.domain.plan_held import Known
from services.directory.domain.seed import DirectorySeed
from services.directory.domain.seed_catalogue import FacilitySeed, PlaceSeed, ServiceSeed
from services.directory.domain.walking import in_space
from shared.kernel.errors import FieldProblem
from shared.kernel.geo import Point

if TYPE_CHECKING:
    from services.directory.domain.plan import Plan

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PresentCatalogue:
    """What is there of what a seed names, by key, places by (service, facility or area); and the kinds that there are.

    A facility's row has the way to its area as `path`.
    """

    facilities: Mapping[str, Row] = field(default_factory=dict)
    services: Mapping[str, Row] = field(default_factory=dict)
    places: Mapping[tuple[UUID, UUID], Row] = field(default_factory=dict)
    facility_kinds: Collection[str] = ()
    categories: Collection[str] = ()


def plan_catalogue(plan: "Plan", seed: DirectorySeed, present: PresentCatalogue, known: Known) -> list[FieldProblem]:
    """Decides on every facility, service and place; gives what cannot be."""
    planner = _Planner(plan, present, known)
    for i, facility in enumerate(seed.facilities):
        planner.facility(f"/facilities/{i}", facility)
    for i, service in enumerate(seed.services):
        planner.service(f"/services/{i}", service)
    return planner.problems


class _Planner:
    def __init__(self, plan: "Plan", present: PresentCatalogue, known: Known) -> None:
        self.plan = plan
        self.present = present
        self.known = known
        self.facilities: dict[str, Row] = dict(present.facilities)
        self.problems: list[FieldProblem] = []

    def facility(self, pointer: str, seed: FacilitySeed) -> None:
        now, area = self.present.facilities.get(seed.key), self.known.area[seed.area_key]
        wrong = [
            *_kind(f"{pointer}/kind", seed.kind, self.present.facility_kinds),
            *_point(f"{pointer}/point", seed.point),
            *_hours(f"{pointer}/schedule", seed.schedule),
            *(p for word in seed.access for p in _kind(f"{pointer}/access", word, list(FacilityAccess))),
            *_moved(pointer, seed.name, now, area),
        ]
        self.problems += wrong
        if wrong:
            return
        lat, lon = (float(degrees) for degrees in seed.point)
        wanted = {
            "tenant_id": area["tenant_id"],
            "kind": seed.kind,
            "name": seed.name,
            "name_en": seed.name_en,
            "area_id": area["id"],
            "organisation_id": self._organisation(seed.organisation_key),
            **{"lat": lat, "lon": lon, "given_lat": lat, "given_lon": lon, "coord_sys": "wgs84"},
            "address": seed.address,
            "phone": seed.phone,
            "access": list(seed.access),
            "text": seed.text,
            "schedule": kept(seed.schedule) if seed.schedule else None,
        }
        row = self._settle("facility", seed.key, now, wanted)
        self.facilities[seed.key] = row | {"path": [*area["ancestors"], area["id"]]}

    def service(self, pointer: str, seed: ServiceSeed) -> None:
        now, area = self.present.services.get(seed.key), self.known.area[seed.area_key]
        wrong = [
            *_kind(f"{pointer}/category", seed.category, self.present.categories),
            *_moved(pointer, seed.name, now, area),
        ]
        for n, place in enumerate(seed.places):
            wrong += self._wrong_place(f"{pointer}/places/{n}", place, area["tenant_id"])
        self.problems += wrong
        if wrong:
            return
        said = ("category", "name", "name_en", "text", "phone", "eligibility", "minimum_age", "maximum_age")
        wanted = {name: getattr(seed, name) for name in (*said, "application", "working_days", "errand")} | {
            "tenant_id": area["tenant_id"],
            "area_id": area["id"],
            "aliases": list(seed.aliases),
            "organisation_id": self._organisation(seed.organisation_key),
            "documents": [asdict(one) | {"form": one.form.value} for one in seed.documents],
            "costs": [asdict(one) for one in seed.costs],
        }
        row = self._settle("service", seed.key, now, wanted)
        if not row["closed"]:
            for place in seed.places:
                self._place(row, place)

    def _place(self, service: Row, seed: PlaceSeed) -> None:
        if seed.facility_key is not None:
            at = self.facilities[seed.facility_key]
            where = {"facility_id": at["id"], "area_id": at["area_id"], "lat": at["lat"], "lon": at["lon"]}
        else:
            at = self.known.area[seed.area_key or ""]
            lat, lon = seed.point or (at["lat"], at["lon"])
            where = {"facility_id": None, "area_id": at["id"], "lat": float(lat), "lon": float(lon)}
        now = self.present.places.get((service["id"], at["id"]))
        wanted = where | {
            "tenant_id": service["tenant_id"],
            "service_id": service["id"],
            "schedule": kept(seed.schedule) if seed.schedule else None,
            "last_on": last_day(seed.schedule) if seed.schedule else None,
            "phone": seed.phone,
            "note": seed.note,
        }
        row = self.plan.settle("service_place", now, wanted, {"id": self.known.new(), "closed": False})
        row["spot"] = in_space(Point(row["lat"], row["lon"]))

    def _settle(self, table: str, key: str, now: Row | None, wanted: Row) -> Row:
        """Its row; what people closed is left alone."""
        if now and now["closed"]:
            self.plan.keep(table)
            row = now
        else:
            at_first = {"id": self.known.new(), "external_key": key, "closed": False, "closed_on": None}
            row = self.plan.settle(table, now, wanted, at_first)
        if table == "facility":
            row["spot"] = in_space(Point(row["lat"], row["lon"]))
            row.pop("path", None)
        self.plan.ids[key] = row["id"]
        return row

    def _organisation(self, key: str | None) -> UUID | None:
        return self.known.organisation[key]["id"] if key else None

    def _wrong_place(self, pointer: str, seed: PlaceSeed, tenant_id: UUID) -> Iterator[FieldProblem]:
        yield from _hours(f"{pointer}/schedule", seed.schedule)
        if seed.point is not None:
            yield from _point(f"{pointer}/point", seed.point)
        if (seed.facility_key is None) == (seed.area_key is None):
            zh, en = "地点须且只能是一个设施或一个区域", "a place is exactly one of a facility and an area"
            yield FieldProblem(pointer, "seed.one_place", zh, en)
        elif seed.facility_key is not None:
            facility = self.facilities.get(seed.facility_key)
            if facility is None or facility["closed"] or tenant_id not in facility["path"]:
                zh = f"设施“{seed.facility_key}”不存在、已停办，或不属于这个社区"
                en = f"the facility “{seed.facility_key}” is unknown, closed, or not of this community"
                yield FieldProblem(f"{pointer}/facility_key", "seed.unknown_facility", zh, en)
        else:
            area = self.known.area[seed.area_key or ""]
            if seed.point is None and area["lat"] is None:
                zh, en = f"“{area['name']}”没有中心点", f"“{area['name']}” has no centre"
                yield FieldProblem(f"{pointer}/point", "seed.no_point", zh, en)


def area_references(seed: DirectorySeed) -> Iterator[tuple[str, str]]:
    """Every key of an area that facilities and services name."""
    for i, facility in enumerate(seed.facilities):
        yield f"/facilities/{i}/area_key", facility.area_key
    for i, service in enumerate(seed.services):
        yield f"/services/{i}/area_key", service.area_key
        for n, place in enumerate(service.places):
            if place.area_key is not None:
                yield f"/services/{i}/places/{n}/area_key", place.area_key


def organisation_references(seed: DirectorySeed) -> Iterator[tuple[str, str]]:
    """And every key of an organisation."""
    entries: Iterable[tuple[str, FacilitySeed | ServiceSeed]] = [
        *((f"/facilities/{i}", one) for i, one in enumerate(seed.facilities)),
        *((f"/services/{i}", one) for i, one in enumerate(seed.services)),
    ]
    for pointer, one in entries:
        if one.organisation_key is not None:
            yield f"{pointer}/organisation_key", one.organisation_key


def _kind(pointer: str, word: str, words: Collection[str]) -> Iterator[FieldProblem]:
    if word not in words:
        yield FieldProblem(pointer, "seed.unknown_kind", f"没有“{word}”这个种类", f"there is no kind “{word}”")


def _point(pointer: str, point: tuple[float, float]) -> Iterator[FieldProblem]:
    if not rings.on_earth(*point):
        yield FieldProblem(pointer, "seed.degrees", "坐标超出范围（先纬度，后经度）", "no degrees (latitude first)")
    elif rings.swapped(*point):
        zh, en = "经纬度写反了（对调后才在中国境内）", "latitude and longitude are swapped"
        yield FieldProblem(pointer, "seed.swapped", zh, en)


def _hours(pointer: str, schedule: Schedule | None) -> Iterator[FieldProblem]:
    if schedule is None:
        return
    dates = (hours for day in (schedule.dates or {}).values() for hours in day)
    for hours in (*(one.hours for one in schedule.weekly), *dates):
        if not (0 <= hours.opens < 1440 and hours.opens < hours.closes <= hours.opens + 1440):
            zh, en = "营业时间应在一天之内开始，且结束晚于开始", "hours begin within the day, and end after they begin"
            yield FieldProblem(pointer, "seed.hours", zh, en)


def _moved(pointer: str, name: str, now: Row | None, area: Row) -> Iterator[FieldProblem]:
    if now and now["tenant_id"] != area["tenant_id"]:
        zh, en = f"“{name}”已登记在别处，导入不会移动它", f"“{name}” stands elsewhere already; a load moves nothing"
        yield FieldProblem(pointer, "seed.moved", zh, en)
