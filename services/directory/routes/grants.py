"""Roles: who has which where, giving and ending them, and the audit of both."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions import grants as actions
from services.directory.domain.days import day_of
from services.directory.domain.errors import AlreadyEnded, BeyondYourRank, NotToYourself, RoleHeld
from services.directory.domain.granting import AUDITORS, GRANTORS
from services.directory.domain.permissions import Relation
from services.directory.house import Call
from services.directory.queries import grants
from services.directory.routes.offices import wish_of
from services.directory.schemas import examples_offices as examples
from services.directory.schemas.grants import (
    EndGrant,
    GrantDetail,
    GrantHistory,
    GrantList,
    GrantListQuery,
    NewGrant,
)
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery

routes = Routes("grants")

_GRANTOR = frozenset({Relation.GRANTOR})


@routes.get(
    "/grants",
    summary="角色列表 · List roles",
    roles=AUDITORS,
    reach=Reach.AREA,
    answer=GrantList,
    example=examples.GRANTS,
)
async def list_grants(call: Call, query: Annotated[GrantListQuery, Query()]) -> Response:
    """Which roles a person has, or who has one in an area or for an organisation, newest first.

    Those that count in the caller's areas or below them. `on=` asks for another day than today.
    """
    asked = query.model_dump() | {"on": query.on or day_of(call.house.clock.now())}
    return call.answer(await grants.listed(call.house.pool, call.actor, grants.Wanted(**asked)))


@routes.post(
    "/grants",
    summary="授予角色 · Give a role",
    raises=(BeyondYourRank, NotToYourself, RoleHeld),
    sends=examples.NEW_GRANT,
    who=_GRANTOR,
    roles=GRANTORS,
    reach=Reach.TENANT,
    answer=GrantDetail,
    status=201,
    example=examples.GRANT_DETAIL,
)
async def give_role(call: Call, body: NewGrant) -> Response:
    """Give somebody a role, from today or another day on. Nobody gives more than they have, or to themselves.

    A community's administrators give the roles of a community; the street's staff also those of its administrators and
    of oversight; the platform's administrators all; each where their own role counts, or below that. What the giver's
    own role is now is looked up, whatever their token says.
    """
    return call.answer(await actions.give(call.house, wish_of(call), body.new_role()), status=201)


@routes.post(
    "/grants/{grant_id}/end",
    summary="终止角色 · End a role",
    raises=(BeyondYourRank, NotToYourself, AlreadyEnded),
    sends=examples.END,
    who=_GRANTOR,
    roles=GRANTORS,
    reach=Reach.AREA,
    answer=GrantDetail,
    example=examples.GRANT_DETAIL,
)
async def end_role(call: Call, grant_id: UUID, body: EndGrant) -> Response:
    """Somebody has the role no longer, from today or another day on.

    For giving roles, filling offices and showing personal data it counts no more at once; for the rest when the
    holder's access token ends, within a quarter of an hour.
    """
    return call.answer(await actions.end(call.house, wish_of(call), grant_id, body.on))


@routes.get(
    "/grants/{grant_id}/history",
    summary="角色的变更记录 · List what was done to a role",
    roles=AUDITORS,
    reach=Reach.AREA,
    answer=GrantHistory,
    example=examples.GRANT_HISTORY,
)
async def list_grant_history(call: Call, grant_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """Who gave the role and who ended it, newest first."""
    page = await grants.history(call.house.pool, call.actor, grant_id, query.limit, query.cursor)
    return call.answer(page)


@routes.get(
    "/areas/{area_id}/grants/history",
    summary="区域内角色的变更记录 · List what was done to roles in an area",
    roles=AUDITORS,
    reach=Reach.AREA,
    answer=GrantHistory,
    example=examples.GRANT_HISTORY,
)
async def list_area_grant_history(call: Call, area_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """Everything that was given or ended in an area and below it, by whom and in which role, newest first."""
    page = await grants.audit(call.house.pool, call.actor, area_id, query.limit, query.cursor)
    return call.answer(page)
