"""Who somebody is when they get a token: their roles of today, and their home.

Tokens live by real time, also where business time is moved; so "today" here is the machine's day.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg

from services.directory.domain.days import day_of
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import SystemClock
from shared.kernel.errors import NotFound

_PEOPLE = "select id, home_id from person where id = any($1::uuid[]) and not erased and merged_into is null"
_GRANTS = """
select person_id, role, area_id, organisation_id from role_grant
 where person_id = any($1::uuid[]) and (starts_on is null or starts_on <= $2) and (ends_on is null or ends_on > $2)
 order by id
"""
_BY_KEY = """
select coalesce(merged_into, id) from person where external_key = $1 and not erased order by id limit 1
"""


async def actor_for(pool: asyncpg.Pool, person_id: UUID, day: date | None = None) -> Actor:
    """The person with the roles that they have on that day (today); raises NotFound when there is no such person."""
    found = await actors_for(pool, [person_id], day)
    if person_id not in found:
        raise NotFound
    return found[person_id]


async def actors_for(pool: asyncpg.Pool, person_ids: Sequence[UUID], day: date | None = None) -> dict[UUID, Actor]:
    """Those of the people who exist, with the roles that they have on that day (today)."""
    day = day or day_of(SystemClock().now())
    async with pool.acquire() as connection:
        people = await connection.fetch(_PEOPLE, person_ids)
        rows = await connection.fetch(_GRANTS, person_ids, day)
    grants: dict[UUID, list[Grant]] = {person["id"]: [] for person in people}
    for row in rows:
        if row["person_id"] in grants:
            grants[row["person_id"]].append(Grant(Role(row["role"]), row["area_id"], row["organisation_id"]))
    return {p["id"]: Actor(p["id"], tuple(grants[p["id"]]), p["home_id"]) for p in people}


async def person_by_key(pool: asyncpg.Pool, key: str) -> UUID:
    """The id of the person that was loaded under this key; raises NotFound."""
    found: UUID | None = await pool.fetchval(_BY_KEY, key)
    if found is None:
        raise NotFound
    return found
