"""People as lists: of an area, by how a name begins, and by telephone or identity number."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.contact import Field
from services.directory.queries.masks import SEALED, shown
from services.directory.queries.people import PERSON_PATH
from shared.infra import cursors
from shared.infra.sealing import Sealer

_ITEM = """
json_build_object('id', p.id, 'name', p.name,
                  'home', (select json_build_object('id', h.id, 'name', h.name) from area h where h.id = p.home_id)
)::text as item
"""
_MASKED = f"{SEALED.format(tenant_id='p.tenant_id', owner='p.id')} as sealed"

_THERE = "x.id < $3 and not x.erased and x.merged_into is null"
#: How a name begins: of a community as a range of the index (the greatest character there is ends it), of the few who
#: live in one place by looking at each, since a surname alone has thousands in the index.
_NAMED = "and x.name ~>=~ $5 and x.name ~<~ ($5 || U&'\\+10FFFF')"
_NAMED_THERE = "and starts_with(x.name, $5)"
# Who keeps a community sees all whom it keeps, by its primary key or by name; of a part of it, whoever is at home in
# one of the areas there. `places` are the areas that were asked for, as far as the caller has a say in them.
_LIST = """
with places as materialized (
  select a.tenant_id, a.id from area a where a.id = any($1::uuid[]) and (a.ancestors || a.id) && $2::uuid[]
), kept as materialized (
  select id from places where id = tenant_id
  union select t.id from places join area t on t.ancestors @> array[places.id] and t.id = t.tenant_id
), homes as materialized (
  select tenant_id, id from places where id <> tenant_id and tenant_id not in (select id from kept)
  union select h.tenant_id, h.id from places join area h on h.ancestors @> array[places.id]
   where places.id <> places.tenant_id and places.tenant_id not in (select id from kept)
), found as (
  (select x.tenant_id, x.id from kept cross join lateral (
     select x.tenant_id, x.id from person x where x.tenant_id = kept.id and {wanted} order by x.id desc limit $4) x)
  union all
  (select x.tenant_id, x.id from homes cross join lateral (
     select x.tenant_id, x.id from person x
      where x.home_id = homes.id and x.tenant_id = homes.tenant_id and {there} order by x.id desc limit $4) x)
  order by id desc limit $4
)
select p.tenant_id, p.id, {item}, {masked}
  from found join person p on p.tenant_id = found.tenant_id and p.id = found.id order by p.id desc
"""
_ALL = _LIST.format(wanted=_THERE, there=_THERE, item=_ITEM, masked=_MASKED)
_BY_NAME = _LIST.format(wanted=f"{_THERE} {_NAMED}", there=f"{_THERE} {_NAMED_THERE}", item=_ITEM, masked=_MASKED)


async def people(
    pool: asyncpg.Pool,
    sealer: Sealer,
    roots: frozenset[UUID],
    area_id: UUID | None,
    q: str | None,
    limit: int,
    cursor: str | None,
) -> bytes:
    """One page, newest first; `q` is how a name begins. What is not the caller's to see is not there."""
    places = [area_id] if area_id else list(roots)
    given: list[Any] = [places, list(roots), cursors.decode(cursor), limit + 1]
    rows = await (pool.fetch(_BY_NAME, *given, q) if q else pool.fetch(_ALL, *given))
    return cursors.page([_masked(sealer, row) for row in rows], [row["id"] for row in rows], limit)


_LOOK_UP = f"""
with known as materialized (
  select tenant_id, owner_id from sealed_value where blind = $1 and field = $2
)
select p.tenant_id, p.id, {_ITEM}, {_MASKED}
  from known join person p on p.tenant_id = known.tenant_id and p.id = known.owner_id
 where not p.erased and p.merged_into is null and {PERSON_PATH} && $3::uuid[]
 order by p.id desc limit 100
"""


async def look_up(pool: asyncpg.Pool, sealer: Sealer, roots: frozenset[UUID], field: Field, text: str) -> bytes:
    """Everybody of the caller's who has this telephone or identity number, at most 100."""
    rows = await pool.fetch(_LOOK_UP, sealer.blind(field, text), field, list(roots))
    return cursors.page([_masked(sealer, row) for row in rows], [row["id"] for row in rows], 100)


def _masked(sealer: Sealer, row: asyncpg.Record) -> str:
    more = shown(sealer, row["tenant_id"], row["id"], row["sealed"], [Field.PHONE])
    return f"{row['item'][:-1]},{orjson.dumps(more).decode()[1:]}"
