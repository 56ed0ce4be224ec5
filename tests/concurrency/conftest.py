"""One web process and one worker for the crowds of a module, on the databases that the worlds live in."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.concurrency.crowd import Crowd
from tests.support.processes import one_process


# No longer than a module: the worker goes by the real clock, and would end what other tests do on theirs.
@pytest.fixture(scope="module")
async def served(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a real `linli serve`, with `linli work` beside it."""
    folder: Path = tmp_path_factory.mktemp("crowd")
    async with one_process(folder, environment) as url:
        yield url


@pytest.fixture(scope="module")
async def crowd(served: str) -> AsyncIterator[Crowd]:
    """No limit of the client's: everybody speaks at once."""
    connector = aiohttp.TCPConnector(limit=0, force_close=False)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        yield Crowd(session, served)
