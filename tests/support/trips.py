"""How often requests go to the databases: counted at the pools, so that nobody adds a trip without noticing."""

from collections import Counter
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from deploy.assemble import Assembly
from deploy.services import SERVICES


class _CountingPool:
    """A pool that counts what is sent through it."""

    def __init__(self, pool: Any, service: str, trips: Counter[str]) -> None:
        self._pool, self._service, self._trips = pool, service, trips

    def __getattr__(self, name: str) -> Any:
        if name in ("fetch", "fetchrow", "fetchval", "execute"):
            self._trips[self._service] += 1
        elif name == "acquire":
            pytest.fail("a request takes a connection of its own: its trips are not counted here")
        return getattr(self._pool, name)


class Trips:
    """Counts what single requests send."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    async def of(self, work: Awaitable[httpx.Response]) -> dict[str, int]:
        """How often the request went to the database of each service; it must succeed."""
        self.counted.clear()
        answer = await work
        assert answer.status_code in (200, 201), answer.text
        return dict(self.counted)


@contextmanager
def counting(assembly: Assembly) -> Iterator[Trips]:
    """Within this all services of the house are counted."""
    trips = Trips()
    houses = {service: assembly.app(service).state.house for service in SERVICES}
    for service, house in houses.items():
        assembly.app(service).state.house = replace(house, pool=_CountingPool(house.pool, service, trips.counted))
    try:
        yield trips
    finally:
        for service, house in houses.items():
            assembly.app(service).state.house = house
