"""What the service has open while it runs: settings, database, clock, the others. Routes reach it by their call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx

from services.volunteers.settings import Settings
from shared.infra.auth import TokenVerifier
from shared.infra.database import open_pool
from shared.infra.directory_copy import DirectoryCopy, Path
from shared.infra.storage import Links
from shared.infra.web import call
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class House:
    """The open resources of volunteers. `petitions` reaches the internal routes of petitions."""

    settings: Settings
    pool: asyncpg.Pool
    verifier: TokenVerifier
    clock: Clock
    links: Links
    directory: DirectoryCopy
    petitions: httpx.AsyncClient


class Call(call.Call):
    """A request to volunteers."""

    house: House


#: What lies where its area lies.
AREA_PATHS = [Path("opening"), Path("service_record")]


@asynccontextmanager
async def open_house(
    settings: Settings, clock: Clock, directory: httpx.AsyncClient, petitions: httpx.AsyncClient
) -> AsyncIterator[House]:
    """Opens everything and closes it again. The clients reach the internal routes of the other services."""
    async with open_pool(settings.database_url, settings.pool_size) as pool:
        yield House(
            settings,
            pool,
            TokenVerifier(settings.keys / "jwks.json", production=settings.production),
            clock,
            Links(settings.public_url, settings.url_signing_key),
            DirectoryCopy("volunteers", pool, directory, settings.service_token_key, AREA_PATHS),
            petitions,
        )
