"""Memberships: who belongs to which organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.memberships import end, join
from services.directory.domain.errors import AlreadyEnded, NotYours
from services.directory.domain.permissions import KEEPERS, REVIEWERS
from services.directory.domain.ties import Tie
from services.directory.house import Call
from services.directory.queries import histories, memberships
from services.directory.schemas import tie_examples as examples
from services.directory.schemas.histories import History
from services.directory.schemas.memberships import (
    EndOn,
    JoinOrganisation,
    Membership,
    MembershipList,
    MembershipQuery,
)
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE, Role

routes = Routes("memberships")

_RECORDERS = KEEPERS | {Role.ORGANISATION_STAFF}
_WHO = frozenset({Tie.KEEPER, Tie.OWN_STAFF})


@routes.get(
    "/memberships",
    summary="成员身份列表 · List who belongs where",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=MembershipList,
    example=examples.MEMBERSHIPS,
)
async def list_memberships(call: Call, query: Annotated[MembershipQuery, Query()]) -> Response:
    """Who belongs to an organisation, or to what a person belongs, newest first.

    Seen by the person, by staff of the organisation and of the one that sent them, and by those who work in the
    community, street or district that keeps the organisation, or above it.
    """
    wanted = memberships.Wanted(**query.model_dump())
    return call.answer(await memberships.memberships(call.house.pool, call.actor, wanted, call.house.today()))


@routes.get(
    "/memberships/{id}",
    summary="查看成员身份 · Read a membership",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=Membership,
    example=examples.MEMBERSHIP,
)
async def read_membership(call: Call, id: UUID) -> Response:
    """One membership."""
    body, version = await memberships.detail(call.house.pool, call.actor, id, call.house.today())
    return call.answer(body, version=version)


@routes.get(
    "/memberships/{id}/history",
    summary="成员身份的变更记录 · List what was done to a membership",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_membership_history(call: Call, id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to a membership, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "membership", id, *which))


@routes.post(
    "/memberships",
    summary="登记成员身份 · Record that somebody belongs",
    raises=(NotYours,),
    sends=examples.JOIN,
    who=_WHO,
    roles=_RECORDERS,
    reach=Reach.TENANT,
    answer=Membership,
    status=201,
    example=examples.MEMBERSHIP,
)
async def join_organisation(call: Call, body: JoinOrganisation) -> Response:
    """Somebody belongs to an organisation: staff, members, a council's secretary and committee, stationed teams.

    Who administers the place that keeps the organisation records everything; the organisation's own staff record
    `staff` and `member`. Nobody is the same thing twice at a time, and of secretaries and leaders there is one.
    """
    return call.answer(await join(call.house, call.actor, body.meant(), call.once), status=201)


@routes.post(
    "/memberships/{id}/end",
    summary="结束成员身份 · End a membership",
    raises=(NotYours, AlreadyEnded),
    sends=examples.END,
    who=_WHO,
    roles=_RECORDERS,
    reach=Reach.CONCERNED,
    answer=Membership,
    example=examples.ENDED_MEMBERSHIP,
)
async def end_membership(call: Call, id: UUID, body: EndOn) -> Response:
    """Somebody belongs to it no longer, from today or a day that is said on. It stays on record."""
    return call.answer(await end(call.house, call.actor, id, body.ends_on, call.once))
