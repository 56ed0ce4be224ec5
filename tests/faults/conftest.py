"""A house of its own for each file of these tests, since they kill it."""

from collections.abc import AsyncIterator

import pytest

from tests.faults.house import House, open_house
from tests.faults.log import Log
from tests.faults.town import found_town


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("faults")) as opened:
        yield opened


@pytest.fixture(scope="module")
async def log(house: House) -> AsyncIterator[Log]:
    """All requests of a file, since the oracle counts everything that the house has."""
    kept = Log(house.address, await found_town(house))
    yield kept
    await kept.close()
