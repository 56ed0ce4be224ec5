"""Organisations: whom a community can turn to."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from services.directory.domain.scope import scope_of
from services.directory.house import Call
from services.directory.queries.organisations import organisations
from services.directory.schemas import examples
from services.directory.schemas.organisations import OrganisationList, OrganisationQuery
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE

routes = Routes("organisations")


@routes.get(
    "/organisations",
    summary="单位列表 · List organisations",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=OrganisationList,
    example=examples.ORGANISATIONS,
)
async def list_organisations(call: Call, query: Annotated[OrganisationQuery, Query()]) -> Response:
    """Organisations of the caller's communities, of the street and district above, and those that serve them."""
    scope = scope_of(call.actor)
    page = await organisations(call.house.pool, scope, query.kind, query.q, query.limit, query.cursor)
    return call.answer(page)
