"""NATS JetStream: streams, publishing, and one small loop that consumes.

Every service has a stream of its own name (subjects `<service>.>`), may publish there only, and reads through durable
pull consumers named `<service>_<what>`. Streams and consumers are made by `linli migrate`, so a service needs no right
to make any. What fails again and again goes to the stream `dead`, and does not block what comes after.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from shared.contracts.events import Envelope
from shared.infra.aside import put_aside
from shared.infra.metrics import EVENTS_CONSUMED
from shared.infra.web.frame import where
from shared.infra.web.problems import as_problem

log = structlog.get_logger()

#: Seconds before each new try of an event that failed; after the last the event is put aside.
RETRY_DELAYS = (1, 5, 15, 60, 300, 900, 3600)
_AWAY_DELAY = 5
_WEEK = 7 * 24 * 3600
#: Seconds after which an event that a worker took, and was killed with, is given to the next.
_ACK_WAIT = 10


@dataclass(frozen=True, slots=True)
class Subscription:
    """A durable consumer: `service` reads `subjects` of `stream` under the name `<service>_<name>`."""

    service: str
    name: str
    stream: str
    subjects: tuple[str, ...]

    @property
    def durable(self) -> str:
        return f"{self.service}_{self.name}"


Consume = Callable[[Envelope], Awaitable[None]]


@asynccontextmanager
async def connect(url: str, service: str) -> AsyncIterator[Client]:
    """A connection that reconnects for ever; its inbox is the service's own (nobody else may listen there)."""
    closing = False

    async def lost() -> None:
        if not closing:
            log.warning("bus lost", service=service)

    client = await nats.connect(
        url,
        name=service,
        inbox_prefix=f"_INBOX_{service}".encode(),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.5,
        connect_timeout=3,
        allow_reconnect=True,
        error_cb=_quiet,
        disconnected_cb=lost,
        reconnected_cb=_found,
    )
    try:
        yield client
    finally:
        closing = True
        await client.close()


async def _quiet(error: Exception) -> None:
    log.warning("bus", error=type(error).__name__)


async def _found() -> None:
    log.info("bus found")


async def ensure_streams(admin_url: str, services: list[str], subscriptions: list[Subscription]) -> None:
    """Makes every stream and consumer that is missing, and updates those that differ."""
    async with connect(admin_url, "admin") as client:
        stream = client.jetstream()
        for name in services:
            await _ensure_stream(stream, name, f"{name}.>")
        await _ensure_stream(stream, "dead", "dead.>", max_age=0)
        for subscription in subscriptions:
            await stream.add_consumer(
                subscription.stream,
                ConsumerConfig(
                    durable_name=subscription.durable,
                    filter_subjects=[f"{subscription.stream}.{subject}" for subject in subscription.subjects],
                    ack_policy=AckPolicy.EXPLICIT,
                    ack_wait=_ACK_WAIT,
                    max_deliver=-1,
                    max_ack_pending=1000,
                ),
            )


async def _ensure_stream(stream: JetStreamContext, name: str, subjects: str, max_age: int = _WEEK) -> None:
    config = StreamConfig(
        name=name,
        subjects=[subjects],
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=max_age,
        duplicate_window=120,
    )
    try:
        await stream.stream_info(name)
        await stream.update_stream(config)
    except NotFoundError:
        await stream.add_stream(config)


async def publish(client: Client, service: str, event: Envelope) -> None:
    """Publishes one event and waits until JetStream has it on disk; the id lets JetStream drop a second copy."""
    await client.jetstream().publish(
        f"{service}.{event.type}",
        event.model_dump_json().encode(),
        timeout=5,
        headers={"Nats-Msg-Id": str(event.id)},
    )


async def consume(client: Client, subscription: Subscription, handle: Consume) -> None:
    """Takes events for ever. `handle` carries one out, idempotently; a failure is tried again later."""
    jetstream = client.jetstream()
    pulled = await jetstream.pull_subscribe_bind(
        durable=subscription.durable,
        stream=subscription.stream,
        inbox_prefix=f"_INBOX_{subscription.service}.".encode(),
    )
    while True:
        try:
            messages = await pulled.fetch(batch=100, timeout=5)
        except TimeoutError:
            continue
        except NatsError as error:
            log.warning("bus", consumer=subscription.durable, error=type(error).__name__)
            await asyncio.sleep(0.5)
            continue
        for message in messages:
            await _carry_out(client, subscription, message, handle)


async def _carry_out(client: Client, subscription: Subscription, message: Msg, handle: Consume) -> None:
    tries = message.metadata.num_delivered
    try:
        await handle(Envelope.model_validate_json(message.data))
        await message.ack()
        EVENTS_CONSUMED.labels(subscription.durable, "done").inc()
    except Exception as error:
        away = as_problem(error).status == 503
        # While something that the effect needs is away every event fails, and none of them is to blame.
        hopeless = not away and (isinstance(error, ValidationError) or tries > len(RETRY_DELAYS))
        log.error("event failed", consumer=subscription.durable, tries=tries, aside=hopeless, error=where(error))
        EVENTS_CONSUMED.labels(subscription.durable, "aside" if hopeless else "again").inc()
        if hopeless:
            await put_aside(client, subscription.durable, message.data)
            await message.term()
        else:
            await message.nak(delay=_AWAY_DELAY if away else RETRY_DELAYS[tries - 1])
