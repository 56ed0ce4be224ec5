"""Who is missing: offices that nobody holds, households without anybody, compounds without an owners' committee.

全覆盖、责任到人: every household has somebody nearer than the community itself.
"""

from datetime import date
from uuid import UUID

import asyncpg

from services.directory.domain.permissions import REVIEWERS
from services.directory.queries.parts import BRIEF
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

#: Areas that each list names at most; the figures count all.
MOST_NAMED = 100

_ITEM = """
json_build_object('id', x.id, 'kind', x.kind, 'name', x.name, 'households', x.households,
                  'parent', (select json_build_object('id', p.id, 'name', p.name) from area p where p.id = x.parent_id))
"""


def _named(rows: str) -> str:
    return f"(select coalesce(json_agg({_ITEM} order by x.id), '[]') from ({rows} order by id limit {MOST_NAMED}) x)"


# `held` knows the offices around the area too: a grid's officer answers for the households of one of its compounds.
# Each area looks its officers up (LATERAL), however many areas there are; a join would read every office there is.
# An area counts its households itself only where nothing below it does. What is looked for in a list of many stands in
# an `in (select …)` that PostgreSQL hashes: it takes lists made on the way for short, and would go through them.
_COVERAGE = f"""
with root as materialized (
  select * from area where id = $1 and (ancestors || id) && $2::uuid[]
), inside as materialized (
  select * from root where not closed
  union all select a.* from area a where a.ancestors @> array[$1::uuid] and not a.closed and exists (select from root)
), held as materialized (
  select distinct o.area_id, o.kind from (select id from inside union select unnest(ancestors) from root) place
   cross join lateral (
     select area_id, kind from office
      where area_id = place.id and starts_on <= $3 and (ends_on is null or ends_on > $3) offset 0) o
), required as (
  select k.key, k.position, i.id, i.kind, i.name, i.parent_id, i.households,
         (i.id, k.key) not in (select area_id, kind from held) as vacant
    from office_kind k join inside i on i.kind = any(k.required_in)
), counting as (
  select * from inside where households > 0
     and id not in (select parent_id from inside where households > 0 and parent_id is not null)
), near as (
  select distinct h.area_id from held h join area a on a.id = h.area_id and a.id <> a.tenant_id
), alone as (
  select * from counting
   where not (select bool_or(step.id in (select area_id from near)) from unnest(ancestors || counting.id) step(id))
), compound as (
  select i.*, (
           select o.formation_status from organisation o
            where o.kind = 'owners_committee' and not o.closed and o.serves_tenants @> array[i.tenant_id]
              and o.serves && ((i.ancestors || i.id)[array_position(i.ancestors || i.id, i.tenant_id):])
            order by o.formation_status = 'formed' desc, i.id = any(o.serves) desc, o.id desc limit 1
         ) as formation_status
    from inside i where i.kind = 'compound'
)
select json_build_object(
  'area', (select {BRIEF} from root a),
  'offices', (
    select coalesce(json_agg(json_build_object(
             'kind', r.key, 'area_kind', r.kind, 'required', r.required, 'vacant', r.vacant,
             'areas', {_named("select * from required where vacant and key = r.key and kind = r.kind")})
             order by r.position, r.kind), '[]')
      from (select key, position, kind, count(*) as required, count(*) filter (where vacant) as vacant
              from required group by key, position, kind) r),
  'households', json_build_object(
    'counted', (select coalesce(sum(households), 0) from counting),
    'without_anybody', (select coalesce(sum(households), 0) from alone),
    'areas', {_named("select * from alone")}),
  'owners_committees', json_build_object(
    'compounds', (select count(*) from compound),
    'without', (select count(*) from compound where formation_status is distinct from 'formed'),
    'by_status', (
      select coalesce(json_object_agg(status, compounds order by status), '{{}}')
        from (select coalesce(formation_status, 'none') as status, count(*) as compounds from compound group by 1) c),
    'areas', {_named("select * from compound where formation_status is distinct from 'formed'")}))::text
  from root
"""


async def coverage(pool: asyncpg.Pool, actor: Actor, area_id: UUID, day: date) -> bytes:
    """What is missing in the area on that day; raises NotFound outside of the areas where the caller has a say."""
    found: str | None = await pool.fetchval(_COVERAGE, area_id, list(actor.area_roots(REVIEWERS)), day)
    if found is None:
        raise NotFound
    return found.encode()
