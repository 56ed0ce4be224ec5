"""What was approved and not awarded is announced again: no event is so lost that somebody goes without their points.

An event can be gone for good: the bus lost its store, or kept it for a week while the machine was off. The award itself
counts once, whatever is repeated (its transfer is named by the record and the rule version).
"""

import asyncio
from datetime import UTC, datetime, timedelta

from services.volunteers.house import House

#: Longer than the bus remembers what it has seen (it would drop the second copy), and than an award ever takes.
_OVERDUE = timedelta(minutes=3)
_EVERY_SECONDS = 60

#: There are indexes of just what waits for its award, and of just these events.
_AGAIN = """
update outbox o set published_at = null
  from service_record r
 where o.type = 'service_record.approved' and o.published_at < $1
   and r.tenant_id = o.tenant_id and r.id = o.aggregate_id and r.status = 'approved'
"""


async def announce_again(house: House) -> int:
    """Puts the events of overdue awards back into the queue; how many there were."""
    status: str = await house.pool.execute(_AGAIN, datetime.now(UTC) - _OVERDUE)
    return int(status.rsplit(" ", 1)[1])


async def award_overdue(house: House) -> None:
    """Runs for ever."""
    while True:
        await announce_again(house)
        await asyncio.sleep(_EVERY_SECONDS)
