"""Who somebody is when they get a token: their roles of today, and their home.

Tokens live by real time, also where business time is moved; so "today" here is the machine's day.
"""

from datetime import date
from uuid import UUID

import asyncpg

from services.directory.domain.days import day_of
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import SystemClock
from shared.kernel.errors import NotFound

_PERSON = "select home_id from person where id = $1 and not erased"
_GRANTS = """
select role, area_id, organisation_id from role_grant
 where person_id = $1 and (starts_on is null or starts_on <= $2) and (ends_on is null or ends_on > $2)
 order by id
"""
_BY_KEY = "select id from person where external_key = $1 and not erased order by id limit 1"


async def actor_for(pool: asyncpg.Pool, person_id: UUID, day: date | None = None) -> Actor:
    """The person with the roles that they have on that day (today); raises NotFound when there is no such person."""
    day = day or day_of(SystemClock().now())
    async with pool.acquire() as connection:
        person = await connection.fetchrow(_PERSON, person_id)
        if person is None:
            raise NotFound
        rows = await connection.fetch(_GRANTS, person_id, day)
    grants = tuple(Grant(Role(row["role"]), row["area_id"], row["organisation_id"]) for row in rows)
    return Actor(person_id, grants, person["home_id"])


async def person_by_key(pool: asyncpg.Pool, key: str) -> UUID:
    """The id of the person that was loaded under this key; raises NotFound."""
    found: UUID | None = await pool.fetchval(_BY_KEY, key)
    if found is None:
        raise NotFound
    return found
