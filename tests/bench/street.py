"""The street that the bench measures on: 20 communities with grids, buildings, officers and residents, as a seed."""

from datetime import date

from services.directory.domain.seed import (
    AreaSeed,
    DirectorySeed,
    GrantSeed,
    MembershipSeed,
    OfficeSeed,
    OrganisationSeed,
    PersonSeed,
)
from shared.kernel.actor import Role

COMMUNITIES = 20
RESIDENTS = 100  # in a community
_GRIDS = 4  # in a community
_BUILDINGS = 5  # in a grid
_SIDE = 0.04  # degrees of a community
_SINCE = date(2025, 1, 1)

Ring = tuple[tuple[float, float], ...]


def street() -> DirectorySeed:
    """Communities lie one above the other, their grids side by side, buildings in a column."""
    everything = _square(30.0, 110.0, COMMUNITIES * _SIDE, _SIDE)
    seed = DirectorySeed(areas=[AreaSeed("street", None, "street", "长安街道", polygons=everything)])
    seed.people.append(PersonSeed("street/staff", "street", "街道工作人员", "street"))
    seed.grants.append(GrantSeed("street/staff", Role.STREET_STAFF, area_key="street"))
    for community in range(COMMUNITIES):
        _add_community(seed, str(community), *corner(community))
    return seed


def corner(community: int) -> tuple[float, float]:
    """Latitude and longitude of a community's south-western corner."""
    return 30.0 + community * _SIDE, 110.0


def _square(lat: float, lon: float, height: float, width: float) -> tuple[Ring, ...]:
    return (((lat, lon), (lat, lon + width), (lat + height, lon + width), (lat + height, lon), (lat, lon)),)


def _add_community(seed: DirectorySeed, key: str, lat: float, lon: float) -> None:
    seed.areas.append(AreaSeed(key, "street", "community", f"第{key}社区", polygons=_square(lat, lon, _SIDE, _SIDE)))
    for kind in ("residents_committee", "property_company"):
        seed.organisations.append(OrganisationSeed(f"{key}/{kind}", key, kind, f"{kind} {key}", serves_keys=(key,)))
    seed.people.append(PersonSeed(f"{key}/staff", key, "社区工作人员", key))
    seed.grants.append(GrantSeed(f"{key}/staff", Role.COMMUNITY_STAFF, area_key=key))
    _add_property_staff(seed, key)
    buildings = [_add_grid(seed, key, grid, lat, lon + grid * _SIDE / _GRIDS) for grid in range(_GRIDS)]
    homes = [building for column in buildings for building in column]
    for resident in range(RESIDENTS):
        person = f"{key}/resident/{resident}"
        seed.people.append(PersonSeed(person, key, f"居民{resident}", homes[resident % len(homes)]))
        seed.grants.extend(GrantSeed(person, role, area_key=key) for role in (Role.RESIDENT, Role.VOLUNTEER))


def _add_property_staff(seed: DirectorySeed, community: str) -> None:
    person, company = f"{community}/property_staff", f"{community}/property_company"
    seed.people.append(PersonSeed(person, community, "物业经理", community))
    seed.memberships.append(MembershipSeed(person, company, "staff", _SINCE))
    seed.grants.append(GrantSeed(person, Role.ORGANISATION_STAFF, organisation_key=company))


def _add_grid(seed: DirectorySeed, community: str, number: int, lat: float, lon: float) -> list[str]:
    key, width = f"{community}/grid/{number}", _SIDE / _GRIDS
    seed.areas.append(AreaSeed(key, community, "grid", f"网格{number}", polygons=_square(lat, lon, _SIDE, width)))
    officer = f"{key}/officer"
    seed.people.append(PersonSeed(officer, community, f"网格员{number}", key))
    seed.grants.append(GrantSeed(officer, Role.GRID_OFFICER, area_key=key))
    seed.offices.append(OfficeSeed(officer, "grid_officer", key, _SINCE))
    height = _SIDE / _BUILDINGS
    for building in range(_BUILDINGS):
        outline = _square(lat + building * height, lon, height * 0.8, width * 0.8)
        seed.areas.append(AreaSeed(f"{key}/{building}", key, "building", f"{building}号楼", polygons=outline))
    return [f"{key}/{building}" for building in range(_BUILDINGS)]
