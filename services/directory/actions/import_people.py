"""A file of people is checked against the register and loaded into a community: all of it, or nothing.

The API and `linli import people` use the same code. What lies sealed is compared by its blind index: nothing is opened
to find out who is there already.
"""

from asyncio import to_thread
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from services.directory.actions.import_areas import Report, done_before
from services.directory.actions.load import Progress, plan_within, write_within
from services.directory.actions.shaping import path
from services.directory.actions.tree import Tree, changing
from services.directory.domain.contact import Field
from services.directory.domain.imports.csv_file import read_csv
from services.directory.domain.imports.lines import Reading, in_order
from services.directory.domain.imports.people_lines import PersonLine, table_on
from services.directory.domain.imports.settle_people import (
    KnownArea,
    KnownPerson,
    Likeness,
    PeopleGround,
    settle_people,
)
from services.directory.domain.people import IMPORTERS, acting_as
from services.directory.domain.plan import Counts, Row
from shared.infra.idempotency import Once
from shared.infra.sealing import Sealer
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id

_TENANT_KEY = "select external_key from area where id = $1 and external_key is not null"
_AREAS = """
select id, external_key as key, code, closed from area
 where code = any($3) and tenant_id = $1 and ($2 = id or ancestors @> array[$2::uuid]) and external_key is not null
"""
_PERSON = """
p.external_key as key, p.name, p.party_member, p.skills,
(select h.external_key from household h where h.tenant_id = p.tenant_id and h.id = p.household_id) as household
"""
_THERE = "not p.erased and p.merged_into is null and p.external_key is not null"
_BY_NUMBER = f"""
select encode(s.blind, 'hex') as blind, {_PERSON}, true as has_id_number
  from sealed_value s join person p on p.tenant_id = s.tenant_id and p.id = s.owner_id
 where s.blind = any($2::bytea[]) and s.field = 'id_number' and s.tenant_id = $1 and {_THERE}
"""
_ALIKE = f"""
select {_PERSON}, p.birth_year, p.home_id, exists (
         select from sealed_value s where s.tenant_id = p.tenant_id and s.owner_id = p.id and s.field = 'id_number'
       ) as has_id_number
  from unnest($2::text[]) given(name) join person p on p.tenant_id = $1 and p.name = given.name
 where {_THERE} order by p.id
"""
_DOORS = """
select h.area_id, h.external_key as key, encode(s.blind, 'hex') as blind
  from household h join sealed_value s on s.tenant_id = h.tenant_id and s.owner_id = h.id and s.field = 'door'
 where h.area_id = any($1) and not h.closed and h.external_key is not null order by h.id desc
"""


def read_people(content: bytes, day: date) -> Reading[PersonLine]:
    """The people of a table in CSV, as they can be on that day."""
    return read_csv(content, table_on(day))


async def import_people(
    pool: asyncpg.Pool,
    clock: Clock,
    sealer: Sealer,
    actor: Actor | None,
    area_id: UUID,
    reading: Reading[PersonLine],
    once: Once,
    *,
    dry_run: bool,
    progress: Progress | None = None,
) -> Report:
    """Loads who was read into the area's community, unless something is wrong with it or it is only to be checked.

    `actor` None is whoever runs the installation. Codes are those of areas at or below the area.
    """
    async with changing(pool, clock, actor.person_id if actor else None) as tree:
        area = (await tree.read([area_id])).get(area_id)
        role = "operator" if actor is None else acting_as(actor, path(area), IMPORTERS) if area else None
        if area is None or role is None:
            raise NotFound
        done = await done_before(tree, once)
        if done is not None:
            return done
        tree.role = role
        ground = await _ground(tree.connection, sealer, area, reading.lines)
        found = await to_thread(settle_people, reading.lines, ground, lambda kind: f"{kind}/{new_id(tree.at)}")
        flaws = in_order([*reading.flaws, *reading.named(found.flaws)])
        if flaws:
            return Report(Counts(), flaws, [])
        planned = await plan_within(tree.connection, clock, found.seed, tree.kinds, sealer)
        if not dry_run:
            await write_within(tree.connection, clock, planned, progress, sealer)
            await _note(tree, area, planned.counts["people"], once)
        return Report(planned.counts["people"], [], [])


async def _note(tree: Tree, area: Row, counts: Counts, once: Once) -> None:
    """One line in the history of the area that they live in."""
    [line] = await tree.note("import_people", {area["id"]: asdict(counts)})
    await tree.finish(area["tenant_id"], line, once)


async def _ground(connection: Any, sealer: Sealer, area: Row, lines: Sequence[PersonLine]) -> PeopleGround:
    """What the register has of what the file names."""
    tenant_id = area["tenant_id"]
    areas: defaultdict[str, list[KnownArea]] = defaultdict(list)
    codes = list({line.area_code for line in lines if line.area_code})
    for row in await connection.fetch(_AREAS, tenant_id, area["id"], codes):
        areas[row["code"]].append(KnownArea(row["id"], row["key"], row["closed"]))
    numbers = {sealer.blind(Field.ID_NUMBER, line.id_number): line.id_number for line in lines if line.id_number}
    by_number = {
        numbers[bytes.fromhex(row["blind"])]: _person(row)
        for row in await connection.fetch(_BY_NUMBER, tenant_id, list(numbers))
    }
    alike: defaultdict[Likeness, list[KnownPerson]] = defaultdict(list)
    for row in await connection.fetch(_ALIKE, tenant_id, list({line.name for line in lines})):
        alike[row["name"], row["birth_year"], row["home_id"]].append(_person(row))
    homes = {known.id for found in areas.values() for known in found}
    doors = await _doors(connection, sealer, homes, lines)
    return PeopleGround(await connection.fetchval(_TENANT_KEY, tenant_id), areas, by_number, alike, doors)


async def _doors(
    connection: Any, sealer: Sealer, homes: Collection[UUID], lines: Sequence[PersonLine]
) -> dict[tuple[UUID, str], str]:
    """The households that are there behind the file's doors, the oldest where there are two behind one."""
    named = {sealer.blind(Field.DOOR, line.door).hex(): line.door for line in lines if line.door}
    rows = await connection.fetch(_DOORS, list(homes)) if named else ()
    return {(row["area_id"], named[row["blind"]]): row["key"] for row in rows if row["blind"] in named}


def _person(row: asyncpg.Record) -> KnownPerson:
    said = row["key"], row["name"], row["party_member"], tuple(row["skills"])
    return KnownPerson(*said, row["has_id_number"], row["household"])
