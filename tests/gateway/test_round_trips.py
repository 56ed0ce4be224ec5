"""The first screen goes to the databases as often as its parts do, each once."""

from gateway.home import _PARTS
from tests.support.trips import counting
from tests.support.world import World


async def test_the_first_screen_takes_one_trip_for_each_part(world: World) -> None:
    with counting(world.assembly) as trips:
        found = await trips.of(world.resident.get("/home"))
    assert found == {"directory": 1, "petitions": 2, "volunteers": 2}
    assert sum(found.values()) == len(_PARTS)
