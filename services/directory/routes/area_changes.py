"""Areas are made, changed, moved, merged, split and closed."""

from uuid import UUID

from starlette.responses import Response

from services.directory.actions.areas import change, create
from services.directory.actions.reshaping import close, merge, move, split
from services.directory.domain.errors import AreaClosed, AreaInUse, NotYours, TenantsStayApart, TenantStays
from services.directory.domain.permissions import KEEPERS, Relation
from services.directory.house import Call
from services.directory.schemas import examples
from services.directory.schemas.areas import AreaDetail
from services.directory.schemas.shaping import ChangedArea, CloseArea, MergeAreas, MoveArea, NewArea, SplitArea
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes

routes = Routes("areas")

_KEEPER, _KEEPER_OF_ALL = frozenset({Relation.KEEPER}), frozenset({Relation.KEEPER_OF_ALL})


def _once(call: Call) -> Once:
    return Once(call.idempotency_key, call.fingerprint(call.content))


@routes.post(
    "/areas",
    summary="新建区域 · Make an area",
    raises=(NotYours,),
    sends=examples.NEW_AREA,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=AreaDetail,
    status=201,
    example=examples.DETAIL,
)
async def create_area(call: Call, body: NewArea) -> Response:
    """Make an area below another one: a community's administrators and the street's staff within a community, the
    platform's administrators also communities and streets.
    """
    made = await create(call.house, call.actor, body.parent_id, body.kind, body.outline(), body.opened_on, _once(call))
    return call.answer(made, status=201)


@routes.put(
    "/areas/{area_id}",
    summary="修改区域 · Change an area",
    raises=(NotYours, AreaClosed),
    sends=examples.CHANGED_AREA,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=AreaDetail,
    example=examples.DETAIL,
)
async def change_area(call: Call, area_id: UUID, body: ChangedArea) -> Response:
    """Change how an area is described. The whole of it, over the version that was read: `If-Match` carries its ETag."""
    changed = await change(call.house, call.actor, area_id, call.known_version, body.outline(), _once(call))
    return call.answer(changed)


@routes.post(
    "/areas/{area_id}/move",
    summary="移动区域 · Move an area",
    raises=(NotYours, AreaClosed, TenantStays),
    sends=examples.MOVE_AREA,
    who=_KEEPER_OF_ALL,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=AreaDetail,
    example=examples.DETAIL,
)
async def move_area(call: Call, area_id: UUID, body: MoveArea) -> Response:
    """Hang an area with all that lies in it below another one of the same community.

    A whole community may go to another street: it stays its own tenant, only what stands above it changes. Anything
    else that would change its tenant is a 409 `directory.tenant_stays` that says what to do.
    """
    return call.answer(await move(call.house, call.actor, area_id, body.parent_id, _once(call)))


@routes.post(
    "/areas/{area_id}/merge",
    summary="合并区域 · Merge areas",
    raises=(NotYours, AreaClosed, TenantStays, TenantsStayApart),
    sends=examples.MERGE_AREAS,
    who=_KEEPER_OF_ALL,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=AreaDetail,
    example=examples.DETAIL,
)
async def merge_areas(call: Call, area_id: UUID, body: MergeAreas) -> Response:
    """Take other areas of the same kind and community into this one; they are closed and lead to it.

    Homes, what lies in them, outlines, offices, roles and who serves them follow. Of an exclusive office this area's
    own holder keeps it.
    """
    return call.answer(await merge(call.house, call.actor, area_id, body.area_ids, _once(call)))


@routes.post(
    "/areas/{area_id}/split",
    summary="拆分区域 · Split an area",
    raises=(NotYours, AreaClosed, TenantsStayApart),
    sends=examples.SPLIT_AREA,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=AreaDetail,
    example=examples.DETAIL,
)
async def split_area(call: Call, area_id: UUID, body: SplitArea) -> Response:
    """Close an area and put parts in its place, each with what lay in it and is named there.

    What is named nowhere, homes, offices and roles go to the part `rest`; who served the area serves all parts.
    """
    return call.answer(await split(call.house, call.actor, area_id, body.split_into(), body.rest, _once(call)))


@routes.post(
    "/areas/{area_id}/close",
    summary="撤销区域 · Close an area",
    raises=(NotYours, AreaClosed, AreaInUse),
    sends=examples.NOTHING,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=AreaDetail,
    example=examples.DETAIL,
)
async def close_area(call: Call, area_id: UUID, body: CloseArea) -> Response:
    """Close an area in which nobody lives and nothing lies any more (409 `directory.area_in_use` otherwise).

    Nothing is deleted; offices and roles in it end today.
    """
    return call.answer(await close(call.house, call.actor, area_id, _once(call)))
