"""Areas: where a point lies, and one area in detail."""

from datetime import date
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.errors import OutsideEveryArea
from services.directory.domain.scope import Scope
from services.directory.queries.parts import BRIEF, OFFICERS, PATH, TENANT, TENANTS
from shared.infra.directory_copy import LOCATE
from shared.kernel.errors import NotFound
from shared.kernel.geo import CoordSys, Point, convert

LOCATED = """
with {tenants}, spot as ({locate})
select json_build_object(
         'area', {brief}, 'path', {path}, 'tenant', {tenant},
         'officers', case when a.tenant_id in (select tenant_id from tenants) then {officers} else '[]' end)::text
  from spot join area a on a.tenant_id = spot.tenant_id and a.id = spot.area_id
""".format(
    tenants=TENANTS,
    locate=LOCATE.replace("$1", "$5").replace("$2", "$6"),
    brief=BRIEF,
    path=PATH,
    tenant=TENANT.format(tenant_id="a.tenant_id"),
    officers=OFFICERS.format(day="$4"),
)

_DETAIL = """
with {tenants}
select json_build_object(
         'id', a.id, 'name', a.name, 'kind', a.kind, 'code', a.code, 'closed', a.closed,
         'households', a.households, 'residents', a.residents,
         'path', {path}, 'tenant', {tenant}, 'officers', {officers})::text as body,
       a.version, a.lat, a.lon
  from area a where a.id = $4 and a.tenant_id in (select tenant_id from tenants)
""".format(
    tenants=TENANTS,
    path=PATH,
    tenant=TENANT.format(tenant_id="a.tenant_id"),
    officers=OFFICERS.format(day="$5"),
)


async def locate(pool: asyncpg.Pool, scope: Scope, point: Point, day: date) -> bytes:
    """The deepest area around the point, with its path; raises OutsideEveryArea.

    Where it lies is no secret; who answers for it is told to those who have to do with the place.
    """
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    found: str | None = await pool.fetchval(LOCATED, *whose, day, point.lon, point.lat)
    if found is None:
        raise OutsideEveryArea
    return found.encode()


async def detail(pool: asyncpg.Pool, scope: Scope, area_id: UUID, out: CoordSys, day: date) -> tuple[bytes, int]:
    """One area and its version; raises NotFound, also for what lies outside of the caller's scope."""
    row = await pool.fetchrow(_DETAIL, scope.root_ids, scope.home_ids, scope.organisation_ids, area_id, day)
    if row is None:
        raise NotFound
    body: str = row["body"]
    return body[:-1].encode() + b',"centre":' + _centre(row["lat"], row["lon"], out) + b"}", row["version"]


def _centre(lat: float | None, lon: float | None, out: CoordSys) -> bytes:
    """Coordinates in the system that was asked for: the one member that PostgreSQL cannot compute."""
    if lat is None or lon is None:
        return b"null"
    shown = convert(Point(lat, lon), out)
    return orjson.dumps({"lat": shown.lat, "lon": shown.lon, "coord_sys": out})
