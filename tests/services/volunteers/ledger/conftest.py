"""The ledger on a database of its own: no worker of another test seals or changes anything in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg
import pytest

from services.volunteers.tables import SCHEMA
from shared.infra.database import open_pool
from shared.infra.migrate import migrate
from tests.services.volunteers.ledger.book import Book


@dataclass(frozen=True, slots=True)
class Addresses:
    """The database as its three roles see it."""

    admin: str
    owner: str
    app: str


async def new_database(environment: dict[str, str], name: str) -> Addresses:
    """A migrated database beside volunteers' own, with the same roles."""

    def address(variable: str) -> str:
        return urlsplit(environment[variable])._replace(path=f"/{name}").geturl()

    made = Addresses(
        address("LINLI_DATABASE_URL"),
        address("LINLI_VOLUNTEERS_OWNER_DATABASE_URL"),
        address("LINLI_VOLUNTEERS_DATABASE_URL"),
    )
    await migrate(SCHEMA, environment["LINLI_DATABASE_URL"], made.owner, made.app)
    return made


@pytest.fixture(scope="session")
async def addresses(environment: dict[str, str]) -> Addresses:
    return await new_database(environment, "linli_volunteers_ledger")


@pytest.fixture(scope="session")
async def pool(addresses: Addresses) -> AsyncIterator[asyncpg.Pool]:
    """As the service: its role, its kind of pool."""
    async with open_pool(addresses.app, 20) as opened:
        yield opened


@pytest.fixture
def book(pool: asyncpg.Pool) -> Book:
    """A fresh community's ledger."""
    return Book(pool)
