"""Who may have been entered twice: the same telephone or identity number, or the same name, year of birth and home.

A report over all whom the caller's communities keep, put together once and then shown page by page: the oldest record
of each group with those that may be the same person, and why. People of one household often share a telephone; whether
two are one is for staff to say.
"""

from uuid import UUID

import asyncpg

from services.directory.domain.people import MERGERS
from shared.infra import cursors
from shared.kernel.actor import Actor

_DUPLICATES = """
with places as materialized (
  select a.id, a.tenant_id from area a
   where a.id = any($1::uuid[]) and (a.ancestors || a.id) && $2::uuid[] and a.id = a.tenant_id
), kept as materialized (
  select id from places union select t.id from places join area t on t.ancestors @> array[places.id]
   where t.id = t.tenant_id
), groups as (
  select s.field as reason, array_agg(p.id order by p.id) as ids
    from sealed_value s join person p on p.tenant_id = s.tenant_id and p.id = s.owner_id
   where s.tenant_id in (select id from kept) and s.field in ('phone', 'id_number')
     and not p.erased and p.merged_into is null
   group by s.field, s.blind having count(*) > 1
  union all
  select 'likeness', array_agg(p.id order by p.id) from person p
   where p.tenant_id in (select id from kept) and p.home_id is not null and not p.erased and p.merged_into is null
   group by p.name, p.birth_year, p.home_id having count(*) > 1
), pairs as (
  select ids[1] as id, other, array_agg(reason order by reason) as reasons
    from groups cross join lateral unnest(ids[2:]) other group by ids[1], other
)
select pairs.id, json_build_object(
         'person', (select json_build_object('id', p.id, 'name', p.name) from person p where p.id = pairs.id),
         'alike', json_agg(json_build_object('id', o.id, 'name', o.name, 'reasons', pairs.reasons) order by o.id)
       )::text as item
  from pairs join person o on o.id = pairs.other
 where pairs.id < $3 group by pairs.id order by pairs.id desc limit $4
"""


async def duplicates(pool: asyncpg.Pool, actor: Actor, area_id: UUID | None, limit: int, cursor: str | None) -> bytes:
    """One page of the groups in the caller's communities, or in one of them and those below it; newest first."""
    roots = list(actor.area_roots(MERGERS))
    places = [area_id] if area_id else roots
    rows = await pool.fetch(_DUPLICATES, places, roots, cursors.decode(cursor), limit + 1)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], limit)
