"""The people of the load: a community whose names and officers change while everything else goes on."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.directory.domain.seed import (
    AreaSeed,
    DirectorySeed,
    GrantSeed,
    MembershipSeed,
    OfficeSeed,
    OrganisationSeed,
    PersonSeed,
)
from services.petitions.actions.categories import load_categories
from services.petitions.domain.seed import CategorySeed
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Role
from shared.kernel.clock import SystemClock
from tests.faults.house import House

PLACE = {"lat": 30.005, "lon": 110.005, "coord_sys": "wgs84"}
RESIDENTS = ("resident1", "resident2", "resident3")
VOLUNTEERS = ("volunteer1", "volunteer2", "volunteer3", "volunteer4")
_STAFF = {
    "staff": [(Role.COMMUNITY_STAFF, "here")],
    "property": [(Role.ORGANISATION_STAFF, "company")],
    "leader": [(Role.TEAM_LEADER, "team"), (Role.TEAM_LEADER, "here")],
    "officer1": [(Role.GRID_OFFICER, "grid")],
    "officer2": [(Role.GRID_OFFICER, "grid")],
}
_PEOPLE = (
    {name: [(Role.RESIDENT, "here")] for name in RESIDENTS}
    | {name: [(Role.RESIDENT, "here"), (Role.VOLUNTEER, "here")] for name in VOLUNTEERS}
    | _STAFF
)
_ORGANISATIONS = {"company": "property_company", "team": "volunteer_team"}


@dataclass(frozen=True, slots=True)
class Town:
    """Ids by key; ids and tokens of the people by name."""

    ids: dict[str, UUID]
    tokens: dict[str, str]

    def id_of(self, person: str) -> str:
        return str(self.ids[person])


async def _followed(house: House) -> None:
    """Waits until the services' copies have what was loaded; before that a report cannot know where it lies."""
    async with asyncio.timeout(30):
        for service in ("petitions", "volunteers"):
            while True:
                if await house.pools[service].fetchval("select count(*) from person") == len(_PEOPLE):
                    break
                await asyncio.sleep(0.05)


async def found_town(house: House) -> Town:
    """Loads the directory and the categories, and gives everybody a token that outlives the test."""
    directory = house.pools["directory"]
    ids = (await load(directory, SystemClock(), seed(0))).ids
    await _followed(house)
    await load_categories(house.pools["petitions"], ids["street"], [CategorySeed("doors", None, "门禁", "Doors")])
    issuer = TokenIssuer(Path(house.environment["LINLI_KEYS"]), "key-1")
    tokens = {
        name: issuer.access_token(await actor_for(directory, ids[name]), life=timedelta(hours=3)) for name in _PEOPLE
    }
    return Town(ids, tokens)


def seed(revision: int) -> DirectorySeed:
    """The directory as its source has it after so many changes; people, places and who holds an office change."""
    lat, lon = 30.0, 110.0
    return DirectorySeed(
        areas=[
            _area("street", None, "street", lat, lon, 0.05, revision),
            _area("here", "street", "community", lat, lon, 0.03, revision),
            _area("grid", "here", "grid", lat, lon, 0.01 + revision % 7 * 0.001, revision),
        ],
        organisations=[
            OrganisationSeed(key, "here", kind, f"{kind} {revision}", serves_keys=("here",))
            for key, kind in _ORGANISATIONS.items()
        ],
        people=[PersonSeed(name, "here", f"{name} {revision}", "grid") for name in _PEOPLE],
        offices=[OfficeSeed(f"officer{revision % 2 + 1}", "grid_officer", "grid", date(2026, 1, 1))],
        memberships=[MembershipSeed("property", "company", "staff", date(2026, 1, 1))],
        grants=[
            GrantSeed(name, role, **{"organisation_key" if root in _ORGANISATIONS else "area_key": root})
            for name, roles in _PEOPLE.items()
            for role, root in roles
        ],
    )


def _area(key: str, parent: str | None, kind: str, lat: float, lon: float, side: float, revision: int) -> AreaSeed:
    ring = ((lat, lon), (lat, lon + side), (lat + side, lon + side), (lat + side, lon), (lat, lon))
    return AreaSeed(key, parent, kind, f"{key} {revision}", None, (lat + side / 2, lon + side / 2), (ring,))
