"""Events that a consumer could not carry out after all its tries: the stream `dead`, read and emptied by staff."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.contracts.events import Envelope

_STREAM = "dead"


@dataclass(frozen=True, slots=True)
class Aside:
    """One event put aside: its place in the stream, whose it is, since when, and the message as it was."""

    seq: int
    durable: str
    since: datetime | None
    message: bytes

    def event(self) -> Envelope:
        """Raises when the message is none of ours."""
        return Envelope.model_validate_json(self.message)


async def put_aside(client: Client, durable: str, message: bytes) -> None:
    """Keeps a message that failed for good, under its consumer's name."""
    await client.jetstream().publish(f"{_STREAM}.{durable.replace('_', '.', 1)}", message, timeout=5)


async def all_aside(client: Client) -> list[Aside]:
    """All that was put aside and not carried out since, oldest first. Needs an administrator's connection."""
    stream = client.jetstream()
    last = (await stream.stream_info(_STREAM)).state.last_seq
    found: list[Aside] = []
    seq = 0
    while seq < last:
        try:
            message = await stream.get_msg(_STREAM, seq=seq + 1, subject=f"{_STREAM}.>", next=True)
        except NotFoundError:
            break
        seq = message.seq or last
        durable = (message.subject or "").removeprefix(f"{_STREAM}.").replace(".", "_", 1)
        found.append(Aside(seq, durable, message.time, message.data or b""))
    return found


async def carry_out_again(client: Client, aside: Aside, handle: Callable[[Envelope], Awaitable[None]]) -> None:
    """Carries the event out and takes it from the stream; when it fails it stays, and the error is the caller's."""
    await handle(aside.event())
    await client.jetstream().delete_msg(_STREAM, aside.seq)
