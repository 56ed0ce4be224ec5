"""Organisations are entered, changed, given their responsibilities, and closed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.directory.actions.notes import note as note_held
from services.directory.actions.organisation_rows import Description, columns, note, show, to_change, warn_of_similar
from services.directory.actions.shaping import carry_out, path
from services.directory.actions.tree import LAST, Tree, noted
from services.directory.domain.errors import OrganisationInUse, wrong
from services.directory.domain.organisations import Contact, Responsibility
from services.directory.domain.permissions import keeping_as
from services.directory.domain.plan import Row
from services.directory.domain.unit_names import Known
from services.directory.house import House
from services.directory.queries.areas import is_visible
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import StaleVersion
from shared.kernel.ids import new_id

_CHILDREN = "select count(*) from organisation where parent_id = $1 and not closed"
CLOSE = (
    noted(
        "organisation",
        "update organisation set closed = true, closed_on = $2, version = version + 1 where id = any($1)",
    )
    + LAST
)
_END = """
update {table} set ends_on = greatest(starts_on, $2), version = version + 1
 where organisation_id = $1 and (ends_on is null or ends_on > $2) returning id
"""


async def create(
    house: House, actor: Actor, tenant_id: UUID, said: Description, once: Once, *, confirm_new: bool
) -> bytes:
    """A new organisation, kept by a community, street or district; gives its detail."""

    async def work(tree: Tree) -> UUID:
        tenant = (await tree.read([tenant_id])).get(tenant_id)
        if tenant is None or not await is_visible(tree.connection, actor, tenant_id):
            raise wrong("/tenant_id", "unknown_area", "没有这个社区、街道或区", "no such community, street or district")
        tree.role = keeping_as(actor, path(tenant))
        if tenant["tenant_id"] != tenant_id or tenant["closed"]:
            zh, en = "单位由社区、街道或区登记", "an organisation is kept by an open community, street or district"
            raise wrong("/tenant_id", "not_a_tenant", zh, en)
        id = new_id(tree.at)
        nothing: Row = {"tenant_id": tenant_id, "id": id, "parent_id": None, "serves": []}
        described = await columns(tree, actor, nothing, said)
        if not confirm_new:
            above = [tenant["name"], *await _names(tree, said.parent_id)]
            await warn_of_similar(tree, tenant_id, Known(id, said.name, said.aliases, said.parent_id, above))
        frame = {"version": 1, "responsibilities": [], "closed": False, "external_key": f"organisation/{id}"}
        await tree.store(nothing | described | frame, table="organisation")
        await note(tree, "create", {id: {"kind": said.kind}})
        await tree.finish(tenant_id, id, once)
        return id

    return await carry_out(house, actor, once, work, show)


async def change(
    house: House, actor: Actor, organisation_id: UUID, version: int, said: Description, once: Once
) -> bytes:
    """What an organisation is and what it serves, over the version that the caller has read."""

    async def work(tree: Tree) -> UUID:
        now = await _version(tree, actor, organisation_id, version)
        return await _put(tree, now, await columns(tree, actor, now, said), "update", once)

    return await carry_out(house, actor, once, work, show)


async def correct(
    house: House, actor: Actor, organisation_id: UUID, version: int, contact: Contact, once: Once
) -> bytes:
    """How it is reached and when it is open: also its own staff say so."""

    async def work(tree: Tree) -> UUID:
        now = await _version(tree, actor, organisation_id, version, by_its_staff=True)
        return await _put(tree, now, contact.columns(), "correct", once)

    return await carry_out(house, actor, once, work, show)


async def assign(
    house: House, actor: Actor, organisation_id: UUID, version: int, wanted: Sequence[Responsibility], once: Once
) -> bytes:
    """The whole list of what it is responsible for 职责清单."""

    async def work(tree: Tree) -> UUID:
        now = await _version(tree, actor, organisation_id, version)
        for n, one in enumerate(wanted):
            if one.level not in tree.kinds:
                zh, en = "没有这一级（区域的种类）", "there is no such level (a kind of area)"
                raise wrong(f"/responsibilities/{n}/level", "unknown_kind", zh, en)
            if one in wanted[:n]:
                zh, en = "同一项出现了两次", "the same one twice"
                raise wrong(f"/responsibilities/{n}", "duplicate", zh, en)
        return await _put(tree, now, {"responsibilities": [one.plain() for one in wanted]}, "assign", once)

    return await carry_out(house, actor, once, work, show)


async def close(house: House, actor: Actor, organisation_id: UUID, once: Once) -> bytes:
    """Closes an organisation to which no other belongs. All that people, areas and councils have of it ends today."""

    async def work(tree: Tree) -> UUID:
        now = await to_change(tree, actor, organisation_id)
        children = await tree.connection.fetchval(_CHILDREN, organisation_id)
        if children:
            raise OrganisationInUse(state="open", children=children)
        await tree.change("organisation", CLOSE, [organisation_id], tree.day)
        for table in ("membership", "role_grant", "support", "council_member", "enrolment"):
            ended = await tree.connection.fetch(_END.format(table=table), organisation_id, tree.day)
            if table == "role_grant":
                await note_held(tree.connection, table, [row["id"] for row in ended], tree.author, "end")
        await note(tree, "close", {organisation_id: {"serves": now["serves"]}})
        await tree.finish(now["tenant_id"], organisation_id, once)
        return organisation_id

    return await carry_out(house, actor, once, work, show)


async def _version(tree: Tree, actor: Actor, organisation_id: UUID, version: int, *, by_its_staff: bool = False) -> Row:
    now = await to_change(tree, actor, organisation_id, by_its_staff=by_its_staff)
    if now["version"] != version:
        raise StaleVersion
    return now


async def _put(tree: Tree, now: Row, wanted: dict[str, Any], action: str, once: Once) -> UUID:
    """The next version of an organisation, with what it was before in its history."""
    id: UUID = now["id"]
    await tree.store(now | wanted | {"version": now["version"] + 1}, table="organisation")
    changed = [name for name in wanted if name != "search_keys" and now[name] != wanted[name]]
    # A small shop's telephone may be somebody's own: what is kept for ever says that it changed, not what it was.
    before = {name: now[name] for name in changed if name not in ("phone", "address")}
    await note(tree, action, {id: {"changed": changed, "before": before}})
    await tree.finish(now["tenant_id"], id, once)
    return id


async def _names(tree: Tree, organisation_id: UUID | None) -> list[str]:
    rows = await tree.connection.fetch("select name from organisation where id = $1", organisation_id)
    return [row["name"] for row in rows]
