"""What the service has open while it runs: settings, database, files, clock. Routes reach it through their call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx

from services.petitions.settings import Settings
from shared.infra.auth import TokenVerifier
from shared.infra.database import open_pool
from shared.infra.directory_copy import DirectoryCopy, Path
from shared.infra.storage import Links, Storage
from shared.infra.web import call
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class House:
    """The open resources of petitions."""

    settings: Settings
    pool: asyncpg.Pool
    verifier: TokenVerifier
    clock: Clock
    storage: Storage
    links: Links
    directory: DirectoryCopy


class Call(call.Call):
    """A request to petitions."""

    house: House


#: A petition lies where its area lies. When its area moves away from the level that has it, what now stands at the same
#: height has it.
AREA_PATHS = [
    Path(
        "petition",
        """,
        level_area_id = case when t.level_area_id = any(a.ancestors || a.id) then t.level_area_id else
          coalesce((a.ancestors || a.id)[array_position(t.area_path, t.level_area_id)], a.tenant_id) end""",
    )
]


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock, directory: httpx.AsyncClient) -> AsyncIterator[House]:
    """Opens everything and closes it again. `directory` reaches the directory's internal routes."""
    async with open_pool(settings.database_url, settings.pool_size) as pool:
        yield House(
            settings,
            pool,
            TokenVerifier(settings.keys / "jwks.json", production=settings.production),
            clock,
            Storage(settings.storage_url),
            Links(settings.public_url, settings.url_signing_key),
            DirectoryCopy("petitions", pool, directory, settings.service_token_key, AREA_PATHS),
        )
