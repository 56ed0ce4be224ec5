"""The directory as an ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.directory.domain import catalogue, contact, people
from services.directory.house import House, open_house
from services.directory.routes import (
    agreements,
    area_changes,
    area_imports,
    areas,
    care,
    councils,
    duplicates,
    enrolments,
    facilities,
    grants,
    households,
    internal,
    joint_work,
    me,
    memberships,
    offices,
    organisation_changes,
    organisations,
    people_imports,
    services,
    statistics,
)
from services.directory.routes import people as people_routes
from services.directory.settings import Settings
from shared.infra.database import is_up
from shared.infra.web.document import Names
from shared.infra.web.service import ServiceApp
from shared.kernel.clock import Clock, SystemClock

NOUNS = [
    *(area_imports.routes, areas.routes, area_changes.routes, offices.routes, grants.routes),
    *(organisations.routes, organisation_changes.routes),
    *(people_imports.routes, duplicates.routes, care.routes, people_routes.routes, households.routes),
    *(memberships.routes, enrolments.routes, councils.routes, agreements.routes, joint_work.routes),
    *(facilities.routes, services.routes),
    *(statistics.routes, me.routes, internal.routes),
]
#: Names in the API document for what has a shorter one here.
_NAMES: Names = {
    contact.Field: "ContactField",
    people.Doing: "PersonAction",
    people.Reason: "RevealReason",
    catalogue.Curating: "CatalogueAction",
}


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> ServiceApp:
    """Builds the app; its database opens with its lifespan. Without settings they come from the environment."""

    @asynccontextmanager
    async def house() -> AsyncIterator[House]:
        async with open_house(settings or Settings(), clock or SystemClock()) as opened:
            yield opened

    async def ready(opened: House) -> None:
        await is_up(opened.pool)

    return ServiceApp("directory", house, NOUNS, ready, _NAMES)
