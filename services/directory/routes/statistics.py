"""Figures of an area, by counting."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from services.directory.domain.days import day_of
from services.directory.domain.permissions import REVIEWERS
from services.directory.house import Call
from services.directory.queries.statistics import statistics
from services.directory.schemas import figures as examples
from services.directory.schemas.statistics import Statistics, StatisticsQuery
from shared.infra.web.routes import Reach, Routes
from shared.kernel.errors import NotFound

routes = Routes("statistics")


@routes.get(
    "/statistics/directory",
    summary="组织目录统计 · Count what an area has",
    raises=(NotFound,),
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=Statistics,
    example=examples.STATISTICS,
)
async def read_directory_statistics(call: Call, query: Annotated[StatisticsQuery, Query()]) -> Response:
    """What there is in an area and all below it today, counted from the tables: areas, households, people,
    organisations, offices and vacancies, enrolments, councils, facilities, services.

    What each figure counts stands at its schema. A figure that would point to one or two people with something personal
    about them is null.
    """
    day = day_of(call.house.clock.now())
    return call.answer(await statistics(call.house.pool, call.actor, query.area, day))
