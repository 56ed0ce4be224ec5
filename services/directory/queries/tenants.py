"""Communities, streets and districts by the code that people know them by."""

from uuid import UUID

import asyncpg

from services.directory.domain.codes import spellings

_BY_CODE = "select id from area where code = any($1) and id = tenant_id and not closed"


async def tenants_with_code(pool: asyncpg.Pool, code: str) -> list[UUID]:
    """The open tenants with this statistical code, however it is written; more than one is a fault of the data."""
    return [row["id"] for row in await pool.fetch(_BY_CODE, spellings(code))]
