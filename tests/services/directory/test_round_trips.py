"""One trip to the database for every request to the directory."""

from shared.infra.internal import internal_headers
from tests.support.trips import counting
from tests.support.world import World


async def test_reading_takes_one_trip(world: World) -> None:
    lat, lon = world.place
    reads = [
        f"/areas/locate?lat={lat}&lon={lon}&coord_sys=wgs84",
        f"/areas/{world.ids['building']}",
        "/organisations",
        "/organisations?kind=property_company&q=property",
        "/areas?q=building",
        f"/areas?within={world.ids['here']}",
        f"/areas/{world.ids['here']}/tree?depth=3",
        f"/areas/{world.ids['here']}/officers",
        f"/areas/{world.ids['here']}/officers?below=true",
        f"/organisations/{world.ids['committee']}",
        f"/organisations/{world.ids['committee']}/supports",
        f"/organisations?area={world.ids['building']}",
        "/organisations/resolve?name=committee",
        f"/responsibilities?category=doors&area={world.ids['building']}",
        f"/memberships?person={world.ids['resident']}",
        "/enrolments",
        f"/enrolments?community={world.ids['here']}",
        "/councils",
        *(f"/{noun}?council={world.ids['here']}" for noun in ("agreements", "resources", "needs", "projects")),
        "/facilities",
        f"/facilities?near={lat},{lon}&coord_sys=wgs84&kind=library",
        "/services",
        f"/services?near={lat},{lon}&coord_sys=wgs84",
        f"/services?near={lat},{lon}&coord_sys=wgs84&open_now=true",
        f"/circles?lat={lat}&lon={lon}&coord_sys=wgs84",
        "/kinds",
        "/me",
    ]
    with counting(world.assembly) as trips:
        for path in reads:
            assert await trips.of(world.resident.get(path)) == {"directory": 1}, path


async def test_the_register_is_read_in_one_trip(world: World) -> None:
    body = {"name": "住户", "home_id": str(world.ids["building"]), "door": "501"}
    person = (await world.street_staff.post("/people", body)).json()["id"]
    reads = [
        "/people?q=%E4%BD%8F",
        f"/people?area={world.ids['here']}",
        f"/people/{person}",
        f"/people/{person}/access-log",
        "/people/duplicates",
        f"/statistics/directory?area={world.ids['here']}",
        f"/areas/{world.ids['building']}/households",
    ]
    with counting(world.assembly) as trips:
        for path in reads:
            assert await trips.of(world.street_staff.get(path)) == {"directory": 1}, path
        look_up = world.street_staff.post("/people/look-up", {"phone": "13809901234"})
        assert await trips.of(look_up) == {"directory": 1}


async def test_following_the_changes_takes_one_trip_a_page(world: World) -> None:
    settings = world.assembly.app("directory").state.house.settings
    headers = internal_headers(settings.service_token_key, "petitions")
    directory = world.assembly.internal("directory")
    with counting(world.assembly) as trips:
        assert await trips.of(directory.get("/internal/v1/changes?limit=10", headers=headers)) == {"directory": 1}
