"""Areas: where a point lies, and one area."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.domain.days import day_of
from services.directory.domain.errors import OutsideEveryArea
from services.directory.domain.scope import scope_of
from services.directory.house import Call
from services.directory.queries import areas
from services.directory.schemas import examples
from services.directory.schemas.areas import AreaDetail, AreaQuery, Located, LocateQuery
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE

routes = Routes("areas")


@routes.get(
    "/areas/locate",
    summary="查询位置所在的区域 · Find the area of a place",
    raises=(OutsideEveryArea,),
    roles=EVERYONE,
    reach=Reach.ANYWHERE,
    answer=Located,
    example=examples.LOCATED,
)
async def locate_area(call: Call, query: Annotated[LocateQuery, Query()]) -> Response:
    """The deepest area around a point, the way to it from the root, and who answers for it, nearest first.

    Officers are named to those who have to do with the place (home, role or organisation); to others the list is empty.

    404 `directory.outside_every_area` when no area's boundary holds the point.
    """
    day = day_of(call.house.clock.now())
    return call.answer(await areas.locate(call.house.pool, scope_of(call.actor), query.wgs84(), day))


@routes.get(
    "/areas/{area_id}",
    summary="查看区域 · Read an area",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=AreaDetail,
    example=examples.DETAIL,
)
async def read_area(call: Call, area_id: UUID, query: Annotated[AreaQuery, Query()]) -> Response:
    """One area of the caller's communities, or of the street and district above them; another's is a 404."""
    day = day_of(call.house.clock.now())
    body, version = await areas.detail(call.house.pool, scope_of(call.actor), area_id, query.out, day)
    return call.answer(body, version=version)
