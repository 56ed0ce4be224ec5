"""Areas are made and changed."""

from datetime import date
from uuid import UUID

from services.directory.actions.shaping import (
    Outline,
    carry_out,
    check_parent,
    columns,
    new_row,
    parent_of,
    path,
    to_shape,
)
from services.directory.actions.tree import Tree
from services.directory.domain.errors import wrong
from services.directory.domain.permissions import shaping_as
from services.directory.domain.tenants import tenant_of
from services.directory.house import House
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import StaleVersion
from shared.kernel.ids import new_id


async def create(
    house: House, actor: Actor, parent_id: UUID, kind: str, outline: Outline, opened_on: date | None, once: Once
) -> bytes:
    """A new area below another one; gives its detail."""

    async def work(tree: Tree) -> UUID:
        parent = await parent_of(tree, actor, parent_id)
        if kind not in tree.kinds:
            raise wrong("/kind", "unknown_kind", "没有这种区域", "there is no such kind")
        tree.role = shaping_as(actor, path(parent), tenant=tree.kinds.is_tenant(kind))
        check_parent(tree, kind, parent)
        id = new_id(tree.at)
        tenant_id = tenant_of(tree.kinds, kind, id, parent["tenant_id"]) or parent["tenant_id"]
        row = await new_row(tree, id, tenant_id, kind, parent, outline, "") | {"opened_on": opened_on or tree.day}
        await tree.store(row)
        await tree.note("create", {id: {"parent_id": parent_id}})
        await tree.finish(tenant_id, id, once)
        return id

    return await carry_out(house, actor, once, work)


async def change(house: House, actor: Actor, area_id: UUID, version: int, outline: Outline, once: Once) -> bytes:
    """What the area is called, where it lies, how many live there; over the version that the caller has read."""

    async def work(tree: Tree) -> UUID:
        area = await to_shape(tree, actor, area_id)
        if area["version"] != version:
            raise StaleVersion
        parent = (await tree.read([area["parent_id"]])).get(area["parent_id"]) if area["parent_id"] else None
        wanted = await columns(tree, area["kind"], area["tenant_id"], area_id, parent, outline, "")
        await tree.store(area | wanted | {"version": version + 1})
        before = {name: area[name] for name in wanted if area[name] != wanted[name]}
        await tree.note("update", {area_id: {"before": before}})
        await tree.finish(area["tenant_id"], area_id, once)
        return area_id

    return await carry_out(house, actor, once, work)
