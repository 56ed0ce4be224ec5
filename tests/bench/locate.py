"""Where a point lies among 20,000 buildings: milliseconds in the database, on one connection, less an empty statement.

As the services ask it: the directory's whole statement, and the one with which a submission finds its community.
"""

import time
from collections.abc import AsyncIterator
from datetime import date
from statistics import median
from typing import Any

import asyncpg

from services.directory.queries.areas import LOCATED
from shared.infra.directory_copy import LOCATE
from tests.bench.data import Town
from tests.bench.elsewhere import buildings, points
from tests.bench.load import BenchFailed
from tests.bench.rounds import Row, Tell

_MILLISECONDS = 0.3
_BUILDINGS, _POINTS = 20_000, 1000


async def locate(environment: dict[str, str], town: Town, tell: Tell) -> AsyncIterator[Row]:
    """Four rows: both statements, inside and outside of all polygons."""
    home = town.actors["resident"].home_id
    asked: dict[str, tuple[str, str, list[Any]]] = {
        "locate": ("directory", LOCATED, [[town.community_id], [home], [], date.today()]),
        "locate_copy": ("petitions", LOCATE, []),
    }
    for name, (service, statement, arguments) in asked.items():
        connection = await asyncpg.connect(environment[f"LINLI_{service.upper()}_DATABASE_URL"])
        try:
            if (found := await buildings(connection)) < _BUILDINGS:
                raise BenchFailed(f"{name}: there are {found} buildings only")
            nothing = await _milliseconds(connection, "select 1", [[] for _ in range(_POINTS)])
            for which, inside in (("", True), ("_outside", False)):
                given = [[*arguments, *point] for point in points(_POINTS, inside=inside)]
                taken = await _milliseconds(connection, statement, given) - nothing
                tell(f"{name + which:<20} {taken:.3f} ms")
                yield Row(name + which, "ms", _MILLISECONDS, max(taken, 0.001))
        finally:
            await connection.close()


async def _milliseconds(connection: asyncpg.Connection, statement: str, given: list[list[Any]]) -> float:
    taken = []
    for arguments in given:
        started = time.perf_counter()
        await connection.fetch(statement, *arguments)
        taken.append(time.perf_counter() - started)
    return 1000 * median(taken)
