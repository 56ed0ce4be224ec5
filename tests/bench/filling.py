"""Filling tables fast: as the administrator, without the checks of each row, indexes made once at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

#: What no constraint stands upon; those of constraints stay.
_INDEXES = """
select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indrelid
 where c.relnamespace = 'public'::regnamespace and c.relname = any($1::text[])
   and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
"""


@asynccontextmanager
async def filling(environment: dict[str, str], service: str, *tables: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to fill these tables of a service with; afterwards their indexes and statistics are there."""
    database = urlsplit(environment[f"LINLI_{service.upper()}_DATABASE_URL"]).path
    url = urlsplit(environment["LINLI_DATABASE_URL"])._replace(path=database).geturl()
    connection = await asyncpg.connect(url, command_timeout=600)
    try:
        await connection.execute("set session_replication_role = replica; set maintenance_work_mem = '256MB'")
        indexes = await connection.fetch(_INDEXES, list(tables))
        for index in indexes:
            await connection.execute(f"drop index {index['name']}")
        yield connection
        for index in indexes:
            await connection.execute(index["definition"])
        # Only what was filled: a table that was vacuumed while it was empty is taken for tiny, and read as a whole.
        for table in tables:
            await connection.execute(f"vacuum analyze {table}")
    finally:
        await connection.close()
