"""The three lists of a council: resources 资源, needs 需求, and the projects 项目 that join them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.joint_work import enter, finish, join, withdraw
from services.directory.domain.errors import CouncilClosed, ListedNoMore, NotYours
from services.directory.domain.permissions import REVIEWERS
from services.directory.domain.ties import ORGANISERS, Tie
from services.directory.house import Call
from services.directory.queries import histories, joint_work
from services.directory.schemas import council_examples as examples
from services.directory.schemas.histories import History
from services.directory.schemas.joint_work import (
    Finished,
    Listed,
    ListedPage,
    ListedQuery,
    Need,
    NewNeed,
    NewProject,
    NewResource,
    Project,
    ProjectList,
    ProjectQuery,
    Withdrawn,
)
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("councils")

_ORGANISER = frozenset({Tie.ORGANISER})


@routes.get(
    "/resources",
    summary="资源清单 · List resources",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=ListedPage,
    example=examples.RESOURCES,
)
async def list_resources(call: Call, query: Annotated[ListedQuery, Query()]) -> Response:
    """What the organisations of a council give: rooms, money, repairs, check-ups…"""
    wanted = joint_work.Wanted(query.council, query.limit, query.cursor, query.kind)
    return call.answer(await joint_work.listed(call.house.pool, call.actor, "resource", wanted, call.house.today()))


@routes.get(
    "/resources/{id}/history",
    summary="资源的变更记录 · List what was done to a resource",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_resource_history(call: Call, id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to a resource, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "resource", id, *which))


@routes.post(
    "/resources",
    summary="登记资源 · Enter a resource",
    raises=(NotYours, CouncilClosed),
    sends=examples.NEW_RESOURCE,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Listed,
    status=201,
    example=examples.RESOURCE,
)
async def enter_resource(call: Call, body: NewResource) -> Response:
    """An organisation gives something, in an area or everywhere, for some time or until further notice."""
    return call.answer(await enter(call.house, call.actor, "resource", body.meant(), call.once), status=201)


@routes.post(
    "/resources/{id}/withdraw",
    summary="撤回资源 · Withdraw a resource",
    raises=(NotYours, CouncilClosed, ListedNoMore),
    sends=examples.NOTHING,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Listed,
    example=examples.WITHDRAWN_RESOURCE,
)
async def withdraw_resource(call: Call, id: UUID, body: Withdrawn) -> Response:
    """It is given no longer."""
    return call.answer(await withdraw(call.house, call.actor, "resource", id, call.once))


@routes.get(
    "/needs",
    summary="需求清单 · List needs",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=ListedPage,
    example=examples.NEEDS,
)
async def list_needs(call: Call, query: Annotated[ListedQuery, Query()]) -> Response:
    """What the places and organisations of a council wish for."""
    wanted = joint_work.Wanted(query.council, query.limit, query.cursor, query.kind)
    return call.answer(await joint_work.listed(call.house.pool, call.actor, "need", wanted, call.house.today()))


@routes.get(
    "/needs/{id}",
    summary="查看需求与匹配的资源 · Read a need and what fits it",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=Need,
    example=examples.NEED,
)
async def read_need(call: Call, id: UUID) -> Response:
    """One need with the resources that fit it: of the same kind, at the same time, in the same place or everywhere."""
    body, version = await joint_work.need(call.house.pool, call.actor, id, call.house.today())
    return call.answer(body, version=version)


@routes.get(
    "/needs/{id}/history",
    summary="需求的变更记录 · List what was done to a need",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_need_history(call: Call, id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to a need, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "need", id, *which))


@routes.post(
    "/needs",
    summary="登记需求 · Enter a need",
    raises=(NotYours, CouncilClosed),
    sends=examples.NEW_NEED,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Listed,
    status=201,
    example=examples.LISTED_NEED,
)
async def enter_need(call: Call, body: NewNeed) -> Response:
    """A place, or an organisation, wishes for something."""
    return call.answer(await enter(call.house, call.actor, "need", body.meant(), call.once), status=201)


@routes.post(
    "/needs/{id}/withdraw",
    summary="撤回需求 · Withdraw a need",
    raises=(NotYours, CouncilClosed, ListedNoMore),
    sends=examples.NOTHING,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Listed,
    example=examples.LISTED_NEED,
)
async def withdraw_need(call: Call, id: UUID, body: Withdrawn) -> Response:
    """It is wished for no longer."""
    return call.answer(await withdraw(call.house, call.actor, "need", id, call.once))


@routes.get(
    "/projects",
    summary="项目清单 · List joint projects",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=ProjectList,
    example=examples.PROJECTS,
)
async def list_projects(call: Call, query: Annotated[ProjectQuery, Query()]) -> Response:
    """Projects of a council, newest first, with what they join."""
    wanted = joint_work.Wanted(query.council, query.limit, query.cursor, query.state)
    return call.answer(await joint_work.listed(call.house.pool, call.actor, "project", wanted, call.house.today()))


@routes.get(
    "/projects/{id}/history",
    summary="项目的变更记录 · List what was done to a project",
    roles=REVIEWERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_project_history(call: Call, id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to a project, by whom and in which role, newest first."""
    roots, which = call.actor.area_roots(REVIEWERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "project", id, *which))


@routes.post(
    "/projects",
    summary="对接成项目 · Join needs and resources in a project",
    raises=(NotYours, CouncilClosed),
    sends=examples.NEW_PROJECT,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Project,
    status=201,
    example=examples.PROJECT,
)
async def join_project(call: Call, body: NewProject) -> Response:
    """A project meets open needs with open resources of the same council; each need is in one project at a time."""
    what = body.council_id, body.title, body.need_ids, body.resource_ids, body.starts_on
    return call.answer(await join(call.house, call.actor, *what, call.once), status=201)


@routes.post(
    "/projects/{id}/finish",
    summary="项目完成 · Finish a project",
    raises=(NotYours, CouncilClosed, ListedNoMore),
    sends=examples.FINISH,
    who=_ORGANISER,
    roles=ORGANISERS,
    reach=Reach.TENANT,
    answer=Project,
    example=examples.PROJECT,
)
async def finish_project(call: Call, id: UUID, body: Finished) -> Response:
    """A project is done, and so are the needs that it met."""
    return call.answer(await finish(call.house, call.actor, id, body.note, call.once))
