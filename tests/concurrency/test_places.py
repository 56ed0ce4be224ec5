"""A thousand volunteers want one of ten places in the same moment."""

from collections import Counter
from uuid import UUID

import pytest

from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Grant, Role
from tests.concurrency.crowd import Answer, Crowd, Wish, crowd_of
from tests.concurrency.service import opened
from tests.services.volunteers.steps import house_of
from tests.support.person import Person
from tests.support.world import World

_VOLUNTEERS, _PLACES = 1000, 10
#: A claim does more than reading one's own page (a statement that writes, for each of them at one row first).
_TIMES_THE_FLOOR = 4.0
#: What nobody should wait for on any machine. The two seconds of a quiet one are the bench's to hold.
_AT_MOST = 20.0


@pytest.fixture
def volunteers(world: World, issuer: TokenIssuer) -> list[Person]:
    return crowd_of(world, issuer, _VOLUNTEERS, Grant(Role.VOLUNTEER, world.ids["here"]))


def _slowest(answers: list[Answer]) -> float:
    return max(answer.seconds for answer in answers)


async def test_a_thousand_claim_ten_places_and_exactly_ten_get_one(
    world: World, crowd: Crowd, volunteers: list[Person]
) -> None:
    opening = await opened(crowd, world, capacity=_PLACES)
    reading = [Wish(who, f"/openings/{opening['id']}", method="GET") for who in volunteers]
    await crowd.at_once(reading)  # connections are open and tokens known: both sides are measured alike
    before = _slowest(await crowd.at_once(reading))
    answers = await crowd.at_once([Wish(who, f"/openings/{opening['id']}/claim") for who in volunteers])
    after = _slowest(await crowd.at_once(reading))
    assert Counter(answer.status for answer in answers) == {201: _PLACES, 409: _VOLUNTEERS - _PLACES}
    refused = [answer.json for answer in answers if answer.status == 409]
    assert {told["code"] for told in refused} == {"opening.full"}
    assert {told["state"] for told in refused} == {"full"}
    held = await house_of(world).pool.fetch(
        "select person_id from service_record where opening_id = $1", UUID(opening["id"])
    )
    assert {row["person_id"] for row in held} == {answer.wish.person.id for answer in answers if answer.status == 201}
    assert len(held) == _PLACES
    slowest, floor = _slowest(answers), max(before, after)
    print(f"the slowest of {_VOLUNTEERS:,} claims {slowest:.2f} s, of as many readings {floor:.2f} s")
    assert slowest < _TIMES_THE_FLOOR * floor, f"{slowest:.2f} s, reading one's own page {floor:.2f} s"
    assert slowest < _AT_MOST
