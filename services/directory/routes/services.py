"""Services: what one can get where, when, and what to bring."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.services import change, close, create
from services.directory.domain.catalogue import CURATORS
from services.directory.domain.errors import EntryClosed, NotYours
from services.directory.domain.permissions import REVIEWERS, Relation
from services.directory.domain.scope import scope_of
from services.directory.house import Call
from services.directory.queries import histories, services
from services.directory.schemas import catalogue_examples as examples
from services.directory.schemas.facilities import CloseEntry
from services.directory.schemas.histories import History
from services.directory.schemas.services import (
    DescribedService,
    ServiceDetail,
    ServiceList,
    ServiceListQuery,
    ServiceQuery,
)
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("services")

_KEEPER = frozenset({Relation.KEEPER})


@routes.get(
    "/services",
    summary="服务列表 · List services",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=ServiceList,
    example=examples.SERVICES,
)
async def list_services(call: Call, query: Annotated[ServiceListQuery, Query()]) -> Response:
    """Services: with `near=lat,lon` nearest first with the way on foot, whoever keeps them; without it those of the
    caller's communities, and of the street and district above, newest first.

    `q` is part of a name or alias (低保 finds 最低生活保障). With `open_now=true` a page may hold fewer rows than asked
    for and still have a `next_cursor`. The way on foot is an estimate: a quarter more than the straight line, 80 m a
    minute.
    """
    wanted = services.Wanted(
        limit=query.limit,
        cursor=query.cursor,
        category=query.category,
        q=query.q,
        area=query.area,
        errand=query.errand,
        open_now=query.open_now,
        near=query.place(query.within),
    )
    now = call.house.clock.now()
    return call.answer(await services.services(call.house.pool, scope_of(call.actor), wanted, query.out, now))


@routes.get(
    "/services/{service_id}",
    summary="查看服务 · Read a service",
    roles=EVERYONE,
    reach=Reach.ANYWHERE,
    answer=ServiceDetail,
    example=examples.SERVICE,
)
async def read_service(call: Call, service_id: UUID, query: Annotated[ServiceQuery, Query()]) -> Response:
    """Everything that one needs before leaving the house: what to bring, what it costs, who may, where and when.

    With `near=lat,lon` each place says how far it is on foot.
    """
    now = call.house.clock.now()
    body, version = await services.detail(call.house.pool, call.actor, service_id, query.out, query.place(), now)
    return call.answer(body, version=version)


@routes.get(
    "/services/{service_id}/history",
    summary="服务的变更记录 · List what was done to a service",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_service_history(call: Call, service_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to a service, by whom and in which role, newest first; `facts` hold what it said before."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "service", service_id, *which))


@routes.post(
    "/services",
    summary="新建服务 · Enter a service",
    raises=(NotYours,),
    sends=examples.DESCRIBED_SERVICE,
    who=_KEEPER,
    roles=CURATORS,
    reach=Reach.TENANT,
    answer=ServiceDetail,
    status=201,
    example=examples.SERVICE,
)
async def create_service(call: Call, body: DescribedService) -> Response:
    """Enter a service for an area whose catalogue the caller keeps, with the places where it is to be had.

    A place is a facility of the same community (or of one below the street or district whose service it is), or an
    area: a knife sharpener who comes into the yard on 3 May has that day among its `dates` and no weekly hours.
    """
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    return call.answer(await create(call.house, call.actor, body.draft(), once), status=201)


@routes.put(
    "/services/{service_id}",
    summary="修改服务 · Change a service",
    raises=(NotYours, EntryClosed),
    sends=examples.DESCRIBED_SERVICE,
    who=_KEEPER,
    roles=CURATORS,
    reach=Reach.ANYWHERE,
    answer=ServiceDetail,
    example=examples.SERVICE,
)
async def change_service(call: Call, service_id: UUID, body: DescribedService) -> Response:
    """Change a service: the whole description with all places, over the version that was read (`If-Match`)."""
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    version = call.known_version
    return call.answer(await change(call.house, call.actor, service_id, version, body.draft(), once))


@routes.post(
    "/services/{service_id}/close",
    summary="停办服务 · Close a service",
    raises=(NotYours, EntryClosed),
    sends=examples.NOTHING,
    who=_KEEPER,
    roles=CURATORS,
    reach=Reach.ANYWHERE,
    answer=ServiceDetail,
    example=examples.SERVICE,
)
async def close_service(call: Call, service_id: UUID, body: CloseEntry) -> Response:
    """Close a service that is no longer given. It stays readable by its id, and stands in no list."""
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    return call.answer(await close(call.house, call.actor, service_id, once))
