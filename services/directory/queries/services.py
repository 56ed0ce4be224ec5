"""Services: one with all that one needs before leaving the house, and lists, nearest first or newest first.

Whether it is open now is computed from its schedule (domain/hours.py), not in the database; a list of what is open
looks through a bounded number of candidates a page, so a page may hold fewer rows than were asked for and yet go on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.catalogue import allowed_actions
from services.directory.domain.days import day_of
from services.directory.domain.scope import Scope
from services.directory.queries import nearness
from services.directory.queries.nearness import IN_CIRCLE, Near
from services.directory.queries.parts import TENANT, TENANTS
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.kernel.geo import CoordSys

#: Candidates of which a page of what is open now is chosen.
_LOOKED_AT = 300

# $5 category, $6 q, $7 area: what is for it, for an area around it, or for a part of it.
_WANTED = """
not s.closed and ($5::text is null or s.category = $5)
and ($6::text is null or position(lower($6) in lower(s.name)) > 0 or position(lower($6) in lower(s.name_en)) > 0
     or exists (select from unnest(s.aliases) alias where position(lower($6) in lower(alias)) > 0))
and ($7::uuid is null
     or exists (select from area a where a.id = $7 and s.area_id = any(a.ancestors || a.id))
     or exists (select from area a where a.tenant_id = s.tenant_id and a.id = s.area_id and a.ancestors @> array[$7]))
and ($8::boolean is null or s.errand = $8)
"""
# A place with the hours that hold there.
_PLACE = """
json_build_object(
  'id', p.id, 'note', p.note, 'phone', coalesce(p.phone, f.phone), 'address', f.address, 'lat', p.lat, 'lon', p.lon,
  'schedule', coalesce(p.schedule, f.schedule),
  'facility', case when f.id is not null then json_build_object('id', f.id, 'kind', f.kind, 'name', f.name) end,
  'area', (select json_build_object('id', a.id, 'kind', a.kind, 'name', a.name) from area a where a.id = p.area_id))
"""
_ITEM = """
json_build_object('id', s.id, 'category', s.category, 'name', s.name, 'name_en', s.name_en, 'aliases', s.aliases,
                  'errand', s.errand, 'costs', s.costs, 'tenant', {tenant},
                  'organisation', (select json_build_object('id', o.id, 'name', o.name)
                                     from organisation o where o.id = s.organisation_id))::text as item
""".format(tenant=TENANT.format(tenant_id="s.tenant_id"))
_THERE = "not p.closed and (p.last_on is null or p.last_on >= $10)"
# Of a service only its nearest place; where only what is open counts, each place with the nearer ones of the service.
_NEAR = """
with p as materialized (
  select p.*, p.spot <-> $1::text::cube as distance
    from service_place p join service s on s.tenant_id = p.tenant_id and s.id = p.service_id
   where {in_circle} and {there} and (p.spot <-> $1::text::cube, p.id) > ($3, $4) and {wanted} {nearest}
   order by p.spot <-> $1::text::cube, p.id limit $9)
select {item}, p.id, p.distance, {place}::text as places, {nearer} as nearer
  from p join service s on s.tenant_id = p.tenant_id and s.id = p.service_id
  left join facility f on f.id = p.facility_id
 order by p.distance, p.id
"""
_NONE_NEARER = """
and not exists (
  select from service_place n where n.tenant_id = p.tenant_id and n.service_id = p.service_id and not n.closed
     and (n.last_on is null or n.last_on >= $10)
     and (n.spot <-> $1::text::cube, n.id) < (p.spot <-> $1::text::cube, p.id))
"""
_NEARER = """
(select json_agg(coalesce(n.schedule, nf.schedule))::text
   from service_place n left join facility nf on nf.id = n.facility_id
  where n.tenant_id = p.tenant_id and n.service_id = p.service_id and not n.closed
    and (n.spot <-> $1::text::cube, n.id) < (p.distance, p.id))
"""


def _near(nearest: str, nearer: str) -> str:
    return _NEAR.format(
        in_circle=IN_CIRCLE.format(x="p"),
        there=_THERE,
        wanted=_WANTED,
        item=_ITEM,
        place=_PLACE,
        nearest=nearest,
        nearer=nearer,
    )


_NEAREST, _NEAREST_OPEN = _near(_NONE_NEARER, "null"), _near("", _NEARER)
_KEPT = f"""
with {TENANTS}, s as materialized (
  select s.* from tenants t cross join lateral (
    select * from service s where s.tenant_id = t.tenant_id and s.id < $4 and {_WANTED} order by s.id desc limit $9) s
   order by s.id desc limit $9)
select {_ITEM}, s.id, null::float as distance, null as nearer,
       (select json_agg({_PLACE} order by p.id)::text from service_place p left join facility f on f.id = p.facility_id
         where p.tenant_id = s.tenant_id and p.service_id = s.id and {_THERE}) as places
  from s order by s.id desc
