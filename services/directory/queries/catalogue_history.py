"""What was done to a facility or a service, newest first."""

from uuid import UUID

import asyncpg

from shared.infra import cursors
from shared.kernel.errors import NotFound

_HISTORY = """
select h.id, json_build_object(
         'at', h.at, 'action', h.action, 'version', h.version, 'role', h.actor_role, 'facts', h.facts,
         'by', (select json_build_object('id', p.id, 'name', p.name) from person p where p.id = h.actor_id)
       )::text as item
  from catalogue_history h where h.entry_id = $1 and h.id < $2 order by h.id desc limit $3
"""
_SEEN = """
select true from {table} x join area a on a.tenant_id = x.tenant_id and a.id = x.area_id
 where x.id = $1 and (a.ancestors || a.id) && $2::uuid[]
"""


async def history(pool: asyncpg.Pool, table: str, roots: list[UUID], id: UUID, limit: int, cursor: str | None) -> bytes:
    """What was done to a facility or service, newest first; raises NotFound outside of the areas `roots`."""
    after = cursors.decode(cursor)
    if not await pool.fetchval(_SEEN.format(table=table), id, roots):
        raise NotFound
    rows = await pool.fetch(_HISTORY, id, after, limit + 1)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], limit)
