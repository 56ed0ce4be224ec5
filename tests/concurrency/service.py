"""An opening and a service record on the served process, which goes by the real clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.concurrency.crowd import Crowd
from tests.support.person import Person
from tests.support.world import World


def offer(**more: Any) -> dict[str, Any]:
    """A good body of POST /openings. It begins soon enough for checking in now, and late enough for nobody's harm."""
    starts_at = datetime.now(UTC) + timedelta(minutes=10)
    return {
        "kind": "task",
        "title": "台风前清理排水口",
        "text": "清理小区雨水口的落叶。",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "capacity": 2,
        "points": 15,
        **more,
    }


async def opened(crowd: Crowd, world: World, **more: Any) -> dict[str, Any]:
    return await crowd.do(world.team_leader, "/openings", offer(**more))


async def code_of(crowd: Crowd, world: World, opening: dict[str, Any]) -> str:
    shown = await crowd.do(world.team_leader, f"/openings/{opening['id']}/check-in-code", method="GET")
    return str(shown["code"])


async def record_in(crowd: Crowd, world: World, who: Person, status: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The opening, and the person's service record in it, brought to that status."""
    opening = await opened(crowd, world)
    record = await crowd.do(who, f"/openings/{opening['id']}/claim")
    for action in ("check-in", "check-out", "submit"):
        if record["status"] == status:
            break
        body = {"text": "做完了"} if action == "submit" else {"code": await code_of(crowd, world, opening)}
        record = await crowd.do(who, f"/service-records/{record['id']}/{action}", body)
    assert record["status"] == status
    return opening, record
