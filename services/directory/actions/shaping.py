"""One way to carry out what people do to areas: under the lock, once, by who may, with all that a row must be.

What each action does stands in `areas` (make, change) and `reshaping` (move, merge, split, close).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.directory.actions.tree import Tree, changing
from services.directory.domain import codes
from services.directory.domain.checks import place
from services.directory.domain.days import day_of
from services.directory.domain.errors import AreaClosed, TenantsStayApart, wrong
from services.directory.domain.permissions import shaping_as
from services.directory.domain.plan import Row
from services.directory.domain.rings import Corner
from services.directory.domain.seed import AreaSeed
from services.directory.domain.shaping import allowed_actions
from services.directory.house import House
from services.directory.queries import areas
from shared.infra.idempotency import Once, first_answer, was_repeated
from shared.kernel.actor import Actor
from shared.kernel.errors import FieldProblem, Invalid, NotFound

Ring = tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What an area is called, where it lies (WGS-84, latitude first) and how many live there."""

    name: str
    code: str | None
    centre: Corner | None
    polygons: tuple[Ring, ...]
    households: int | None
    residents: int | None


#: Does the work on the locked tree; gives the area, or whatever else the call was about.
Work = Callable[[Tree], Awaitable[UUID]]
#: How that is shown to the caller.
Show = Callable[[House, Actor, UUID], Awaitable[bytes]]


async def _area(house: House, actor: Actor, area_id: UUID) -> bytes:
    body, _ = await areas.detail(house.pool, actor, area_id, "wgs84", day_of(house.clock.now()))
    return body


async def carry_out(house: House, actor: Actor, once: Once, work: Work, show: Show = _area) -> bytes:
    """Does it, unless the same call did; gives the detail of what it was about."""
    area_id = await first_answer(house.pool, actor.person_id, once)
    if area_id is None:
        try:
            async with changing(house.pool, house.clock, actor.person_id) as tree:
                # The lock may have been the same call's: it is known now.
                area_id = await first_answer(tree.connection, actor.person_id, once) or await work(tree)
        except asyncpg.UniqueViolationError as error:
            if was_repeated(error):
                return await carry_out(house, actor, once, work, show)
            if error.constraint_name == "area_code_key":
                raise wrong("/code", "duplicate_code", "这个编码已被使用", "this code is taken") from error
            raise
    return await show(house, actor, area_id)


async def to_shape(tree: Tree, actor: Actor, area_id: UUID, *, apart: bool = False) -> Row:
    """The area that somebody wants to change; raises when it does not let them. `apart`: tenants never do."""
    area = (await tree.read([area_id])).get(area_id)
    if area is None or not await areas.is_visible(tree.connection, actor, area_id):
        raise NotFound
    tree.role = shaping_as(actor, path(area), tenant=is_tenant(area))
    if area["closed"]:
        raise AreaClosed(state="closed", allowed_actions=[], area=area["name"])
    if apart and is_tenant(area):
        allowed = allowed_actions(actor, path(area), tenant=True, closed=False)
        raise TenantsStayApart(area=area["name"], allowed_actions=allowed)
    return area


async def parent_of(tree: Tree, actor: Actor, parent_id: UUID) -> Row:
    """The area that something is to lie below; one that the caller does not see is none."""
    parent = (await tree.read([parent_id])).get(parent_id)
    if parent is None or not await areas.is_visible(tree.connection, actor, parent_id):
        raise wrong("/parent_id", "unknown_area", "没有这个区域", "no such area")
    return parent


def check_parent(tree: Tree, kind: str, parent: Row) -> None:
    if parent["closed"]:
        raise wrong("/parent_id", "closed", f"“{parent['name']}”已撤销", f"“{parent['name']}” is closed")
    if not tree.kinds.fits(kind, parent["kind"]):
        (own, own_en), (above, above_en) = tree.kinds.name(kind), tree.kinds.name(parent["kind"])
        raise wrong("/parent_id", "rank", f"{own}不能设在{above}下面", f"{own_en}: not below a {above_en}")


async def new_row(tree: Tree, id: UUID, tenant_id: UUID, kind: str, parent: Row, outline: Outline, at: str) -> Row:
    """The row of a new area below `parent`; it keeps its key even when a file brings its code one day."""
    described = await columns(tree, kind, tenant_id, id, parent, outline, at)
    return described | {
        "tenant_id": tenant_id,
        "id": id,
        "version": 1,
        "parent_id": parent["id"],
        "ancestors": path(parent),
        "kind": kind,
        "closed": False,
        "external_key": f"area/{id}",
    }


async def columns(
    tree: Tree, kind: str, tenant_id: UUID, id: UUID, parent: Row | None, outline: Outline, at: str
) -> Row:
    """What people say of an area as its row has it; raises with everything that is wrong, below the pointer `at`."""
    problems = list(place(at, AreaSeed("", None, kind, outline.name, None, outline.centre, outline.polygons)))
    code = outline.code and codes.canonical(kind, outline.code)
    if outline.code and code is None:
        digits = codes.digits_of(kind)
        zh, en = f"应为 {digits} 位统计用区划代码", f"the statistical code has {digits} digits"
        problems.append(FieldProblem(f"{at}/code", "code_form", zh, en))
    elif code and parent and not codes.follows(kind, code, parent["kind"], parent["code"]):
        zh, en = f"应以上级的代码 {parent['code']} 开头", f"it begins with {parent['code']}, the code above"
        problems.append(FieldProblem(f"{at}/code", "code_prefix", zh, en))
    if problems:
        raise Invalid(fields=problems)
    return {
        "name": outline.name,
        "code": code,
        "lat": outline.centre[0] if outline.centre else None,
        "lon": outline.centre[1] if outline.centre else None,
        "households": outline.households,
        "residents": outline.residents,
        "polygons": [[[lon, lat] for lat, lon in ring] for ring in outline.polygons],
    }


def path(area: Row) -> list[UUID]:
    return [*area["ancestors"], area["id"]]


def is_tenant(area: Row) -> bool:
    return bool(area["id"] == area["tenant_id"])
