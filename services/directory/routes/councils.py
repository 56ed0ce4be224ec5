"""Councils 大党委 / 大工委 of communities, streets and districts."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.councils import change, create, note_meeting, seat, unseat
from services.directory.domain.errors import AlreadyEnded, CouncilClosed, CouncilExists, NotYours
from services.directory.domain.permissions import KEEPERS, REVIEWERS
from services.directory.domain.scope import scope_of
from services.directory.domain.ties import ORGANISERS, Tie
from services.directory.house import Call
from services.directory.queries import councils, histories
from services.directory.schemas import council_examples as examples
from services.directory.schemas.councils import (
    ChangedCouncil,
    Council,
    CouncilList,
    CouncilQuery,
    HeldMeeting,
    NewCouncilOf,
    Seat,
    Unseat,
)
from services.directory.schemas.histories import History
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("councils")

_KEEPER, _ORGANISER = frozenset({Tie.KEEPER}), frozenset({Tie.ORGANISER})


@routes.get(
    "/councils",
    summary="大党委列表 · List councils",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=CouncilList,
    example=examples.COUNCILS,
)
async def list_councils(call: Call, query: Annotated[CouncilQuery, Query()]) -> Response:
    """Councils of the caller's communities and of the street and district above, with whether they meet as they said.

    `area=` gives those of an area and below it.
    """
    which = query.area, query.limit, query.cursor
    return call.answer(await councils.councils(call.house.pool, scope_of(call.actor), *which, call.house.today()))


@routes.get(
    "/councils/{id}",
    summary="查看大党委 · Read a council",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=Council,
    example=examples.COUNCIL,
)
async def read_council(call: Call, id: UUID) -> Response:
    """Who sits in it and on whose behalf, how often it meets, when it did last, and by when it has to."""
    body, version = await councils.detail(call.house.pool, call.actor, id, call.house.today())
    return call.answer(body, version=version)


@routes.get(
    "/councils/{id}/history",
    summary="大党委的变更记录 · List what was done to a council",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_council_history(call: Call, id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to a council: its rhythms, who took a seat or left, which meetings were noted; newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "council", id, *which))


@routes.post(
    "/councils",
    summary="设立大党委 · Make a council",
    raises=(NotYours, CouncilExists),
    sends=examples.NEW_COUNCIL,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=Council,
    status=201,
    example=examples.COUNCIL,
)
async def create_council(call: Call, body: NewCouncilOf) -> Response:
    """The council of a community, street or district: each has one. It is an organisation, so its secretary and its
    committee are memberships (`POST /memberships`).
    """
    return call.answer(await create(call.house, call.actor, body.meant(), call.once), status=201)


@routes.put(
    "/councils/{id}",
    summary="修改大党委 · Change a council",
    raises=(NotYours, CouncilClosed),
    sends=examples.CHANGED_COUNCIL,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=Council,
    example=examples.COUNCIL,
)
async def change_council(call: Call, id: UUID, body: ChangedCouncil) -> Response:
    """Its name and its rhythms, the whole of them, over the version that was read: `If-Match` carries its ETag."""
    how = call.known_version, body.name, body.by_kind()
    return call.answer(await change(call.house, call.actor, id, *how, call.once))


@routes.post(
    "/councils/{id}/seat",
    summary="加入成员单位 · Seat an organisation",
    raises=(NotYours, CouncilClosed),
    sends=examples.SEAT,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=Council,
    example=examples.COUNCIL,
)
async def seat_organisation(call: Call, id: UUID, body: Seat) -> Response:
    """An organisation takes a seat in the council, once at a time."""
    return call.answer(await seat(call.house, call.actor, id, body.organisation_id, body.starts_on, call.once))


@routes.post(
    "/councils/{id}/unseat",
    summary="成员单位退出 · Unseat an organisation",
    raises=(NotYours, CouncilClosed, AlreadyEnded),
    sends=examples.UNSEAT,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=Council,
    example=examples.COUNCIL,
)
async def unseat_organisation(call: Call, id: UUID, body: Unseat) -> Response:
    """An organisation sits in the council no longer. Whom it sent stays until their membership is ended."""
    return call.answer(await unseat(call.house, call.actor, id, body.organisation_id, body.ends_on, call.once))


@routes.post(
    "/councils/{id}/meetings",
    summary="登记会议 · Note that a meeting was held",
    raises=(NotYours, CouncilClosed),
    sends=examples.MEETING,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Council,
    example=examples.COUNCIL,
)
async def note_council_meeting(call: Call, id: UUID, body: HeldMeeting) -> Response:
    """A meeting of a kind was held on a day; the rhythm of that kind counts from it."""
    return call.answer(await note_meeting(call.house, call.actor, id, body.kind, body.held_on, call.once))
