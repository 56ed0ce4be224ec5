"""Events in: each leads to one action, carried out once by the event's id."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from services.petitions.actions.handing_over import hand_over
from services.petitions.actions.merging import take_over
from services.petitions.actions.task_done import note_task_done
from services.petitions.house import House
from services.petitions.subscriptions import DIRECTORY, HAND_OVERS, MERGERS, SERVICE_RECORDS
from shared.contracts.events import Envelope
from shared.contracts.volunteers import ServiceRecordChanged
from shared.infra.bus import Subscription


async def directory_changed(house: House, event: Envelope) -> None:
    """The directory has something new: follow its feed now instead of at the next look."""
    house.directory.awake.set()


async def office_handed_over(house: House, event: Envelope) -> None:
    """Somebody else answers for an area: what was held there is theirs."""
    await hand_over(house, event)


async def organisation_merged(house: House, event: Envelope) -> None:
    """One organisation has taken in others: what they held is its."""
    await take_over(house, event)


async def service_record_approved(house: House, event: Envelope) -> None:
    """A volunteer's work on a petition was approved: its history says so, and its holder hears of it."""
    change = ServiceRecordChanged.model_validate(event.payload)
    if change.petition_id is not None:
        facts: dict[str, UUID] = {"service_record_id": event.aggregate_id, "opening_id": change.opening_id}
        await note_task_done(house, event, change.petition_id, facts)


#: Who takes what.
HANDLERS: dict[Subscription, Callable[[House, Envelope], Awaitable[None]]] = {
    DIRECTORY: directory_changed,
    HAND_OVERS: office_handed_over,
    MERGERS: organisation_merged,
    SERVICE_RECORDS: service_record_approved,
}
