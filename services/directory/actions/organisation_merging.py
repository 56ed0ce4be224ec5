"""Organisations become one: the survivor takes over what the others had, and their ids lead to it.

Whatever names an organisation by `organisation_id` has its statement here; a test walks the tables for any that has
none. What other services hold of it follows by the event `organisation.merged`.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.directory.actions.notes import note as note_held
from services.directory.actions.organisation_rows import note, read, show, tenant_path, to_change
from services.directory.actions.organisations import CLOSE
from services.directory.actions.publishing import publish
from services.directory.actions.shaping import carry_out
from services.directory.actions.ties_following import organisations_become
from services.directory.actions.tree import LAST, Tree, noted
from services.directory.domain.errors import OrganisationsStayApart, wrong
from services.directory.domain.permissions import keeping_as
from services.directory.domain.plan import Row
from services.directory.domain.shaping import Held, follow
from services.directory.domain.unit_names import search_keys
from services.directory.house import House
from services.directory.queries.organisation_detail import visible
from shared.contracts.directory import OrganisationMerged
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id

_CHILDREN = (
    noted(
        "organisation",
        "update organisation set parent_id = $2, version = version + 1 where parent_id = any($1) and id <> $2",
    )
    + LAST
)
_WORK = (
    noted(
        "person",
        """
  update person set work_organisation_id = $2, version = version + 1 where work_organisation_id = any($1)""",
    )
    + LAST
)
# What it runs and gives in the catalogue, it runs and gives under the survivor's name.
CATALOGUE = ("facility", "service")
_GIVES = "update {table} set organisation_id = $2, version = version + 1 where organisation_id = any($1)"
#: What is held of an organisation, by table, with what makes it another one: nobody holds the same twice.
HELD = {"membership": ("person_id", "kind"), "role_grant": ("person_id", "role"), "support": ("area_id", "'support'")}
# Those of $1 that are open on the day $2, oldest first.
_HELD = """
select id, organisation_id as area_id, {what} as person_id, {how} as kind from {table}
 where organisation_id = any($1) and (ends_on is null or ends_on > $2) order by starts_on, id
"""
# What goes on in the survivor ($3) begins there today: that it was the other's until then stays true.
_GO_ON = """
insert into {table} ({columns}, id, version, organisation_id, starts_on)
select {columns}, given.new, 1, $3, greatest(starts_on, $4)
  from unnest($1::uuid[], $2::uuid[]) given(old, new) join {table} o on o.id = given.old and o.organisation_id = any($5)
"""
# $3 the old ones: by them the rows are found.
_END = """
update {table} set ends_on = greatest(starts_on, $2), version = version + 1
 where organisation_id = any($3) and id = any($1)
"""
_COLUMNS = """
select string_agg(attname, ', ') from pg_attribute
 where attrelid = $1::text::regclass and attnum > 0 and not attisdropped
   and attname <> all(array['id', 'version', 'organisation_id', 'starts_on'])
