"""Facilities, and the circle of 15 minutes around a place."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.facilities import change, close, create
from services.directory.domain.catalogue import CURATORS
from services.directory.domain.errors import EntryClosed, FacilityInUse, NotYours
from services.directory.domain.permissions import REVIEWERS, Relation
from services.directory.domain.scope import scope_of
from services.directory.house import Call
from services.directory.queries import circles, facilities, histories
from services.directory.schemas import catalogue_examples as examples
from services.directory.schemas.facilities import (
    Circles,
    CirclesQuery,
    CloseEntry,
    DescribedFacility,
    FacilityDetail,
    FacilityList,
    FacilityListQuery,
    NearQuery,
)
from services.directory.schemas.histories import History
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("facilities")

_KEEPER = frozenset({Relation.KEEPER})


@routes.get(
    "/facilities",
    summary="设施列表 · List facilities",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=FacilityList,
    example=examples.FACILITIES,
)
async def list_facilities(call: Call, query: Annotated[FacilityListQuery, Query()]) -> Response:
    """Facilities: with `near=lat,lon` nearest first with the way on foot, whoever keeps them; without it those of the
    caller's communities, and of the street and district above, newest first.

    The way on foot is an estimate: a quarter more than the straight line, 80 m a minute.
    """
    wanted = facilities.Wanted(query.limit, query.cursor, query.kind, query.q, query.place(query.within))
    now = call.house.clock.now()
    return call.answer(await facilities.facilities(call.house.pool, scope_of(call.actor), wanted, query.out, now))


@routes.get(
    "/facilities/{facility_id}",
    summary="查看设施 · Read a facility",
    roles=EVERYONE,
    reach=Reach.ANYWHERE,
    answer=FacilityDetail,
    example=examples.FACILITY,
)
async def read_facility(call: Call, facility_id: UUID, query: Annotated[NearQuery, Query()]) -> Response:
    """One facility: where, when it is open, what is to be had there; with `near=lat,lon` the way on foot."""
    now = call.house.clock.now()
    body, version = await facilities.detail(call.house.pool, call.actor, facility_id, query.out, query.place(), now)
    return call.answer(body, version=version)


@routes.get(
    "/facilities/{facility_id}/history",
    summary="设施的变更记录 · List what was done to a facility",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_facility_history(call: Call, facility_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to a facility, by whom and in which role, newest first; `facts` hold what it said before."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "facility", facility_id, *which))


@routes.post(
    "/facilities",
    summary="新建设施 · Enter a facility",
    raises=(NotYours,),
    sends=examples.DESCRIBED_FACILITY,
    who=_KEEPER,
    roles=CURATORS,
    reach=Reach.TENANT,
    answer=FacilityDetail,
    status=201,
    example=examples.FACILITY,
)
async def create_facility(call: Call, body: DescribedFacility) -> Response:
    """Enter a facility in an area whose catalogue the caller keeps: named, or else the deepest around its location."""
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    return call.answer(await create(call.house, call.actor, body.draft(), once), status=201)


@routes.put(
    "/facilities/{facility_id}",
    summary="修改设施 · Change a facility",
    raises=(NotYours, EntryClosed),
    sends=examples.DESCRIBED_FACILITY,
    who=_KEEPER,
    roles=CURATORS,
    reach=Reach.ANYWHERE,
    answer=FacilityDetail,
    example=examples.FACILITY,
)
async def change_facility(call: Call, facility_id: UUID, body: DescribedFacility) -> Response:
    """Change a facility: the whole description, over the version that was read (`If-Match`). Services there move
    with it.
    """
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    version = call.known_version
    return call.answer(await change(call.house, call.actor, facility_id, version, body.draft(), once))


@routes.post(
    "/facilities/{facility_id}/close",
    summary="停办设施 · Close a facility",
    raises=(NotYours, EntryClosed, FacilityInUse),
    sends=examples.NOTHING,
    who=_KEEPER,
    roles=CURATORS,
    reach=Reach.ANYWHERE,
    answer=FacilityDetail,
    example=examples.FACILITY,
)
async def close_facility(call: Call, facility_id: UUID, body: CloseEntry) -> Response:
    """Close a facility at which no service is given any more (409 `directory.facility_in_use` otherwise)."""
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    return call.answer(await close(call.house, call.actor, facility_id, once))


@routes.get(
    "/circles",
    summary="15分钟生活圈 · Read the 15-minute circle around a place",
    roles=EVERYONE,
    reach=Reach.ANYWHERE,
    answer=Circles,
    example=examples.CIRCLES,
)
async def read_circles(call: Call, query: Annotated[CirclesQuery, Query()]) -> Response:
    """What can be reached on foot in 15 minutes around a place, and what is missing: 便民, 健身, 养老托幼.

    A circle reaches 960 m as the crow flies (15 minutes at 80 m a minute, the way a quarter longer than the straight
    line; GB 50180-2018 takes 800–1,000 m): an estimate. Of what is missing the nearest within 20 km is named.
    """
    return call.answer(await circles.circles(call.house.pool, query.wgs84()))
