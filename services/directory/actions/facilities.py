"""Facilities are entered, corrected and closed."""

from dataclasses import dataclass
from uuid import UUID

from services.directory.actions.catalogue import Catalogue, carry_out, difference
from services.directory.domain import rings
from services.directory.domain.catalogue import allowed_actions, curating_as
from services.directory.domain.errors import FacilityInUse, wrong
from services.directory.domain.plan import Row
from services.directory.domain.walking import in_space
from services.directory.house import House
from services.directory.queries import facilities
from shared.infra.directory_copy import LOCATE
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.geo import CoordSys, to_wgs84
from shared.kernel.ids import new_id

# The services there move with the facility.
_FOLLOW = """
update service_place set lat = $2, lon = $3, spot = $4::text::cube, area_id = $5, version = version + 1
 where facility_id = $1
"""
_SERVICES = "select count(*) from service_place where facility_id = $1 and not closed"


@dataclass(frozen=True, slots=True)
class FacilityDraft:
    """What somebody says of a facility. Without an area it lies in the deepest one around its place."""

    said: Row
    area_id: UUID | None
    lat: float
    lon: float
    coord_sys: CoordSys


async def create(house: House, actor: Actor, draft: FacilityDraft, once: Once) -> bytes:
    """A new facility; gives its detail."""
    id = new_id(house.clock.now())

    async def work(catalogue: Catalogue) -> None:
        area = await _area(catalogue, draft)
        catalogue.role = curating_as(actor, area["path"])
        row = await _columns(catalogue, area, draft) | {
            "id": id,
            "version": 1,
            "closed": False,
            "external_key": f"facility/{id}",
        }
        await catalogue.store("facility", row)
        await catalogue.note(row, "create", {"kind": row["kind"], "area_id": area["id"]})

    return await _shown(house, actor, await carry_out(house, actor, once, id, work))


async def change(house: House, actor: Actor, id: UUID, version: int, draft: FacilityDraft, once: Once) -> bytes:
    """The whole description, over the version that the caller has read; the services there move with it."""

    async def work(catalogue: Catalogue) -> None:
        row = await catalogue.entry("facility", id, version)
        area = await _area(catalogue, draft)
        curating_as(actor, area["path"])
        if area["tenant_id"] != row["tenant_id"]:
            zh, en = "设施不能换到另一个社区，请在那里新建", "a facility stays with its community; make a new one there"
            raise wrong("/area_id", "tenant_stays", zh, en)
        wanted = await _columns(catalogue, area, draft)
        changed = row | wanted | {"version": version + 1}
        await catalogue.store("facility", changed)
        place = changed["lat"], changed["lon"], changed["spot"], changed["area_id"]
        if any(row[name] != changed[name] for name in ("lat", "lon", "area_id")):
            await catalogue.connection.execute(_FOLLOW, id, *place)
        await catalogue.note(changed, "update", difference(row, wanted))

    return await _shown(house, actor, await carry_out(house, actor, once, id, work))


async def close(house: House, actor: Actor, id: UUID, once: Once) -> bytes:
    """Closes a facility at which nothing is given any more."""

    async def work(catalogue: Catalogue) -> None:
        row = await catalogue.entry("facility", id)
        services = await catalogue.connection.fetchval(_SERVICES, id)
        if services:
            allowed = allowed_actions(actor, row["path"], closed=False)
            raise FacilityInUse(state="open", allowed_actions=allowed, services=services, entry=row["name"])
        changed = row | {"closed": True, "closed_on": catalogue.day, "version": row["version"] + 1}
        await catalogue.store("facility", changed)
        await catalogue.note(changed, "close", {})

    return await _shown(house, actor, await carry_out(house, actor, once, id, work))


async def _shown(house: House, actor: Actor, id: UUID) -> bytes:
    body, _ = await facilities.detail(house.pool, actor, id, "wgs84", None, house.clock.now())
    return body


async def _area(catalogue: Catalogue, draft: FacilityDraft) -> Row:
    """The area that was named, or else the deepest one around the place."""
    if draft.area_id is not None:
        return await catalogue.area("/area_id", draft.area_id)
    point = to_wgs84(draft.lat, draft.lon, draft.coord_sys)
    check_place("/location", draft.lat, draft.lon)
    found = await catalogue.connection.fetchrow(LOCATE, point.lon, point.lat)
    if found is None:
        zh, en = (
            "这个位置不在任何区域的边界里，请用 area_id 指明区域",
            "no area's boundary is around it; name an area_id",
        )
        raise wrong("/location", "outside_every_area", zh, en)
    return await catalogue.area("/location", found["area_id"])


def check_place(pointer: str, lat: float, lon: float) -> None:
    """Latitude and longitude that lie in China only the other way round were swapped."""
    if rings.swapped(lat, lon):
        zh, en = "经纬度写反了（对调后才在中国境内）", "latitude and longitude are swapped"
        raise wrong(pointer, "swapped", zh, en)


async def _columns(catalogue: Catalogue, area: Row, draft: FacilityDraft) -> Row:
    """The row as it shall be, but for what only Linli says of it."""
    check_place("/location", draft.lat, draft.lon)
    await catalogue.check_word("/kind", "facility_kind", draft.said["kind"])
    await catalogue.check_organisation(draft.said["organisation_id"])
    point = to_wgs84(draft.lat, draft.lon, draft.coord_sys)
    return draft.said | {
        "tenant_id": area["tenant_id"],
        "area_id": area["id"],
        "lat": point.lat,
        "lon": point.lon,
        "spot": in_space(point),
        "given_lat": draft.lat,
        "given_lon": draft.lon,
        "coord_sys": draft.coord_sys,
    }
