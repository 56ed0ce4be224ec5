"""Loads a seed: areas, organisations, people, offices, memberships, roles and supports, all or nothing.

Everything happens in one transaction: rows, the change feed, and one `directory.changed`. Two loads at once wait for
each other, since the uniqueness of a key overall (a community is its own tenant) is nothing that a constraint can hold.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.actions.load_catalogue import present_catalogue
from services.directory.actions.notes import Author, note
from services.directory.actions.publishing import publish
from services.directory.actions.sealed import indexes_of, write_sealed
from services.directory.domain.checks import References
from services.directory.domain.credit_code import canonical
from services.directory.domain.days import day_of
from services.directory.domain.kinds import AreaKind, Kinds, OfficeKind, OrganisationKind
from services.directory.domain.plan import KINDS, Counts, Plan, Present, Row, plan
from services.directory.domain.plan_people import no_blind
from services.directory.domain.seed import DirectorySeed
from shared.contracts.directory import DirectoryChanged
from shared.infra.directory_copy import POLYGONS
from shared.infra.sealing import Sealer
from shared.kernel.clock import Clock
from shared.kernel.errors import StaleVersion
from shared.kernel.ids import new_id

Progress = Callable[[str, int, int], None]

#: Whatever changes the tree of areas takes this first: ancestors and keys are nothing that a constraint can hold.
ONE_AT_A_TIME = "select pg_advisory_xact_lock(726180202)"
#: Whatever counts on the tree while it writes people, offices or roles: together with others, apart from those.
BESIDE_OTHERS = "select pg_advisory_xact_lock_shared(726180202)"
#: Rows a statement; keeps each far below the time limit of a statement.
_BATCH = 2_000
#: Tables whose rows other services follow (contracts/directory.py).
_IN_FEED = ("area", "organisation", "person", "office")

_KINDS = "select key, name_zh, name_en, rank, tenant from area_kind order by rank, key"
_OFFICE_KINDS = "select * from office_kind order by position, key"
_ORGANISATION_KINDS = "select key, name_zh, name_en, position, formed from organisation_kind order by position, key"
_AREAS = """
select a.*, exists (select from area_history h where h.area_id = a.id and h.action = 'move') as moved, coalesce(
         (select json_agg(translate(p.ring::text, '()', '[]')::json order by p.position) from area_polygon p
           where p.tenant_id = a.tenant_id and p.area_id = a.id), '[]')::text as polygons
  from area a where a.external_key = any($1)
"""
# The key of one that was merged leads to the one that took it in.
_ORGANISATIONS = """
with recursive heir as (
  select id, external_key as key from organisation where external_key = any($1)
  union select s.successor_id, heir.key from heir join organisation_succession s on s.organisation_id = heir.id
)
select heir.key, o.* from heir join organisation o on o.id = heir.id
 where not exists (select from organisation_succession s where s.organisation_id = heir.id)
"""
_CREDIT_CODES = "select credit_code, id from organisation where credit_code = any($1) and not closed"
_SUPPORTS = "select * from support where organisation_id = any($1) order by ends_on"
_PEOPLE = "select * from person where external_key = any($1)"
_HOUSEHOLDS = "select * from household where external_key = any($1)"
_OFFICES = """
select * from office where person_id = any($1) union select * from office where area_id = any($2) and exclusive
"""
# The open one last, so that it is the one that counts.
_MEMBERSHIPS = "select * from membership where person_id = any($1) order by ends_on"
_GRANTS = "select * from role_grant where person_id = any($1)"

_COLUMNS = """
select attname from pg_attribute
 where attrelid = $1::text::regclass and attnum > 0 and not attisdropped order by attnum
"""
_WRITE = """
insert into {table} ({columns}) select {columns} from jsonb_populate_recordset(null::{table}, $1::jsonb)
on conflict (tenant_id, id) do update set {changes} where {table}.version = excluded.version - 1
returning tenant_id, id
"""
_WRITE_ONLY = "with written as ({write}) select count(*) as rows, null::bigint as seq from written"
_WRITE_AND_FEED = """
with written as ({write}), noted as (
  insert into change (tenant_id, kind, entity_id) select tenant_id, '{table}', id from written
  on conflict (tenant_id, kind, entity_id) do update set xid = default, seq = default
  returning seq
)
select (select count(*) from written) as rows, (select max(seq) from noted) as seq
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: counts by kind (areas, organisations, people, offices…), ids by key."""

    counts: dict[str, Counts]
    ids: dict[str, UUID]


async def load(
    pool: asyncpg.Pool,
    clock: Clock,
    seed: DirectorySeed,
    progress: Progress | None = None,
    sealer: Sealer | None = None,
) -> Loaded:
    """Brings the directory to what the seed says; raises SeedRefused with every problem, and then stores nothing.

    `progress` hears (kind, rows written, rows to write). Loading the same seed again writes nothing. A seed with
    telephones, identity numbers, addresses or doors needs the `sealer`.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(ONE_AT_A_TIME)
        return await load_within(connection, clock, seed, await kinds_of(connection), progress, sealer)


async def load_within(
    connection: Any,
    clock: Clock,
    seed: DirectorySeed,
    kinds: Kinds,
    progress: Progress | None = None,
    sealer: Sealer | None = None,
) -> Loaded:
    """The same within a transaction of the caller's, who has seen to it that only one changes the tree at a time."""
    planned = await plan_within(connection, clock, seed, kinds, sealer)
    await write_within(connection, clock, planned, progress, sealer)
    return Loaded(planned.counts, planned.ids)


