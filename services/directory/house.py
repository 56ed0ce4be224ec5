"""What the service has open while it runs: settings, database, clock. Routes reach it through their call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

import asyncpg

from services.directory.domain.days import day_of
from services.directory.settings import Settings
from shared.infra.auth import TokenVerifier
from shared.infra.database import open_pool
from shared.infra.idempotency import Once
from shared.infra.sealing import Sealer
from shared.infra.web import call
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class House:
    """The open resources of the directory."""

    settings: Settings
    pool: asyncpg.Pool
    verifier: TokenVerifier
    clock: Clock
    sealer: Sealer

    def today(self) -> date:
        """The day in China."""
        return day_of(self.clock.now())


class Call(call.Call):
    """A request to the directory."""

    house: House

    @property
    def once(self) -> Once:
        """What makes this call the same as another."""
        return Once(self.idempotency_key, self.fingerprint(self.content))


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock) -> AsyncIterator[House]:
    """Opens everything and closes it again. In production it does not open without the keys to personal data."""
    sealer, verifier = Sealer(settings.keys), TokenVerifier(settings.keys / "jwks.json", production=settings.production)
    if settings.production:
        sealer.check()
    async with open_pool(settings.database_url, settings.pool_size) as pool:
        yield House(settings, pool, verifier, clock, sealer)
