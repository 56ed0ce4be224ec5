"""Areas: where a point lies, one area, lists and the tree, who answers for it and what is missing."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.domain.days import day_of
from services.directory.domain.errors import OutsideEveryArea
from services.directory.domain.permissions import REVIEWERS
from services.directory.domain.scope import scope_of
from services.directory.house import Call
from services.directory.queries import area_lists, areas, coverage, histories, kinds
from services.directory.schemas import examples
from services.directory.schemas.areas import (
    AreaDetail,
    AreaList,
    AreaListQuery,
    AreaNode,
    AreaQuery,
    Coverage,
    Kinds,
    Located,
    LocateQuery,
    OfficerList,
    OfficerQuery,
    TreeQuery,
)
from services.directory.schemas.histories import History
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("areas")


@routes.get(
    "/areas",
    summary="区域列表 · List areas",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=AreaList,
    example=examples.AREAS,
)
async def list_areas(call: Call, query: Annotated[AreaListQuery, Query()]) -> Response:
    """Areas of the caller's communities, and the street and district above them, in the order in which they came.

    `parent=` gives what lies right below an area, `within=` all that lies anywhere below it; `kind=` and `q=` (part of
    a name, or how a code begins) narrow it further. Closed areas only with `closed=true`.
    """
    wanted = area_lists.Wanted(**query.model_dump())
    return call.answer(await area_lists.areas(call.house.pool, scope_of(call.actor), wanted))


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
    """One area of the caller's communities, or of the street and district above them; another's is a 404.

    An area that was merged or split stays readable and names what took its place.
    """
    day = day_of(call.house.clock.now())
    body, version = await areas.detail(call.house.pool, call.actor, area_id, query.out, day)
    return call.answer(body, version=version)


@routes.get(
    "/areas/{area_id}/tree",
    summary="查看区域的下级 · Read the tree below an area",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=AreaNode,
    example=examples.TREE,
)
async def read_area_tree(call: Call, area_id: UUID, query: Annotated[TreeQuery, Query()]) -> Response:
    """An area and what lies in it, some levels down.

    At most 2,000 areas: levels that no longer fit are left out (`below` is null, `areas` counts them).
    """
    return call.answer(await area_lists.tree(call.house.pool, scope_of(call.actor), area_id, query.depth))


@routes.get(
    "/areas/{area_id}/officers",
    summary="区域的责任人 · List who answers for an area",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=OfficerList,
    example=examples.OFFICER_LIST,
)
async def list_area_officers(call: Call, area_id: UUID, query: Annotated[OfficerQuery, Query()]) -> Response:
    """Who answers for an area today, nearest first; with `below=true` all who hold an office in it or below it."""
    pool, scope, day = call.house.pool, scope_of(call.actor), day_of(call.house.clock.now())
    if query.below:
        page = await area_lists.officers_below(pool, scope, area_id, day, query.kind, query.limit, query.cursor)
        return call.answer(page)
    return call.answer(await area_lists.officers_above(pool, scope, area_id, day, query.cursor))


@routes.get(
    "/areas/{area_id}/coverage",
    summary="责任覆盖情况 · Read what is missing in an area",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=Coverage,
    example=examples.COVERAGE,
)
async def read_area_coverage(call: Call, area_id: UUID) -> Response:
    """What is missing in an area and below it today: 全覆盖、责任到人.

    Offices that must be held and are vacant, households for whom nobody answers nearer than the community, compounds
    without a formed owners' committee. Figures count all, each list names the first 100.
    """
    day = day_of(call.house.clock.now())
    return call.answer(await coverage.coverage(call.house.pool, call.actor, area_id, day))


@routes.get(
    "/areas/{area_id}/history",
    summary="区域的变更记录 · List what was done to an area",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.AREA_HISTORY,
)
async def list_area_history(call: Call, area_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to an area, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "area", area_id, *which))


@routes.get(
    "/kinds",
    summary="区域、职务与单位的种类 · Read the kinds of areas, offices and organisations",
    roles=EVERYONE,
    reach=Reach.ANYWHERE,
    answer=Kinds,
    example=examples.KINDS,
)
async def read_kinds(call: Call) -> Response:
    """The kinds of areas, offices and organisations of this installation, in Chinese and English."""
    return call.answer(await kinds.kinds(call.house.pool))