"""
_DETAIL = """
select json_build_object(
         'id', s.id, 'category', s.category, 'name', s.name, 'name_en', s.name_en, 'aliases', s.aliases, 'text', s.text,
         'phone', s.phone, 'documents', s.documents, 'costs', s.costs, 'eligibility', s.eligibility,
         'minimum_age', s.minimum_age, 'maximum_age', s.maximum_age, 'application', s.application,
         'working_days', s.working_days, 'errand', s.errand, 'closed', s.closed, 'closed_on', s.closed_on,
         'area', json_build_object('id', a.id, 'kind', a.kind, 'name', a.name), 'tenant', {tenant},
         'organisation', (select json_build_object('id', o.id, 'name', o.name)
                            from organisation o where o.id = s.organisation_id))::text as body,
       s.version, s.closed, a.ancestors || a.id as path,
       (select json_agg({place} order by p.id)::text from service_place p left join facility f on f.id = p.facility_id
         where p.tenant_id = s.tenant_id and p.service_id = s.id) as places,
       (select array_agg(p.spot <-> $2::text::cube order by p.id) from service_place p
         where p.tenant_id = s.tenant_id and p.service_id = s.id) as distances
  from service s join area a on a.tenant_id = s.tenant_id and a.id = s.area_id where s.id = $1
""".format(tenant=TENANT.format(tenant_id="s.tenant_id"), place=_PLACE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which services: `q` part of a name or alias; around a place, or those of the caller's communities."""

    limit: int
    cursor: str | None
    category: str | None
    q: str | None
    area: UUID | None
    errand: bool | None
    open_now: bool
    near: Near | None


async def services(pool: asyncpg.Pool, scope: Scope, wanted: Wanted, out: CoordSys, now: datetime) -> bytes:
    """One page: with a place nearest first, whoever keeps them; without one the caller's communities', newest first."""
    asked = _LOOKED_AT if wanted.open_now else wanted.limit
    filters = wanted.category, wanted.q or None, wanted.area, wanted.errand, asked + 1, day_of(now)
    if wanted.near is not None:
        statement = _NEAREST_OPEN if wanted.open_now else _NEAREST
        rows = await pool.fetch(statement, *wanted.near.circle(), *nearness.decode(wanted.cursor), *filters)
        name: Callable[[Any], str] = lambda row: nearness.encode(row["distance"], row["id"])  # noqa: E731
    else:
        whose = scope.root_ids, scope.home_ids, scope.organisation_ids
        rows = await pool.fetch(_KEPT, *whose, cursors.decode(wanted.cursor), *filters)
        name = lambda row: cursors.encode(row["id"])  # noqa: E731
    items: list[bytes] = []
    for n, row in enumerate(rows[:asked]):
        item = _item(row, out, now, open_now=wanted.open_now)
        if item is not None:
            items.append(item)
        if len(items) == wanted.limit and n + 1 < len(rows):
            return nearness.page(items, name(row))
    return nearness.page(items, name(rows[asked - 1]) if len(rows) > asked else None)


def _item(row: Any, out: CoordSys, now: datetime, *, open_now: bool) -> bytes | None:
    """A service at the place that matters: the nearest, else the one that is open or opens first; None: not open."""
    found = orjson.loads(row["places"] or "[]")
    places = [_place(place, row["distance"], out, now) for place in (found if isinstance(found, list) else [found])]
    place = min(places, key=_soonest) if places else None
    if open_now and (place is None or not _is_open(place) or _opens_nearer(row["nearer"], now)):
        return None
    return nearness.joined(row["item"], {"place": place})


def _place(place: dict[str, Any], distance: float | None, out: CoordSys, now: datetime) -> dict[str, Any]:
    """A place as clients see it, without its schedule."""
    schedule = place.pop("schedule")
    location = nearness.shown(place.pop("lat"), place.pop("lon"), out)
    opening = nearness.opening_of(orjson.dumps(schedule).decode() if schedule else None, now)
    return place | {"location": location, "opening": opening, "walking": nearness.walk(distance)}


def _is_open(place: dict[str, Any]) -> bool:
    return bool(place["opening"] and place["opening"]["open"])


def _soonest(place: dict[str, Any]) -> tuple[int, str]:
    """Open ones first, then by when they open; what nobody knows comes last."""
    opening = place["opening"]
    if opening is None:
        return 3, ""
    if opening["open"]:
        return 0, ""
    return (1, opening["opens"]) if opening["opens"] else (2, "")


def _opens_nearer(nearer: str | None, now: datetime) -> bool:
    """Whether a nearer place of the same service is open: then that one stands in the list."""
    schedules = orjson.loads(nearer) if nearer else []
    told = (nearness.opening_of(orjson.dumps(one).decode(), now) for one in schedules if one)
    return any(opening is not None and opening["open"] for opening in told)


async def detail(
    pool: asyncpg.Pool, actor: Actor, id: UUID, out: CoordSys, near: Near | None, now: datetime
) -> tuple[bytes, int]:
    """One service and its version, whoever asks: what one can get where is no secret. Raises NotFound."""
    row = await pool.fetchrow(_DETAIL, id, near.circle()[0] if near else None)
    if row is None:
        raise NotFound
    found = orjson.loads(row["places"] or "[]")
    places = []
    for place, distance in zip(found, row["distances"] or [], strict=True):
        schedule = place["schedule"]
        places.append(_place(place, distance, out, now) | {"schedule": schedule})
    more = {"places": places, "allowed_actions": allowed_actions(actor, row["path"], closed=row["closed"])}
    return nearness.joined(row["body"], more), row["version"]
