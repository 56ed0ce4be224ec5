"""What volunteers does without being asked: publish, follow the others, award and seal points, finish, forget."""

from functools import partial

from nats.aio.client import Client

from services.volunteers import consumers
from services.volunteers.actions.awarding_again import award_overdue
from services.volunteers.actions.finishing import finish_openings
from services.volunteers.actions.sealing import seal_forever
from services.volunteers.house import House
from shared.infra.bus import consume
from shared.infra.outbox import Relay, forget_old
from shared.infra.worker import Job


def jobs(house: House, client: Client) -> list[Job]:
    """All jobs of the service."""
    return [
        Job("volunteers relay", Relay("volunteers", house.pool, client).run),
        Job("volunteers directory copy", house.directory.run),
        Job("volunteers forgetting", partial(forget_old, house.pool)),
        Job("volunteers finishing", partial(finish_openings, house)),
        Job("volunteers awarding again", partial(award_overdue, house)),
        Job("volunteers sealing", partial(seal_forever, house.pool)),
        *(
            Job(f"volunteers hears {heard.name}", partial(consume, client, heard, partial(handle, house)))
            for heard, handle in consumers.HANDLERS.items()
        ),
    ]
