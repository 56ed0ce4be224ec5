"""What petitions does without being asked: publish, follow the directory, take events, forget."""

from functools import partial

from nats.aio.client import Client

from services.petitions import consumers
from services.petitions.actions.forgetting import forget_photos
from services.petitions.house import House
from shared.infra.bus import consume
from shared.infra.outbox import Relay, forget_old
from shared.infra.worker import Job


def jobs(house: House, client: Client) -> list[Job]:
    """All jobs of the service."""
    return [
        Job("petitions relay", Relay("petitions", house.pool, client).run),
        Job("petitions directory copy", house.directory.run),
        Job("petitions forgetting", partial(forget_old, house.pool)),
        Job("petitions forgetting photos", partial(forget_photos, house)),
        *(
            Job(f"petitions hears {heard.name}", partial(consume, client, heard, partial(handle, house)))
            for heard, handle in consumers.HANDLERS.items()
        ),
    ]
