"""The category tree that holds at the caller's home and places of work: their tenants', those above and those below.

So the directory shows itself, too (services/directory/domain/scope.py).
"""

from typing import Any
from uuid import UUID

from shared.kernel.actor import Actor

#: Tenant by tenant (`offset 0` keeps it so): the planner takes them for many more than they are and would read all.
_TREE = """
with served as (
  select tenant_id, serves from organisation where id = any($2::uuid[])
), here as (
  select a.id, a.ancestors, a.tenant_id from area a where a.id = any($1::uuid[])
  union select a.id, a.ancestors, a.tenant_id from area a join served on a.id = any(served.serves || served.tenant_id)
), tenants as (
  select tenant_id as id from here union select unnest(ancestors) from here
  union select id from area
         where id = tenant_id and ancestors && ($3::uuid[] || array(select unnest(serves) from served))
)
select coalesce(json_agg(json_build_object(
         'id', c.id, 'parent_id', c.parent_id, 'name', c.name, 'name_en', nullif(c.name_en, ''),
         'urgency', c.urgency) order by c.position), '[]')::text
  from tenants cross join lateral (select * from category where tenant_id = tenants.id offset 0) c
"""


async def read(pool: Any, actor: Actor) -> bytes:
    """All nodes, parents before children; the client builds the tree by `parent_id`."""
    roots = list(actor.area_roots())
    places: list[UUID] = [*roots, *([actor.home_id] if actor.home_id else [])]
    items: str = await pool.fetchval(_TREE, places, list(actor.organisations()), roots)
    return f'{{"items":{items},"next_cursor":null}}'.encode()
