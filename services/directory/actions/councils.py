"""Councils: made and changed, organisations come and go, meetings are held."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from services.directory.actions.memberships import check_end
from services.directory.actions.parties import area_for, organisation_for
from services.directory.actions.records import Writing, carry_out
from services.directory.actions.tree import LAST, noted
from services.directory.domain.councils import Rhythm, renewed
from services.directory.domain.errors import CouncilClosed, CouncilExists, wrong
from services.directory.domain.lists import WordList
from services.directory.domain.plan import Row
from services.directory.domain.ties import keeping_as, organising_as
from services.directory.domain.unit_names import search_keys
from services.directory.house import House
from services.directory.queries import councils
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, StaleVersion

_COUNCIL = """
select c.*, t.ancestors || t.id as path, o.closed, o.name from council c
  join area t on t.tenant_id = c.tenant_id and t.id = c.tenant_id
  join organisation o on o.tenant_id = c.tenant_id and o.id = c.id
 where c.id = $1 for update of c
"""
_RENAME = (
    noted(
        "organisation",
        """
  update organisation set name = $3, search_keys = $4, version = version + 1
   where tenant_id = $1 and id = $2 and name <> $3""",
    )
    + LAST
)
_OF_AREA = (
    "select o.name from council c join organisation o using (tenant_id, id) where c.tenant_id = $1 and not o.closed"
)
_MEMBER = """
select * from council_member where tenant_id = $1 and council_id = $2 and organisation_id = $3
 order by ends_on desc nulls first limit 1
