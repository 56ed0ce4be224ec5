"""No event is so lost that somebody goes without their points."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.volunteers.actions.awarding_again import announce_again
from shared.kernel.clock import MovedClock
from tests.services.volunteers.steps import brought_to
from tests.support.world import World


async def test_what_was_approved_and_never_awarded_is_announced_again(world: World, clock: MovedClock) -> None:
    record = await brought_to(world, clock, "approved")
    house: Any = world.assembly.app("volunteers").state.house
    event = "from outbox where type = 'service_record.approved' and aggregate_id = $1"

    async def published(at: datetime) -> int:
        """As if the bus had taken the event then, and lost it; how often it is announced again."""
        await house.pool.execute(f"update outbox set published_at = $2 where id in (select id {event})", record_id, at)
        await announce_again(house)
        return await house.pool.fetchval(f"select count(*) {event} and published_at is null", record_id)

    record_id = UUID(record["id"])
    assert await published(datetime.now(UTC)) == 0
    assert await published(datetime.now(UTC) - timedelta(minutes=5)) == 1
    await house.pool.execute("update service_record set status = 'awarded' where id = $1", record_id)
    assert await published(datetime.now(UTC) - timedelta(minutes=5)) == 0
