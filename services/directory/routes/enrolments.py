"""Enrolments 双向报到: of units where they are, of their members where they live."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.enrolments import end, enrol
from services.directory.domain.errors import AlreadyEnded, NotYours
from services.directory.domain.permissions import REVIEWERS
from services.directory.domain.ties import READERS, Tie
from services.directory.house import Call
from services.directory.queries import enrolments, histories
from services.directory.schemas import tie_examples as examples
from services.directory.schemas.enrolments import (
    Enrol,
    Enrolment,
    EnrolmentList,
    EnrolmentQuery,
    EnrolmentsOfArea,
    EnrolmentsOfOrganisation,
    UnitQuery,
)
from services.directory.schemas.histories import History
from services.directory.schemas.memberships import EndOn
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE, Role

routes = Routes("enrolments")

_WHO = frozenset({Tie.ONESELF, Tie.OWN_STAFF, Tie.ORGANISER})


@routes.get(
    "/enrolments",
    summary="报到列表 · List enrolments",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=EnrolmentList,
    example=examples.ENROLMENTS,
)
async def list_enrolments(call: Call, query: Annotated[EnrolmentQuery, Query()]) -> Response:
    """Enrolments in a community, newest first; without `community=` the caller's own.

    Names are shown to the person, to staff of their organisation, and to those who work in the community or above it.
    """
    wanted = enrolments.Wanted(**query.model_dump())
    return call.answer(await enrolments.enrolments(call.house.pool, call.actor, wanted, call.house.today()))


@routes.get(
    "/enrolments/{id}",
    summary="查看报到 · Read an enrolment",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=Enrolment,
    example=examples.ENROLMENT,
)
async def read_enrolment(call: Call, id: UUID) -> Response:
    """One enrolment."""
    body, version = await enrolments.detail(call.house.pool, call.actor, id, call.house.today())
    return call.answer(body, version=version)


@routes.get(
    "/enrolments/{id}/history",
    summary="报到的变更记录 · List what was done to an enrolment",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_enrolment_history(call: Call, id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to an enrolment, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "enrolment", id, *which))


@routes.post(
    "/enrolments",
    summary="报到 · Enrol, or tell somebody to",
    raises=(NotYours,),
    sends=examples.ENROL,
    who=_WHO,
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=Enrolment,
    status=201,
    example=examples.ENROLMENT,
)
async def enrol_somewhere(call: Call, body: Enrol) -> Response:
    """A unit enrols in the community where it is, a member of it (`person_id`) where they live.

    With `"state": "told"` they are only told to; enrolling later completes the same enrolment. Members enrol
    themselves, or the community's staff note it; a unit's staff enrol the unit and tell its members.
    """
    return call.answer(await enrol(call.house, call.actor, body.meant(), call.once), status=201)


@routes.post(
    "/enrolments/{id}/end",
    summary="结束报到 · End an enrolment",
    raises=(NotYours, AlreadyEnded),
    sends=examples.END,
    who=_WHO,
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=Enrolment,
    example=examples.ENDED_ENROLMENT,
)
async def end_enrolment(call: Call, id: UUID, body: EndOn) -> Response:
    """It holds no longer, from today or a day that is said on. It stays on record."""
    return call.answer(await end(call.house, call.actor, id, body.ends_on, call.once))


@routes.get(
    "/organisations/{id}/enrolments",
    summary="本单位报到情况 · Read who of an organisation enrolled where",
    roles=READERS | {Role.ORGANISATION_STAFF},
    reach=Reach.CONCERNED,
    answer=EnrolmentsOfOrganisation,
    example=examples.OF_ORGANISATION,
)
async def read_organisation_enrolments(call: Call, id: UUID, query: Annotated[UnitQuery, Query()]) -> Response:
    """Who of the organisation enrolled where and since when, newest first, with the figures of all: how many were told
    to, how many of them did, how many did not yet.
    """
    how = query.state, query.limit, query.cursor
    return call.answer(await enrolments.of_organisation(call.house.pool, call.actor, id, *how, call.house.today()))


@routes.get(
    "/areas/{id}/enrolments",
    summary="社区报到情况 · Read which units enrolled in an area",
    roles=READERS,
    reach=Reach.AREA,
    answer=EnrolmentsOfArea,
    example=examples.OF_AREA,
)
async def read_area_enrolments(call: Call, id: UUID) -> Response:
    """Which units have enrolled in a community, or in those of a street or district, with how many members each."""
    return call.answer(await enrolments.of_area(call.house.pool, call.actor, id, call.house.today()))
