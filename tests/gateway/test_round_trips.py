"""The first screen goes to the database of each service once."""

from tests.support.trips import counting
from tests.support.world import World


async def test_the_first_screen_takes_one_trip_for_each_service(world: World) -> None:
    with counting(world.assembly) as trips:
        found = await trips.of(world.resident.get("/home"))
    assert found == {"directory": 1, "petitions": 1, "volunteers": 1}
