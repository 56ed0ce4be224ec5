"""One organisation: what it is, what it does where, what became of it and what was done to it."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.organisations import allowed_actions
from services.directory.domain.scope import scope_of
from services.directory.queries.parts import TENANT, TENANTS
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

#: Whether the organisation `o` exists for the caller: kept by a tenant in scope, or serving one.
SEEN = """
(o.tenant_id in (select tenant_id from tenants) or o.serves_tenants && array(select tenant_id from tenants))
"""
#: What took in the organisation `o`, and that in turn, as far as it is open.
_HEIRS = """
(with recursive heir as (
   select s.successor_id as id from organisation_succession s where s.organisation_id = o.id
   union select s.successor_id from heir join organisation_succession s on s.organisation_id = heir.id
 )
 select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) order by x.id), '[]')
   from heir join organisation x on x.id = heir.id where not x.closed)
"""
_AREA = "json_build_object('id', a.id, 'kind', a.kind, 'name', a.name)"
_SERVES = f"""
(select coalesce(json_agg({_AREA} order by a.id), '[]')
   from area a where a.id = any(o.serves) and a.tenant_id in (select tenant_id from tenants))
"""
_SUPPORTS = f"""
(select coalesce(json_agg(json_build_object('id', s.id, 'area', {_AREA}, 'starts_on', s.starts_on,
                                            'ends_on', s.ends_on) order by s.id desc), '[]')
   from support s join area a on a.tenant_id = s.tenant_id and a.id = s.area_id
  where s.organisation_id = o.id and a.tenant_id in (select tenant_id from tenants)
    and (s.ends_on is null or s.ends_on > $5))
"""
_DETAIL = """
with {tenants}
select json_build_object(
         'id', o.id, 'kind', o.kind, 'name', o.name, 'aliases', o.aliases, 'tenant', {tenant},
         'parent', (select json_build_object('id', p.id, 'name', p.name) from organisation p where p.id = o.parent_id),
         'serves', {serves}, 'credit_code', o.credit_code, 'formation_status', o.formation_status,
         'contact', json_build_object('phone', o.phone, 'address', o.address, 'opening_times', o.opening_times),
         'responsibilities', o.responsibilities, 'supports', {supports},
         'closed', o.closed, 'closed_on', o.closed_on, 'succeeded_by', {heirs})::text as body,
       o.version, o.closed, t.ancestors || t.id as path
  from organisation o join area t on t.tenant_id = o.tenant_id and t.id = o.tenant_id where o.id = $4 and {seen}
""".format(
    tenants=TENANTS,
    tenant=TENANT.format(tenant_id="o.tenant_id"),
    serves=_SERVES,
    supports=_SUPPORTS,
    heirs=_HEIRS,
    seen=SEEN,
)
_VISIBLE = f"with {TENANTS} select o.id from organisation o where o.id = any($4) and {SEEN}"


async def detail(pool: asyncpg.Pool, actor: Actor, organisation_id: UUID, day: date) -> tuple[bytes, int]:
    """One organisation and its version; raises NotFound, also for what lies outside of the caller's scope."""
    row = await pool.fetchrow(_DETAIL, *_whose(actor), organisation_id, day)
    if row is None:
        raise NotFound
    body: str = row["body"]
    more = {"allowed_actions": allowed_actions(actor, organisation_id, row["path"], closed=row["closed"])}
    return body[:-1].encode() + b"," + orjson.dumps(more)[1:], row["version"]


async def visible(connection: Any, actor: Actor, ids: list[UUID]) -> set[UUID]:
    """Those of the organisations that exist for the caller."""
    return {row["id"] for row in await connection.fetch(_VISIBLE, *_whose(actor), ids)}


def _whose(actor: Actor) -> tuple[list[UUID], list[UUID], list[UUID]]:
    scope = scope_of(actor)
    return scope.root_ids, scope.home_ids, scope.organisation_ids


_PAST = f"""
with {TENANTS}, seen as (
  select o.id from organisation o where o.id = $4 and {SEEN}
)
select s.id, json_build_object('id', s.id, 'area', {_AREA}, 'starts_on', s.starts_on,
                               'ends_on', s.ends_on)::text as item
  from seen left join (
    support s join area a on a.tenant_id = s.tenant_id and a.id = s.area_id
                         and a.tenant_id in (select tenant_id from tenants)
  ) on s.organisation_id = seen.id and s.id < $5
 order by s.id desc limit $6
"""


async def supports(pool: asyncpg.Pool, actor: Actor, organisation_id: UUID, limit: int, cursor: str | None) -> bytes:
    """One page of what it supports or supported, newest first; raises NotFound for one that is out of scope."""
    rows = await pool.fetch(_PAST, *_whose(actor), organisation_id, cursors.decode(cursor), limit + 1)
    if not rows:
        raise NotFound
    found = [row for row in rows if row["id"] is not None]
    return cursors.page([row["item"] for row in found], [row["id"] for row in found], limit)
