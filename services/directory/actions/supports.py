"""Assigned support 包联: an organisation looks after an area, from one day to another."""

from datetime import date
from uuid import UUID

from services.directory.actions.organisation_rows import note, show
from services.directory.actions.organisation_rows import read as read_organisations
from services.directory.actions.shaping import carry_out, path
from services.directory.actions.tree import Tree
from services.directory.domain.errors import OrganisationClosed, wrong
from services.directory.domain.permissions import shaping_as
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries.areas import is_visible
from services.directory.queries.organisation_detail import visible
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id

_OPEN = "select * from support where organisation_id = $1 and area_id = $2 and (ends_on is null or ends_on > $3)"
_ONE = "select * from support where id = $1 and organisation_id = $2"


async def support(
    house: House, actor: Actor, organisation_id: UUID, area_id: UUID, starts_on: date | None, once: Once
) -> bytes:
    """Assigns the organisation to an area of the caller's; gives the organisation's detail."""

    async def work(tree: Tree) -> UUID:
        organisation = await _organisation(tree, actor, organisation_id)
        area = (await tree.read([area_id])).get(area_id)
        if area is None or area["closed"] or not await is_visible(tree.connection, actor, area_id):
            zh, en = "没有这个区域，或它已撤销", "no such area, or it is closed"
            raise wrong("/area_id", "unknown_area", zh, en)
        tree.role = shaping_as(actor, path(area), tenant=False)
        if await tree.connection.fetchrow(_OPEN, organisation_id, area_id, tree.day):
            raise wrong("/area_id", "duplicate", "该单位已包联这个区域", "it supports this area already")
        row = {
            "tenant_id": area["tenant_id"],
            "id": new_id(tree.at),
            "version": 1,
            "organisation_id": organisation_id,
            "area_id": area_id,
            "starts_on": starts_on or tree.day,
            "ends_on": None,
        }
        await tree.store(row, table="support")
        await note(tree, "support", {organisation_id: {"support_id": row["id"], "area_id": area_id}})
        await tree.finish(organisation["tenant_id"], organisation_id, once)
        return organisation_id

    return await carry_out(house, actor, once, work, show)


async def end_support(
    house: House, actor: Actor, organisation_id: UUID, support_id: UUID, ends_on: date | None, once: Once
) -> bytes:
    """Ends it today, or on the day that is said: the first on which it no longer holds."""

    async def work(tree: Tree) -> UUID:
        organisation = await _organisation(tree, actor, organisation_id)
        row = await tree.connection.fetchrow(_ONE, support_id, organisation_id)
        if row is None or not await is_visible(tree.connection, actor, row["area_id"]):
            raise NotFound
        area = (await tree.read([row["area_id"]]))[row["area_id"]]
        tree.role = shaping_as(actor, path(area), tenant=False)
        last = ends_on or tree.day
        if row["ends_on"] is not None or last < row["starts_on"]:
            zh, en = "包联已有结束日期，或结束早于开始", "it has an end already, or would end before it begins"
            raise wrong("/ends_on", "ends_on", zh, en)
        await tree.store(dict(row) | {"ends_on": last, "version": row["version"] + 1}, table="support")
        await note(tree, "end_support", {organisation_id: {"support_id": support_id, "area_id": area["id"]}})
        await tree.finish(organisation["tenant_id"], organisation_id, once)
        return organisation_id

    return await carry_out(house, actor, once, work, show)


async def _organisation(tree: Tree, actor: Actor, organisation_id: UUID) -> Row:
    """An open organisation that the caller sees: whoever looks after the area assigns it, wherever it is kept."""
    row = (await read_organisations(tree, [organisation_id])).get(organisation_id)
    if row is None or not await visible(tree.connection, actor, [organisation_id]):
        raise NotFound
    if row["closed"]:
        raise OrganisationClosed(state="closed", allowed_actions=[], organisation=row["name"])
    return row
