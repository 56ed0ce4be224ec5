"""What merged organisations held is held by the survivor: seen and handled by its staff, through the gateway."""

from typing import Any
from uuid import UUID

import pytest

from services.petitions.actions.merging import take_over
from shared.contracts.directory import OrganisationMerged
from shared.contracts.events import Envelope
from shared.infra.auth import TokenIssuer
from shared.kernel.ids import new_id
from tests.services.directory.test_handing_over import copied, held, signed_in, until, working
from tests.services.petitions.test_journey_of_a_petition import brought_to, submitted
from tests.support.person import Person
from tests.support.world import World

__all__ = ["working"]


async def second_company(world: World) -> str:
    """Another property company of the community, which will take in the first."""
    body = {
        "tenant_id": str(world.ids["here"]),
        "kind": "property_company",
        "name": f"新物业 {new_id()}",
        "serves": [str(world.ids["here"])],
    }
    made = await world.platform_admin.post("/organisations", body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def merged(world: World, survivor: str) -> dict[str, Any]:
    body = {"organisation_ids": [str(world.ids["property"])]}
    answer = await world.platform_admin.post(f"/organisations/{survivor}/merge", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_survivors_staff_see_and_handle_what_the_other_held(
    world: World, working: None, issuer: TokenIssuer
) -> None:
    petition, ended = await brought_to(world, "dispatched"), await brought_to(world, "closed")
    helped = await submitted(world)
    assert await held(world.property_staff) == [petition["id"]]
    await world.grid_officer.post(f"/petitions/{helped['id']}/accept")
    helper = {"type": "organisation", "id": str(world.ids["property"])}
    lead = {"type": "organisation", "id": str(world.ids["committee"])}
    dispatched = await world.community_staff.post(
        f"/petitions/{helped['id']}/dispatch", {"lead": lead, "co_handlers": [helper]}
    )
    assert dispatched.status_code == 200, dispatched.text
    survivor = await second_company(world)
    await merged(world, survivor)
    staff = await signed_in(world, "property_staff", issuer)
    await until(lambda: _holds_all(staff, {petition["id"], helped["id"]}))
    assert (await staff.get(f"/petitions/{ended['id']}")).json()["holder"]["id"] == survivor
    path = f"/petitions/{petition['id']}"
    await copied(world)
    assert (await staff.get(path)).json()["holder"]["id"] == survivor
    started = await staff.post(f"{path}/start", {"note": "已联系"})
    assert (started.status_code, started.json()["status"]) == (200, "in_progress")
    history = (await staff.get(f"{path}/history")).json()["items"]
    assert [line["action"] for line in history[-2:]] == ["hand_over", "start"]
    assert history[-2]["facts"] == {"from_organisations": [str(world.ids["property"])], "to_organisation": survivor}
    # Nothing can be dispatched to what is gone; to the survivor it can.
    gone = {"lead": {"type": "organisation", "id": str(world.ids["property"])}}
    assert (await world.community_staff.post(f"/petitions/{helped['id']}/dispatch", gone)).status_code == 422
    there = {"lead": {"type": "organisation", "id": survivor}}
    assert (await world.community_staff.post(f"/petitions/{helped['id']}/dispatch", there)).status_code == 200


async def _holds_all(person: Person, ids: set[str]) -> bool:
    return set(await held(person)) == ids


def event_of(world: World, survivor: str) -> Envelope:
    payload = OrganisationMerged(from_organisation_ids=[world.ids["property"]], to_organisation_id=UUID(survivor))
    return Envelope(
        id=new_id(),
        type="organisation.merged",
        tenant_id=world.ids["here"],
        aggregate_id=UUID(survivor),
        aggregate_version=2,
        at=world.assembly.clock.now(),
        payload=payload.model_dump(mode="json"),
    )


async def test_the_event_taken_in_twice_hands_over_once_and_goes_on_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    petitions = [await brought_to(world, "dispatched") for _ in range(3)]
    survivor = await second_company(world)
    house = world.assembly.app("petitions").state.house
    monkeypatch.setattr("services.petitions.actions.merging._BATCH", 2)
    for _ in range(2):
        await take_over(house, event_of(world, survivor))
    for petition in petitions:
        row = await house.pool.fetchrow(
            """select holder_id, version, (select count(*) from petition_history h where h.petition_id = p.id) as lines,
                      (select count(*) from outbox where aggregate_id = p.id and type = 'petition.handed_over') as told
                 from petition p where id = $1""",
            UUID(petition["id"]),
        )
        assert (str(row["holder_id"]), row["told"]) == (survivor, 1)
        assert row["version"] == row["lines"]


async def test_volunteers_hear_of_the_new_holder(world: World, working: None, issuer: TokenIssuer) -> None:
    petition = await brought_to(world, "dispatched")
    survivor = await second_company(world)
    await merged(world, survivor)
    volunteers = world.assembly.app("volunteers").state.house

    async def heard() -> bool:
        found = await volunteers.pool.fetchval("select holder_id from petition where id = $1", UUID(petition["id"]))
        return str(found) == survivor

    await until(heard)