"""
_SUCCESSION = """
insert into organisation_succession (tenant_id, organisation_id, successor_id, at)
select tenant_id, id, $2, $3 from organisation where id = any($1)
"""


async def merge(house: House, actor: Actor, organisation_id: UUID, others: Sequence[UUID], once: Once) -> bytes:
    """The organisation takes in others that the same tenant keeps; they are closed."""

    async def work(tree: Tree) -> UUID:
        now = await to_change(tree, actor, organisation_id)
        found = await read(tree, others)
        seen = await visible(tree.connection, actor, list(others))
        for n, other in enumerate(others):
            row = found.get(other) if other in seen else None
            await _check_partner(tree, actor, f"/organisation_ids/{n}", now, row, others[:n])
        gone = [found[other] for other in others]
        # First closed: the survivor may take over a credit code.
        await tree.change("organisation", CLOSE, list(others), tree.day)
        await tree.store(_united(now, gone), table="organisation")
        await tree.change("organisation", _CHILDREN, list(others), organisation_id)
        for table in CATALOGUE:
            await tree.connection.execute(_GIVES.format(table=table), list(others), organisation_id)
        ended = await _hand_over(tree, list(others), organisation_id)
        await tree.connection.execute(_SUCCESSION, list(others), organisation_id, tree.at)
        await note(tree, "merge", {organisation_id: {"organisation_ids": list(others), **ended}})
        await note(tree, "merged", {row["id"]: {"into": organisation_id} for row in gone})
        event = OrganisationMerged(from_organisation_ids=list(others), to_organisation_id=organisation_id)
        about = "organisation.merged", now["tenant_id"], organisation_id, now["version"] + 1
        await publish(tree.connection, *about, event.model_dump_json(), tree.at)
        await tree.finish(now["tenant_id"], organisation_id, once)
        return organisation_id

    return await carry_out(house, actor, once, work, show)


async def _check_partner(
    tree: Tree, actor: Actor, pointer: str, now: Row, other: Row | None, before: Sequence[UUID]
) -> None:
    """Whether the organisation can take in the other one."""
    if other is None or other["closed"]:
        zh, en = "没有这个单位，或它已撤销", "no such organisation, or it is closed"
        raise wrong(pointer, "unknown_organisation", zh, en)
    if other["id"] == now["id"] or other["id"] in before:
        raise wrong(pointer, "duplicate", "同一个单位出现了两次", "the same organisation twice")
    if "council" in (now["kind"], other["kind"]):
        raise wrong(pointer, "council", "大党委（大工委）不能合并", "a council is not merged")
    keeping_as(actor, await tenant_path(tree, other["tenant_id"]))
    if other["tenant_id"] != now["tenant_id"]:
        tenant = (await tree.read([other["tenant_id"]]))[other["tenant_id"]]
        raise OrganisationsStayApart(organisation=other["name"], tenant=tenant["name"])


def _united(now: Row, gone: Sequence[Row]) -> Row:
    """The survivor with all names, areas and responsibilities; what it says of itself it goes on saying."""
    spellings = [name for row in gone for name in (row["name"], *row["aliases"])]
    aliases = [name for name in dict.fromkeys([*now["aliases"], *spellings]) if name != now["name"]]
    responsibilities = [dict(one) for one in now["responsibilities"]]
    for one in (one for row in gone for one in row["responsibilities"]):
        if one not in responsibilities:
            responsibilities.append(one)
    said: dict[str, Any] = {
        name: next((row[name] for row in (now, *gone) if row[name]), now[name])
        for name in ("credit_code", "phone", "address", "opening_times")
    }
    parent_id = None if now["parent_id"] in {row["id"] for row in gone} else now["parent_id"]
    return (
        now
        | said
        | {
            "version": now["version"] + 1,
            "parent_id": parent_id,
            "aliases": aliases,
            "search_keys": search_keys(now["name"], aliases),
            "serves": sorted({id for row in (now, *gone) for id in row["serves"]}),
            "serves_tenants": sorted({id for row in (now, *gone) for id in row["serves_tenants"]}),
            "responsibilities": responsibilities,
        }
    )


async def _hand_over(tree: Tree, old: list[UUID], survivor: UUID) -> dict[str, int]:
    """What people and areas have of the old ones goes on in the survivor; gives how much of it the survivor had."""
    counted = {}
    await tree.change("person", _WORK, old, survivor)
    for table, (what, how) in HELD.items():
        held = await tree.connection.fetch(_HELD.format(table=table, what=what, how=how), [*old, survivor], tree.day)
        moving, ending = follow([Held(**row) for row in held], survivor, ())
        new = [new_id(tree.at) for _ in moving]
        columns = await tree.connection.fetchval(_COLUMNS, table)
        go_on = _GO_ON.format(table=table, columns=columns)
        await tree.connection.execute(go_on, moving, new, survivor, tree.day, old)
        await tree.connection.execute(_END.format(table=table), [*moving, *ending], tree.day, old)
        if table == "role_grant":
            await note_held(tree.connection, table, [*moving, *ending], tree.author, "end")
            await note_held(tree.connection, table, new, tree.author)
        counted[f"{table}s_ended"] = len(ending)
    await organisations_become(tree.connection, old, survivor, tree.day)
    return counted
