"""The first screen in one call: what is mine, what waits for me, my tasks, my points, my officers.

The parts are asked for at the same time, one read each, with a deadline; a part that fails is named in `missing` and
the rest arrives all the same.
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
class _Part:
    name: str
    upstream: str
    path: str
    query: str = ""


_PARTS = (
    _Part("me", "directory", "/api/v1/me"),
    _Part("petitions", "petitions", "/api/v1/petitions", "scope=mine&limit=5&with=allowed_actions"),
    _Part("held", "petitions", "/api/v1/petitions", "scope=held&limit=5&with=allowed_actions"),
    _Part("tasks", "volunteers", "/api/v1/service-records", "scope=mine&limit=5"),
    _Part("points", "volunteers", "/api/v1/points/me"),
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
    found = await asyncio.gather(*(_part(call, part) for part in _PARTS))
    screen: dict[str, Any] = {part.name: value for part, value in zip(_PARTS, found, strict=True)}
    screen["missing"] = [part.name for part, value in zip(_PARTS, found, strict=True) if value is None]
    return call.answer(dumps(screen))


async def _part(call: Call, part: _Part) -> Any:
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            status, body = await ask(call.house.upstreams[part.upstream], call.scope, part.path, part.query)
    except Exception:  # a part that fails, however it fails, is missing; its own log says why
        return None
    if status != 200:
        return None
    value = orjson.loads(body)
    return value.get("items", value)
