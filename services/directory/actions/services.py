"""Services are entered, corrected and closed, with the places where each is to be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from services.directory.actions.catalogue import Catalogue, carry_out, difference, duplicates
from services.directory.actions.facilities import check_place
from services.directory.domain.catalogue import curating_as
from services.directory.domain.errors import wrong
from services.directory.domain.hours import last_day, read
from services.directory.domain.plan import Row
from services.directory.domain.walking import in_space
from services.directory.house import House
from services.directory.queries import services
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.geo import Point
from shared.kernel.ids import new_id

# Kept from being closed until the service that names them is written.
_FACILITIES = """
select f.id, f.area_id, f.lat, f.lon, f.closed, a.ancestors || a.id as path
  from facility f join area a on a.tenant_id = f.tenant_id and a.id = f.area_id where f.id = any($1) for share of f
"""
_PLACES = "select * from service_place where tenant_id = $1 and service_id = $2 order by id"
_GONE = "delete from service_place where tenant_id = $1 and service_id = $2 and id <> all($3)"
_CLOSE_PLACES = """
update service_place set closed = true, version = version + 1 where tenant_id = $1 and service_id = $2
"""


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """Where a service is to be had: at the facility `id`, or in the area `id`, at `point` or else in its middle."""

    at: Literal["facility", "area"]
    id: UUID
    point: Point | None
    schedule: Row | None
    phone: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """What somebody says of a service."""

    said: Row
    area_id: UUID
    places: Sequence[PlaceDraft]


async def create(house: House, actor: Actor, draft: ServiceDraft, once: Once) -> bytes:
    """A new service; gives its detail."""
    id = new_id(house.clock.now())

    async def work(catalogue: Catalogue) -> None:
        area = await catalogue.area("/area_id", draft.area_id)
        catalogue.role = curating_as(actor, area["path"])
        columns = await _columns(catalogue, area, draft)
        row = columns | {"id": id, "version": 1, "closed": False, "external_key": f"service/{id}"}
        await catalogue.store("service", row)
        await _store_places(catalogue, row, draft.places)
        await catalogue.note(row, "create", {"category": row["category"], "area_id": area["id"]})

    return await _shown(house, actor, await carry_out(house, actor, once, id, work))


async def change(house: House, actor: Actor, id: UUID, version: int, draft: ServiceDraft, once: Once) -> bytes:
    """The whole description with all places, over the version that the caller has read."""

    async def work(catalogue: Catalogue) -> None:
        row = await catalogue.entry("service", id, version)
        area = await catalogue.area("/area_id", draft.area_id)
        curating_as(actor, area["path"])
        if area["tenant_id"] != row["tenant_id"]:
            zh, en = "服务不能换到另一个社区，请在那里新建", "a service stays with its community; make a new one there"
            raise wrong("/area_id", "tenant_stays", zh, en)
        wanted = await _columns(catalogue, area, draft)
        changed = row | wanted | {"version": version + 1}
        await catalogue.store("service", changed)
        gone = await _store_places(catalogue, changed, draft.places)
        await catalogue.note(changed, "update", difference(row, wanted) | {"places_before": gone})

    return await _shown(house, actor, await carry_out(house, actor, once, id, work))


async def close(house: House, actor: Actor, id: UUID, once: Once) -> bytes:
    """A service that is no longer given; it stays readable by its id."""

    async def work(catalogue: Catalogue) -> None:
        row = await catalogue.entry("service", id)
        changed = row | {"closed": True, "closed_on": catalogue.day, "version": row["version"] + 1}
        await catalogue.store("service", changed)
        await catalogue.connection.execute(_CLOSE_PLACES, row["tenant_id"], id)
        await catalogue.note(changed, "close", {})

    return await _shown(house, actor, await carry_out(house, actor, once, id, work))


async def _shown(house: House, actor: Actor, id: UUID) -> bytes:
    body, _ = await services.detail(house.pool, actor, id, "wgs84", None, house.clock.now())
    return body


async def _columns(catalogue: Catalogue, area: Row, draft: ServiceDraft) -> Row:
    await catalogue.check_word("/category", "service_category", draft.said["category"])
    await catalogue.check_organisation(draft.said["organisation_id"])
    return draft.said | {"tenant_id": area["tenant_id"], "area_id": area["id"]}


async def _store_places(catalogue: Catalogue, service: Row, drafts: Sequence[PlaceDraft]) -> list[dict[str, Any]]:
    """Writes the places; one that stays keeps its id. Gives what of the places before is gone or was different."""
    here = {"tenant_id": service["tenant_id"], "service_id": service["id"], "closed": False}
    wanted = [here | row for row in await _places(catalogue, service, drafts)]
    rows = await catalogue.connection.fetch(_PLACES, service["tenant_id"], service["id"])
    present = {_place_id(row): row for row in rows}
    for row in wanted:
        known = present.get(_place_id(row))
        row |= {"id": known["id"], "version": known["version"] + 1} if known else {"id": new_id(), "version": 1}
    await catalogue.connection.execute(_GONE, service["tenant_id"], service["id"], [row["id"] for row in wanted])
    await catalogue.store("service_place", *wanted)
    said = "facility_id", "area_id", "schedule", "note"
    return [{name: row[name] for name in said} for row in rows]


def _place_id(row: Any) -> tuple[str, UUID]:
    """What makes a place the same one: its facility, or else its area."""
    return ("facility", row["facility_id"]) if row["facility_id"] else ("area", row["area_id"])


async def _places(catalogue: Catalogue, service: Row, drafts: Sequence[PlaceDraft]) -> list[Row]:
    """The places as rows; each must be one that the service's community may name."""
    twice = duplicates([(draft.at, draft.id) for draft in drafts])
    if twice is not None:
        raise wrong(f"/places/{twice}", "duplicate", "同一个地点出现了两次", "the same place twice")
    named = [draft.id for draft in drafts if draft.at == "facility"]
    facilities = {row["id"]: row for row in await catalogue.connection.fetch(_FACILITIES, named)}
    rows = []
    for n, draft in enumerate(drafts):
        place: Row
        if draft.at == "facility":
            place = _at_facility(f"/places/{n}/facility_id", service, facilities.get(draft.id))
        else:
            place = await _in_area(catalogue, f"/places/{n}", service, draft)
        schedule = read(draft.schedule) if draft.schedule else None
        point = Point(place["lat"], place["lon"])
        more = {"schedule": draft.schedule, "phone": draft.phone, "note": draft.note, "spot": in_space(point)}
        rows.append(place | more | {"last_on": last_day(schedule) if schedule else None})
    return rows


