"""The relay: takes committed events from a service's outbox to the bus, in order, while it holds the lease.

It walks by "not yet published", never by "id greater than the last one", because sequences commit out of order. A
crash between publishing and marking publishes again; JetStream drops the copy by its id, and consumers know the event.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from nats.aio.client import Client

from shared.contracts.events import Envelope
from shared.infra import bus
from shared.infra.metrics import EVENTS_PUBLISHED, OUTBOX_WAITING
from shared.kernel.ids import new_id

log = structlog.get_logger()

#: How long a relay that was killed keeps the next one waiting; a slow one loses it, which only makes copies.
_LEASE = timedelta(seconds=3)
_ASK_AGAIN_SECONDS = 0.5
_IDLE_SECONDS = 0.1
_BATCH = 500

_TAKE_LEASE = """
insert into lease (name, holder, until) values ('relay', $1, $3)
on conflict (name) do update set holder = excluded.holder, until = excluded.until
 where lease.holder = excluded.holder or lease.until < $2
returning true
"""
_WAITING = """
select seq, id, type, tenant_id, aggregate_id, aggregate_version, at, traceparent, payload::text as payload
  from outbox where published_at is null order by seq limit $1
"""
_MARK = "update outbox set published_at = $2 where seq = any($1::bigint[])"


class Relay:
    """One relay of one service. Any number may run; the lease lets one of them work."""

    def __init__(self, service: str, pool: asyncpg.Pool, client: Client) -> None:
        self.service = service
        self.pool = pool
        self.client = client
        self.holder: UUID = new_id()

    async def run(self) -> None:
        while True:
            if not await self.holds_lease():
                await asyncio.sleep(_ASK_AGAIN_SECONDS)
            elif await self.publish_batch() < _BATCH:
                await asyncio.sleep(_IDLE_SECONDS)

    async def holds_lease(self) -> bool:
        now = datetime.now(UTC)
        return bool(await self.pool.fetchval(_TAKE_LEASE, self.holder, now, now + _LEASE))

    async def publish_batch(self) -> int:
        """Publishes what waits, up to a batch; returns how many events that were."""
        rows = await self.pool.fetch(_WAITING, _BATCH)
        OUTBOX_WAITING.labels(self.service).set(len(rows))
        if not rows:
            return 0
        # Sent one after the other on one connection, answered together: in order, at one disk wait for all.
        events = [bus.publish(self.client, self.service, _envelope(row)) for row in rows]
        results = await asyncio.gather(*events, return_exceptions=True)
        failed = next((r for r in results if isinstance(r, BaseException)), None)
        done = [row["seq"] for row, result in zip(rows, results, strict=True) if not isinstance(result, BaseException)]
        await self.pool.execute(_MARK, done, datetime.now(UTC))
        EVENTS_PUBLISHED.labels(self.service).inc(len(done))
        if failed is not None:
            raise failed
        return len(rows)


def _envelope(row: Any) -> Envelope:
    return Envelope.model_validate(dict(row) | {"payload": orjson.loads(row["payload"])})


_FORGET = (
    ("delete from outbox where published_at < $1", timedelta(days=7)),
    ("delete from inbox where at < $1", timedelta(days=30)),
    ("delete from idempotency where at < $1", timedelta(hours=24)),
)


async def forget_old(pool: asyncpg.Pool) -> None:
    """Removes what the frame keeps for a time only; runs for ever, once an hour."""
    while True:
        for statement, age in _FORGET:
            await pool.execute(statement, datetime.now(UTC) - age)
        await asyncio.sleep(3600)


async def first_time(connection: Any, consumer: str, event: Envelope) -> bool:
    """Records the event for the consumer within the caller's transaction; False when it was carried out before."""
    status: str = await connection.execute(
        "insert into inbox (consumer, event_id, at) values ($1, $2, $3) on conflict do nothing",
        consumer,
        event.id,
        datetime.now(UTC),
    )
    return status == "INSERT 0 1"
