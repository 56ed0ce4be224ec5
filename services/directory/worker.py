"""The directory's worker: takes its events to the bus, tells of offices that begin or end today.

It consumes none: nothing here follows another service.
"""

from functools import partial

from nats.aio.client import Client

from services.directory.actions.feed import keep_feed_readable
from services.directory.actions.turning import turn_offices
from services.directory.house import House
from shared.infra.outbox import Relay, forget_old
from shared.infra.worker import Job


def jobs(house: House, client: Client) -> list[Job]:
    """Everything that runs for ever beside the web process."""
    return [
        Job("relay", Relay("directory", house.pool, client).run),
        Job("forget_old", partial(forget_old, house.pool)),
        Job("turning offices", partial(turn_offices, house)),
        Job("feed", partial(keep_feed_readable, house.pool)),
    ]
