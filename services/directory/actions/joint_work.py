"""The three lists of a council: resources 资源, needs 需求, and the projects 项目 that join them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.directory.actions.councils import council_for
from services.directory.actions.parties import area_for, organisation_for
from services.directory.actions.records import Writing, carry_out, check_term
from services.directory.domain.errors import ListedNoMore, wrong
from services.directory.domain.joint_work import ListState
from services.directory.domain.lists import WordList
from services.directory.domain.plan import Row
from services.directory.domain.ties import organising_as
from services.directory.house import House
from services.directory.queries import joint_work
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_WORD = "select true from list_word where list = $1 and key = $2"
_ROW = "select * from {table} where id = $1 for update"
_LISTED = "select * from {table} where tenant_id = $1 and council_id = $2 and id = any($3) order by id for update"


@dataclass(frozen=True, slots=True)
class Offered:
    """A resource that an organisation gives, or a need of a place or an organisation."""

    council_id: UUID
    kind: str
    title: str
    organisation_id: UUID | None
    area_id: UUID | None
    starts_on: date | None
    ends_on: date | None


async def enter(house: House, actor: Actor, table: str, said: Offered, once: Once) -> bytes:
    """A new resource or need on the list of a council; gives it."""

    async def work(writing: Writing) -> UUID:
        council = await council_for(writing, said.council_id, organising_as, "/council_id")
        if not await writing.value(_WORD, WordList.RESOURCE, said.kind):
            raise wrong("/kind", "unknown_kind", "没有这种资源", "there is no such kind of resource")
        if said.organisation_id is not None:
            await organisation_for(writing, said.organisation_id, "/organisation_id")
        if said.area_id is not None:
            area = await area_for(writing, said.area_id, "/area_id")
            if council["tenant_id"] not in area["path"]:
                raise wrong("/area_id", "outside", "不在大党委的区域里", "it does not lie in the council's area")
        starts_on, id = said.starts_on or writing.day, writing.new_id()
        check_term(starts_on, said.ends_on)
        row = {
            "tenant_id": council["tenant_id"],
            "id": id,
            "version": 1,
            "council_id": said.council_id,
            "organisation_id": said.organisation_id,
            "area_id": said.area_id,
            "kind": said.kind,
            "title": said.title,
            "state": ListState.OPEN,
            "starts_on": starts_on,
            "ends_on": said.ends_on,
            "external_key": f"{table}/{id}",
        }
        await writing.store(table, row)
        await writing.note(table, row, "enter", kind=said.kind)
        return id

    return await joint_work.one(house.pool, actor, table, await carry_out(house, actor, once, work))


async def withdraw(house: House, actor: Actor, table: str, id: UUID, once: Once) -> bytes:
    """It is offered, or wished for, no longer."""

    async def work(writing: Writing) -> UUID:
        row = await _open(writing, table, id)
        await _become(writing, table, row, "withdraw", state=ListState.WITHDRAWN)
        return id

    return await joint_work.one(house.pool, actor, table, await carry_out(house, actor, once, work))


async def join(
    house: House,
    actor: Actor,
    council_id: UUID,
    title: str,
    need_ids: Sequence[UUID],
    resource_ids: Sequence[UUID],
    starts_on: date | None,
    once: Once,
) -> bytes:
    """A project meets needs with resources; the needs are joined from then on."""

    async def work(writing: Writing) -> UUID:
        council = await council_for(writing, council_id, organising_as, "/council_id")
        needs = await _listed(writing, council, "need", need_ids)
        await _listed(writing, council, "resource", resource_ids)
        id = writing.new_id()
        row = {"tenant_id": council["tenant_id"], "id": id, "version": 1, "council_id": council_id, "title": title}
        row |= {"state": ListState.OPEN, "need_ids": list(need_ids), "resource_ids": list(resource_ids)}
        row |= {"starts_on": starts_on or writing.day, "external_key": f"project/{id}"}
        await writing.store("project", row)
        await writing.note("project", row, "join", need_ids=need_ids, resource_ids=resource_ids)
        for need in needs:
            await _become(writing, "need", need, "join", state=ListState.JOINED)
        return id

    return await joint_work.one(house.pool, actor, "project", await carry_out(house, actor, once, work))


async def finish(house: House, actor: Actor, id: UUID, note: str, once: Once) -> bytes:
    """A project is done, and so are the needs that it met."""

    async def work(writing: Writing) -> UUID:
        row = await _open(writing, "project", id)
        await _become(writing, "project", row, "finish", state=ListState.DONE, ends_on=writing.day, note=note)
        given = row["tenant_id"], row["council_id"], row["need_ids"]
        for need in await writing.connection.fetch(_LISTED.format(table="need"), *given):
            if need["state"] == ListState.JOINED:
                await _become(writing, "need", dict(need), "finish", state=ListState.DONE)
        return id

    return await joint_work.one(house.pool, actor, "project", await carry_out(house, actor, once, work))


async def _open(writing: Writing, table: str, id: UUID) -> Row:
    """A row of a list that is open, with its council locked as well."""
    row = await writing.row(_ROW.format(table=table), id)
    if row is None:
        raise NotFound
    await council_for(writing, row["council_id"], organising_as)
    if row["state"] != ListState.OPEN:
        raise ListedNoMore(state=ListState(row["state"]), allowed_actions=[])
    return row


async def _listed(writing: Writing, council: Row, table: str, ids: Sequence[UUID]) -> list[Row]:
    """The open rows of the council that a project names."""
    rows = await writing.connection.fetch(_LISTED.format(table=table), council["tenant_id"], council["id"], list(ids))
    found = {row["id"]: dict(row) for row in rows if row["state"] == ListState.OPEN}
    for i, id in enumerate(ids):
        pointer = f"/{table}_ids/{i}"
        if id not in found:
            raise wrong(pointer, f"unknown_{table}", "它不在大党委的清单上", "it is not on the list of the council")
        if id in ids[:i]:
            raise wrong(pointer, "duplicate", "同一项出现了两次", "the same one twice")
    return list(found.values())


async def _become(writing: Writing, table: str, row: Row, action: str, **changes: Any) -> None:
    """The next version of a row, with its line in the history."""
    changed = row | changes | {"version": row["version"] + 1}
    await writing.store(table, changed)
    await writing.note(table, changed, action)
