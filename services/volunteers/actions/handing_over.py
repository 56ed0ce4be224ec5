"""An office was handed over: the openings that its holder leads in the area, and that are still to come, are led by the
new holder, with the service records in them. What has begun stays with who began it."""

import orjson

from services.volunteers.house import House
from shared.contracts.directory import OfficeHandedOver
from shared.contracts.events import Envelope
from shared.infra.outbox import first_time

_HAND_OVER = """
with o as (
  update opening o set leader_id = $2, version = version + 1, updated_at = $4
   where o.leader_id = $1 and o.status in ('open', 'full') and o.starts_at > $4 and $3 = any(o.area_path)
  returning *
), history as (
  insert into opening_history (tenant_id, opening_id, version, at, action, from_status, to_status, actor_id,
                               actor_role, facts)
  select tenant_id, id, version, $4, 'hand_over', status, status, null, 'system', $5::jsonb from o
), event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
  select tenant_id, uuidv7(), 'opening.handed_over', id, version, $4, $6::text,
         jsonb_build_object('kind', kind, 'status', status, 'petition_id', petition_id) from o
)
select tenant_id, id from o
"""
# A statement of its own: who claimed a place until the openings were locked is seen by this one only.
_RECORDS = """
update service_record r set leader_id = $3 from unnest($1::uuid[], $2::uuid[]) given(tenant_id, opening_id)
 where r.tenant_id = given.tenant_id and r.opening_id = given.opening_id
"""


async def hand_over(house: House, event: Envelope) -> None:
    """Once per event: the inbox row and all rows that it leads to commit together."""
    given = OfficeHandedOver.model_validate(event.payload)
    facts = {"from": given.from_person_id, "to": given.to_person_id, "office_id": given.to_office_id}
    words, now = orjson.dumps(facts, default=str).decode(), house.clock.now()
    people: tuple[object, ...] = given.from_person_id, given.to_person_id, given.area_id
    async with house.pool.acquire() as connection, connection.transaction():
        if not await first_time(connection, "hand_overs", event):
            return
        rows = await connection.fetch(_HAND_OVER, *people, now, words, event.traceparent)
        keys = [row["tenant_id"] for row in rows], [row["id"] for row in rows]
        await connection.execute(_RECORDS, *keys, given.to_person_id)
