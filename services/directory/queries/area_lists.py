"""Areas as lists and as a tree: what lies in an area, and who answers for it and below it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.scope import Scope
from services.directory.queries.parts import OFFICERS, TENANTS
from shared.infra import cursors
from shared.kernel.errors import NotFound

#: Nodes of a tree in one answer; whole levels that do not fit are left out.
MOST_NODES = 2000

_START = UUID(int=0)
_WANTED = """
x.id > $4 and x.closed = $5 and ($6::text is null or x.kind = $6)
and ($7::text is null or position(lower($7) in lower(x.name)) > 0 or starts_with(x.code, $7))
"""
# A short list from each tenant by its primary key, then the first of them all; within an area only from the tenants
# that lie in it, and from its own.
_EACH_TENANT = "select x.* from area x where x.tenant_id = t.tenant_id and {wanted} order by x.id limit $8"
_WITHIN = """
, inside as (
  select tenant_id from area where id = $9 union select id from area where ancestors @> array[$9] and id = tenant_id
)
"""
_FROM = {
    "anywhere": "tenants t cross join lateral ({each}) a",
    "parent": "(select x.* from area x where x.parent_id = $9 and {wanted}) a join tenants t using (tenant_id)",
    "within": "inside join tenants t using (tenant_id) cross join lateral ({each_within}) a",
}
_ITEM = """
json_build_object('id', a.id, 'name', a.name, 'kind', a.kind, 'code', a.code, 'parent_id', a.parent_id,
                  'closed', a.closed, 'households', a.households, 'residents', a.residents)::text
"""


def _list(place: str) -> str:
    each = _EACH_TENANT.format(wanted=_WANTED)
    each_within = _EACH_TENANT.format(wanted=f"x.ancestors @> array[$9::uuid] and {_WANTED}")
    rows = _FROM[place].format(wanted=_WANTED, each=each, each_within=each_within)
    inside = _WITHIN if place == "within" else ""
    return f"with {TENANTS}{inside} select a.id, {_ITEM} as item from {rows} order by a.id limit $8"


_LISTS = {place: _list(place) for place in _FROM}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which areas: right below `parent`, anywhere `within`, of a kind, closed ones; `q` part of a name or a code."""

    limit: int
    cursor: str | None
    parent: UUID | None
    within: UUID | None
    kind: str | None
    q: str | None
    closed: bool


async def areas(pool: asyncpg.Pool, scope: Scope, wanted: Wanted) -> bytes:
    """One page of the areas in the caller's scope, in the order in which they came."""
    place = "parent" if wanted.parent else "within" if wanted.within else "anywhere"
    after = cursors.decode(wanted.cursor) if wanted.cursor is not None else _START
    above = [wanted.parent or wanted.within] if place != "anywhere" else []
    rows = await pool.fetch(
        _LISTS[place],
        *(scope.root_ids, scope.home_ids, scope.organisation_ids),
        *(after, wanted.closed, wanted.kind, wanted.q or None, wanted.limit + 1),
        *above,
    )
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], wanted.limit)


_TREE = f"""
with {TENANTS}, root as (
  select a.*, cardinality(a.ancestors) as depth from area a
   where a.id = $4 and a.tenant_id in (select tenant_id from tenants)
), below as materialized (
  select b.id, b.parent_id, b.name, b.kind, b.code, b.households, cardinality(b.ancestors) as depth
    from root join area b on b.ancestors @> array[$4::uuid] and cardinality(b.ancestors) <= root.depth + $5 + 1
   where not b.closed and b.tenant_id in (select tenant_id from tenants)
), counted as (
  select parent_id, count(*) as areas from below group by parent_id
), level as (
  select below.depth, sum(count(*)) over (order by below.depth) as nodes
    from below, root where below.depth <= root.depth + $5 group by below.depth
), shown as (
  select id, null::uuid as parent_id, name, kind, code, households, depth from root
  union all select * from below where depth in (select depth from level where nodes <= {MOST_NODES})
)
select shown.*, coalesce(counted.areas, 0) as areas from shown left join counted on counted.parent_id = shown.id
 order by shown.depth desc, shown.id
"""


async def tree(pool: asyncpg.Pool, scope: Scope, area_id: UUID, depth: int) -> bytes:
    """The area with what lies in it, `depth` levels down; `below` is null where there is more than was asked for."""
    rows = await pool.fetch(_TREE, scope.root_ids, scope.home_ids, scope.organisation_ids, area_id, depth)
    if not rows:
        raise NotFound
    below: defaultdict[UUID | None, list[dict[str, Any]]] = defaultdict(list)
    node: dict[str, Any] = {}
    for row in rows:
        node = {name: row[name] for name in ("id", "name", "kind", "code", "households", "areas")}
        node["below"] = below.pop(row["id"], None if row["areas"] else [])
        below[row["parent_id"]].append(node)
    return orjson.dumps(node, default=str)


_ABOVE = f"""
with {TENANTS}
select {OFFICERS.format(day="$5")}::text from area a
 where a.id = $4 and a.tenant_id in (select tenant_id from tenants)
"""
_BELOW = f"""
with {TENANTS}, inside as (
  select tenant_id from area where id = $4 union select id from area where ancestors @> array[$4] and id = tenant_id
)
select o.id, json_build_object(
         'kind', o.kind, 'kind_name', json_build_object('zh', k.name_zh, 'en', k.name_en),
         'person', json_build_object('id', h.id, 'name', h.name),
         'area', json_build_object('id', o.area_id, 'name', o.area_name))::text as item
  from inside join tenants t using (tenant_id) cross join lateral (
    select x.*, at.name as area_name from office x join area at on at.tenant_id = x.tenant_id and at.id = x.area_id
     where x.tenant_id = t.tenant_id and x.id > $6 and $4 = any(at.ancestors || at.id)
       and ($7::text is null or x.kind = $7) and x.starts_on <= $5 and (x.ends_on is null or x.ends_on > $5)
     order by x.id limit $8) o
  join office_kind k on k.key = o.kind
  join person h on h.id = o.person_id and not h.erased
 order by o.id limit $8
"""


async def officers_above(pool: asyncpg.Pool, scope: Scope, area_id: UUID, day: date, cursor: str | None) -> bytes:
    """Who answers for the area, nearest first: all on one page. Raises NotFound outside of the scope."""
    cursors.decode(cursor)  # there is no second page, but what is no cursor is told as everywhere
    found = await pool.fetchval(_ABOVE, scope.root_ids, scope.home_ids, scope.organisation_ids, area_id, day)
    if found is None:
        raise NotFound
    return f'{{"items":{found},"next_cursor":null}}'.encode()


async def officers_below(
    pool: asyncpg.Pool, scope: Scope, area_id: UUID, day: date, kind: str | None, limit: int, cursor: str | None
) -> bytes:
    """One page of those who hold an office in the area or below it, in the order in which they came to it."""
    after = cursors.decode(cursor) if cursor is not None else _START
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    rows = await pool.fetch(_BELOW, *whose, area_id, day, after, kind, limit + 1)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], limit)
