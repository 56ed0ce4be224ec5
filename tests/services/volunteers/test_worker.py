"""With the workers running: what is approved arrives as points, and the petition hears of it."""

import asyncio
from typing import Any
from uuid import UUID

from shared.kernel.clock import MovedClock
from tests.services.volunteers.steps import brought_to, claimed, code_of, events, house_of, opened
from tests.support.person import Person
from tests.support.world import World


async def until(who: Person, path: str, what: str, wanted: Any) -> dict[str, Any]:
    """Reads until it is so: events take a moment. (Real time, at most ten seconds.)"""
    async with asyncio.timeout(10):
        while True:
            seen = (await who.get(path)).json()
            if seen[what] == wanted:
                return dict(seen)
            await asyncio.sleep(0.05)


async def test_an_approved_service_becomes_points_once(workers: None, world: World, clock: MovedClock) -> None:
    record = await brought_to(world, clock, "approved")
    awarded = await until(world.volunteer, f"/service-records/{record['id']}", "status", "awarded")
    assert awarded["transfer_id"] and awarded["history"][-1]["actor_role"] == "system"
    assert (await world.volunteer.get("/points/me")).json()["balance"] == 15
    assert (await events(world, record["id"]))[-2:] == ["service_record.approved", "service_record.awarded"]


async def test_a_petition_hears_that_its_task_was_done(workers: None, world: World, clock: MovedClock) -> None:
    body = {"text": "门禁坏了", "location": world.location()}
    petition_id = (await world.resident.post("/petitions", body)).json()["id"]
    opening = await opened(world, clock, petition_id=petition_id, starts_at=clock.now().isoformat())
    record = await claimed(world, opening)
    path = f"/service-records/{record['id']}"
    for action in ("check-in", "check-out"):
        await world.volunteer.post(f"{path}/{action}", {"code": await code_of(world, opening["id"])})
    await world.volunteer.post(f"{path}/submit", {"text": "做完了"})
    await world.team_leader.post(f"{path}/approve")
    seen = await until(world.community_staff, f"/petitions/{petition_id}", "version", 2)
    assert seen["history"][-1]["action"] == "task_done"
    assert seen["history"][-1]["facts"]["service_record_id"] == record["id"]


async def test_the_projection_of_petitions_follows_by_itself(workers: None, world: World) -> None:
    body = {"text": "路灯不亮", "location": world.location()}
    petition_id = (await world.resident.post("/petitions", body)).json()["id"]
    known = "select exists (select from petition where id = $1)"
    async with asyncio.timeout(10):
        while True:
            if await house_of(world).pool.fetchval(known, UUID(petition_id)):
                break
            await asyncio.sleep(0.05)
