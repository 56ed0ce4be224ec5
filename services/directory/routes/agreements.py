"""Agreements 共驻共建协议书 of the organisations of a council."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.agreements import change, fulfil, make
from services.directory.domain.errors import CouncilClosed, NotYours
from services.directory.domain.permissions import REVIEWERS
from services.directory.domain.ties import ORGANISERS, Tie
from services.directory.house import Call
from services.directory.queries import histories, joint_work
from services.directory.schemas import council_examples as examples
from services.directory.schemas.histories import History
from services.directory.schemas.joint_work import (
    Agreement,
    AgreementList,
    AgreementQuery,
    ChangedAgreement,
    Fulfilled,
    NewAgreement,
)
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("councils")

_ORGANISER = frozenset({Tie.ORGANISER})


@routes.get(
    "/agreements",
    summary="共建协议列表 · List agreements",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=AgreementList,
    example=examples.AGREEMENTS,
)
async def list_agreements(call: Call, query: Annotated[AgreementQuery, Query()]) -> Response:
    """Agreements of a council, newest first: in force, ended or to come, and how many clauses are fulfilled."""
    wanted = joint_work.Wanted(query.council, query.limit, query.cursor, query.state)
    return call.answer(await joint_work.listed(call.house.pool, call.actor, "agreement", wanted, call.house.today()))


@routes.get(
    "/agreements/{id}",
    summary="查看共建协议 · Read an agreement",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=Agreement,
    example=examples.AGREEMENT,
)
async def read_agreement(call: Call, id: UUID) -> Response:
    """One agreement with its parties and its clauses by field, and which of them are fulfilled."""
    body, version = await joint_work.agreement(call.house.pool, call.actor, id, call.house.today())
    return call.answer(body, version=version)


@routes.get(
    "/agreements/{id}/history",
    summary="共建协议的变更记录 · List what was done to an agreement",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_agreement_history(call: Call, id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to an agreement and its clauses, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "agreement", id, *which))


@routes.post(
    "/agreements",
    summary="登记共建协议 · Make an agreement",
    raises=(NotYours, CouncilClosed),
    sends=examples.NEW_AGREEMENT,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Agreement,
    status=201,
    example=examples.AGREEMENT,
)
async def make_agreement(call: Call, body: NewAgreement) -> Response:
    """What organisations that sit in a council promise for a term, clause by clause."""
    return call.answer(await make(call.house, call.actor, body.council_id, body.meant(), call.once), status=201)


@routes.put(
    "/agreements/{id}",
    summary="修改共建协议 · Change an agreement",
    raises=(NotYours, CouncilClosed),
    sends=examples.CHANGED_AGREEMENT,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Agreement,
    example=examples.AGREEMENT,
)
async def change_agreement(call: Call, id: UUID, body: ChangedAgreement) -> Response:
    """The whole of it, over the version that was read. A clause that keeps its id keeps whether it is fulfilled."""
    return call.answer(await change(call.house, call.actor, id, call.known_version, body.meant(), call.once))


@routes.post(
    "/agreements/{id}/fulfil",
    summary="登记条款完成 · Note that a clause is fulfilled",
    raises=(NotYours, CouncilClosed),
    sends=examples.FULFIL,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Agreement,
    example=examples.AGREEMENT,
)
async def fulfil_clause(call: Call, id: UUID, body: Fulfilled) -> Response:
    """A clause is fulfilled, once, with a note of how."""
    how = body.clause_id, body.note, body.fulfilled_on
    return call.answer(await fulfil(call.house, call.actor, id, *how, call.once))
