"""How often a request goes to the database: counted, so that nobody adds a trip without noticing."""

from dataclasses import replace
from typing import Any

import pytest

from services.petitions.house import House
from tests.services.petitions.test_journey_of_a_petition import submitted
from tests.support.world import World


class CountingPool:
    """A pool that counts what is sent through it."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self.trips = 0

    def __getattr__(self, name: str) -> Any:
        if name in ("fetch", "fetchrow", "fetchval", "execute"):
            self.trips += 1
        elif name == "acquire":
            pytest.fail("a request takes a connection of its own: its trips are not counted here")
        return getattr(self._pool, name)


async def test_round_trips_of_the_hot_requests(world: World) -> None:
    app = world.assembly.app("petitions")
    house: House = app.state.house
    counting = CountingPool(house.pool)
    app.state.house = replace(house, pool=counting)

    async def trips(work: Any) -> int:
        counting.trips = 0
        answer = await work
        assert answer.status_code in (200, 201), answer.text
        return counting.trips

    try:
        report = {"text": "路灯不亮", "location": world.location()}
        assert await trips(world.resident.post("/petitions", report, headers={"idempotency-key": "trips"})) == 2
        petition = await submitted(world)
        path = f"/petitions/{petition['id']}"
        assert await trips(world.resident.get(path)) == 1
        assert await trips(world.resident.get(f"{path}/history")) == 1
        assert await trips(world.resident.get("/petitions")) == 1
        assert await trips(world.grid_officer.get("/petitions?scope=held&with=allowed_actions")) == 1
        assert await trips(world.community_staff.get("/petitions?scope=area&status=submitted&q=路灯")) == 1
        assert await trips(world.resident.get("/categories")) == 1
        assert await trips(world.grid_officer.post(f"{path}/accept", {})) == 2
    finally:
        app.state.house = house
