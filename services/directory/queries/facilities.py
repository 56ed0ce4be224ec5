"""Facilities: one with all that one needs to know before going there, and lists, nearest first or newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.directory.domain.catalogue import allowed_actions
from services.directory.domain.scope import Scope
from services.directory.queries import nearness
from services.directory.queries.nearness import IN_CIRCLE, Near
from services.directory.queries.parts import TENANT, TENANTS
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.kernel.geo import CoordSys

#: Services that a facility's detail names.
_MOST_SERVICES = 200

_AREA = """
(select json_build_object('id', a.id, 'kind', a.kind, 'name', a.name)
   from area a where a.tenant_id = {x}.tenant_id and a.id = {x}.area_id)
"""
_ITEM = """
json_build_object('id', f.id, 'kind', f.kind, 'name', f.name, 'name_en', f.name_en, 'address', f.address,
                  'phone', f.phone, 'access', f.access, 'area', {area}, 'tenant', {tenant})::text as item,
f.id, f.lat, f.lon, f.schedule::text as schedule
""".format(area=_AREA.format(x="f"), tenant=TENANT.format(tenant_id="f.tenant_id"))
_WANTED = """
not f.closed and ($5::text is null or f.kind = $5)
and ($6::text is null or position(lower($6) in lower(f.name)) > 0 or position(lower($6) in lower(f.name_en)) > 0)
"""


def _near(kind: str) -> str:
    return f"""
with f as materialized (
  select f.*, f.spot <-> $1::text::cube as distance from facility f
   where {IN_CIRCLE.format(x="f")} and (f.spot <-> $1::text::cube, f.id) > ($3, $4) and {_WANTED} {kind}
   order by f.spot <-> $1::text::cube, f.id limit $7)
select {_ITEM}, f.distance from f order by f.distance, f.id
"""


# Of a kind by the index that knows it: there may be one library among ten thousand facilities.
_NEAREST, _NEAREST_OF_A_KIND = _near(""), _near("and f.kind = $5::text")
_KEPT = f"""
with {TENANTS}, f as materialized (
  select f.* from tenants t cross join lateral (
    select * from facility f where f.tenant_id = t.tenant_id and f.id < $4 and {_WANTED} order by f.id desc limit $7) f
   order by f.id desc limit $7)
select {_ITEM}, null::float as distance from f order by f.id desc
"""
_DETAIL = """
select json_build_object(
         'id', f.id, 'kind', f.kind, 'name', f.name, 'name_en', f.name_en, 'address', f.address, 'phone', f.phone,
         'access', f.access, 'text', f.text, 'closed', f.closed, 'closed_on', f.closed_on, 'schedule', f.schedule,
         'area', {area}, 'tenant', {tenant},
         'organisation', (select json_build_object('id', o.id, 'name', o.name)
                            from organisation o where o.id = f.organisation_id),
         'services', (select coalesce(json_agg(json_build_object('id', s.id, 'category', s.category, 'name', s.name)
                                               order by s.name, s.id), '[]')
                        from (select s.* from service_place p
                                join service s on s.tenant_id = p.tenant_id and s.id = p.service_id
                               where p.facility_id = f.id and not p.closed order by s.name, s.id limit {most}) s)
       )::text as body,
       f.version, f.lat, f.lon, f.schedule::text as schedule, f.closed, a.ancestors || a.id as path,
       f.spot <-> $2::text::cube as distance
  from facility f join area a on a.tenant_id = f.tenant_id and a.id = f.area_id where f.id = $1
""".format(area=_AREA.format(x="f"), tenant=TENANT.format(tenant_id="f.tenant_id"), most=_MOST_SERVICES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facilities: of a kind, `q` part of a name; around a place, or those of the caller's communities."""

    limit: int
    cursor: str | None
    kind: str | None
    q: str | None
    near: Near | None


async def facilities(pool: asyncpg.Pool, scope: Scope, wanted: Wanted, out: CoordSys, now: datetime) -> bytes:
    """One page: with a place nearest first, whoever keeps them; without one the caller's communities', newest first."""
    filters = wanted.kind, wanted.q or None, wanted.limit + 1
    if wanted.near is not None:
        statement = _NEAREST_OF_A_KIND if wanted.kind else _NEAREST
        rows = await pool.fetch(statement, *wanted.near.circle(), *nearness.decode(wanted.cursor), *filters)
    else:
        whose = scope.root_ids, scope.home_ids, scope.organisation_ids
        rows = await pool.fetch(_KEPT, *whose, cursors.decode(wanted.cursor), *filters)
    following = None
    if len(rows) > wanted.limit:
        last = rows[wanted.limit - 1]
        near = wanted.near is not None
        following = nearness.encode(last["distance"], last["id"]) if near else cursors.encode(last["id"])
    return nearness.page([_item(row, out, now) for row in rows[: wanted.limit]], following)


def _item(row: Any, out: CoordSys, now: datetime) -> bytes:
    more = {
        "location": nearness.shown(row["lat"], row["lon"], out),
        "opening": nearness.opening_of(row["schedule"], now),
        "walking": nearness.walk(row["distance"]),
    }
    return nearness.joined(row["item"], more)


async def detail(
    pool: asyncpg.Pool, actor: Actor, id: UUID, out: CoordSys, near: Near | None, now: datetime
) -> tuple[bytes, int]:
    """One facility and its version, whoever asks: where it is and when it opens is no secret. Raises NotFound."""
    row = await pool.fetchrow(_DETAIL, id, near.circle()[0] if near else None)
    if row is None:
        raise NotFound
    more = {
        "location": nearness.shown(row["lat"], row["lon"], out),
        "opening": nearness.opening_of(row["schedule"], now),
        "walking": nearness.walk(row["distance"]),
        "allowed_actions": allowed_actions(actor, row["path"], closed=row["closed"]),
    }
    return nearness.joined(row["body"], more), row["version"]
