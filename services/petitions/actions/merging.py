"""Organisations became one: the petitions that one of them held or helped with are the survivor's.

Also those that have ended, since its people answer for what theirs did. Some at a time, each with its row in the
history and its event; nothing is left when the event is taken in again.
"""

import orjson

from services.petitions.house import House
from shared.contracts.directory import OrganisationMerged
from shared.contracts.events import Envelope

#: Petitions in one statement: an organisation may have held very many.
_BATCH = 500

# $1 those who are gone, $2 the survivor.
_TAKE_OVER = """
with wanted as (
  (select tenant_id, id from petition where holder_id = any($1) and holder_type = 'organisation' limit $6)
  union (select tenant_id, id from petition where co_handler_ids && $1::uuid[] limit $6)
  limit $6
), p as (
  update petition p
     set holder_id = case when p.holder_id = any($1) then $2 else p.holder_id end,
         co_handler_ids = array(select distinct case when c = any($1) then $2 else c end from unnest(co_handler_ids) c),
         co_handlers = coalesce((
           select jsonb_agg(distinct case when (c->>'id')::uuid = any($1) then c || jsonb_build_object('id', $2::uuid)
                                          else c end)
             from jsonb_array_elements(co_handlers) c), '[]'),
         version = version + 1, updated_at = $3
    from wanted w
   where p.tenant_id = w.tenant_id and p.id = w.id and (p.holder_id = any($1) or p.co_handler_ids && $1::uuid[])
  returning p.*
), history as (
  insert into petition_history (tenant_id, petition_id, version, at, action, from_status, to_status, actor_id,
                                actor_role, facts)
  select tenant_id, id, version, $3, 'hand_over', status, status, null, 'system', $4::jsonb from p
), event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
  select tenant_id, uuidv7(), 'petition.handed_over', id, version, $3, $5::text,
         jsonb_build_object('number', number, 'status', status, 'area_id', area_id, 'holder_type', holder_type,
                            'holder_id', holder_id) from p
)
select count(*) from p
"""


async def take_over(house: House, event: Envelope) -> None:
    """Until nothing is left. What is changed in the same moment waits for it, and is then looked at as it is."""
    given = OrganisationMerged.model_validate(event.payload)
    facts = {"from_organisations": given.from_organisation_ids, "to_organisation": given.to_organisation_id}
    words = orjson.dumps(facts, default=str).decode()
    who = given.from_organisation_ids, given.to_organisation_id
    while await house.pool.fetchval(_TAKE_OVER, *who, house.clock.now(), words, event.traceparent, _BATCH):
        pass
