"""One life of the past, played in one transaction: a petition or an opening is there with all its history, or not yet.

So a load that is interrupted goes on where it was, nobody meets something half grown (the worker would end an opening
of last year at once), and two loads at a time do not play the same life twice.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

_ONE_LOAD_AT_A_TIME = "select pg_advisory_xact_lock(726180203)"


class Alone:
    """A pool of one connection, so that a service's actions take part in the transaction that is open on it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        yield self._connection


@asynccontextmanager
async def alone(pool: asyncpg.Pool) -> AsyncIterator[Alone]:
    """A transaction in which no other load is at work."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_ONE_LOAD_AT_A_TIME)
        yield Alone(connection)
