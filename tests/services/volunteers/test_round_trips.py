"""One or two trips to the database for a request to volunteers, and none to that of another service."""

from datetime import timedelta

from shared.kernel.clock import MovedClock
from tests.services.volunteers.steps import claimed, code_of, key, offer, opened
from tests.support.trips import counting
from tests.support.world import World

ONE, TWO = {"volunteers": 1}, {"volunteers": 2}


async def test_reading_takes_one_trip(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    record = await claimed(world, opening)
    near = ",".join(str(degrees) for degrees in world.place)
    reads = [
        (world.volunteer, "/openings"),
        (world.volunteer, "/openings?status=open,full&with=allowed_actions"),
        (world.volunteer, f"/openings?status=open&near={near}"),
        (world.volunteer, f"/openings/{opening['id']}"),
        (world.team_leader, f"/openings/{opening['id']}/check-in-code"),
        (world.volunteer, "/service-records"),
        (world.team_leader, f"/service-records?scope=led&opening={opening['id']}"),
        (world.community_staff, "/service-records?scope=area&status=submitted&with=allowed_actions"),
        (world.volunteer, f"/service-records/{record['id']}"),
        (world.volunteer, "/points/me"),
        (world.volunteer, "/points/me/transfers"),
    ]
    with counting(world.assembly) as trips:
        for who, path in reads:
            assert await trips.of(who.get(path)) == ONE, path


async def test_a_claim_takes_one_trip_and_every_other_change_two(world: World, clock: MovedClock) -> None:
    with counting(world.assembly) as trips:
        offered = world.team_leader.post("/openings", offer(clock, area_id=str(world.ids["here"])), headers=key())
        assert await trips.of(offered) == {"volunteers": 3}  # the key, the place, and the opening itself
        opening = await opened(world, clock)
        claim = f"/openings/{opening['id']}/claim"
        assert await trips.of(world.volunteer.post(claim, headers=key())) == ONE
        record = (await world.volunteer.get(f"/service-records?opening={opening['id']}")).json()["items"][0]
        path = f"/service-records/{record['id']}"
        assert await trips.of(world.volunteer.post(f"{path}/cancel", headers=key())) == TWO

        again = key()
        record = (await world.volunteer.post(claim, headers=again)).json()
        path = f"/service-records/{record['id']}"
        assert await trips.of(world.volunteer.post(claim, headers=again)) == TWO  # known already: read again
        clock.move(timedelta(hours=1))
        for action in ("check-in", "check-out"):
            body = {"code": await code_of(world, opening["id"])}
            assert await trips.of(world.volunteer.post(f"{path}/{action}", body, headers=key())) == TWO, action
        assert await trips.of(world.volunteer.post(f"{path}/submit", {"text": "做完了"}, headers=key())) == TWO
        assert await trips.of(world.team_leader.post(f"{path}/approve", headers=key())) == TWO
