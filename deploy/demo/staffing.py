"""Those who are there for their work in every place: at the street's office, in a community, at a department's desk."""

from collections.abc import Iterable

from deploy.demo.bodies import DEPARTMENT_WORDS
from deploy.demo.register import Register
from services.directory.domain.seed import GrantSeed
from shared.kernel.actor import Role


def staff_departments(register: Register, district: str) -> None:
    """Each of the district's offices has a desk."""
    for department in DEPARTMENT_WORDS:
        register.staff(f"{department}-desk", district, department, Role.ORGANISATION_STAFF)


def staff_street(register: Register, short: str, street: str, words: Iterable[str]) -> None:
    """Those who work at a street's office."""
    for word in words:
        register.staff(word, street, f"{short}office", Role.STREET_STAFF, street)


def staff_community(register: Register, short: str, community: str, words: Iterable[str]) -> str:
    """A community's secretary, its staff, and one who oversees them; the secretary's key."""
    secretary = register.staff(f"{short}secretary", community, f"{short}committee", Role.COMMUNITY_STAFF, community)
    register.office(secretary, "community_party_secretary", community, None)
    register.member(secretary, f"{short}party", "secretary")
    for word in words:
        register.staff(word, community, f"{short}committee", Role.COMMUNITY_STAFF, community)
    overseer = register.add(f"{short}oversight", community)
    register.member(overseer, f"{short}oversight", "member")
    register.grants.append(GrantSeed(overseer, Role.OVERSIGHT, area_key=community))
    return secretary


def grid_officer(register: Register, word: str, short: str, community: str, area: str) -> str:
    """A full-time officer of a grid, or of what stands for one; their key."""
    key = register.add(word, community)
    register.member(key, f"{short}committee", "staff")
    register.office(key, "grid_officer", area, Role.GRID_OFFICER)
    return key
