"""An office was handed over: what its holder held in the area, and has not brought to an end, is the new holder's.

One statement for all of it. Each petition gets its row in the history and its event; one that somebody changes in the
same moment is looked at again as it then is, and they find a new version.
"""

import orjson

from services.petitions.domain.states import OPEN
from services.petitions.house import House
from shared.contracts.directory import OfficeHandedOver
from shared.contracts.events import Envelope
from shared.infra.outbox import first_time

#: What lies where the old holder has another office nearer to it stays theirs.
_HAND_OVER = """
with p as (
  update petition p set holder_id = $2, version = version + 1, updated_at = $4
   where p.holder_id = $1 and p.holder_type = 'person' and p.status = any($5) and $3 = any(p.area_path)
     and not exists (
       select from office o where o.person_id = $1 and not o.ended and o.id <> $6
          and array_position(p.area_path, o.area_id) > array_position(p.area_path, $3))
  returning *
), history as (
  insert into petition_history (tenant_id, petition_id, version, at, action, from_status, to_status, actor_id,
                                actor_role, facts)
  select tenant_id, id, version, $4, 'hand_over', status, status, null, 'system', $7::jsonb from p
), event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
  select tenant_id, uuidv7(), 'petition.handed_over', id, version, $4, $8::text,
         jsonb_build_object('number', number, 'status', status, 'area_id', area_id, 'holder_type', holder_type,
                            'holder_id', holder_id) from p
)
select count(*) from p
"""


async def hand_over(house: House, event: Envelope) -> None:
    """Once per event: the inbox row and all rows that it leads to commit together."""
    given = OfficeHandedOver.model_validate(event.payload)
    facts = {"from": given.from_person_id, "to": given.to_person_id, "office_id": given.to_office_id}
    async with house.pool.acquire() as connection, connection.transaction():
        if await first_time(connection, "hand_overs", event):
            await connection.execute(
                _HAND_OVER,
                given.from_person_id,
                given.to_person_id,
                given.area_id,
                house.clock.now(),
                sorted(OPEN),
                given.from_office_id,
                orjson.dumps(facts, default=str).decode(),
                event.traceparent,
            )
