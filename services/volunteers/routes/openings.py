"""Openings: offer, find, claim, and the code that their leader shows."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.volunteers.actions.claim import claim
from services.volunteers.actions.open import Offer, open_opening
from services.volunteers.domain.errors import AlreadyClaimed, Full, NotYours, Over, Overlap, UnknownReference
from services.volunteers.domain.permissions import CODE_SHOWERS, OPENERS, roles_of
from services.volunteers.house import Call
from services.volunteers.queries import opening_lists, openings
from services.volunteers.schemas import examples
from services.volunteers.schemas.openings import (
    CheckInCode,
    Nothing,
    Opening,
    OpeningList,
    OpeningQuery,
    OpenOpening,
    Out,
)
from services.volunteers.schemas.service_records import ServiceRecord
from shared.infra.idempotency import Once
from shared.infra.web.call import dumps
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE, Role

routes = Routes("openings")


def _once(call: Call) -> Once:
    return Once(call.idempotency_key, call.fingerprint(call.content))


@routes.post(
    "/openings",
    summary="发布任务或活动 · Offer a task or an activity",
    raises=(NotYours, UnknownReference),
    sends=examples.OPEN,
    roles=OPENERS,
    reach=Reach.CONCERNED,
    answer=Opening,
    status=201,
    example=examples.OPENING,
)
async def offer_opening(call: Call, body: OpenOpening) -> Response:
    """Offer a task or an activity.

    Staff and team leaders in their areas; whoever holds a petition may make a task of it. Who makes it leads it: they
    show the check-in code and may approve what volunteers did.
    """
    offer = Offer(**body.model_dump())
    return call.answer(await open_opening(call.house, call.actor, offer, _once(call), call.traceparent), status=201)


@routes.get(
    "/openings",
    summary="任务与活动列表 · List openings",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=OpeningList,
    example=examples.OPENINGS,
)
async def list_openings(call: Call, query: Annotated[OpeningQuery, Query()]) -> Response:
    """List the openings of my communities: newest first, or with `near=lat,lon` those not over, nearest first.

    Filters combine with AND; `status` takes several, separated by commas.
    """
    wanted = opening_lists.Wanted(
        query.limit, query.cursor, query.statuses(), query.point(), query.with_ is not None, query.out
    )
    return call.answer(await opening_lists.read(call.house.pool, call.actor, wanted, call.house.clock.now()))


@routes.get(
    "/openings/{id}",
    summary="查看任务或活动 · Read an opening",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=Opening,
    example=examples.OPENING,
)
async def read_opening(call: Call, id: UUID, query: Annotated[Out, Query()]) -> Response:
    """Read one opening, with my own record in it and what I may do."""
    body, version = await openings.read(call.house.pool, call.actor, id, call.house.clock.now(), query.out)
    return call.answer(body, version=version)


@routes.get(
    "/openings/{id}/check-in-code",
    summary="出示签到码 · Read the check-in code",
    raises=(NotYours,),
    who=CODE_SHOWERS,
    roles=roles_of(CODE_SHOWERS),
    reach=Reach.TENANT,
    answer=CheckInCode,
    example=examples.CODE,
)
async def read_check_in_code(call: Call, id: UUID) -> Response:
    """Read the code that volunteers scan or type to check in and out. The leader, and staff of the place."""
    code = await openings.read_code(call.house.pool, call.actor, id, call.house.clock.now())
    return call.answer(dumps({"code": code.text, "expires_at": code.expires_at}))


@routes.post(
    "/openings/{id}/claim",
    summary="认领 · Claim a place",
    raises=(AlreadyClaimed, Over, Overlap, Full),
    sends=examples.NOTHING,
    roles=frozenset({Role.VOLUNTEER}),
    reach=Reach.TENANT,
    answer=ServiceRecord,
    status=201,
    example=examples.RECORD,
)
async def claim_opening(call: Call, id: UUID, body: Nothing) -> Response:
    """Claim a place: first come, first served; the answer is my service record.

    A refusal says why: `opening.full`, `opening.over`, `opening.already_claimed`, `opening.overlap`.
    """
    return call.answer(await claim(call.house, call.actor, id, _once(call), call.traceparent), status=201)