async def plan_within(
    connection: Any, clock: Clock, seed: DirectorySeed, kinds: Kinds, sealer: Sealer | None = None
) -> Plan:
    """What a load would write; worked out in a thread, so that others are served meanwhile."""
    blind = sealer.blind if sealer else no_blind
    now = clock.now()
    present = await _present(connection, seed)
    return await asyncio.to_thread(plan, seed, present, kinds, partial(new_id, now), day_of(now), blind)


async def write_within(
    connection: Any, clock: Clock, planned: Plan, progress: Progress | None = None, sealer: Sealer | None = None
) -> None:
    """Writes what was planned in the same transaction, and tells of it."""
    last = await write(connection, planned, progress or _quiet)
    author = Author(None, "operator", clock.now())
    for table in ("office", "role_grant"):
        await note(connection, table, [row["id"] for row in planned.rows[table]], author)
    if sealer is not None:
        await write_sealed(connection, sealer, planned.sealing, progress or _quiet)
    if last is not None:
        followed = {table: rows for table, rows in planned.rows.items() if table in _IN_FEED and rows}
        first: Row = next(iter(followed.values()))[0]
        await tell(connection, clock, first["tenant_id"], list(followed), last)


async def kinds_of(connection: Any) -> Kinds:
    """The kinds of areas, offices and organisations of this installation."""
    areas, offices = await connection.fetch(_KINDS), await connection.fetch(_OFFICE_KINDS)
    organisations = await connection.fetch(_ORGANISATION_KINDS)
    return Kinds(
        (AreaKind(**row) for row in areas),
        (OfficeKind(**row) for row in offices),
        (OrganisationKind(**row) for row in organisations),
    )


def _quiet(kind: str, done: int, of: int) -> None:
    """For callers who do not watch."""


async def _present(connection: Any, seed: DirectorySeed) -> Present:
    """Reads what is there of what the seed names."""
    named = References(seed)
    areas = await connection.fetch(_AREAS, _keys(named.areas, (a.key for a in seed.areas)))
    organisations = await connection.fetch(
        _ORGANISATIONS, _keys(named.organisations, (o.key for o in seed.organisations))
    )
    codes = [canonical(one.credit_code) for one in seed.organisations if one.credit_code]
    coded = await connection.fetch(_CREDIT_CODES, codes)
    supports = await connection.fetch(_SUPPORTS, [row["id"] for row in organisations] if seed.supports else [])
    people = await connection.fetch(_PEOPLE, _keys(named.people, (p.key for p in seed.people)))
    households = await connection.fetch(_HOUSEHOLDS, _keys(named.households, (h.key for h in seed.households)))
    person_ids = [row["id"] for row in people]
    sealed = await indexes_of(connection, [*person_ids, *(row["id"] for row in households)])
    offices = await connection.fetch(_OFFICES, person_ids, [row["id"] for row in areas] if seed.offices else [])
    memberships = await connection.fetch(_MEMBERSHIPS, person_ids)
    grants = await connection.fetch(_GRANTS, person_ids)
    return Present(
        {row["external_key"]: dict(row) | {"polygons": orjson.loads(row["polygons"])} for row in areas},
        {row["key"]: _organisation(row) for row in organisations},
        {row["external_key"]: dict(row) | {"sealed": sealed[row["id"]]} for row in people},
        {row["external_key"]: dict(row) | {"sealed": sealed[row["id"]]} for row in households},
        [dict(row) for row in offices],
        {(row["person_id"], row["kind"], row["organisation_id"]): dict(row) for row in memberships},
        [dict(row) for row in grants],
        {(row["organisation_id"], row["area_id"]): dict(row) for row in supports},
        {row["credit_code"]: row["id"] for row in coded},
        await present_catalogue(connection, seed),
    )


def _organisation(row: Any) -> Row:
    lists = {name: orjson.loads(row[name]) for name in ("opening_times", "responsibilities")}
    return {name: value for name, value in row.items() if name != "key"} | lists


def _keys(references: list[tuple[str, str]], own: Iterable[str]) -> list[str]:
    return list({key for _, key in references}.union(own))


async def write(connection: Any, planned: Plan, progress: Progress = _quiet) -> int | None:
    """Writes every row, and returns the last place in the change feed (None: nothing that others follow)."""
    last: int | None = None
    for table, rows in planned.rows.items():
        if not rows:
            continue
        statement = _statement(table, [row["attname"] for row in await connection.fetch(_COLUMNS, table)])
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            given = orjson.dumps(batch, default=str).decode()
            written = await connection.fetchrow(statement, given)
            if written["rows"] != len(batch):
                raise StaleVersion
            if table == "area":
                await connection.execute(POLYGONS, given)
            last = written["seq"] or last
            progress(KINDS.get(table, table), start + len(batch), len(rows))
    return last


def _statement(table: str, columns: list[str]) -> str:
    """Writes rows of a table, each only over the version before it, and notes them in the feed where others follow."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("tenant_id", "id"))
    write = _WRITE.format(table=table, columns=", ".join(columns), changes=changes)
    return (_WRITE_AND_FEED if table in _IN_FEED else _WRITE_ONLY).format(table=table, write=write)


async def tell(connection: Any, clock: Clock, tenant_id: UUID, kinds: list[str], last: int) -> None:
    """One event for all that happened, under one tenant that it touched; it only says: follow the feed."""
    payload = DirectoryChanged.model_validate({"kinds": kinds}).model_dump_json()
    await publish(connection, "directory.changed", tenant_id, tenant_id, last, payload, clock.now())
