"""Loads councils with committees and meetings, and enrolments: all or nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.actions.load import ONE_AT_A_TIME, Loaded, Progress, kinds_of, load_within
from services.directory.domain.errors import SeedRefused
from services.directory.domain.plan import Counts, Row
from services.directory.domain.seed import DirectorySeed, OrganisationSeed
from services.directory.domain.ties_seed import Named, TiesSeed, check
from shared.kernel.clock import Clock
from shared.kernel.errors import FieldProblem
from shared.kernel.ids import new_id

#: Rows a statement; keeps each far below the time limit of a statement.
_BATCH = 5_000
#: Each key with the id that it leads to, also where what it names was merged since, and the tenant.
_KEYS = {
    "areas": "select external_key, id, tenant_id from area where external_key = any($1)",
    "organisations": """
select o.external_key, coalesce(s.successor_id, o.id) as id, o.tenant_id
  from organisation o left join organisation_succession s on s.organisation_id = o.id where o.external_key = any($1)
""",
    "people": """
select external_key, coalesce(merged_into, id) as id, tenant_id from person where external_key = any($1) and not erased
""",
    "councils": """
select o.external_key, o.id, o.tenant_id from organisation o join council c on c.tenant_id = o.tenant_id and c.id = o.id
 where o.external_key = any($1)
""",
}
_WORDS = "select list, array_agg(key) as keys from list_word group by list"
#: What makes a row the same as one that is there.
_SAME = {
    "council": "x.id = r.id",
    "council_member": "x.council_id = r.council_id and x.organisation_id = r.organisation_id",
    "council_meeting": "x.council_id = r.council_id and x.kind = r.kind and x.held_on = r.held_on",
    "enrolment": "x.organisation_id = r.organisation_id and x.person_id is not distinct from r.person_id",
}
_ADD = """
with added as (
  insert into {table} select r.* from jsonb_populate_recordset(null::{table}, $1::jsonb) r
   where not exists (select from {table} x where x.tenant_id = r.tenant_id and {same})
  on conflict do nothing returning 1
)
select count(*) from added
"""

Keys = Mapping[str, Mapping[str, Row]]


async def load_ties(pool: asyncpg.Pool, clock: Clock, seed: TiesSeed, progress: Progress | None = None) -> Loaded:
    """Adds what is missing of the seed; raises SeedRefused with every problem, and then stores nothing."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(ONE_AT_A_TIME)
        loaded = await _councils(connection, clock, seed, progress)
        keys = await _keys(connection, seed, loaded.ids)
        words = {row["list"]: set(row["keys"]) for row in await connection.fetch(_WORDS)}
        problems = check(seed, words, keys)
        if problems:
            raise SeedRefused(fields=problems)
        for table, rows in _rows(seed, keys, clock.now()).items():
            added = 0
            for start in range(0, len(rows), _BATCH):
                given = orjson.dumps(rows[start : start + _BATCH], default=str).decode()
                added += await connection.fetchval(_ADD.format(table=table, same=_SAME[table]), given)
                if progress is not None:
                    progress(f"{table}s", min(start + _BATCH, len(rows)), len(rows))
            loaded.counts[f"{table}s"] = Counts(created=added, unchanged=len(rows) - added)
    return loaded


async def _councils(connection: Any, clock: Clock, seed: TiesSeed, progress: Progress | None) -> Loaded:
    """The organisations that the councils are, and who sits on their committees."""
    organisations = [
        OrganisationSeed(c.key, c.area_key, "council", c.name, serves_keys=(c.area_key,)) for c in seed.councils
    ]
    wanted = DirectorySeed(organisations=organisations, memberships=seed.memberships)
    try:
        return await load_within(connection, clock, wanted, await kinds_of(connection), progress)
    except SeedRefused as refused:
        raise SeedRefused(fields=[_of_council(problem) for problem in refused.fields]) from refused


def _of_council(problem: FieldProblem) -> FieldProblem:
    """What the load says of an organisation, said of the council that it comes from."""
    pointer = problem.pointer.replace("/organisations/", "/councils/").replace("/tenant_key", "/area_key")
    return FieldProblem(pointer, problem.code, problem.zh, problem.en)


async def _keys(connection: Any, seed: TiesSeed, councils: Mapping[str, UUID]) -> dict[str, dict[str, Row]]:
    """What the seed names, as far as it is there; a council that this load makes is."""
    named, found = Named.by(seed), {}
    for noun, statement in _KEYS.items():
        rows = await connection.fetch(statement, list({key for _, key in getattr(named, noun)}))
        found[noun] = {row["external_key"]: dict(row) for row in rows}
    made = await connection.fetch("select id, tenant_id from organisation where id = any($1)", list(councils.values()))
    tenants = {row["id"]: row["tenant_id"] for row in made}
    for council in seed.councils:
        id = councils[council.key]
        found["councils"][council.key] = {"id": id, "tenant_id": tenants[id]}
    return found


def _rows(seed: TiesSeed, keys: Keys, at: datetime) -> dict[str, list[Row]]:
    """The rows by table, in an order in which references hold."""
    councils, units = keys["councils"], keys["organisations"]
    return {
        "council": [
            {
                **_key(councils[c.key]),
                "version": 1,
                "starts_on": c.starts_on,
                "rhythms": [{"kind": kind, "months": months, "since": c.starts_on} for kind, months in c.rhythms],
            }
            for c in seed.councils
        ],
        "council_member": [
            {
                **_of(councils[c.key], at),
                "version": 1,
                "organisation_id": units[key]["id"],
                "starts_on": c.starts_on,
            }
            for c in seed.councils
            for key in c.unit_keys
        ],
        "council_meeting": [
            {**_of(councils[m.council_key], at), "kind": m.kind, "held_on": m.held_on} for m in seed.meetings
        ],
        "enrolment": _enrolments(seed, keys, at),
    }


def _enrolments(seed: TiesSeed, keys: Keys, at: datetime) -> list[Row]:
    people = keys["people"]
    return [
        {
            "tenant_id": keys["areas"][e.community_key]["id"],
            "id": new_id(at),
            "version": 1,
            "organisation_id": keys["organisations"][e.organisation_key]["id"],
            "person_id": people[e.person_key]["id"] if e.person_key else None,
            "told_on": e.told_on,
            "starts_on": e.starts_on,
        }
        for e in seed.enrolments
    ]


def _key(council: Row) -> Row:
    return {"tenant_id": council["tenant_id"], "id": council["id"]}


def _of(council: Row, at: datetime) -> Row:
    """A new row of the council."""
    return {"tenant_id": council["tenant_id"], "id": new_id(at), "council_id": council["id"]}