"""
_WORDS = "select key from list_word where list = $1"
_MEETING = """
insert into council_meeting (tenant_id, id, council_id, kind, held_on) values ($1, $2, $3, $4, $5)
on conflict (tenant_id, council_id, kind, held_on) do nothing returning id
"""


@dataclass(frozen=True, slots=True)
class NewCouncil:
    """The council of an area: its name, and by kind of meeting every how many months there is one."""

    area_id: UUID
    name: str
    rhythms: Mapping[str, int]
    starts_on: date | None


async def create(house: House, actor: Actor, new: NewCouncil, once: Once) -> bytes:
    """The council of a community, street or district, which is an organisation of it; gives its detail."""

    async def work(writing: Writing) -> UUID:
        area = await area_for(writing, new.area_id, "/area_id")
        writing.role = keeping_as(actor, area["path"])
        if area["tenant_id"] != area["id"]:
            zh, en = "只有社区、街道和区设大党委", "only a community, street or district has a council"
            raise wrong("/area_id", "not_a_tenant", zh, en)
        # Two at once for one area: the second waits here.
        await writing.value("select id from area where tenant_id = $1 and id = $1 for no key update", area["id"])
        known = await writing.value(_OF_AREA, area["id"])
        if known is not None:
            raise CouncilExists(state="open", allowed_actions=[], council=known)
        await _check_kinds(writing, new.rhythms, "/rhythms")
        starts_on, id = new.starts_on or writing.day, writing.new_id()
        rhythms = [asdict(rhythm) for rhythm in renewed(new.rhythms, {}, starts_on)]
        row = {"tenant_id": area["id"], "id": id, "version": 1, "starts_on": starts_on, "rhythms": rhythms}
        await writing.store("organisation", organisation_row(area["id"], id, new.name))
        await writing.store("council", row)
        await writing.note("council", row, "create", rhythms=rhythms, starts_on=starts_on)
        return id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def change(
    house: House, actor: Actor, council_id: UUID, version: int, name: str, rhythms: Mapping[str, int], once: Once
) -> bytes:
    """What it is called and how often it meets, over the version that was read."""

    async def work(writing: Writing) -> UUID:
        row = await council_for(writing, council_id, keeping_as)
        if row["version"] != version:
            raise StaleVersion
        await _check_kinds(writing, rhythms, "/rhythms")
        present = {r["kind"]: Rhythm(r["kind"], r["months"], date.fromisoformat(r["since"])) for r in row["rhythms"]}
        wanted = [asdict(rhythm) for rhythm in renewed(rhythms, present, writing.day)]
        await writing.change("organisation", _RENAME, row["tenant_id"], council_id, name, search_keys(name, []))
        await _touch(writing, row, "update", rhythms=wanted)
        return council_id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def seat(
    house: House, actor: Actor, council_id: UUID, unit_id: UUID, starts_on: date | None, once: Once
) -> bytes:
    """An organisation takes a seat in the council, from that day (today) on."""

    async def work(writing: Writing) -> UUID:
        row = await council_for(writing, council_id, keeping_as)
        unit = await organisation_for(writing, unit_id, "/organisation_id")
        if unit_id == council_id:
            raise wrong("/organisation_id", "itself", "大党委不能加入自己", "a council does not sit in itself")
        since = starts_on or writing.day
        last = await writing.row(_MEMBER, row["tenant_id"], council_id, unit_id)
        if last is not None and (last["ends_on"] is None or since < last["ends_on"]):
            zh, en = f"“{unit['name']}”已是成员单位", f"“{unit['name']}” sits in it already"
            raise wrong("/organisation_id", "duplicate", zh, en)
        member = {"tenant_id": row["tenant_id"], "id": writing.new_id(), "version": 1, "council_id": council_id}
        member |= {"organisation_id": unit_id, "starts_on": since, "ends_on": None}
        await writing.store("council_member", member)
        await _touch(writing, row, "seat", organisation_id=unit_id, starts_on=since)
        return council_id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def unseat(
    house: House, actor: Actor, council_id: UUID, unit_id: UUID, ends_on: date | None, once: Once
) -> bytes:
    """An organisation leaves the council, from that day (today) on."""

    async def work(writing: Writing) -> UUID:
        row = await council_for(writing, council_id, keeping_as)
        last = await writing.row(_MEMBER, row["tenant_id"], council_id, unit_id)
        if last is None:
            raise wrong("/organisation_id", "unknown_organisation", "它不是成员单位", "it does not sit in the council")
        day = ends_on or max(writing.day, last["starts_on"])
        check_end(last, day, writing.day)
        await writing.store("council_member", last | {"ends_on": day, "version": last["version"] + 1})
        await _touch(writing, row, "unseat", organisation_id=unit_id, ends_on=day)
        return council_id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def note_meeting(
    house: House, actor: Actor, council_id: UUID, kind: str, held_on: date | None, once: Once
) -> bytes:
    """A meeting was held on that day (today)."""

    async def work(writing: Writing) -> UUID:
        row = await council_for(writing, council_id, organising_as)
        await _check_kinds(writing, [kind], "/kind")
        held = held_on or writing.day
        if held > writing.day:
            raise wrong("/held_on", "future", "不能晚于今天", "cannot be later than today")
        if held < row["starts_on"]:
            raise wrong("/held_on", "before_start", "早于大党委成立之日", "earlier than the council began")
        if await writing.value(_MEETING, row["tenant_id"], writing.new_id(), council_id, kind, held) is None:
            raise wrong("/held_on", "duplicate", "这一天的会议已登记", "this meeting is noted already")
        await _touch(writing, row, "note_meeting", kind=kind, held_on=held)
        return council_id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def council_for(
    writing: Writing, council_id: UUID, acting_as: Callable[[Actor, Sequence[UUID]], str], pointer: str | None = None
) -> Row:
    """The council, locked until all is written; raises NotYours, CouncilClosed.

    Unknown, it is wrong at `pointer` in a body; without one it is in the address, and a NotFound.
    """
    row = await writing.row(_COUNCIL, council_id)
    if row is None or not await councils.is_visible(writing.connection, writing.actor, council_id):
        raise NotFound if pointer is None else wrong(pointer, "unknown_council", "没有这个大党委", "no such council")
    writing.role = acting_as(writing.actor, row.pop("path"))
    name = row.pop("name")
    if row.pop("closed"):
        raise CouncilClosed(state="closed", allowed_actions=[], council=name)
    return row | {"rhythms": orjson.loads(row["rhythms"])}


def organisation_row(area_id: UUID, id: UUID, name: str) -> Row:
    """The organisation that a council is."""
    return {
        "tenant_id": area_id,
        "id": id,
        "version": 1,
        "kind": "council",
        "name": name,
        "serves": [area_id],
        "serves_tenants": [area_id],
        "aliases": [],
        "search_keys": search_keys(name, []),
        "opening_times": [],
        "responsibilities": [],
        "closed": False,
        "external_key": f"organisation/{id}",
    }


async def _touch(writing: Writing, row: Row, action: str, **facts: Any) -> None:
    """The council's next version, with the rhythms that are given among the facts, and a line in its history."""
    changed = row | {"version": row["version"] + 1, "rhythms": facts.get("rhythms", row["rhythms"])}
    await writing.store("council", changed)
    await writing.note("council", changed, action, **facts)


async def _check_kinds(writing: Writing, kinds: Iterable[str], pointer: str) -> None:
    """Whether there are such kinds of meetings."""
    known = {row["key"] for row in await writing.connection.fetch(_WORDS, WordList.MEETING)}
    for i, kind in enumerate(kinds):
        if kind not in known:
            at = f"{pointer}/{i}/kind" if pointer == "/rhythms" else pointer
            raise wrong(at, "unknown_kind", "没有这种会议", "there is no such kind of meeting")


async def _shown(house: House, actor: Actor, id: UUID) -> bytes:
    body, _ = await councils.detail(house.pool, actor, id, house.today())
    return body
