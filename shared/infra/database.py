"""PostgreSQL through asyncpg pools, without session state (so PgBouncer may stand between).

Time limits and the time zone are settings of the roles (see migrate.py), not of the session.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

_CLOSE_SECONDS = 5


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg publishes no types
    """Leaves no session state behind, so the pool needs no reset query (19,000 -> 31,000 statements/s)."""

    def get_reset_query(self) -> str:
        return ""


@asynccontextmanager
async def open_pool(url: str, size: int) -> AsyncIterator[asyncpg.Pool]:
    """A pool of at most `size` connections; opens the first one when it is needed, so that a service starts without."""
    pool = await asyncpg.create_pool(
        url,
        connect=_connect,
        min_size=0,
        max_size=size,
        connection_class=_Connection,
        max_inactive_connection_lifetime=60,
        timeout=5,
        command_timeout=15,
        statement_cache_size=200,
    )
    try:
        yield pool
    finally:
        await _close(pool)


async def _connect(*where: Any, **how: Any) -> asyncpg.Connection:
    """A socket file that is gone, because the server has stopped, is a lost connection like any other."""
    try:
        return await asyncpg.connect(*where, **how)
    except FileNotFoundError as error:
        raise ConnectionError("no socket") from error


async def _close(pool: asyncpg.Pool) -> None:
    """`close` waits for every connection to come back, and for the server's goodbye: not longer than this."""
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await pool.close()
    except (OSError, asyncpg.PostgresError):  # among them TimeoutError
        pool.terminate()


async def is_up(pool: asyncpg.Pool) -> None:
    """Raises when the database does not answer."""
    await pool.fetchval("select 1")
