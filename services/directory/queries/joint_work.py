"""Agreements, resources, needs and projects of the councils in the caller's view, and what fits a need."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.joint_work import share
from services.directory.domain.scope import scope_of
from services.directory.domain.ties import ORGANISERS, role_in
from services.directory.queries.parts import NAME, STANDING, TENANTS
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

#: Resources that a need names at most.
MOST_MATCHES = 50

_COUNCIL = f"(select {NAME.format(it='o')} from organisation o where o.tenant_id = x.tenant_id and o.id = x.council_id)"
_ORGANISATION = f"(select {NAME.format(it='o')} from organisation o where o.id = x.organisation_id)"
_AREA = f"(select {NAME.format(it='a')} from area a where a.id = x.area_id)"
_FULFILLED = "(select count(*) from jsonb_array_elements(x.clauses) c where c->>'fulfilled_on' is not null)"
_OFFERED = f"""
json_build_object('id', x.id, 'council', {_COUNCIL}, 'kind', x.kind, 'title', x.title, 'organisation', {_ORGANISATION},
                  'area', {_AREA}, 'state', x.state, 'starts_on', x.starts_on, 'ends_on', x.ends_on)
"""
_NAMES = """
(select coalesce(json_agg(json_build_object('id', n.id, 'name', n.title) order by n.id), '[]')
   from {table} n where n.tenant_id = x.tenant_id and n.id = any(x.{table}_ids))
"""
_ITEMS = {
    "agreement": f"""
json_build_object('id', x.id, 'council', {_COUNCIL}, 'title', x.title, 'starts_on', x.starts_on, 'ends_on', x.ends_on,
                  'state', {STANDING.format(it="x", day="$5::date")},
                  'clause_count', jsonb_array_length(x.clauses), 'fulfilled_count', {_FULFILLED})
""",
    "resource": _OFFERED,
    "need": _OFFERED,
    "project": f"""
json_build_object('id', x.id, 'council', {_COUNCIL}, 'title', x.title, 'state', x.state, 'starts_on', x.starts_on,
                  'ends_on', x.ends_on, 'note', x.note, 'needs', {_NAMES.format(table="need")},
                  'resources', {_NAMES.format(table="resource")})
""",
}
_SEEN = "x.tenant_id in (select tenant_id from tenants)"
#: $5 the day, $4 what is asked for: a council, or one thing.
_LIST = """
with {tenants}
select x.id, {item}::text as item from {table} x
 where x.council_id = $4 and {seen} and x.id < $6 and ($7::text is null or {filter} = $7) and $5::date is not null
 order by x.id desc limit $8
"""
_FILTERS = {"agreement": STANDING.format(it="x", day="$5::date"), "resource": "x.kind", "need": "x.kind"}
_LISTS = {
    table: _LIST.format(tenants=TENANTS, item=item, table=table, seen=_SEEN, filter=_FILTERS.get(table, "x.state"))
    for table, item in _ITEMS.items()
}
_ONE = {
    table: f"with {TENANTS} select {_ITEMS[table]}::text as body from {table} x where x.id = $4 and {_SEEN}"
    for table in ("resource", "need", "project")
}
_AGREEMENT = f"""
with {TENANTS}
select {_ITEMS["agreement"]}::text as body, x.version, t.ancestors || t.id as path,
       jsonb_array_length(x.clauses) as clauses, {_FULFILLED} as fulfilled,
       (select coalesce(json_agg({NAME.format(it="o")} order by o.id), '[]')
          from organisation o where o.id = any(x.party_ids))::text as parties,
       (select coalesce(json_agg(json_build_object(
                 'id', c->>'id', 'field', c->>'field', 'text', c->>'text',
                 'organisation', (select {NAME.format(it="o")} from organisation o
                                   where o.id = (c->>'organisation_id')::uuid),
                 'fulfilled_on', c->>'fulfilled_on', 'note', c->>'note') order by place), '[]')
          from jsonb_array_elements(x.clauses) with ordinality e(c, place))::text as said
  from agreement x join area t on t.tenant_id = x.tenant_id and t.id = x.tenant_id
 where x.id = $4 and {_SEEN}
"""
#: Same council and kind, at the same time, in the same place: one lies in the other, or it is offered everywhere.
_NEED = f"""
with {TENANTS}, need as (
  select x.*, (select a.ancestors || a.id from area a where a.id = x.area_id) as path
    from need x where x.id = $4 and {_SEEN}
), fitting as (
  select x.* from need n
    join resource x on x.tenant_id = n.tenant_id and x.council_id = n.council_id and x.kind = n.kind
    left join area a on a.id = x.area_id
   where x.state = 'open' and (x.ends_on is null or x.ends_on > greatest(n.starts_on, $5))
     and (n.ends_on is null or x.starts_on < n.ends_on)
     and (x.area_id is null or n.area_id is null or x.area_id = any(n.path) or n.area_id = any(a.ancestors))
   order by x.id limit {MOST_MATCHES}
)
select {_OFFERED}::text as body, x.version,
       (select coalesce(json_agg({_OFFERED} order by x.id), '[]') from fitting x)::text as matches
  from need x
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page of a council's list; `filter` is a kind, or the state of an agreement or a project."""

    council: UUID
    limit: int
    cursor: str | None
    filter: str | None


async def listed(pool: asyncpg.Pool, actor: Actor, table: str, wanted: Wanted, day: date) -> bytes:
    """One page of a council's list, newest first."""
    after = cursors.decode(wanted.cursor)
    which = wanted.council, day, after, wanted.filter, wanted.limit + 1
    rows = await pool.fetch(_LISTS[table], *_view(actor), *which)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], wanted.limit)


async def one(pool: asyncpg.Pool, actor: Actor, table: str, id: UUID) -> bytes:
    """One resource, need or project; raises NotFound."""
    found: str | None = await pool.fetchval(_ONE[table], *_view(actor), id)
    if found is None:
        raise NotFound
    return found.encode()


async def need(pool: asyncpg.Pool, actor: Actor, id: UUID, day: date) -> tuple[bytes, int]:
    """One need with the resources that fit it, and its version; raises NotFound."""
    row = await pool.fetchrow(_NEED, *_view(actor), id, day)
    if row is None:
        raise NotFound
    body: str = row["body"]
    return f'{body.rstrip()[:-1]},"matches":{row["matches"]}}}'.encode(), row["version"]


async def agreement(pool: asyncpg.Pool, actor: Actor, id: UUID, day: date) -> tuple[bytes, int]:
    """One agreement with its clauses, and its version; raises NotFound."""
    row = await pool.fetchrow(_AGREEMENT, *_view(actor), id, day)
    if row is None:
        raise NotFound
    more: dict[str, Any] = {
        "share": share(row["fulfilled"], row["clauses"]),
        "allowed_actions": ["update", "fulfil"] if role_in(actor, ORGANISERS, row["path"]) else [],
    }
    body: str = row["body"]
    parts = f'"parties":{row["parties"]},"clauses":{row["said"]},'.encode()
    return body.rstrip()[:-1].encode() + b"," + parts + orjson.dumps(more)[1:], row["version"]


def _view(actor: Actor) -> tuple[list[UUID], list[UUID], list[UUID]]:
    scope = scope_of(actor)
    return scope.root_ids, scope.home_ids, scope.organisation_ids
