"""Awards what was just approved without waiting for the worker: for who plays a past in one transaction.

The events still go out to the bus afterwards; an award counts once, so the worker's changes nothing.
"""

from collections.abc import Sequence
from uuid import UUID

import orjson

from services.volunteers.actions.points import award
from services.volunteers.house import House
from shared.contracts.events import Envelope

_APPROVED = """
select id, type, tenant_id, aggregate_id, aggregate_version, at, traceparent, payload::text as payload
  from outbox where published_at is null and type = 'service_record.approved' and aggregate_id = any($1::uuid[])
 order by seq
"""


async def award_now(house: House, record_ids: Sequence[UUID]) -> None:
    """Posts the points of these service records, those of them that wait for it."""
    for row in await house.pool.fetch(_APPROVED, record_ids):
        await award(house, Envelope.model_validate(dict(row) | {"payload": orjson.loads(row["payload"])}))
