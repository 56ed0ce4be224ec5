"""Households of an area: their doors, masked, and who lives behind them."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.contact import Field
from services.directory.domain.people import REGISTRARS
from services.directory.queries.masks import SEALED, shown
from shared.infra import cursors
from shared.infra.sealing import Sealer
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_ITEM = """
json_build_object(
  'id', h.id, 'closed', h.closed,
  'area', (select json_build_object('id', a.id, 'name', a.name) from area a where a.id = h.area_id),
  'people', (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) order by p.id), '[]')
               from person p where p.household_id = h.id and not p.erased and p.merged_into is null)
)::text as item
"""
_DOOR = f"{SEALED.format(tenant_id='h.tenant_id', owner='h.id')} as sealed"

_LIST = f"""
with place as materialized (
  select id from area where id = $1 and (ancestors || id) && $2::uuid[]
)
select true as place, h.tenant_id, h.id, h.item, h.sealed from place left join lateral (
  select h.tenant_id, h.id, {_ITEM}, {_DOOR} from household h
   where h.area_id = place.id and h.id > $3 and not h.closed order by h.id limit $4) h on true
 order by h.id
"""
_DETAIL = f"""
select h.tenant_id, h.id, h.version, {_ITEM}, {_DOOR} from household h join area at on at.id = h.area_id
 where h.id = $1 and (at.ancestors || at.id) && $2::uuid[]
"""
_START = UUID(int=0)


async def households(
    pool: asyncpg.Pool, sealer: Sealer, actor: Actor, area_id: UUID, limit: int, cursor: str | None
) -> bytes:
    """One page of the open households of the very area, in the order in which they came; raises NotFound."""
    after = cursors.decode(cursor) if cursor is not None else _START
    rows = await pool.fetch(_LIST, area_id, list(actor.area_roots(REGISTRARS)), after, limit + 1)
    if not rows:
        raise NotFound
    found = [row for row in rows if row["id"] is not None]
    return cursors.page([_masked(sealer, row) for row in found], [row["id"] for row in found], limit)


async def detail(pool: Any, sealer: Sealer, actor: Actor, household_id: UUID) -> tuple[bytes, int]:
    """One household and its version; raises NotFound."""
    row = await pool.fetchrow(_DETAIL, household_id, list(actor.area_roots(REGISTRARS)))
    if row is None:
        raise NotFound
    return _masked(sealer, row).encode(), row["version"]


def _masked(sealer: Sealer, row: asyncpg.Record) -> str:
    more = shown(sealer, row["tenant_id"], row["id"], row["sealed"], [Field.DOOR])
    return f"{row['item'][:-1]},{orjson.dumps(more).decode()[1:]}"
