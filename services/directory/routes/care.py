"""Who is looked after: told by assignment only."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.care import look_after
from services.directory.domain.care import CARE_ADMINS
from services.directory.domain.days import day_of
from services.directory.domain.errors import RoleEnded
from services.directory.house import Call
from services.directory.queries import care
from services.directory.schemas import people_examples as examples
from services.directory.schemas.care import CaredForList, ChangedCare, PersonCare
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.actor import EVERYONE

routes = Routes("care")


@routes.get(
    "/care",
    summary="我关爱的人 · List whom I look after",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=CaredForList,
    example=examples.CARED_FOR,
)
async def list_my_care(call: Call, query: Annotated[ListQuery, Query()]) -> Response:
    """The people whom the caller was assigned to look after, and for what."""
    day = day_of(call.house.clock.now())
    return call.answer(await care.mine(call.house.pool, call.actor, day, query.limit, query.cursor))


@routes.get(
    "/people/{person_id}/care",
    summary="查看关爱信息 · Read how a person is looked after",
    roles=EVERYONE,
    reach=Reach.CONCERNED,
    answer=PersonCare,
    example=examples.CARE,
)
async def read_care(call: Call, person_id: UUID) -> Response:
    """For what a person is looked after and by whom: for those who were assigned, and for the administrators of the
    person's community. For everybody else there is nothing here, whatever they may see of the person.
    """
    body, version = await care.care(call.house.pool, call.actor, person_id, day_of(call.house.clock.now()))
    return call.answer(body, version=version)


@routes.put(
    "/people/{person_id}/care",
    summary="安排关爱 · Assign who looks after a person",
    raises=(RoleEnded,),
    sends=examples.CHANGED_CARE,
    roles=CARE_ADMINS,
    reach=Reach.AREA,
    answer=PersonCare,
    example=examples.CARE,
)
async def change_care(call: Call, person_id: UUID, body: ChangedCare) -> Response:
    """Say for what somebody is looked after, and by whom: people of the community. Who is left out, sees it no longer
    from this moment.
    """
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    changed, _ = await look_after(call.house, call.actor, person_id, call.known_version, body.care(), once)
    return call.answer(changed)
