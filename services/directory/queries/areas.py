"""Areas: where a point lies, and one area in detail."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.errors import OutsideEveryArea
from services.directory.domain.rings import bounds_of, lies_inside
from services.directory.domain.scope import Scope, scope_of
from services.directory.domain.shaping import allowed_actions
from services.directory.queries.parts import BRIEF, OFFICERS, PATH, RINGS, SUCCESSORS, SUPPORTERS, TENANT, TENANTS
from shared.infra.directory_copy import LOCATE
from shared.kernel.actor import Actor
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

#: South, west, north and east end of the parent's outline.
_AROUND = """
(select array[min(((box(up.ring))[1])[1]), min(((box(up.ring))[1])[0]),
              max(((box(up.ring))[0])[1]), max(((box(up.ring))[0])[0])]
   from area above join area_polygon up on up.tenant_id = above.tenant_id and up.area_id = above.id
  where above.id = a.parent_id)
"""
_DETAIL = """
with {tenants}
select json_build_object(
         'id', a.id, 'name', a.name, 'kind', a.kind, 'code', a.code, 'closed', a.closed,
         'households', a.households, 'residents', a.residents, 'opened_on', a.opened_on, 'closed_on', a.closed_on,
         'path', {path}, 'tenant', {tenant}, 'officers', {officers}, 'supported_by', {supporters},
         'succeeded_by', {successors})::text as body,
       a.version, a.lat, a.lon, a.closed, a.ancestors || a.id as path, a.id = a.tenant_id as is_tenant,
       ({rings})::text as rings, {around} as around
  from area a where a.id = $4 and a.tenant_id in (select tenant_id from tenants)
""".format(
    tenants=TENANTS,
    path=PATH,
    tenant=TENANT.format(tenant_id="a.tenant_id"),
    officers=OFFICERS.format(day="$5"),
    supporters=SUPPORTERS.format(day="$5"),
    successors=SUCCESSORS,
    rings=RINGS,
    around=_AROUND,
)


_VISIBLE = f"""
with {TENANTS} select true from area a where a.id = $4 and a.tenant_id in (select tenant_id from tenants)
"""


async def locate(pool: asyncpg.Pool, scope: Scope, point: Point, day: date) -> bytes:
    """The deepest area around the point, with its path; raises OutsideEveryArea.

    Where it lies is no secret; who answers for it is told to those who have to do with the place.
    """
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    found: str | None = await pool.fetchval(LOCATED, *whose, day, point.lon, point.lat)
    if found is None:
        raise OutsideEveryArea
    return found.encode()


async def detail(pool: asyncpg.Pool, actor: Actor, area_id: UUID, out: CoordSys, day: date) -> tuple[bytes, int]:
    """One area and its version; raises NotFound, also for what lies outside of the caller's scope."""
    scope = scope_of(actor)
    row = await pool.fetchrow(_DETAIL, scope.root_ids, scope.home_ids, scope.organisation_ids, area_id, day)
    if row is None:
        raise NotFound
    body: str = row["body"]
    rings = orjson.loads(row["rings"])
    more = {
        "centre": _centre(row["lat"], row["lon"], out),
        "polygons": _polygons(rings, out),
        "outside_parent": _is_outside(row, rings),
        "allowed_actions": allowed_actions(actor, row["path"], tenant=row["is_tenant"], closed=row["closed"]),
    }
    return body[:-1].encode() + b"," + orjson.dumps(more)[1:], row["version"]


async def is_visible(connection: Any, actor: Actor, area_id: UUID) -> bool:
    """Whether the area exists for the caller."""
    scope = scope_of(actor)
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    return bool(await connection.fetchval(_VISIBLE, *whose, area_id))


def _is_outside(row: Any, rings: Any) -> bool:
    """Whether the outline, or the centre where there is none, leaves the outline of the area above, if that has one."""
    own = [[(lat, lon) for lon, lat in ring] for ring in rings] or (
        [[(row["lat"], row["lon"])]] if row["lat"] is not None else []
    )
    return bool(own) and row["around"][0] is not None and not lies_inside(bounds_of(own), tuple(row["around"]))


def _centre(lat: float | None, lon: float | None, out: CoordSys) -> dict[str, Any] | None:
    """Coordinates in the system that was asked for, which PostgreSQL cannot compute."""
    if lat is None or lon is None:
        return None
    shown = convert(Point(lat, lon), out)
    return {"lat": shown.lat, "lon": shown.lon, "coord_sys": out}


def _polygons(given: Any, out: CoordSys) -> Any:
    """The outlines as coordinates of a GeoJSON MultiPolygon."""
    if out == "wgs84":
        return [[ring] for ring in given]
    bent = [[convert(Point(lat, lon), out) for lon, lat in ring] for ring in given]
    return [[[[point.lon, point.lat] for point in ring]] for ring in bent]


async def names_by_key(pool: asyncpg.Pool, keys: Collection[str]) -> dict[str, str]:
    """What the areas are called that are known by these keys of a source."""
    rows = await pool.fetch("select external_key, name from area where external_key = any($1)", keys)
    return {row["external_key"]: row["name"] for row in rows}
