"""Events in: each leads to one action, carried out once."""

from collections.abc import Awaitable, Callable

from services.volunteers.actions.handing_over import hand_over
from services.volunteers.actions.petitions import note_change
from services.volunteers.actions.points import award
from services.volunteers.house import House
from services.volunteers.subscriptions import AWARDS, DIRECTORY, HAND_OVERS, PETITIONS
from shared.contracts.events import Envelope
from shared.infra.bus import Subscription


async def directory_changed(house: House, event: Envelope) -> None:
    """The directory has something new: follow its feed now instead of at the next look."""
    house.directory.awake.set()


async def office_handed_over(house: House, event: Envelope) -> None:
    """Somebody else answers for an area: they lead what is to come there."""
    await hand_over(house, event)


async def petition_changed(house: House, event: Envelope) -> None:
    """A petition stands differently: the projection follows."""
    await note_change(house, event)


async def service_record_approved(house: House, event: Envelope) -> None:
    """A service was approved: its points go into the ledger."""
    await award(house, event)


#: Who takes what.
HANDLERS: dict[Subscription, Callable[[House, Envelope], Awaitable[None]]] = {
    DIRECTORY: directory_changed,
    HAND_OVERS: office_handed_over,
    PETITIONS: petition_changed,
    AWARDS: service_record_approved,
}
