"""Points: what I have, and how I came by it."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from services.volunteers.house import Call
from services.volunteers.queries import points
from services.volunteers.schemas.points import MY_POINTS, TRANSFERS, MyPoints, PointsTransferList
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("points")


@routes.get(
    "/points/me",
    summary="我的积分 · Read my points",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=MyPoints,
    example=MY_POINTS,
)
async def read_my_points(call: Call) -> Response:
    """Read my points: balance, what is held, what I can spend; account by account too."""
    return call.answer(await points.mine(call.house.pool, call.actor, call.house.clock.now()))


@routes.get(
    "/points/me/transfers",
    summary="积分明细 · List my transfers",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=PointsTransferList,
    example=TRANSFERS,
)
async def list_my_transfers(call: Call, query: Annotated[ListQuery, Query()]) -> Response:
    """List my transfers, newest first, each with the balance it left and its number in the chain of seals."""
    return call.answer(await points.transfers(call.house.pool, call.actor, query.limit, query.cursor))
