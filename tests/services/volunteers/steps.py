"""How tests get an opening and a service record into a state: by real actions, through the API."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.volunteers.house import House
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.support.person import Person
from tests.support.world import World


def house_of(world: World) -> House:
    house: House = world.assembly.app("volunteers").state.house
    return house


def key() -> dict[str, str]:
    return {"idempotency-key": str(new_id())}


def offer(clock: MovedClock, **more: Any) -> dict[str, Any]:
    """A good body of POST /openings: it starts in an hour and lasts two."""
    return {
        "kind": "task",
        "title": "修门期间帮忙看门",
        "text": "门禁修好之前，晚饭后在单元门口值守，帮老人开门。",
        "starts_at": (clock.now() + timedelta(hours=1)).isoformat(),
        "ends_at": (clock.now() + timedelta(hours=3)).isoformat(),
        "capacity": 2,
        "points": 15,
        **more,
    }


async def opened(world: World, clock: MovedClock, by: Person | None = None, **more: Any) -> dict[str, Any]:
    answer = await (by or world.team_leader).post("/openings", offer(clock, **more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def claimed(world: World, opening: dict[str, Any], by: Person | None = None) -> dict[str, Any]:
    answer = await (by or world.volunteer).post(f"/openings/{opening['id']}/claim")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def code_of(world: World, opening_id: str, by: Person | None = None) -> str:
    answer = await (by or world.team_leader).get(f"/openings/{opening_id}/check-in-code")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


async def brought_to(world: World, clock: MovedClock, status: str, by: Person | None = None) -> dict[str, Any]:
    """The volunteer's service record in that status; the clock moves on to the opening's start on the way."""
    opening = await opened(world, clock)
    record = await claimed(world, opening, by)
    volunteer = by or world.volunteer
    ways = {
        "cancelled": [(volunteer, "cancel", {})],
        "rejected": [*_WORK, (world.team_leader, "reject", {"text": "没有参加服务"})],
    }
    for who, action, body in ways.get(status, [*_WORK, (world.team_leader, "approve", {})]):
        if record["status"] == status:
            break
        if action == "check-in":
            clock.move(timedelta(hours=1))
        if action.startswith("check"):
            body = {"code": await code_of(world, opening["id"])}
        answer = await (who or volunteer).post(f"/service-records/{record['id']}/{action}", body)
        assert answer.status_code == 200, answer.text
        record = answer.json()
    assert record["status"] == status
    return dict(record)


_WORK: list[tuple[Person | None, str, dict[str, Any]]] = [
    (None, "check-in", {}),
    (None, "check-out", {}),
    (None, "submit", {"text": "值守两小时，帮六位老人开了门。"}),
]


def volunteers(world: World, issuer: TokenIssuer, number: int) -> list[Person]:
    """So many more volunteers of this community."""
    found = []
    for _ in range(number):
        actor = Actor(new_id(), (Grant(Role.VOLUNTEER, world.ids["here"]),), world.ids["building"])
        found.append(Person("another", actor.person_id, issuer.access_token(actor), world.volunteer.client))
    return found


async def history(world: World, record_id: str) -> list[Any]:
    rows = await house_of(world).pool.fetch(
        "select * from service_record_history where service_record_id = $1 order by version", UUID(record_id)
    )
    return list(rows)


async def events(world: World, aggregate_id: str) -> list[str]:
    """The types of the events about one thing, in the order in which they were written."""
    rows = await house_of(world).pool.fetch(
        "select type from outbox where aggregate_id = $1 order by seq", UUID(aggregate_id)
    )
    return [row["type"] for row in rows]
