"""Who is meant by a spelling, and who handles what in an area."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.organisations import covering
from services.directory.domain.scope import Scope
from services.directory.domain.unit_names import Known, meant, read
from services.directory.queries.organisation_detail import SEEN
from services.directory.queries.parts import TENANT, TENANTS
from shared.kernel.errors import NotFound

#: Organisations of one key that are looked at; a task that every street has is asked for with its street.
MOST_KNOWN = 200
#: Those of them that an answer names.
MOST_NAMED = 20

_BRIEF = """
json_build_object('id', o.id, 'kind', o.kind, 'name', o.name, 'tenant', {tenant},
                  'parent', (select json_build_object('id', p.id, 'name', p.name) from organisation p
                              where p.id = o.parent_id))
""".format(tenant=TENANT.format(tenant_id="o.tenant_id"))
#: What `Known` wants to hear of the organisation `o`.
KNOWN = """
o.id, o.name, o.aliases, o.parent_id,
array(select name from organisation where id = o.parent_id
      union all select name from area where id = any(o.serves || o.tenant_id)) as above
"""
_BY_KEY = f"""
with {TENANTS}
select {KNOWN}, {_BRIEF}::text as brief
  from (select * from organisation where search_keys && $4 and not closed offset 0) o
 where {SEEN} order by o.id limit {MOST_KNOWN}
"""


def known_of(row: Any) -> Known:
    """The organisation of a row that has the columns of KNOWN."""
    return Known(row["id"], row["name"], row["aliases"], row["parent_id"], row["above"])


async def resolve(pool: asyncpg.Pool, scope: Scope, written: str) -> bytes:
    """Who is meant by a spelling: `organisation` where it is clear, `items` all who may be."""
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    rows = {row["id"]: row for row in await pool.fetch(_BY_KEY, *whose, read(written).keys)}
    found = [rows[unit.id]["brief"] for unit in meant(written, [known_of(row) for row in rows.values()])]
    one = found[0] if len(found) == 1 else "null"
    return f'{{"organisation":{one},"items":[{",".join(found[:MOST_NAMED])}]}}'.encode()


# Of each level of the way up: who is responsible for the category there ($6 its keys, the whole of it first) and serves
# something on that way. Nearest first: the deepest level, and in it whoever serves what lies nearest.
_RESPONSIBLE = f"""
with {TENANTS}, place as (
  select a.ancestors || a.id as path from area a where a.id = $4 and a.tenant_id in (select tenant_id from tenants)
), step as (
  select a.id, a.kind, a.name, n from place, unnest(place.path) with ordinality as way(id, n) join area a using (id)
), handling as (
  select o.*, step.id as level_id, step.kind as level, step.name as level_name, step.n as height,
         r.category, near.n as nearness
    from organisation o cross join lateral (
           select d->>'category' as category, d->>'level' as level
             from jsonb_array_elements(o.responsibilities) d where d->>'category' = any($5)) r
    join step on step.kind = r.level
    cross join lateral (select max(n) as n from step s where s.id = any(o.serves)) near
   where o.serves && (select path from place) and not o.closed
), nearest as (
  select *, rank() over (partition by level_id order by nearness desc, array_position($5::text[], category)) as place
    from handling
)
select (select true from place) as seen, coalesce(json_agg(json_build_object(
         'organisation', json_build_object('id', h.id, 'name', h.name),
         'level', json_build_object('id', h.level_id, 'kind', h.level, 'name', h.level_name),
         'category', h.category) order by h.height desc, h.name, h.id) filter (where h.id is not null), '[]'
       )::text as items
  from nearest h where h.place = 1
"""


async def responsible(pool: asyncpg.Pool, scope: Scope, category: str, area_id: UUID) -> bytes:
    """Who handles a category in an area, level by level, nearest first; raises NotFound for an area out of scope."""
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    row = await pool.fetchrow(_RESPONSIBLE, *whose, area_id, covering(category))
    if not row["seen"]:
        raise NotFound
    return f'{{"items":{row["items"]}}}'.encode()


def named(rows: list[Any]) -> list[dict[str, Any]]:
    """Organisations as a problem names them."""
    return [orjson.loads(row["brief"]) for row in rows]


#: Organisations of the same keys in the tenant $1 or above it, for a warning.
SIMILAR = f"""
select {KNOWN}, {_BRIEF}::text as brief from organisation o
 where o.search_keys && $3 and not o.closed and o.tenant_id = any($2) order by o.tenant_id = $1 desc, o.id
 limit {MOST_KNOWN}
"""
