"""Real servers: each pytest process has a PostgreSQL and a NATS of its own, and the whole house on them."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import settings

from deploy.assemble import Assembly
from deploy.machine.servers import Servers, start_servers
from deploy.migrating import migrate_all
from deploy.serving import allow_many_connections
from shared.infra.auth import TokenIssuer
from shared.infra.worker import running
from shared.kernel.clock import MovedClock
from tests.support.world import World

# The same cases in every run: a red run must be red for the change that it runs on.
settings.register_profile("linli", derandomize=True, deadline=None)
settings.load_profile("linli")

# A thousand people at once are a thousand open files, here as in the servers.
allow_many_connections()

_LONG_SECONDS = 3600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long test may take longer than the others before it counts as hanging."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(_LONG_SECONDS))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL and NATS of this test process."""
    started = start_servers(tmp_path_factory.mktemp("linli") / "data")
    yield started
    started.remove()


@pytest.fixture(scope="session")
async def environment(servers: Servers) -> AsyncIterator[dict[str, str]]:
    """The environment of a migrated installation; also set in this process, where the settings read it."""
    given = servers.environment() | {"LINLI_GATEWAY_CALLER_PER_MINUTE": "1000000"}
    given["LINLI_GATEWAY_ADDRESS_PER_MINUTE"] = "1000000"
    os.environ.update(given)
    await migrate_all(given)
    yield given
    for name in given:
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def clock() -> MovedClock:
    """The business clock of all tests of this process; it only ever moves forward."""
    return MovedClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
async def assembly(environment: dict[str, str], clock: MovedClock) -> AsyncIterator[Assembly]:
    """The whole house in this process, with its lifespans open."""
    made = Assembly(clock=clock)
    async with made.gateway.router.lifespan_context(made.gateway):
        yield made


@pytest.fixture(scope="session")
async def client(assembly: Assembly) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the gateway."""
    transport = httpx.ASGITransport(app=assembly.gateway, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://linli") as speaking:
        yield speaking


@pytest.fixture(scope="module")
async def workers(environment: dict[str, str], clock: MovedClock) -> AsyncIterator[None]:
    """All jobs of all services, running for one module: tests of others look at what waits for them."""
    async with Assembly(clock=clock).jobs() as jobs, running(jobs):
        yield


@pytest.fixture(scope="session")
def issuer(environment: dict[str, str]) -> TokenIssuer:
    """Signs tokens for the people of the tests."""
    return TokenIssuer(Path(environment["LINLI_KEYS"]), "key-1")


@pytest.fixture
async def world(assembly: Assembly, client: httpx.AsyncClient, issuer: TokenIssuer) -> World:
    """A fresh street with two communities and their people, apart from those of all other tests."""
    return await World.build(assembly, client, issuer)
