"""The first screen in one call: what is mine, what waits for me, my tasks, my points, my officers.

The services are asked at the same time, one read each, with a deadline; what one of them does not give in time is named
in `missing`, and the rest arrives all the same.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from gateway.house import Call
from gateway.upstreams import ask
from shared.infra.web.call import dumps
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE

routes = Routes("home")

_DEADLINE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Source:
    """A service's part of the screen: its address, and the members that come from there."""

    upstream: str
    path: str
    members: tuple[str, ...]


_SOURCES = (
    _Source("directory", "/api/v1/me", ("me",)),
    _Source("petitions", "/api/v1/petitions/home", ("petitions", "held")),
    _Source("volunteers", "/api/v1/service-records/home", ("tasks", "points")),
)
#: The same screen without this address: what a client would ask for, one after the other (tests/bench compares).
PARTS = (
    "/api/v1/me",
    "/api/v1/petitions?scope=mine&limit=5&with=allowed_actions",
    "/api/v1/petitions?scope=held&limit=5&with=allowed_actions",
    "/api/v1/service-records?scope=mine&limit=5",
    "/api/v1/points/me",
)


class Home(BaseModel):
    """Each part as its own address gives it (lists: the newest five); null when it is in `missing`."""

    me: dict[str, Any] | None
    petitions: list[dict[str, Any]] | None
    held: list[dict[str, Any]] | None
    tasks: list[dict[str, Any]] | None
    points: dict[str, Any] | None
    missing: list[str]


_EXAMPLE = {
    "me": {"person": {"id": "01932f08-5555-7d0e-9a53-2f3c1d1c8a11", "name": "王秀兰"}},
    "petitions": [{"number": "271828188", "status": "dispatched", "title": "3号楼单元门禁坏了"}],
    "held": [],
    "tasks": [],
    "points": {"balance": 20, "held": 0, "spendable": 20},
    "missing": [],
}


@routes.get(
    "/home",
    summary="首页 · The first screen",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=Home,
    example=_EXAMPLE,
)
async def read_home(call: Call) -> Response:
    """The first screen in one call."""
    screen: dict[str, Any] = {}
    for members in await asyncio.gather(*(_members(call, source) for source in _SOURCES)):
        screen |= members
    screen["missing"] = [name for name, value in screen.items() if value is None]
    return call.answer(dumps(screen))


async def _members(call: Call, source: _Source) -> dict[str, Any]:
    """What the service gives; None for each of its members when it does not."""
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            status, body = await ask(call.house.upstreams[source.upstream], call.scope, source.path)
    except Exception:  # a part that fails, however it fails, is missing; its own log says why
        status, body = 0, b""
    if status != 200:
        return dict.fromkeys(source.members)
    found = orjson.loads(body)
    return found if len(source.members) > 1 else {source.members[0]: found}
