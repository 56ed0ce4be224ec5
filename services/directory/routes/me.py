"""The caller."""

from starlette.responses import Response

from services.directory.domain.days import day_of
from services.directory.house import Call
from services.directory.queries.me import me
from services.directory.schemas import examples
from services.directory.schemas.me import Me
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE

routes = Routes("me")


@routes.get(
    "/me",
    summary="我是谁 · Read who I am",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=Me,
    example=examples.ME,
)
async def read_me(call: Call) -> Response:
    """My name, my roles and where they count, my home, and who answers for it, nearest first."""
    body, version = await me(call.house.pool, call.actor, day_of(call.house.clock.now()))
    return call.answer(body, version=version)
