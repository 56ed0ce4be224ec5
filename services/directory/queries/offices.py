"""Offices held: lists of who holds what from when until when, one of them, and what was done to it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.days import day_of
from services.directory.domain.offices import allowed_on_office
from services.directory.domain.scope import Scope, scope_of
from services.directory.house import House
from services.directory.queries.parts import TENANTS
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_START = UUID(int=0)
_ITEM = """
json_build_object('id', o.id, 'kind', o.kind, 'kind_name', json_build_object('zh', k.name_zh, 'en', k.name_en),
                  'person', json_build_object('id', h.id, 'name', h.name),
                  'area', json_build_object('id', a.id, 'name', a.name),
                  'starts_on', o.starts_on, 'ends_on', o.ends_on, 'follows', o.follows)::text
"""
_JOINED = """
  join office_kind k on k.key = o.kind
  join area a on a.tenant_id = o.tenant_id and a.id = o.area_id
  left join person h on h.id = o.person_id and not h.erased
"""
_WANTED = """
x.id > $4 and x.starts_on <= $5 and (x.ends_on is null or x.ends_on > $5) and ($6::text is null or x.kind = $6)
"""
# Those of one area or person are few; else a short list from each tenant, by its key, or by that with the kind.
_FROM = {
    "area": "(select x.* from office x where x.area_id = $8 and {wanted}) o join tenants t using (tenant_id)",
    "person": "(select x.* from office x where x.person_id = $8 and {wanted}) o join tenants t using (tenant_id)",
    "both": """
(select x.* from office x where x.area_id = $8 and x.person_id = $9 and {wanted}) o join tenants t using (tenant_id)""",
    "anywhere": """
tenants t cross join lateral (
  select x.* from office x where x.tenant_id = t.tenant_id and {wanted} order by x.id limit $7) o""",
}


def _list(place: str) -> str:
    return f"""
with {TENANTS}
select o.id, {_ITEM} as item from {_FROM[place].format(wanted=_WANTED)} {_JOINED} order by o.id limit $7
"""


_LISTS = {place: _list(place) for place in _FROM}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which offices: in that very area, of a kind, of a person; those held on the day."""

    limit: int
    cursor: str | None
    area: UUID | None
    kind: str | None
    person: UUID | None
    on: date


async def listed(pool: asyncpg.Pool, scope: Scope, wanted: Wanted) -> bytes:
    """One page of the offices in the caller's scope, in the order in which people came to them."""
    after = cursors.decode(wanted.cursor) if wanted.cursor is not None else _START
    named = [id for id in (wanted.area, wanted.person) if id is not None]
    place = "both" if len(named) == 2 else "area" if wanted.area else "person" if wanted.person else "anywhere"
    rows = await pool.fetch(
        _LISTS[place],
        *(scope.root_ids, scope.home_ids, scope.organisation_ids),
        *(after, wanted.on, wanted.kind, wanted.limit + 1),
        *named,
    )
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], wanted.limit)


_DETAIL = f"""
with {TENANTS}
select {_ITEM} as body, o.version, o.person_id, o.ends_on, a.ancestors || a.id as path
  from office o {_JOINED} where o.id = $4 and o.tenant_id in (select tenant_id from tenants)
"""


async def detail(pool: asyncpg.Pool, actor: Actor, office_id: UUID, day: date) -> tuple[bytes, int]:
    """One office and its version; raises NotFound, also for what lies outside of the caller's scope."""
    scope = scope_of(actor)
    row = await pool.fetchrow(_DETAIL, scope.root_ids, scope.home_ids, scope.organisation_ids, office_id)
    if row is None:
        raise NotFound
    body: str = row["body"]
    more = {"allowed_actions": allowed_on_office(actor, row["path"], row["ends_on"], day)}
    return body[:-1].encode() + b"," + orjson.dumps(more)[1:], row["version"]


async def again(house: House, actor: Actor, office_id: UUID) -> bytes:
    """What a change of an office answers with."""
    body, _ = await detail(house.pool, actor, office_id, day_of(house.clock.now()))
    return body


_PASSED_ON = f"""
with {TENANTS}
select o.id, {_ITEM} as item
  from office was join office o on o.area_id = was.area_id and o.follows = was.id and o.person_id = $5 {_JOINED}
 where was.person_id = $4 and o.tenant_id in (select tenant_id from tenants) order by o.id
"""


async def passed_on(house: House, actor: Actor, holder_id: UUID, person_id: UUID) -> bytes:
    """All offices that the one person has handed over to the other: one page."""
    scope = scope_of(actor)
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    rows = await house.pool.fetch(_PASSED_ON, *whose, holder_id, person_id)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], len(rows))
