"""What volunteers, leaders and workers do to one service in the same moment: each effect once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Grant, Role
from tests.concurrency.crowd import Crowd, Wish, crowd_of
from tests.concurrency.service import code_of, opened, record_in
from tests.services.volunteers.steps import house_of
from tests.support.person import Person
from tests.support.processes import process
from tests.support.world import World


@pytest.fixture
def volunteers(world: World, issuer: TokenIssuer) -> list[Person]:
    return crowd_of(world, issuer, 20, Grant(Role.VOLUNTEER, world.ids["here"]))


@pytest.fixture(scope="module")
async def two_workers(
    served: str, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[None]:
    """A second and a third worker beside the one that runs already."""
    folder: Path = tmp_path_factory.mktemp("workers")
    async with (
        process(folder / "second.log", environment, "work"),
        process(folder / "third.log", environment, "work"),
    ):
        yield


async def _history(world: World, record: dict[str, Any]) -> list[str]:
    rows = await house_of(world).pool.fetch(
        "select version, action from service_record_history where service_record_id = $1 order by version",
        UUID(record["id"]),
    )
    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    return [row["action"] for row in rows]


async def test_approved_by_three_at_once_before_three_workers_a_service_is_awarded_once(
    two_workers: None, world: World, crowd: Crowd, volunteers: list[Person]
) -> None:
    records = [(await record_in(crowd, world, who, "submitted"))[1] for who in volunteers]
    deciding = [world.team_leader, world.community_staff, world.street_staff]
    wishes = [Wish(by, f"/service-records/{r['id']}/approve") for r in records for by in deciding]
    answers = await crowd.at_once(wishes)
    assert Counter(answer.status for answer in answers) == {200: len(records), 409: 2 * len(records)}
    assert {a.json["state"] for a in answers if a.status == 409} <= {"approved", "awarded"}
    ids = [UUID(record["id"]) for record in records]
    pool = house_of(world).pool
    waiting = "select exists (select from service_record where id = any($1) and status = 'approved')"
    async with asyncio.timeout(20):
        while True:
            if not await pool.fetchval(waiting, ids):
                break
            await asyncio.sleep(0.05)
    transfers = await pool.fetch("select id, reference_id from transfer where reference_id = any($1)", ids)
    assert sorted(row["reference_id"] for row in transfers) == sorted(ids)
    told = "select count(*) from outbox where type = 'points.transferred' and aggregate_id = any($1)"
    assert await pool.fetchval(told, [row["id"] for row in transfers]) == len(ids)
    for who, record in zip(volunteers, records, strict=True):
        assert (await crowd.do(who, "/points/me", method="GET"))["balance"] == 15
        assert await _history(world, record) == ["claim", "check-in", "check-out", "submit", "approve", "award"]


async def test_approved_and_rejected_at_once_it_is_one_of_both(
    world: World, crowd: Crowd, volunteers: list[Person]
) -> None:
    for who in volunteers[:5]:
        _, record = await record_in(crowd, world, who, "submitted")
        path = f"/service-records/{record['id']}"
        wishes = [
            Wish(world.team_leader, f"{path}/approve"),
            Wish(world.community_staff, f"{path}/reject", {"text": "没有来"}),
        ]
        answers = await crowd.at_once(wishes * 5)
        assert Counter(answer.status for answer in answers) == {200: 1, 409: 9}
        decided = [action for action in await _history(world, record) if action in ("approve", "reject")]
        assert len(decided) == 1


async def test_claimed_and_withdrawn_at_once_no_place_is_lost_or_given_twice(
    world: World, crowd: Crowd, volunteers: list[Person]
) -> None:
    opening = await opened(crowd, world, capacity=5)
    claims = [Wish(who, f"/openings/{opening['id']}/claim") for who in volunteers]
    first = await crowd.at_once(claims[:5])
    assert {answer.status for answer in first} == {201}
    leaving = [Wish(a.wish.person, f"/service-records/{a.json['id']}/cancel") for a in first]
    answers = await crowd.at_once([wish for pair in zip(leaving * 3, claims[5:], strict=True) for wish in pair])
    gone = [a for a in answers if a.wish in leaving]
    assert Counter(answer.status for answer in gone) == {200: 5, 409: 10}
    row = await house_of(world).pool.fetchrow(
        """select taken, status, version, (select count(*) from service_record r where r.opening_id = o.id
             and r.status = 'confirmed') as held, (select count(*) from opening_history where opening_id = o.id) as rows
             from opening o where id = $1""",
        UUID(opening["id"]),
    )
    claimed = sum(answer.status == 201 for answer in answers)
    assert row["taken"] == row["held"] == claimed <= 5
    assert row["status"] == ("full" if claimed == 5 else "open")
    assert row["version"] == row["rows"]


async def test_checked_in_and_withdrawn_at_once_one_of_both_happens_once(
    world: World, crowd: Crowd, volunteers: list[Person]
) -> None:
    for who in volunteers[:5]:
        opening, record = await record_in(crowd, world, who, "confirmed")
        path, code = f"/service-records/{record['id']}", {"code": await code_of(crowd, world, opening)}
        answers = await crowd.at_once([Wish(who, f"{path}/check-in", code), Wish(who, f"{path}/cancel")] * 10)
        assert Counter(answer.status for answer in answers) == {200: 1, 409: 19}
        (happened,) = (await _history(world, record))[1:]
        assert happened in ("check-in", "cancel")


async def test_checked_in_by_everybody_in_the_same_second_each_is_there_once(
    world: World, crowd: Crowd, volunteers: list[Person]
) -> None:
    opening = await opened(crowd, world, capacity=len(volunteers))
    records = await asyncio.gather(*(crowd.do(who, f"/openings/{opening['id']}/claim") for who in volunteers))
    code = {"code": await code_of(crowd, world, opening)}
    wishes = [Wish(w, f"/service-records/{r['id']}/check-in", code) for w, r in zip(volunteers, records, strict=True)]
    answers = await crowd.at_once(wishes * 3)
    assert Counter(answer.status for answer in answers) == {200: len(records), 409: 2 * len(records)}
    for record in records:
        assert await _history(world, record) == ["claim", "check-in"]
