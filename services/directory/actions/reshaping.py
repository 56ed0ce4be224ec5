"""The tree of areas changes its shape: move, merge, split, close.

An area of a tenant kind keeps people and points, so it is never merged or split, and nothing ever changes its tenant.
What goes is closed, never deleted; it comes to lie below what took its place, so that whoever looks after that sees
what belonged to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.directory.actions.shaping import (
    Outline,
    carry_out,
    check_parent,
    is_tenant,
    new_row,
    parent_of,
    path,
    to_shape,
)
from services.directory.actions.tree import Tree
from services.directory.domain.errors import AreaInUse, TenantsStayApart, TenantStays, wrong
from services.directory.domain.permissions import shaping_as
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries.areas import is_visible
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Part:
    """One of the areas into which another is split, and those below it that come with it."""

    outline: Outline
    child_ids: tuple[UUID, ...]


async def move(house: House, actor: Actor, area_id: UUID, parent_id: UUID, once: Once) -> bytes:
    """Hangs the area, with everything below it, below another one of the same tenant; a tenant below any that fits."""

    async def work(tree: Tree) -> UUID:
        area = await to_shape(tree, actor, area_id)
        parent = await parent_of(tree, actor, parent_id)
        shaping_as(actor, path(parent), tenant=is_tenant(area))
        if area_id in path(parent):
            zh, en = "不能移到自己或自己的下级之下", "an area cannot lie below itself"
            raise wrong("/parent_id", "cycle", zh, en)
        check_parent(tree, area["kind"], parent)
        if not is_tenant(area) and parent["tenant_id"] != area["tenant_id"]:
            raise TenantStays(area=area["name"], tenant=area["tenant_name"])
        if area["parent_id"] is None:
            raise wrong("/parent_id", "rank", "最上级的区域不能移动", "what is at the top cannot be moved")
        if parent_id != area["parent_id"]:
            await tree.graft(area["parent_id"], parent, [area_id])
            await tree.note("move", {area_id: {"from": area["parent_id"], "to": parent_id}})
        await tree.finish(area["tenant_id"], area_id, once)
        return area_id

    return await carry_out(house, actor, once, work)


async def merge(house: House, actor: Actor, area_id: UUID, others: Sequence[UUID], once: Once) -> bytes:
    """The area takes in others of its kind and tenant: what lay in them lies in it, and they are closed."""

    async def work(tree: Tree) -> UUID:
        area = await to_shape(tree, actor, area_id, apart=True)
        read = await tree.read(others)
        found = {id: read[id] for id in read if await is_visible(tree.connection, actor, id)}
        for i, other in enumerate(others):
            _check_partner(f"/area_ids/{i}", area, found.get(other), others[:i])
            shaping_as(actor, path(found[other]), tenant=False)
        gone = [found[other] for other in others]
        moved = {child: {"from": o["id"], "to": area_id} for o in gone for child in await tree.children(o["id"])}
        for other in others:
            await tree.graft(other, area)
        await tree.note("move", moved)
        await tree.close(list(others), below=area)
        figures = {name: _sum([area, *gone], name) for name in ("households", "residents")}
        rings = [ring for row in (area, *gone) for ring in row["polygons"]]
        await tree.store(area | figures | {"polygons": rings, "version": area["version"] + 1})
        ended = await tree.hand_over(list(others), area, [area_id])
        await tree.succeed(list(others), [area_id], "merge")
        await tree.note("merge", {area_id: {"area_ids": list(others), **ended}})
        await tree.note("merged", {o["id"]: _lost(o) | {"into": area_id} for o in gone})
        await tree.finish(area["tenant_id"], area_id, once)
        return area_id

    return await carry_out(house, actor, once, work)


async def split(house: House, actor: Actor, area_id: UUID, parts: Sequence[Part], rest: int, once: Once) -> bytes:
    """The area is closed, its parts take its place. What is named nowhere goes to the part `rest`."""

    async def work(tree: Tree) -> UUID:
        area = await to_shape(tree, actor, area_id, apart=True)
        children = await tree.children(area_id)
        _check_children(children, parts)
        parent = (await tree.read([area["parent_id"]]))[area["parent_id"]]
        named = {child for part in parts for child in part.child_ids}
        made = []
        ids = sorted(new_id(tree.at) for _ in parts)
        # First closed: a part may take over its code.
        await tree.close([area_id])
        for i, part in enumerate(parts):
            id, at = ids[i], f"/parts/{i}"
            row = await new_row(tree, id, area["tenant_id"], area["kind"], parent, part.outline, at)
            await tree.store(row | {"opened_on": tree.day})
            left = [child for child in children if child not in named] if i == rest else []
            await tree.graft(area_id, row, [*part.child_ids, *left])
            await tree.note("move", {c: {"from": area_id, "to": id} for c in [*part.child_ids, *left]})
            made.append(row)
        ended = await tree.hand_over([area_id], made[rest], ids)
        await tree.close([area_id], below=made[rest])
        await tree.succeed([area_id], ids, "split")
        await tree.note("create", {id: {"parent_id": parent["id"], "out_of": area_id} for id in ids})
        await tree.note("split", {area_id: _lost(area) | {"into": ids, "rest": ids[rest], **ended}})
        await tree.finish(area["tenant_id"], area_id, once)
        return area_id

    return await carry_out(house, actor, once, work)


async def close(house: House, actor: Actor, area_id: UUID, once: Once) -> bytes:
    """Closes an area in which nobody lives and nothing lies any more. Offices and roles in it end today."""

    async def work(tree: Tree) -> UUID:
        area = await to_shape(tree, actor, area_id)
        left = await tree.in_use(area_id)
        if left is not None:
            raise AreaInUse(state="open", **left)
        await tree.close([area_id])
        ended = await tree.let_go(area)
        await tree.note("close", {area_id: _lost(area) | ended})
        await tree.finish(area["tenant_id"], area_id, once)
        return area_id

    return await carry_out(house, actor, once, work)


def _check_partner(pointer: str, area: Row, other: Row | None, before: Sequence[UUID]) -> None:
    """Whether the area can take in the other one."""
    if other is None or other["closed"]:
        raise wrong(pointer, "unknown_area", "没有这个区域，或它已撤销", "no such area, or it is closed")
    if other["id"] == area["id"] or other["id"] in before:
        raise wrong(pointer, "duplicate", "同一个区域出现了两次", "the same area twice")
    if is_tenant(other):
        raise TenantsStayApart(area=other["name"])
    if other["tenant_id"] != area["tenant_id"]:
        raise TenantStays(area=other["name"], tenant=other["tenant_name"])
    if other["kind"] != area["kind"]:
        raise wrong(pointer, "other_kind", "只能合并同一种区域", "only areas of one kind can be merged")


def _check_children(children: Sequence[UUID], parts: Sequence[Part]) -> None:
    """Whether each part names children of the area, and none twice."""
    seen: set[UUID] = set()
    for i, part in enumerate(parts):
        for n, child in enumerate(part.child_ids):
            at = f"/parts/{i}/child_ids/{n}"
            if child not in children:
                raise wrong(at, "unknown_area", "不是这个区域的直接下级", "not right below this area")
            if child in seen:
                raise wrong(at, "duplicate", "只能分到一处", "can go to one part only")
            seen.add(child)


def _sum(rows: Sequence[Row], name: str) -> int | None:
    known = [row[name] for row in rows if row[name] is not None]
    return sum(known) if known else None


def _lost(area: Row) -> dict[str, Any]:
    """What a closed area no longer shows: where it lay."""
    return {"parent_id": area["parent_id"], "polygons": area["polygons"]}
