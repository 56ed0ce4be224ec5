"""Organisations that concern a caller: kept by the tenants in scope, or serving areas of them."""

from uuid import UUID

import asyncpg

from services.directory.domain.scope import Scope
from services.directory.queries.parts import TENANT, TENANTS
from shared.infra import cursors

_WANTED = """
not o.closed and o.id < $4 and ($5::text is null or o.kind = $5)
and ($6::text is null or position(lower($6) in lower(o.name)) > 0
     or exists (select from unnest(o.aliases) alias where position(lower($6) in lower(alias)) > 0))
"""
# A short list from each tenant by its primary key; then those that serve from elsewhere, found first (a plan that walks
# all organisations newest first costs ten times as much); then the newest of them all.
_IN_SCOPE = f"""
serving as materialized (
  select o.tenant_id, o.id from organisation o
   where o.serves_tenants && array(select tenant_id from tenants)
     and o.tenant_id not in (select tenant_id from tenants) and {_WANTED}
), found as (
  select o.tenant_id, o.id from tenants t cross join lateral (
    select o.tenant_id, o.id from organisation o where o.tenant_id = t.tenant_id and {_WANTED}
     order by o.id desc limit $7) o
  union all
  (select * from serving order by id desc limit $7)
  order by id desc limit $7
)"""
# Those that serve the area $8, or one around it: few, found by the index on what is served.
_SERVING_AREA = f"""
place as (
  select a.ancestors || a.id as path from area a where a.id = $8 and a.tenant_id in (select tenant_id from tenants)
), found as (
  select o.tenant_id, o.id
    from (select * from organisation where serves && (select path from place) offset 0) o
   where {_WANTED} order by o.id desc limit $7
)"""
_ITEMS = """
with {tenants}, {found}
select o.id, json_build_object(
         'id', o.id, 'kind', o.kind, 'name', o.name, 'aliases', o.aliases,
         'tenant', {tenant},
         'parent', (select json_build_object('id', p.id, 'name', p.name) from organisation p where p.id = o.parent_id),
         'serves', (select coalesce(json_agg(json_build_object('id', a.id, 'kind', a.kind, 'name', a.name)
                                             order by a.id), '[]')
                      from area a where a.id = any(o.serves) and a.tenant_id in (select tenant_id from tenants))
       )::text as item
  from found join organisation o on o.tenant_id = found.tenant_id and o.id = found.id
 order by o.id desc
"""
_TENANT = TENANT.format(tenant_id="o.tenant_id")
_LIST = _ITEMS.format(tenants=TENANTS, found=_IN_SCOPE, tenant=_TENANT)
_SERVING = _ITEMS.format(tenants=TENANTS, found=_SERVING_AREA, tenant=_TENANT)


async def organisations(
    pool: asyncpg.Pool, scope: Scope, kind: str | None, q: str | None, area: UUID | None, limit: int, cursor: str | None
) -> bytes:
    """One page, newest first; `q` is part of a name or alias, `area` what they serve, or something around it.

    Served areas outside of the scope are not named.
    """
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    given = cursors.decode(cursor), kind, q or None, limit + 1
    rows = await (pool.fetch(_SERVING, *whose, *given, area) if area else pool.fetch(_LIST, *whose, *given))
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], limit)
