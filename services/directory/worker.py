"""The directory's worker: takes its events to the bus. It consumes none: nothing here follows another service."""

from functools import partial

from nats.aio.client import Client

from services.directory.house import House
from shared.infra.outbox import Relay, forget_old
from shared.infra.worker import Job


def jobs(house: House, client: Client) -> list[Job]:
    """Everything that runs for ever beside the web process."""
    return [
        Job("relay", Relay("directory", house.pool, client).run),
        Job("forget_old", partial(forget_old, house.pool)),
    ]
