"""What was done to an area, newest first."""

from uuid import UUID

import asyncpg

from services.directory.domain.permissions import REVIEWERS
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_SEEN = "select true from area where id = $1 and (ancestors || id) && $2::uuid[]"
_HISTORY = """
select h.id, json_build_object(
         'at', h.at, 'action', h.action, 'version', h.version, 'role', h.actor_role, 'facts', h.facts,
         'by', (select json_build_object('id', p.id, 'name', p.name) from person p where p.id = h.actor_id)
       )::text as item
  from area_history h where h.area_id = $1 and h.id < $2 order by h.id desc limit $3
"""


async def history(pool: asyncpg.Pool, actor: Actor, area_id: UUID, limit: int, cursor: str | None) -> bytes:
    """One page; raises NotFound outside of the areas where the caller has a say."""
    after = cursors.decode(cursor)
    if not await pool.fetchval(_SEEN, area_id, list(actor.area_roots(REVIEWERS))):
        raise NotFound
    rows = await pool.fetch(_HISTORY, area_id, after, limit + 1)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], limit)