def _at_facility(pointer: str, service: Row, facility: Any) -> Row:
    """A facility that the service's own community, street or district keeps, or one below it."""
    if facility is None or facility["closed"] or service["tenant_id"] not in facility["path"]:
        zh, en = "本社区没有这个设施，或它已停办", "no such facility of this community, or it is closed"
        raise wrong(pointer, "unknown_facility", zh, en)
    place = {name: facility[name] for name in ("area_id", "lat", "lon")}
    return place | {"facility_id": facility["id"]}


async def _in_area(catalogue: Catalogue, pointer: str, service: Row, draft: PlaceDraft) -> Row:
    area = await catalogue.area(f"{pointer}/area_id", draft.id)
    if service["tenant_id"] not in area["path"]:
        raise wrong(f"{pointer}/area_id", "unknown_area", "本社区没有这个区域", "no such area of this community")
    lat, lon = (draft.point.lat, draft.point.lon) if draft.point else (area["lat"], area["lon"])
    if lat is None or lon is None:
        zh, en = f"“{area['name']}”没有中心点，请给出 location", f"“{area['name']}” has no centre; give a location"
        raise wrong(f"{pointer}/location", "missing", zh, en)
    check_place(f"{pointer}/location", lat, lon)
    return {"facility_id": None, "area_id": area["id"], "lat": lat, "lon": lon}
