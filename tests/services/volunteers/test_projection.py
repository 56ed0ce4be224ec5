"""What volunteers knows of petitions: kept by events, whatever their order."""

from typing import Any
from uuid import UUID

import pytest

from services.volunteers.consumers import petition_changed
from shared.contracts.events import Envelope
from shared.contracts.petitions import PetitionChanged
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.services.volunteers.steps import house_of, offer, opened
from tests.support.world import World


def event(world: World, petition_id: UUID, version: int, status: str) -> Envelope:
    holder = world.ids["property"]
    change = PetitionChanged(
        number="271828188", status=status, area_id=world.ids["building"], holder_type="organisation", holder_id=holder
    )
    return Envelope(
        id=new_id(),
        type=f"petition.{status}",
        tenant_id=world.ids["here"],
        aggregate_id=petition_id,
        aggregate_version=version,
        at=house_of(world).clock.now(),
        payload=change.model_dump(mode="json"),
    )


async def known(world: World, petition_id: UUID) -> Any:
    return await house_of(world).pool.fetchrow("select * from petition where id = $1", petition_id)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1, 3, 2)])
async def test_events_in_any_order_and_twice_end_at_the_newest(world: World, order: tuple[int, ...]) -> None:
    petition_id = new_id()
    statuses = {1: "submitted", 2: "accepted", 3: "dispatched"}
    for version in order:
        await petition_changed(house_of(world), event(world, petition_id, version, statuses[version]))
    row = await known(world, petition_id)
    assert (row["version"], row["status"]) == (3, "dispatched")
    assert row["tenant_id"] == world.ids["here"] and row["holder_id"] == world.ids["property"]


async def test_a_task_is_made_from_what_the_projection_knows_without_asking(
    world: World, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition_id = new_id()
    await petition_changed(house_of(world), event(world, petition_id, 3, "dispatched"))
    monkeypatch.setattr(house_of(world).petitions, "request", None)
    opening = await opened(world, clock, by=world.community_staff, petition_id=str(petition_id))
    assert opening["petition"] == {"id": str(petition_id), "number": "271828188"}


async def test_who_held_a_petition_yesterday_is_refused_though_the_projection_has_not_heard(
    world: World, clock: MovedClock
) -> None:
    answer = await world.resident.post("/petitions", {"text": "门禁坏了", "location": world.location()})
    petition_id = answer.json()["id"]
    await opened(world, clock, by=world.grid_officer, petition_id=petition_id)
    lead = {"type": "organisation", "id": str(world.ids["property"])}
    await world.community_staff.post(f"/petitions/{petition_id}/accept", {})
    await world.community_staff.post(f"/petitions/{petition_id}/dispatch", {"lead": lead})
    assert (await known(world, UUID(petition_id)))["holder_id"] == world.grid_officer.id, "the projection lags"
    refused = await world.grid_officer.post("/openings", offer(clock, petition_id=petition_id))
    assert refused.status_code == 422 and refused.json()["errors"][0]["code"] == "unknown_petition"


async def test_a_petition_that_ended_stays_ended_when_an_older_event_comes_late(
    world: World, clock: MovedClock
) -> None:
    petition_id = new_id()
    for version, status in ((5, "closed"), (4, "resolved")):
        await petition_changed(house_of(world), event(world, petition_id, version, status))
    refused = await world.community_staff.post("/openings", offer(clock, petition_id=str(petition_id)))
    assert refused.status_code == 422 and refused.json()["errors"][0]["code"] == "petition_ended"
