"""The history of a petition as a list of its own (the detail carries the same rows)."""

from typing import Any
from uuid import UUID

from services.petitions.queries.viewer import VISIBLE, Viewer, history_row
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_READ = f"""
select (select coalesce(json_agg({history_row("n")} order by h.version), '[]')
          from petition_history h left join petition_note n
            on n.tenant_id = h.tenant_id and n.petition_id = h.petition_id and n.version = h.version
         where h.tenant_id = p.tenant_id and h.petition_id = p.id)::text as items, p.version
  from petition p where p.id = $5 and {VISIBLE}
"""


async def read(pool: Any, actor: Actor, petition_id: UUID) -> tuple[bytes, int]:
    """All rows, oldest first, and the petition's version; NotFound when it does not exist for the caller."""
    row = await pool.fetchrow(_READ, *Viewer.of(actor).arguments, petition_id)
    if row is None:
        raise NotFound
    return f'{{"items":{row["items"]},"next_cursor":null}}'.encode(), row["version"]
