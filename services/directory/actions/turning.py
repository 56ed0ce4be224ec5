"""Offices that begin or end today: a sweep over the day on which they turn, safe in many workers at once.

Nothing in the directory itself waits for it, since every question here names a day. The other services keep only
whether an office is held, so on that day each has to stand in the change feed anew; and what was handed over for that
day is handed over now.
"""

import asyncio

from services.directory.domain.days import day_of
from services.directory.house import House

_BATCH = 500
_EVERY_SECONDS = 30

_TURN = """
with due as (
  select tenant_id, id from office where turns_on <= $1 order by turns_on limit $2 for update skip locked
), turned as (
  update office o set version = o.version + 1, turns_on = case when o.ends_on > $1 then o.ends_on end
    from due where o.tenant_id = due.tenant_id and o.id = due.id
  returning o.*, old.turns_on as turned_on
), fed as (
  insert into change (tenant_id, kind, entity_id) select tenant_id, 'office', id from turned
  on conflict (tenant_id, kind, entity_id) do update set xid = default, seq = default returning seq
), told as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, payload)
  select tenant_id, uuidv7(), 'directory.changed', tenant_id, (select max(seq) from fed), $3, '{"kinds": ["office"]}'
    from turned limit 1
), handed_over as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, payload)
  select t.tenant_id, uuidv7(), 'office.handed_over', t.id, t.version, $3,
         jsonb_build_object('area_id', t.area_id, 'kind', t.kind, 'from_office_id', was.id,
                            'from_person_id', was.person_id, 'to_office_id', t.id, 'to_person_id', t.person_id)
    from turned t join office was on was.id = t.follows and was.person_id <> t.person_id
   where t.turned_on = t.starts_on
)
select count(*) from turned
"""


async def turn_due(house: House) -> int:
    """Tells of up to a batch; returns how many that were."""
    now = house.clock.now()
    return int(await house.pool.fetchval(_TURN, day_of(now), _BATCH, now))


async def turn_offices(house: House) -> None:
    """Runs for ever."""
    while True:
        if await turn_due(house) < _BATCH:
            await asyncio.sleep(_EVERY_SECONDS)
