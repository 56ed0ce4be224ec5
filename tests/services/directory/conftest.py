"""The directory alone, on the servers of this test process."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from services.directory.house import House
from services.directory.main import create_app
from services.directory.settings import Settings
from services.directory.tables import SCHEMA
from shared.infra.auth import TokenIssuer
from shared.infra.migrate import migrate
from shared.infra.web.service import ServiceApp
from shared.kernel.clock import MovedClock
from tests.services.directory.town import Town


@pytest.fixture(scope="session")
async def app(environment: dict[str, str]) -> AsyncIterator[ServiceApp]:
    """The directory's app with its house open, at nine o'clock of a Monday in Beijing."""
    made = create_app(Settings(), MovedClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC)))
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture(scope="session")
def house(app: ServiceApp) -> House:
    house: House = app.state.house
    return house


@pytest.fixture(scope="session")
async def api(app: ServiceApp) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the directory without a gateway before it."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://directory") as speaking:
        yield speaking


@pytest.fixture
async def town(house: House, api: httpx.AsyncClient, issuer: TokenIssuer) -> Town:
    """A fresh district with two communities, at a place of its own."""
    return await Town.build(house, api, issuer)


@pytest.fixture
async def elsewhere(environment: dict[str, str]) -> AsyncIterator[Callable[[str], str]]:
    """Addresses of the directory's roles in a database of this test alone, migrated and dropped afterwards."""
    admin = environment["LINLI_DATABASE_URL"]

    def address(role: str) -> str:
        middle = {"app": "", "owner": "OWNER_"}[role]
        given = urlsplit(environment[f"LINLI_DIRECTORY_{middle}DATABASE_URL"])
        return given._replace(path="/linli_directory_elsewhere").geturl()

    await migrate(SCHEMA, admin, address("owner"), address("app"))
    yield address
    connection = await asyncpg.connect(admin)
    await connection.execute("drop database linli_directory_elsewhere with (force)")
    await connection.close()
