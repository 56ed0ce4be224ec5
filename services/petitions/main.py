"""The service as an ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from services.petitions.domain.states import Action, Status
from services.petitions.house import House, open_house
from services.petitions.routes import attachments, categories, internal, petitions
from services.petitions.settings import Settings
from shared.infra.database import is_up
from shared.infra.web.service import ServiceApp
from shared.kernel.clock import Clock, SystemClock

NOUNS = [petitions.routes, attachments.routes, categories.routes, internal.routes]


def create_app(
    directory: httpx.AsyncClient, settings: Settings | None = None, clock: Clock | None = None
) -> ServiceApp:
    """Builds the app; its database and files open with its lifespan. `directory` reaches the directory service."""

    @asynccontextmanager
    async def house() -> AsyncIterator[House]:
        async with open_house(settings or Settings(), clock or SystemClock(), directory) as opened:
            yield opened

    async def ready(opened: House) -> None:
        await is_up(opened.pool)

    return ServiceApp("petitions", house, NOUNS, ready, {Action: "PetitionAction", Status: "PetitionStatus"})
