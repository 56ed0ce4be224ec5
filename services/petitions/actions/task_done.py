"""A task that came from a petition was done: a row in the petition's history. The holder decides what follows."""

from uuid import UUID

from services.petitions.actions.writing import Known, Step, change
from services.petitions.house import House
from services.petitions.queries.viewer import Viewer
from shared.contracts.events import Envelope
from shared.infra.idempotency import Once
from shared.infra.outbox import first_time
from shared.kernel.actor import Actor

_READ = "select tenant_id, id, version, status from petition where tenant_id = $1 and id = $2 for update"


async def note_task_done(house: House, event: Envelope, petition_id: UUID, facts: dict[str, UUID]) -> None:
    """Once per event: the inbox row and the history row commit together."""
    async with house.pool.acquire() as connection, connection.transaction():
        if not await first_time(connection, "service_records", event):
            return
        found = await connection.fetchrow(_READ, event.tenant_id, petition_id)
        if found is None:
            return
        known = Known(found["tenant_id"], found["id"], found["version"], found["status"])
        step = Step(
            action="task_done",
            at=house.clock.now(),
            actor_id=None,
            actor_role="system",
            facts=dict(facts),
            traceparent=event.traceparent,
        )
        nobody = Viewer.of(Actor(event.id, ()))
        await change(connection, nobody, known, {}, step, Once(None, b""), step.at)
