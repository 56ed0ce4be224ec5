"""From the outbox over the bus to a consumer: in order, once by effect, and what fails does not block."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import nats
import pytest
from nats.aio.client import Client

from deploy.assemble import Assembly
from deploy.services import SERVICES, SUBSCRIPTIONS
from shared.contracts.events import Envelope
from shared.infra import bus
from shared.infra.outbox import Relay, first_time
from shared.infra.worker import Job, running
from shared.kernel.ids import new_id

pytestmark = pytest.mark.usefixtures("assembly")


@pytest.fixture
async def pool(assembly: Assembly) -> asyncpg.Pool:
    found: asyncpg.Pool = assembly.app("petitions").state.house.pool
    return found


@pytest.fixture
async def client(environment: dict[str, str]) -> AsyncIterator[Client]:
    async with bus.connect(environment["LINLI_PETITIONS_BUS_URL"], "petitions") as connected:
        yield connected


@pytest.fixture
async def admin(environment: dict[str, str]) -> AsyncIterator[Client]:
    async with bus.connect(environment["LINLI_BUS_URL"], "admin") as connected:
        yield connected


async def put_into_outbox(pool: asyncpg.Pool, aggregate: UUID, version: int) -> UUID:
    event = new_id()
    await pool.execute(
        "insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, payload)"
        " values ($1, $2, 'test.happened', $1, $3, $4, '{}')",
        aggregate,
        event,
        version,
        datetime.now(UTC),
    )
    return event


async def read_all(admin: Client, aggregate: UUID) -> list[Envelope]:
    """Everything about one aggregate that is on the stream, in its order."""
    found = []
    reading = await admin.jetstream().subscribe("petitions.test.happened", ordered_consumer=True)
    waiting = (await admin.jetstream().stream_info("petitions")).state.messages
    while waiting:
        message = await reading.next_msg(timeout=2)
        event = Envelope.model_validate_json(message.data)
        if event.aggregate_id == aggregate:
            found.append(event)
        if message.metadata.num_pending == 0:
            break
    await reading.unsubscribe()
    return found


async def test_events_reach_the_stream_in_order_and_are_marked(pool: Any, client: Client, admin: Client) -> None:
    aggregate = new_id()
    sent = [await put_into_outbox(pool, aggregate, version) for version in range(1, 21)]
    relay = Relay("petitions", pool, client)
    while await relay.publish_batch():
        pass
    assert [event.id for event in await read_all(admin, aggregate)] == sent
    waiting = await pool.fetchval(
        "select count(*) from outbox where aggregate_id = $1 and published_at is null", aggregate
    )
    assert waiting == 0


async def test_a_relay_that_dies_before_it_marks_publishes_no_second_copy(
    pool: Any, client: Client, admin: Client
) -> None:
    aggregate = new_id()
    await put_into_outbox(pool, aggregate, 1)
    relay = Relay("petitions", pool, client)
    await relay.publish_batch()
    await pool.execute("update outbox set published_at = null where aggregate_id = $1", aggregate)
    await relay.publish_batch()
    assert len(await read_all(admin, aggregate)) == 1


async def test_an_event_that_commits_late_is_published_all_the_same(pool: Any, client: Client, admin: Client) -> None:
    late, early = new_id(), new_id()
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await put_into_outbox(slow, late, 1)  # takes its number first
        await put_into_outbox(pool, early, 1)
        relay = Relay("petitions", pool, client)
        await relay.publish_batch()
        await transaction.commit()
    await relay.publish_batch()
    assert len(await read_all(admin, late)) == len(await read_all(admin, early)) == 1


async def test_one_relay_holds_the_lease_and_another_takes_over(pool: Any, client: Client) -> None:
    await pool.execute("delete from lease")
    first, second = Relay("petitions", pool, client), Relay("petitions", pool, client)
    assert await first.holds_lease()
    assert not await second.holds_lease()
    assert await first.holds_lease()
    await pool.execute("update lease set until = until - interval '1 minute'")
    assert await second.holds_lease()
    assert not await first.holds_lease()
    await pool.execute("delete from lease")


async def test_an_event_is_new_to_a_consumer_once(pool: Any) -> None:
    event = _event(new_id())
    async with pool.acquire() as connection, connection.transaction():
        assert await first_time(connection, "one", event)
    async with pool.acquire() as connection, connection.transaction():
        assert not await first_time(connection, "one", event)
        assert await first_time(connection, "two", event)


def _event(aggregate: UUID) -> Envelope:
    return Envelope(
        id=new_id(),
        type="test.happened",
        tenant_id=aggregate,
        aggregate_id=aggregate,
        aggregate_version=1,
        at=datetime.now(UTC),
        payload={},
    )


async def test_what_fails_is_tried_again_and_blocks_nothing(client: Client, admin: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(bus, "RETRY_DELAYS", (0.05, 0.05))
    test = bus.Subscription("petitions", "directory", "petitions", ("test.fragile",))
    await _as_admin_consumer(admin, test)
    bad, good = _event(new_id()), _event(new_id())
    for event in (bad, good):
        await bus.publish(client, "petitions", event.model_copy(update={"type": "test.fragile"}))
    tries: list[UUID] = []
    done = asyncio.Event()

    async def handle(event: Envelope) -> None:
        tries.append(event.id)
        if event.id == bad.id:
            if tries.count(bad.id) == 3:
                done.set()
            raise RuntimeError("does not work")

    async with running([Job("consume", lambda: bus.consume(client, test, handle))]):
        async with asyncio.timeout(10):
            await done.wait()
        dead = await _dead(admin)
    assert tries.count(good.id) == 1 and tries.count(bad.id) == 3
    assert dead.id == bad.id


async def _as_admin_consumer(admin: Client, subscription: bus.Subscription) -> None:
    from nats.js.api import AckPolicy, ConsumerConfig

    await admin.jetstream().add_consumer(
        subscription.stream,
        ConsumerConfig(
            durable_name=subscription.durable,
            filter_subjects=[f"{subscription.stream}.{s}" for s in subscription.subjects],
            ack_policy=AckPolicy.EXPLICIT,
        ),
    )


async def _dead(admin: Client) -> Envelope:
    reading = await admin.jetstream().subscribe("dead.petitions.directory", ordered_consumer=True)
    message = await reading.next_msg(timeout=5)
    await reading.unsubscribe()
    return Envelope.model_validate_json(message.data)


async def test_a_service_publishes_on_its_own_stream_only(client: Client) -> None:
    event = _event(new_id())
    with pytest.raises((nats.errors.Error, TimeoutError)):
        await client.jetstream().publish(
            "volunteers.service_record.approved", event.model_dump_json().encode(), timeout=0.5
        )


async def test_the_bus_knows_every_consumer_of_the_services(environment: dict[str, str]) -> None:
    """The rights in deploy/machine/nats.py name durables one by one; a new consumer must be named there too."""
    from deploy.machine.nats import DURABLES

    wanted = {s: sorted(x.durable for x in SUBSCRIPTIONS if x.service == s) for s in SERVICES}
    assert {s: sorted(DURABLES.get(s, ())) for s in SERVICES} == wanted
