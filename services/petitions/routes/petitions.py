"""Petitions: report, list, read, and every action."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.petitions.actions import commands
from services.petitions.actions.handle import Decide, act
from services.petitions.actions.submit import Report, submit
from services.petitions.domain.states import Action
from services.petitions.house import Call
from services.petitions.queries import detail, history, lists
from services.petitions.schemas import examples
from services.petitions.schemas.petitions import (
    AcceptPetition,
    ConfirmPetition,
    DispatchPetition,
    DisputePetition,
    HistoryList,
    Out,
    Petition,
    PetitionList,
    PetitionQuery,
    RejectPetition,
    ResolvePetition,
    StartPetition,
    SubmitPetition,
    WithdrawPetition,
)
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE, OFFICERS, STAFF, Role

routes = Routes("petitions")

_HANDLERS = STAFF | OFFICERS | {Role.ORGANISATION_STAFF}


def _once(call: Call) -> Once:
    return Once(call.idempotency_key, call.fingerprint(call.content))


async def _act(call: Call, petition_id: UUID, action: Action, decide: Decide) -> Response:
    body = await act(call.house, call.actor, petition_id, action, decide, _once(call), call.traceparent)
    return call.answer(body)


@routes.get("/petitions", roles=EVERYONE, reach=Reach.CONCERNED, answer=PetitionList, example=examples.LIST)
async def list_petitions(call: Call, query: Annotated[PetitionQuery, Query()]) -> Response:
    """List petitions, newest first.

    `scope=mine` (default): those I reported; `held`: those that wait for me or my organisation; `area`: all of the
    areas I look after. Filters combine with AND.
    """
    wanted = lists.Wanted(
        query.scope,
        query.limit,
        query.cursor,
        query.statuses(),
        query.category,
        query.q,
        query.with_ is not None,
    )
    return call.answer(await lists.read(call.house.pool, call.actor, wanted))


@routes.get("/petitions/{id}", roles=EVERYONE, reach=Reach.CONCERNED, answer=Petition, example=examples.PETITION)
async def read_petition(call: Call, id: UUID, query: Annotated[Out, Query()]) -> Response:
    """Read one petition, with its history and what I may do with it."""
    body, version = await detail.read(call.house.pool, call.house.links, call.actor, id, query.out)
    return call.answer(body, version=version)


@routes.get(
    "/petitions/{id}/history", roles=EVERYONE, reach=Reach.CONCERNED, answer=HistoryList, example=examples.HISTORY
)
async def read_history(call: Call, id: UUID) -> Response:
    """Read the history alone, oldest first. It can never be changed."""
    body, version = await history.read(call.house.pool, call.actor, id)
    return call.answer(body, version=version)


@routes.post("/petitions", roles=EVERYONE, reach=Reach.OWN, answer=Petition, status=201, example=examples.PETITION)
async def submit_petition(call: Call, body: SubmitPetition) -> Response:
    """Report a problem.

    The place finds the community and the officer who answers for it; the answer says who holds it and by when.
    """
    report = Report(
        lat=body.location.lat,
        lon=body.location.lon,
        coord_sys=body.location.coord_sys,
        title=body.title,
        text=body.text,
        category_id=body.category,
        attachment_ids=tuple(body.attachments),
        anonymity=body.anonymity,
    )
    return call.answer(await submit(call.house, call.actor, report, _once(call), call.traceparent), status=201)


@routes.post(
    "/petitions/{id}/accept",
    roles=_HANDLERS,
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("accepted", "start"),
)
async def accept_petition(call: Call, id: UUID, body: AcceptPetition) -> Response:
    """Accept: it is ours. Holder or staff; category and urgency are confirmed or changed."""
    return await _act(call, id, Action.ACCEPT, commands.accept(call.house.pool, body.category, body.urgency))


@routes.post(
    "/petitions/{id}/reject", roles=STAFF, reach=Reach.AREA, answer=Petition, example=examples.after("rejected")
)
async def reject_petition(call: Call, id: UUID, body: RejectPetition) -> Response:
    """Reject, with a reason and where else to turn. Staff of the place."""
    return await _act(call, id, Action.REJECT, commands.reject(body.reason, body.text))


@routes.post(
    "/petitions/{id}/dispatch",
    roles=STAFF,
    reach=Reach.AREA,
    answer=Petition,
    example=examples.after("dispatched", "dispatch"),
)
async def dispatch_petition(call: Call, id: UUID, body: DispatchPetition) -> Response:
    """Dispatch: the lead becomes the holder, co-handlers see it. Staff of the place."""
    lead = commands.Party(body.lead.type, body.lead.id)
    others = [commands.Party(handler.type, handler.id) for handler in body.co_handlers]
    return await _act(call, id, Action.DISPATCH, commands.dispatch(call.house, lead, others, body.note))


@routes.post(
    "/petitions/{id}/start",
    roles=_HANDLERS,
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("in_progress", "resolve"),
)
async def start_petition(call: Call, id: UUID, body: StartPetition) -> Response:
    """Start: the holder has been in touch with the reporter, which stops the response clock."""
    return await _act(call, id, Action.START, commands.start(body.note))


@routes.post(
    "/petitions/{id}/resolve",
    roles=_HANDLERS,
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("resolved"),
)
async def resolve_petition(call: Call, id: UUID, body: ResolvePetition) -> Response:
    """Resolve: the holder says what came of it; the reporter then has the word."""
    decide = commands.resolve(body.outcome, body.text, tuple(body.attachments))
    return await _act(call, id, Action.RESOLVE, decide)


@routes.post(
    "/petitions/{id}/confirm", roles=EVERYONE, reach=Reach.OWN, answer=Petition, example=examples.after("closed")
)
async def confirm_petition(call: Call, id: UUID, body: ConfirmPetition) -> Response:
    """Confirm that it is done. The reporter; the rating is never shown to staff."""
    return await _act(call, id, Action.CONFIRM, commands.confirm(body.rating, body.contacted))


@routes.post(
    "/petitions/{id}/dispute", roles=EVERYONE, reach=Reach.OWN, answer=Petition, example=examples.after("in_progress")
)
async def dispute_petition(call: Call, id: UUID, body: DisputePetition) -> Response:
    """Dispute the result: another round begins; from the second time on the level above looks at it. The reporter."""
    return await _act(call, id, Action.DISPUTE, commands.dispute(body.solved, body.text))


@routes.post(
    "/petitions/{id}/withdraw", roles=EVERYONE, reach=Reach.OWN, answer=Petition, example=examples.after("withdrawn")
)
async def withdraw_petition(call: Call, id: UUID, body: WithdrawPetition) -> Response:
    """Take it back, before it was dispatched. The reporter."""
    return await _act(call, id, Action.WITHDRAW, commands.withdraw(body.text))
