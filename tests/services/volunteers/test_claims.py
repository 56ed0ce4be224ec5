"""Claims: first come, first served, never above capacity, and every refusal says why."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

from shared.infra.auth import TokenIssuer
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.services.volunteers.steps import (
    brought_to,
    claimed,
    code_of,
    events,
    history,
    house_of,
    key,
    opened,
    volunteers,
)
from tests.support.world import World


async def test_a_claim_with_room_is_confirmed_at_once(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    record = await claimed(world, opening)
    assert record["status"] == "confirmed" and record["points"] == 0
    assert record["person"]["id"] == str(world.volunteer.id) and record["person"]["name"]
    assert record["opening"]["id"] == opening["id"] and record["opening"]["title"] == opening["title"]
    assert record["allowed_actions"] == ["cancel"]  # check-in opens 30 minutes before
    seen = (await world.volunteer.get(f"/openings/{opening['id']}")).json()
    assert seen["taken"] == 1 and seen["allowed_actions"] == []
    assert seen["own_record"] == {"id": record["id"], "status": "confirmed"}
    assert await events(world, record["id"]) == ["service_record.confirmed"]
    (row,) = await history(world, record["id"])
    assert row["action"] == "claim" and row["actor_id"] == world.volunteer.id


async def test_two_hundred_race_for_ten_places_and_exactly_ten_get_one(
    world: World, clock: MovedClock, issuer: TokenIssuer
) -> None:
    opening = await opened(world, clock, capacity=10)
    racing = volunteers(world, issuer, 200)
    answers = await asyncio.gather(*(who.post(f"/openings/{opening['id']}/claim") for who in racing))
    assert Counter(answer.status_code for answer in answers) == {201: 10, 409: 190}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"opening.full"}
    seen = (await world.volunteer.get(f"/openings/{opening['id']}")).json()
    assert seen["taken"] == 10 and seen["status"] == "full" and seen["version"] == 2
    assert await events(world, opening["id"]) == ["opening.opened", "opening.filled"]
    stored = await house_of(world).pool.fetchval(
        "select count(*) from service_record where opening_id = $1", UUID(opening["id"])
    )
    assert stored == 10


async def test_the_same_person_racing_themselves_gets_one_place(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock, capacity=10)
    path = f"/openings/{opening['id']}/claim"
    answers = await asyncio.gather(*(world.volunteer.post(path) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"opening.already_claimed"}
    made = next(a.json()["id"] for a in answers if a.status_code == 201)
    assert {a.json()["service_record_id"] for a in answers if a.status_code == 409} == {made}
    assert (await world.volunteer.get(f"/openings/{opening['id']}")).json()["taken"] == 1


async def test_one_person_racing_for_overlapping_openings_gets_one_of_them(world: World, clock: MovedClock) -> None:
    openings = [await opened(world, clock, capacity=10) for _ in range(8)]
    answers = await asyncio.gather(*(world.volunteer.post(f"/openings/{o['id']}/claim") for o in openings))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"opening.overlap"}
    items = (await world.volunteer.get("/openings")).json()["items"]
    assert sum(item["taken"] for item in items) == 1


async def test_one_after_the_other_is_no_overlap(world: World, clock: MovedClock) -> None:
    first = await opened(world, clock)
    times = {"starts_at": first["ends_at"], "ends_at": (clock.now() + timedelta(hours=4)).isoformat()}
    await claimed(world, first)
    await claimed(world, await opened(world, clock, **times))


async def test_who_has_left_may_help_elsewhere_in_the_same_hours(world: World, clock: MovedClock) -> None:
    record = await brought_to(world, clock, "checked_in")
    clock.move(timedelta(minutes=10))
    other = await opened(world, clock, starts_at=clock.now().isoformat())
    assert (await world.volunteer.post(f"/openings/{other['id']}/claim")).json()["code"] == "opening.overlap"
    code = await code_of(world, record["opening"]["id"])
    left = await world.volunteer.post(f"/service-records/{record['id']}/check-out", {"code": code})
    assert left.json()["minutes"] == 10
    await claimed(world, other)


async def test_each_refusal_says_why_and_changes_nothing(world: World, clock: MovedClock, issuer: TokenIssuer) -> None:
    full = await opened(world, clock, capacity=1)
    (first,) = volunteers(world, issuer, 1)
    await claimed(world, full, by=first)
    refused = await world.volunteer.post(f"/openings/{full['id']}/claim")
    assert refused.status_code == 409 and refused.json()["code"] == "opening.full"
    assert refused.json()["state"] == "full" and refused.json()["allowed_actions"] == []
    twice = await first.post(f"/openings/{full['id']}/claim")
    assert twice.json()["code"] == "opening.already_claimed"
    clock.move(timedelta(hours=3))
    for opening in (full,):
        late = await world.volunteer.post(f"/openings/{opening['id']}/claim")
        assert late.status_code == 409 and late.json()["code"] == "opening.over"
    assert (await world.volunteer.get("/service-records")).json()["items"] == []


async def test_what_is_over_is_refused_as_over_to_somebody_with_another_record(world: World, clock: MovedClock) -> None:
    early = await opened(world, clock)
    later = await opened(
        world,
        clock,
        starts_at=(clock.now() + timedelta(hours=9)).isoformat(),
        ends_at=(clock.now() + timedelta(hours=10)).isoformat(),
    )
    await claimed(world, later)
    clock.move(timedelta(hours=4))
    refused = await world.volunteer.post(f"/openings/{early['id']}/claim")
    assert refused.status_code == 409 and refused.json()["code"] == "opening.over"


async def test_a_late_comer_may_claim_while_it_runs(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    clock.move(timedelta(hours=2, minutes=59))
    assert "check-in" in (await claimed(world, opening))["allowed_actions"]


async def test_other_communities_openings_do_not_exist_and_other_roles_may_not(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    path = f"/openings/{opening['id']}/claim"
    assert (await world.strange_volunteer.post(path)).status_code == 404
    assert (await world.volunteer.post(f"/openings/{new_id()}/claim")).status_code == 404
    for who in ("resident", "community_staff", "team_leader", "oversight", "grid_officer"):
        assert (await world.people[who].post(path)).status_code == 403
    assert (await world.resident.get(f"/openings/{opening['id']}")).json()["taken"] == 0


async def test_a_cancelled_place_goes_back_and_can_be_claimed_again(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock, capacity=1)
    record = await claimed(world, opening)
    answer = await world.volunteer.post(f"/service-records/{record['id']}/cancel", {"text": "临时有事"})
    assert answer.status_code == 200 and answer.json()["status"] == "cancelled"
    assert answer.json()["history"][-1]["note"] == "临时有事"
    seen = (await world.volunteer.get(f"/openings/{opening['id']}")).json()
    assert seen["status"] == "open" and seen["taken"] == 0 and seen["own_record"] is None
    assert await events(world, opening["id"]) == ["opening.opened", "opening.filled", "opening.reopened"]
    assert (await claimed(world, opening))["id"] != record["id"]


async def test_places_given_and_returned_at_once_are_counted_right(
    world: World, clock: MovedClock, issuer: TokenIssuer
) -> None:
    opening = await opened(world, clock, capacity=5)
    racing = volunteers(world, issuer, 30)
    path = f"/openings/{opening['id']}/claim"

    async def come_and_go(n: int) -> None:
        answer = await racing[n].post(path)
        if answer.status_code == 201 and n % 2:
            gone = await racing[n].post(f"/service-records/{answer.json()['id']}/cancel")
            assert gone.status_code == 200, gone.text

    await asyncio.gather(*(come_and_go(n) for n in range(30)))
    row = await house_of(world).pool.fetchrow(
        """select taken, status, version, (select count(*) from service_record where opening_id = o.id
             and status = 'confirmed') as held, (select count(*) from opening_history where opening_id = o.id) as rows
             from opening o where id = $1""",
        UUID(opening["id"]),
    )
    assert row["taken"] == row["held"] <= 5
    assert row["status"] == ("full" if row["taken"] == 5 else "open")
    assert row["version"] == row["rows"]


async def test_a_claim_sent_again_with_its_key_is_the_same_claim(world: World, clock: MovedClock) -> None:
    opening, headers = await opened(world, clock), key()
    path = f"/openings/{opening['id']}/claim"
    first = await world.volunteer.post(path, headers=headers)
    again = await asyncio.gather(*(world.volunteer.post(path, headers=headers) for _ in range(5)))
    assert {a.status_code for a in again} == {201}
    assert all(a.json() == first.json() for a in again)
    other = await opened(world, clock)
    reused = await world.volunteer.post(f"/openings/{other['id']}/claim", headers=headers)
    assert reused.status_code == 422 and reused.json()["code"] == "idempotency_key_reused"


async def test_the_same_claim_sent_ten_times_at_once_is_one(world: World, clock: MovedClock) -> None:
    opening, headers = await opened(world, clock), key()
    path = f"/openings/{opening['id']}/claim"
    answers = await asyncio.gather(*(world.volunteer.post(path, headers=headers) for _ in range(10)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1
