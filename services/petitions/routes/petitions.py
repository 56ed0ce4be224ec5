"""Petitions: report, list, read, and every action."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.petitions.actions import commands
from services.petitions.actions.handle import Decide, act
from services.petitions.actions.submit import Report, submit
from services.petitions.domain.errors import NotYours, PlaceOutside, UnknownReference
from services.petitions.domain.permissions import roles_of
from services.petitions.domain.states import MOVES, Action
from services.petitions.house import Call
from services.petitions.queries import detail, history, lists
from services.petitions.schemas import examples
from services.petitions.schemas.petitions import (
    AcceptPetition,
    ConfirmPetition,
    DispatchPetition,
    DisputePetition,
    HistoryList,
    HomePetitions,
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
from shared.infra.web.types import FIRST_SCREEN_ROWS
from shared.kernel.actor import EVERYONE
from shared.kernel.errors import Conflict

routes = Routes("petitions")


def _who(action: Action) -> dict[str, Any]:
    """Who may do it, as the table of states says, and the roles with which one can be that."""
    return {"who": MOVES[action].who, "roles": roles_of(MOVES[action].who)}


def _once(call: Call) -> Once:
    return Once(call.idempotency_key, call.fingerprint(call.content))


async def _act(call: Call, petition_id: UUID, action: Action, decide: Decide) -> Response:
    body = await act(call.house, call.actor, petition_id, action, decide, _once(call), call.traceparent)
    return call.answer(body)


@routes.get(
    "/petitions",
    summary="诉求列表 · List petitions",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=PetitionList,
    example=examples.LIST,
)
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


@routes.get(
    "/petitions/home",
    summary="首页上的诉求 · Petitions on the first screen",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=HomePetitions,
    example=examples.FIRST_SCREEN,
)
async def read_home_petitions(call: Call) -> Response:
    """What the first screen shows: the newest that I reported, and the newest that wait for me, with what I may do."""
    return call.answer(await lists.first_screen(call.house.pool, call.actor, FIRST_SCREEN_ROWS))


@routes.get(
    "/petitions/{id}",
    summary="查看诉求 · Read a petition",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.PETITION,
)
async def read_petition(call: Call, id: UUID, query: Annotated[Out, Query()]) -> Response:
    """Read one petition, with its history and what I may do with it."""
    body, version = await detail.read(call.house.pool, call.house.links, call.actor, id, query.out)
    return call.answer(body, version=version)


@routes.get(
    "/petitions/{id}/history",
    summary="办理过程 · Read the history",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=HistoryList,
    example=examples.HISTORY,
)
async def read_history(call: Call, id: UUID) -> Response:
    """Read the history alone, oldest first. It can never be changed."""
    body, version = await history.read(call.house.pool, call.actor, id)
    return call.answer(body, version=version)


@routes.post(
    "/petitions",
    summary="提交诉求 · Report a problem",
    raises=(PlaceOutside, UnknownReference),
    sends=examples.SUBMIT,
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=Petition,
    status=201,
    example=examples.PETITION,
)
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
    summary="受理 · Accept",
    raises=(NotYours, Conflict, UnknownReference),
    sends=examples.ACCEPT,
    **_who(Action.ACCEPT),
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("accepted", "start"),
)
async def accept_petition(call: Call, id: UUID, body: AcceptPetition) -> Response:
    """Accept: it is ours. Holder or staff; category and urgency are confirmed or changed."""
    return await _act(call, id, Action.ACCEPT, commands.accept(call.house.pool, body.category, body.urgency))


@routes.post(
    "/petitions/{id}/reject",
    summary="不予受理 · Reject",
    raises=(NotYours, Conflict),
    sends=examples.REJECT,
    **_who(Action.REJECT),
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("rejected"),
)
async def reject_petition(call: Call, id: UUID, body: RejectPetition) -> Response:
    """Reject, with a reason and where else to turn. Staff of the place."""
    return await _act(call, id, Action.REJECT, commands.reject(body.reason, body.text))


@routes.post(
    "/petitions/{id}/dispatch",
    summary="派单 · Dispatch",
    raises=(NotYours, Conflict, UnknownReference),
    sends=examples.DISPATCH,
    **_who(Action.DISPATCH),
    reach=Reach.CONCERNED,
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
    summary="开始办理 · Start",
    raises=(NotYours, Conflict),
    sends=examples.START,
    **_who(Action.START),
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("in_progress", "resolve"),
)
async def start_petition(call: Call, id: UUID, body: StartPetition) -> Response:
    """Start: the holder has been in touch with the reporter, which stops the response clock."""
    return await _act(call, id, Action.START, commands.start(body.note))


@routes.post(
    "/petitions/{id}/resolve",
    summary="办结 · Resolve",
    raises=(NotYours, Conflict, UnknownReference),
    sends=examples.RESOLVE,
    **_who(Action.RESOLVE),
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("resolved"),
)
async def resolve_petition(call: Call, id: UUID, body: ResolvePetition) -> Response:
    """Resolve: the holder says what came of it; the reporter then has the word."""
    decide = commands.resolve(body.outcome, body.text, tuple(body.attachments))
    return await _act(call, id, Action.RESOLVE, decide)


@routes.post(
    "/petitions/{id}/confirm",
    summary="确认办结 · Confirm",
    raises=(NotYours, Conflict),
    sends=examples.CONFIRM,
    **_who(Action.CONFIRM),
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("closed", view="reporter"),
)
async def confirm_petition(call: Call, id: UUID, body: ConfirmPetition) -> Response:
    """Confirm that it is done. The reporter; the rating is never shown to staff."""
    return await _act(call, id, Action.CONFIRM, commands.confirm(body.rating, body.contacted))


@routes.post(
    "/petitions/{id}/dispute",
    summary="对结果不满意 · Dispute",
    raises=(NotYours, Conflict),
    sends=examples.DISPUTE,
    **_who(Action.DISPUTE),
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("in_progress", view="reporter"),
)
async def dispute_petition(call: Call, id: UUID, body: DisputePetition) -> Response:
    """Dispute the result: another round begins; from the second time on the level above looks at it. The reporter."""
    return await _act(call, id, Action.DISPUTE, commands.dispute(body.solved, body.text))


@routes.post(
    "/petitions/{id}/withdraw",
    summary="撤回 · Withdraw",
    raises=(NotYours, Conflict),
    sends=examples.WITHDRAW,
    **_who(Action.WITHDRAW),
    reach=Reach.CONCERNED,
    answer=Petition,
    example=examples.after("withdrawn", view="reporter"),
)
async def withdraw_petition(call: Call, id: UUID, body: WithdrawPetition) -> Response:
    """Take it back, before it was dispatched. The reporter."""
    return await _act(call, id, Action.WITHDRAW, commands.withdraw(body.text))
