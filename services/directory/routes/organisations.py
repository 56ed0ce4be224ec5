"""Organisations: whom a community can turn to, who is meant by a name, who handles what."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.domain.days import day_of
from services.directory.domain.permissions import REVIEWERS
from services.directory.domain.scope import scope_of
from services.directory.house import Call
from services.directory.queries import histories, organisation_detail, who
from services.directory.queries.organisations import organisations
from services.directory.schemas import examples, organisation_examples
from services.directory.schemas.histories import History
from services.directory.schemas.organisations import (
    OrganisationDetail,
    OrganisationList,
    OrganisationQuery,
    Resolved,
    ResolveQuery,
    ResponsibilityQuery,
    Responsible,
    SupportHistory,
)
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE
from shared.kernel.errors import NotFound

routes = Routes("organisations")


@routes.get(
    "/organisations",
    summary="单位列表 · List organisations",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=OrganisationList,
    example=examples.ORGANISATIONS,
)
async def list_organisations(call: Call, query: Annotated[OrganisationQuery, Query()]) -> Response:
    """Organisations of the caller's communities, of the street and district above, and those that serve them.

    `area=` gives those that serve an area, or what lies around it: who works for my compound.
    """
    scope = scope_of(call.actor)
    page = await organisations(call.house.pool, scope, query.kind, query.q, query.area, query.limit, query.cursor)
    return call.answer(page)


@routes.get(
    "/organisations/resolve",
    summary="按名称查找单位 · Find out who is meant by a name",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=Resolved,
    example=organisation_examples.RESOLVED,
)
async def resolve_organisation(call: Call, query: Annotated[ResolveQuery, Query()]) -> Response:
    """Which organisation is meant by a spelling: 城建办（坑梓街道办事处）, 坑梓街道城建办公室, an alias.

    A name that every street has (城建办) means one only with its street; without it all of them are in `items`.
    """
    return call.answer(await who.resolve(call.house.pool, scope_of(call.actor), query.name))


@routes.get(
    "/organisations/{organisation_id}",
    summary="查看单位 · Read an organisation",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def read_organisation(call: Call, organisation_id: UUID) -> Response:
    """One organisation of the caller's communities, of the street and district above, or that serves them.

    One that was merged stays readable and names what took it in.
    """
    day = day_of(call.house.clock.now())
    body, version = await organisation_detail.detail(call.house.pool, call.actor, organisation_id, day)
    return call.answer(body, version=version)


@routes.get(
    "/organisations/{organisation_id}/history",
    summary="单位的变更记录 · List what was done to an organisation",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=organisation_examples.ORGANISATION_HISTORY,
)
async def list_organisation_history(
    call: Call, organisation_id: UUID, query: Annotated[ListQuery, Query()]
) -> Response:
    """What was done to an organisation, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "organisation", organisation_id, *which))


@routes.get(
    "/organisations/{organisation_id}/supports",
    summary="单位的包联区域 · List the areas that an organisation supports",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=SupportHistory,
    example={"items": organisation_examples.ORGANISATION_DETAIL["supports"], "next_cursor": None},
)
async def list_organisation_supports(
    call: Call, organisation_id: UUID, query: Annotated[ListQuery, Query()]
) -> Response:
    """Which areas of the caller's communities the organisation supports 包联 or supported, newest first."""
    page = await organisation_detail.supports(call.house.pool, call.actor, organisation_id, query.limit, query.cursor)
    return call.answer(page)


@routes.get(
    "/responsibilities",
    summary="查询承办单位 · Find out who handles a category in an area",
    raises=(NotFound,),
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=Responsible,
    example=organisation_examples.RESPONSIBLE,
)
async def list_responsible(call: Call, query: Annotated[ResponsibilityQuery, Query()]) -> Response:
    """Who handles a category in an area by the responsibility lists 职责清单, level by level from the area up.

    At each level the organisation that serves what lies nearest; one that is responsible for a category is so for all
    below it, unless another one names that itself.
    """
    scope = scope_of(call.actor)
    return call.answer(await who.responsible(call.house.pool, scope, query.category, query.area))
