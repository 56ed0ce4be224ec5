"""Who lives, works and volunteers in the demo community: homes, offices held, memberships and roles.

Residents are numbered door by door; that alone decides who does what, on every machine.
"""

from collections import Counter
from functools import cache

from deploy.demo.chance import fraction
from deploy.demo.changzheng.areas import (
    BUILDINGS,
    COMMUNITY,
    COMPOUNDS,
    DISTRICT,
    NEIGHBOUR_BUILDINGS,
    NEIGHBOUR_COMMUNITY,
    STREET,
    Building,
    doors,
    grid_key,
)
from deploy.demo.changzheng.cast import CAST_HOMES, CAST_KEYS, CAST_NAMES, NAMED, person_key
from deploy.demo.changzheng.organisations import DEPARTMENT_KEYS, TEAMS, UNITS, organisation_key
from deploy.demo.households import REGISTER_YEAR, residents
from deploy.demo.names import KARAMAY, Generation
from deploy.demo.register import Register
from services.directory.domain.seed import GrantSeed, PersonSeed
from shared.kernel.actor import Role

_GRIDS = 4
_CAST_TEAM, _CAST_GRID = "team-red", 2
#: Of the units' members, this share lives here and enrols with the community where it is at home 双向报到.
_SHARE_AT_HOME = 0.15
_VOLUNTEER_AGES = range(24, 76)
_WORKING_AGES = range(24, 60)


def age(person: PersonSeed) -> int:
    """How old somebody is in the year of the register."""
    return REGISTER_YEAR - (person.birth_year or REGISTER_YEAR)


def _settle(register: Register, buildings: tuple[Building, ...], tenant: str, prefix: str) -> None:
    """People move in door by door. The first grown-up of a building heads it, the next in each entrance heads that."""
    seats: Counter[str] = Counter()
    headed: set[str] = set()
    for number, resident in enumerate(residents(doors(buildings), KARAMAY, NAMED), start=1):
        entrance, word = resident.home_key, f"{prefix}-{number:04}"
        building = entrance.rsplit("/", 1)[0]
        if resident.generation is Generation.CHILD:
            register.settle(word, tenant, resident)
            continue
        seat = seats[building]
        seats[building] += 1
        key = register.settle(CAST_HOMES.get((building, seat), word), tenant, resident)
        if seat == 0:
            register.office(key, "building_head", building, Role.BUILDING_HEAD)
        elif entrance not in headed and key not in CAST_KEYS:
            headed.add(entrance)
            register.office(key, "household_group_head", entrance, Role.HOUSEHOLD_GROUP_HEAD)


def _join_team(register: Register, key: str, team: str, leads: bool) -> None:
    register.member(key, team, "member")
    register.grants.append(GrantSeed(key, Role.VOLUNTEER, area_key=COMMUNITY))
    if leads:
        register.grants.append(GrantSeed(key, Role.TEAM_LEADER, organisation_key=organisation_key(team)))
        register.grants.append(GrantSeed(key, Role.TEAM_LEADER, area_key=COMMUNITY))


def _volunteer(register: Register) -> None:
    """The five teams of residents; the first to join leads the team."""
    free = iter(_drawn(register, "volunteers", _VOLUNTEER_AGES))
    cast = [person_key(word) for word in ("team_leader", "volunteer", "volunteer2")]
    for team in TEAMS:
        known = cast if team.key == _CAST_TEAM else []
        keys = known + [next(free).key for _ in range(team.size - len(known))]
        for place, key in enumerate(keys):
            _join_team(register, key, team.key, leads=place == 0)


def _belong_to_units(register: Register) -> None:
    """The members whom the eight units bring; whoever of them lives here has enrolled with the community as well."""
    at_home = iter(_drawn(register, "units", _WORKING_AGES))
    for unit in UNITS:
        contact = register.staff(f"{unit.key}-contact", COMMUNITY, unit.key, Role.ORGANISATION_STAFF)
        here = [next(at_home).key for _ in range(round(unit.members * _SHARE_AT_HOME))]
        elsewhere = unit.members - len(here) - 1
        others = [register.add(f"{unit.key}-{number:03}", COMMUNITY) for number in range(1, elsewhere + 1)]
        for key in (contact, *here, *others):
            register.member(key, unit.key, "member")
            register.member(key, "vanguard", "member")
        for key in here:
            register.member(key, "committee", "enrolled")


