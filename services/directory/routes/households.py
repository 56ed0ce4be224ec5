"""Households of areas."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions import households as actions
from services.directory.domain.errors import HouseholdInUse
from services.directory.domain.people import REGISTRARS
from services.directory.house import Call
from services.directory.queries import households
from services.directory.schemas import people_examples as examples
from services.directory.schemas.households import ChangedHousehold, Household, HouseholdList, NewHousehold
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery

routes = Routes("households")


def _once(call: Call) -> Once:
    return Once(call.idempotency_key, call.fingerprint(call.content))


@routes.get(
    "/areas/{area_id}/households",
    summary="区域的住户 · List the households of an area",
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=HouseholdList,
    example=examples.HOUSEHOLDS,
)
async def list_households(call: Call, area_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """The households whose doors are in the very area, and who lives behind them. What stands on a door is masked."""
    page = await households.households(
        call.house.pool, call.house.sealer, call.actor, area_id, query.limit, query.cursor
    )
    return call.answer(page)


@routes.post(
    "/areas/{area_id}/households",
    summary="登记住户 · Enter a household",
    sends=examples.NEW_HOUSEHOLD,
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=Household,
    status=201,
    example=examples.HOUSEHOLD,
)
async def create_household(call: Call, area_id: UUID, body: NewHousehold) -> Response:
    """Enter a household behind a door of the area; whoever is entered with a door makes one by the way."""
    made, _ = await actions.create(call.house, call.actor, area_id, body.door, _once(call))
    return call.answer(made, status=201)


@routes.get(
    "/households/{household_id}",
    summary="查看住户 · Read a household",
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=Household,
    example=examples.HOUSEHOLD,
)
async def read_household(call: Call, household_id: UUID) -> Response:
    """One household of an area that the caller looks after."""
    body, version = await households.detail(call.house.pool, call.house.sealer, call.actor, household_id)
    return call.answer(body, version=version)


@routes.put(
    "/households/{household_id}",
    summary="更正住户 · Change a household",
    raises=(HouseholdInUse,),
    sends=examples.NEW_HOUSEHOLD,
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=Household,
    example=examples.HOUSEHOLD,
)
async def change_household(call: Call, household_id: UUID, body: ChangedHousehold) -> Response:
    """Correct what stands on the door, or close a household in which nobody lives any more."""
    wanted = body.door, body.closed, _once(call)
    changed, _ = await actions.change(call.house, call.actor, household_id, call.known_version, *wanted)
    return call.answer(changed)
