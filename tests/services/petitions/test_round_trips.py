"""How often a request goes to the database of petitions, counted on the wire."""

from tests.services.petitions.test_journey_of_a_petition import submitted
from tests.support.trips import counting
from tests.support.world import World

ONE, TWO = {"petitions": 1}, {"petitions": 2}


async def test_round_trips_of_the_hot_requests(world: World) -> None:
    petition = await submitted(world)
    path = f"/petitions/{petition['id']}"
    report = {"text": "路灯不亮", "location": world.location()}
    with counting(world.assembly) as trips:
        assert await trips.of(world.resident.post("/petitions", report, headers={"idempotency-key": "trips"})) == TWO
        assert await trips.of(world.resident.get(path)) == ONE
        assert await trips.of(world.resident.get(f"{path}/history")) == ONE
        assert await trips.of(world.resident.get("/petitions")) == ONE
        assert await trips.of(world.grid_officer.get("/petitions?scope=held&with=allowed_actions")) == ONE
        assert await trips.of(world.community_staff.get("/petitions?scope=area&status=submitted&q=路灯")) == ONE
        assert await trips.of(world.resident.get("/categories")) == ONE
        assert await trips.of(world.grid_officer.post(f"{path}/accept", {})) == TWO
