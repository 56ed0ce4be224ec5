"""The service as an ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from services.volunteers.domain import evidence, ledger, states
from services.volunteers.domain import openings as openings_rules
from services.volunteers.house import House, open_house
from services.volunteers.routes import openings, points, service_records
from services.volunteers.settings import Settings
from shared.infra.database import is_up
from shared.infra.web.document import Names
from shared.infra.web.service import ServiceApp
from shared.kernel.clock import Clock, SystemClock

#: Names in the API document for what has a shorter one here.
_NAMES: Names = {
    evidence.Grade: "EvidenceGrade",
    ledger.AccountKind: "PointsAccountKind",
    ledger.Scheme: "PointsScheme",
    ledger.TransferKind: "PointsTransferKind",
    openings_rules.Action: "OpeningAction",
    openings_rules.Kind: "OpeningKind",
    openings_rules.Status: "OpeningStatus",
    states.Action: "ServiceRecordAction",
    states.Status: "ServiceRecordStatus",
}

NOUNS = [openings.routes, service_records.routes, points.routes]


def create_app(
    directory: httpx.AsyncClient,
    petitions: httpx.AsyncClient,
    settings: Settings | None = None,
    clock: Clock | None = None,
) -> ServiceApp:
    """Builds the app; its database opens with its lifespan. The clients reach the other services' internal routes."""

    @asynccontextmanager
    async def house() -> AsyncIterator[House]:
        async with open_house(settings or Settings(), clock or SystemClock(), directory, petitions) as opened:
            yield opened

    async def ready(opened: House) -> None:
        await is_up(opened.pool)

    return ServiceApp("volunteers", house, NOUNS, ready, _NAMES)
