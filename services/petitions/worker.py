"""What petitions does without being asked: publish, follow the directory, take events, forget."""

from functools import partial

from nats.aio.client import Client

from services.petitions import consumers
from services.petitions.house import House
from shared.infra.bus import Subscription, consume
from shared.infra.outbox import Relay, forget_old
from shared.infra.worker import Job

SUBSCRIPTIONS: list[Subscription] = [consumers.DIRECTORY, consumers.SERVICE_RECORDS]


def jobs(house: House, client: Client) -> list[Job]:
    """All jobs of the service."""
    return [
        Job("petitions relay", Relay("petitions", house.pool, client).run),
        Job("petitions directory copy", house.directory.run),
        Job("petitions forgetting", partial(forget_old, house.pool)),
        Job("petitions hears directory", partial(_consume, client, consumers.DIRECTORY, house)),
        Job("petitions hears volunteers", partial(_consume, client, consumers.SERVICE_RECORDS, house)),
    ]


async def _consume(client: Client, subscription: Subscription, house: House) -> None:
    handle = {
        consumers.DIRECTORY: consumers.directory_changed,
        consumers.SERVICE_RECORDS: consumers.service_record_approved,
    }[subscription]
    await consume(client, subscription, partial(handle, house))