def _drawn(register: Register, what: str, ages: range) -> list[PersonSeed]:
    """Residents of these ages, other than the cast, in an order as by lot."""
    fitting = [
        person
        for person in register.people
        if person.home_key and person.tenant_key == COMMUNITY and age(person) in ages and person.key not in CAST_KEYS
    ]
    return sorted(fitting, key=lambda person: fraction(what, person.key))


def _own(register: Register) -> None:
    """Each compound sends an owner to the owners' committee."""
    free = _drawn(register, "owners", _VOLUNTEER_AGES)
    for compound in COMPOUNDS:
        owner = next(p for p in free if p.home_key and p.home_key.startswith(f"{compound.key}/"))
        register.member(owner.key, "owners", "member")


def _employ(register: Register) -> None:
    """Everybody who is there for their work."""
    staff = Role.COMMUNITY_STAFF
    for grid in range(1, _GRIDS + 1):
        key = register.add("grid_officer" if grid == _CAST_GRID else f"grid-officer-{grid}", COMMUNITY)
        register.member(key, "committee", "staff")
        register.office(key, "grid_officer", grid_key(grid), Role.GRID_OFFICER)
    secretary = register.staff("secretary", COMMUNITY, "committee", staff, COMMUNITY)
    register.office(secretary, "community_party_secretary", COMMUNITY, None)
    for word in ("community_staff", "community-staff-2", "community-staff-3", "community-staff-4"):
        register.staff(word, COMMUNITY, "committee", staff, COMMUNITY)
    for word in ("street_staff", "street-staff-2", "street-staff-3"):
        register.staff(word, STREET, "street-office", Role.STREET_STAFF, STREET)
    for word in ("property_staff", "property-staff-2", "property-staff-3", "property-staff-4"):
        register.staff(word, COMMUNITY, "property", Role.ORGANISATION_STAFF)
    for department in DEPARTMENT_KEYS:
        register.staff(f"{department}-desk", DISTRICT, department, Role.ORGANISATION_STAFF)
    for word in ("oversight", "oversight-2"):
        key = register.add(word, COMMUNITY)
        register.grants.append(GrantSeed(key, Role.OVERSIGHT, area_key=COMMUNITY))
    admin = register.add("platform_admin", DISTRICT)
    register.grants.append(GrantSeed(admin, Role.PLATFORM_ADMIN, area_key=DISTRICT))


def _station(register: Register) -> None:
    """The stationed team 访惠聚工作队 that a city company sends; its leader is the first secretary 第一书记."""
    for number in range(1, 6):
        key = register.staff(f"stationed-{number}", COMMUNITY, "stationed", Role.COMMUNITY_STAFF, COMMUNITY)
        register.member(key, "stationed-team", "member")
        register.member(key, "committee", "stationed")
        if number == 1:
            register.office(key, "first_secretary", COMMUNITY, None)


def _employ_next_door(register: Register) -> None:
    """The few who look after the second community."""
    for word in ("neighbour-staff-1", "neighbour-staff-2"):
        register.staff(word, NEIGHBOUR_COMMUNITY, "neighbour-committee", Role.COMMUNITY_STAFF, NEIGHBOUR_COMMUNITY)
    officer = register.add("neighbour-grid-officer", NEIGHBOUR_COMMUNITY)
    register.member(officer, "neighbour-committee", "staff")
    register.office(officer, "grid_officer", f"{NEIGHBOUR_COMMUNITY}001", Role.GRID_OFFICER)


@cache
def register_everybody() -> Register:
    """Everybody of both communities, their units and teams, the street and the district's desks. Not to be changed."""
    register = Register("changzheng", KARAMAY, CAST_NAMES)
    _settle(register, BUILDINGS, COMMUNITY, "r")
    _settle(register, NEIGHBOUR_BUILDINGS, NEIGHBOUR_COMMUNITY, "n")
    _volunteer(register)
    _own(register)
    _employ(register)
    _station(register)
    _belong_to_units(register)
    _employ_next_door(register)
    return register
