"""The category tree that holds at the caller's home and places of work: their tenants' and those above them."""

from typing import Any
from uuid import UUID

from shared.kernel.actor import Actor

_TREE = """
with here as (
  select a.id, a.ancestors, a.tenant_id from area a where a.id = any($1::uuid[])
  union select a.id, a.ancestors, a.tenant_id from area a
          join organisation o on a.id = o.tenant_id where o.id = any($2::uuid[])
), tenants as (select tenant_id as id from here union select unnest(ancestors) from here)
select coalesce(json_agg(json_build_object(
         'id', c.id, 'parent_id', c.parent_id, 'name', c.name, 'name_en', nullif(c.name_en, ''),
         'urgency', c.urgency) order by c.position), '[]')::text
  from category c where c.tenant_id in (select id from tenants)
"""


async def read(pool: Any, actor: Actor) -> bytes:
    """All nodes, parents before children; the client builds the tree by `parent_id`."""
    places: list[UUID] = [*actor.area_roots(), *([actor.home_id] if actor.home_id else [])]
    items: str = await pool.fetchval(_TREE, places, list(actor.organisations()))
    return f'{{"items":{items},"next_cursor":null}}'.encode()
