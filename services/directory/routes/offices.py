"""Offices held: who answers for what from when until when; filling, ending and handing over."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions import offices as actions
from services.directory.actions.holding import Wish
from services.directory.domain.days import day_of
from services.directory.domain.errors import AlreadyEnded, NotToYourself, NotYours, OfficeTaken
from services.directory.domain.permissions import KEEPERS, REVIEWERS, Relation
from services.directory.domain.scope import scope_of
from services.directory.house import Call
from services.directory.queries import histories, offices
from services.directory.schemas import examples_offices as examples
from services.directory.schemas.histories import History
from services.directory.schemas.offices import (
    EndOffice,
    HandOver,
    NewOffice,
    OfficeDetail,
    OfficeList,
    OfficeListQuery,
)
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("offices")

_KEEPER = frozenset({Relation.KEEPER})


def wish_of(call: Call) -> Wish:
    return Wish(call.actor, Once(call.idempotency_key, call.fingerprint(call.content)), call.traceparent)


@routes.get(
    "/offices",
    summary="任职列表 · List offices held",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=OfficeList,
    example=examples.OFFICES,
)
async def list_offices(call: Call, query: Annotated[OfficeListQuery, Query()]) -> Response:
    """Who holds which office in the caller's communities, and in the street and district above them.

    `on=` asks for another day than today: who held it then, who will.
    """
    day = query.on or day_of(call.house.clock.now())
    wanted = offices.Wanted(query.limit, query.cursor, query.area, query.kind, query.person, day)
    return call.answer(await offices.listed(call.house.pool, scope_of(call.actor), wanted))


@routes.post(
    "/offices",
    summary="任命 · Fill an office",
    raises=(NotYours, NotToYourself, OfficeTaken),
    sends=examples.NEW_OFFICE,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OfficeDetail,
    status=201,
    example=examples.OFFICE_DETAIL,
)
async def fill_office(call: Call, body: NewOffice) -> Response:
    """Have somebody hold an office in an area, from today or another day on; the role of its kind comes with it.

    409 `directory.office_taken` names who holds it, where only one may at a time. People of another community cannot be
    appointed, nor oneself.
    """
    made = await actions.appoint(call.house, wish_of(call), body.appointment())
    return call.answer(made, status=201)


@routes.get(
    "/offices/{office_id}",
    summary="查看任职 · Read an office held",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=OfficeDetail,
    example=examples.OFFICE_DETAIL,
)
async def read_office(call: Call, office_id: UUID) -> Response:
    """One office, past, present or to come, and what the caller may do with it."""
    day = day_of(call.house.clock.now())
    body, version = await offices.detail(call.house.pool, call.actor, office_id, day)
    return call.answer(body, version=version)


@routes.post(
    "/offices/{office_id}/end",
    summary="终止任职 · End an office",
    raises=(NotYours, AlreadyEnded),
    sends=examples.END,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OfficeDetail,
    example=examples.OFFICE_DETAIL,
)
async def end_office(call: Call, office_id: UUID, body: EndOffice) -> Response:
    """The office is held no longer, from today or another day on. The role that it brought ends with it.

    What its holder holds stays theirs until staff hand it on; `/hand-over` does both.
    """
    return call.answer(await actions.end(call.house, wish_of(call), office_id, body.on))


@routes.post(
    "/offices/{office_id}/hand-over",
    summary="移交职务 · Hand an office over",
    raises=(NotYours, NotToYourself, OfficeTaken, AlreadyEnded),
    sends=examples.HAND_OVER,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OfficeDetail,
    example=examples.HANDED_OVER,
)
async def hand_over_office(call: Call, office_id: UUID, body: HandOver) -> Response:
    """Somebody else holds the office from today or another day on, with its role; gives the new office.

    Open petitions that its holder holds in the area, and openings to come that they lead there, follow on that day.
    """
    done = await actions.hand_over(call.house, wish_of(call), office_id, body.person_id, body.on)
    return call.answer(done)


@routes.post(
    "/people/{person_id}/hand-over",
    summary="移交某人的全部职务 · Hand over all offices of a person",
    raises=(NotYours, NotToYourself, OfficeTaken, AlreadyEnded),
    sends=examples.HAND_OVER,
    roles=KEEPERS,
    reach=Reach.AREA,
    answer=OfficeList,
    example=examples.HANDED_OVER_ALL,
)
async def hand_over_person(call: Call, person_id: UUID, body: HandOver) -> Response:
    """The same with every office that somebody holds in the caller's areas, all or none; gives the new ones."""
    done = await actions.hand_over_all(call.house, wish_of(call), person_id, body.person_id, body.on)
    return call.answer(done)


@routes.get(
    "/offices/{office_id}/history",
    summary="任职的变更记录 · List what was done to an office",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.OFFICE_HISTORY,
)
async def list_office_history(call: Call, office_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to an office, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "office", office_id, *which))
