"""Service records: list, read, and every action from check-in to approval."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.volunteers.actions import commands
from services.volunteers.actions.handle import Decide, act
from services.volunteers.domain.errors import FourEyes, NotNow, NotYours, UnknownReference, WrongCode
from services.volunteers.domain.permissions import roles_of
from services.volunteers.domain.states import MOVES, Action
from services.volunteers.house import Call
from services.volunteers.queries import record_lists, records
from services.volunteers.schemas import examples
from services.volunteers.schemas.openings import Nothing
from services.volunteers.schemas.service_records import (
    CancelRecord,
    HomeTasks,
    RecordList,
    RecordQuery,
    RejectRecord,
    ServiceRecord,
    ShowCode,
    SubmitRecord,
)
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import FIRST_SCREEN_ROWS
from shared.kernel.actor import EVERYONE
from shared.kernel.errors import Conflict

routes = Routes("service-records")


def _who(action: Action) -> dict[str, Any]:
    """Who may do it, as the table of states says, and the roles with which one can be that."""
    return {"who": MOVES[action].who, "roles": roles_of(MOVES[action].who)}


async def _act(call: Call, record_id: UUID, action: Action, decide: Decide) -> Response:
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    return call.answer(await act(call.house, call.actor, record_id, action, decide, once, call.traceparent))


@routes.get(
    "/service-records",
    summary="服务记录列表 · List service records",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=RecordList,
    example=examples.RECORDS,
)
async def list_service_records(call: Call, query: Annotated[RecordQuery, Query()]) -> Response:
    """List service records, newest first.

    `scope=mine` (default); `led`: of openings that I lead; `area`: of the areas I look after.
    """
    wanted = record_lists.Wanted(
        query.scope, query.limit, query.cursor, query.statuses(), query.opening, query.with_ is not None
    )
    return call.answer(await record_lists.read(call.house.pool, call.actor, wanted, call.house.clock.now()))


@routes.get(
    "/service-records/home",
    summary="首页上的任务与积分 · Tasks and points on the first screen",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=HomeTasks,
    example=examples.FIRST_SCREEN,
)
async def read_home_tasks(call: Call) -> Response:
    """What the first screen shows: my newest service records, and my points."""
    now = call.house.clock.now()
    return call.answer(await record_lists.first_screen(call.house.pool, call.actor, FIRST_SCREEN_ROWS, now))


@routes.get(
    "/service-records/{id}",
    summary="查看服务记录 · Read a service record",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=ServiceRecord,
    example=examples.RECORD,
)
async def read_service_record(call: Call, id: UUID) -> Response:
    """Read one service record, with its history and what I may do with it."""
    house = call.house
    body, version = await records.read(house.pool, house.links, call.actor, id, house.clock.now())
    return call.answer(body, version=version)


@routes.post(
    "/service-records/{id}/check-in",
    summary="签到 · Check in",
    raises=(NotYours, Conflict, NotNow, WrongCode),
    sends=examples.SHOW_CODE,
    **_who(Action.CHECK_IN),
    reach=Reach.CONCERNED,
    answer=ServiceRecord,
    example=examples.after("checked_in", "check-out"),
)
async def check_in(call: Call, id: UUID, body: ShowCode) -> Response:
    """Check in with the code that the leader shows: from 30 minutes before the start until the end."""
    return await _act(call, id, Action.CHECK_IN, commands.check_in(body.code))


@routes.post(
    "/service-records/{id}/check-out",
    summary="签退 · Check out",
    raises=(NotYours, Conflict, NotNow, WrongCode),
    sends=examples.SHOW_CODE,
    **_who(Action.CHECK_OUT),
    reach=Reach.CONCERNED,
    answer=ServiceRecord,
    example=examples.after("checked_out", "submit"),
)
async def check_out(call: Call, id: UUID, body: ShowCode) -> Response:
    """Check out with the code that the leader shows: until 6 hours after the end."""
    return await _act(call, id, Action.CHECK_OUT, commands.check_out(body.code))


@routes.post(
    "/service-records/{id}/submit",
    summary="提交服务记录 · Hand in",
    raises=(NotYours, Conflict, UnknownReference),
    sends=examples.HAND_IN,
    **_who(Action.SUBMIT),
    reach=Reach.CONCERNED,
    answer=ServiceRecord,
    example=examples.after("submitted"),
)
async def submit_service_record(call: Call, id: UUID, body: SubmitRecord) -> Response:
    """Hand in what was done, in words or photos."""
    decide = commands.submit(call.house, body.text, tuple(body.attachments))
    return await _act(call, id, Action.SUBMIT, decide)


@routes.post(
    "/service-records/{id}/approve",
    summary="审核通过 · Approve",
    raises=(NotYours, FourEyes, Conflict),
    sends=examples.NOTHING,
    **_who(Action.APPROVE),
    reach=Reach.CONCERNED,
    answer=ServiceRecord,
    example=examples.after("approved"),
)
async def approve_service_record(call: Call, id: UUID, body: Nothing) -> Response:
    """Approve: the points are fixed and follow in a moment. Leader, team leaders and staff; never one's own service."""
    return await _act(call, id, Action.APPROVE, commands.approve)


@routes.post(
    "/service-records/{id}/reject",
    summary="审核不通过 · Reject",
    raises=(NotYours, FourEyes, Conflict),
    sends=examples.REJECT,
    **_who(Action.REJECT),
    reach=Reach.CONCERNED,
    answer=ServiceRecord,
    example=examples.after("rejected"),
)
async def reject_service_record(call: Call, id: UUID, body: RejectRecord) -> Response:
    """Reject, with the reason. Leader, team leaders and staff; never one's own service."""
    return await _act(call, id, Action.REJECT, commands.reject(body.text))


@routes.post(
    "/service-records/{id}/cancel",
    summary="取消报名 · Cancel",
    raises=(NotYours, Conflict, NotNow),
    sends=examples.CANCEL,
    **_who(Action.CANCEL),
    reach=Reach.CONCERNED,
    answer=ServiceRecord,
    example=examples.after("cancelled"),
)
async def cancel_service_record(call: Call, id: UUID, body: CancelRecord) -> Response:
    """Cancel before the check-in: the place goes back. The volunteer, the leader, staff."""
    return await _act(call, id, Action.CANCEL, commands.cancel(body.text))
