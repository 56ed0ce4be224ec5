"""Openings whose window is over are done: a sweep over the indexed end, safe in many workers at once."""

import asyncio

from services.volunteers.house import House

_BATCH = 200
_EVERY_SECONDS = 5

_FINISH = """
with due as (
  select tenant_id, id, status from opening
   where status in ('open', 'full') and ends_at <= $1 order by ends_at limit $2 for update skip locked
), o as (
  update opening o set status = 'done', version = o.version + 1, updated_at = $1
    from due where o.tenant_id = due.tenant_id and o.id = due.id
  returning o.*, old.status as was
), history as (
  insert into opening_history (tenant_id, opening_id, version, at, action, from_status, to_status, actor_id,
                               actor_role, facts)
  select tenant_id, id, version, $1, 'finish', was, status, null, 'system', '{}' from o
), event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, payload)
  select tenant_id, uuidv7(), 'opening.finished', id, version, $1,
         jsonb_build_object('kind', kind, 'status', status, 'petition_id', petition_id) from o
)
select count(*) from o
"""


async def finish_due(house: House) -> int:
    """Finishes up to a batch; returns how many that were."""
    return int(await house.pool.fetchval(_FINISH, house.clock.now(), _BATCH))


async def finish_openings(house: House) -> None:
    """Runs for ever."""
    while True:
        if await finish_due(house) < _BATCH:
            await asyncio.sleep(_EVERY_SECONDS)
