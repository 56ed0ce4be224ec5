"""A small world for one test: a street, two communities, people in every role, apart from all other worlds."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from uuid import UUID

import httpx

from deploy.assemble import Assembly
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
from tests.support.person import Person

_NUMBERS = count(1)
_SINCE = date(2026, 1, 1)

#: Who they are: role and where it is rooted.
_PEOPLE: dict[str, list[tuple[Role, str]]] = {
    "resident": [(Role.RESIDENT, "here")],
    "neighbour": [(Role.RESIDENT, "here")],
    "volunteer": [(Role.RESIDENT, "here"), (Role.VOLUNTEER, "here")],
    "volunteer2": [(Role.RESIDENT, "here"), (Role.VOLUNTEER, "here")],
    "building_head": [(Role.RESIDENT, "here"), (Role.BUILDING_HEAD, "building")],
    "grid_officer": [(Role.GRID_OFFICER, "grid")],
    "other_grid_officer": [(Role.GRID_OFFICER, "grid2")],
    "community_staff": [(Role.COMMUNITY_STAFF, "here")],
    "community_admin": [(Role.COMMUNITY_ADMIN, "here")],
    "street_staff": [(Role.STREET_STAFF, "street")],
    "property_staff": [(Role.ORGANISATION_STAFF, "property")],
    "team_leader": [(Role.TEAM_LEADER, "team"), (Role.TEAM_LEADER, "here")],
    "oversight": [(Role.OVERSIGHT, "here")],
    "platform_admin": [(Role.PLATFORM_ADMIN, "street")],
    "stranger": [(Role.RESIDENT, "there")],
    "strange_staff": [(Role.COMMUNITY_STAFF, "there")],
    "strange_volunteer": [(Role.RESIDENT, "there"), (Role.VOLUNTEER, "there")],
}
_ORGANISATIONS = {"property": "property_company", "team": "volunteer_team", "committee": "residents_committee"}


@dataclass(frozen=True, slots=True)
class World:
    """`ids` by the words above (areas, organisations, categories); people by name."""

    assembly: Assembly
    ids: dict[str, UUID]
    people: dict[str, Person]
    place: tuple[float, float]

    def __getattr__(self, name: str) -> Person:
        return self.people[name]

    def location(self, coord_sys: str = "wgs84") -> dict[str, float | str]:
        """A point in the building, as a body gives it."""
        return {"lat": self.place[0], "lon": self.place[1], "coord_sys": coord_sys}

    @classmethod
    async def build(cls, assembly: Assembly, client: httpx.AsyncClient, issuer: TokenIssuer) -> "World":
        number = next(_NUMBERS)
        prefix = f"world-{number}"
        # Worlds lie side by side, a tenth of a degree apart, so that no polygons of two of them meet.
        lat, lon = 25.0 + (number % 200) * 0.1, 90.0 + number // 200 * 0.1
        directory = assembly.app("directory").state.house
        loaded = await load(directory.pool, directory.clock, _seed(prefix, lat, lon))
        ids = {key.removeprefix(f"{prefix}/"): value for key, value in loaded.ids.items()}
        for service in ("petitions", "volunteers"):
            await assembly.app(service).state.house.directory.catch_up()
        categories = [CategorySeed("doors", None, "门禁", "Doors"), CategorySeed("gas", None, "燃气", "Gas", "danger")]
        petitions = assembly.app("petitions").state.house
        ids |= await load_categories(petitions.pool, ids["street"], categories)
        people = {}
        for name in _PEOPLE:
            token = issuer.access_token(await actor_for(directory.pool, ids[name]))
            people[name] = Person(name, ids[name], token, client)
        return cls(assembly, ids, people, (lat + 0.005, lon + 0.005))


def _square(lat: float, lon: float, side: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    return (((lat, lon), (lat, lon + side), (lat + side, lon + side), (lat + side, lon), (lat, lon)),)


def _area(prefix: str, key: str, parent: str | None, kind: str, lat: float, lon: float, side: float) -> AreaSeed:
    above = f"{prefix}/{parent}" if parent else None
    centre = (lat + side / 2, lon + side / 2)
    return AreaSeed(f"{prefix}/{key}", above, kind, f"{key} {prefix}", None, centre, _square(lat, lon, side))


def _seed(prefix: str, lat: float, lon: float) -> DirectorySeed:
    def full(key: str) -> str:
        return f"{prefix}/{key}"

    homes = {"stranger": "there", "strange_staff": "there", "strange_volunteer": "there"}
    grants = []
    for name, roles in _PEOPLE.items():
        for role, root in roles:
            where = "organisation_key" if root in _ORGANISATIONS else "area_key"
            grants.append(GrantSeed(full(name), role, **{where: full(root)}))
    return DirectorySeed(
        areas=[
            _area(prefix, "street", None, "street", lat, lon, 0.08),
            _area(prefix, "here", "street", "community", lat, lon, 0.03),
            _area(prefix, "there", "street", "community", lat + 0.04, lon, 0.03),
            _area(prefix, "grid", "here", "grid", lat, lon, 0.014),
            _area(prefix, "grid2", "here", "grid", lat + 0.015, lon, 0.014),
            _area(prefix, "building", "grid", "building", lat + 0.004, lon + 0.004, 0.002),
        ],
        organisations=[
            OrganisationSeed(full(key), full("here"), kind, f"{kind} {prefix}", serves_keys=(full("here"),))
            for key, kind in _ORGANISATIONS.items()
        ],
        people=[
            PersonSeed(full(name), full(homes.get(name, "here")), f"{name} {prefix}", full(homes.get(name, "building")))
            for name in _PEOPLE
        ],
        offices=[
            OfficeSeed(full("grid_officer"), "grid_officer", full("grid"), _SINCE),
            OfficeSeed(full("other_grid_officer"), "grid_officer", full("grid2"), _SINCE),
            OfficeSeed(full("building_head"), "building_head", full("building"), _SINCE),
        ],
        memberships=[MembershipSeed(full("property_staff"), full("property"), "staff", _SINCE)],
        grants=grants,
    )
