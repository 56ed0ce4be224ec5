"""Who lives and works in the demo community: homes, offices held, memberships and roles.

Residents are numbered; the number alone decides where somebody lives and what they do, on every machine.
The cast are residents and staff with hand-picked names and places.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from deploy.demo.areas import (
    BUILDINGS,
    COMMUNITY,
    COMPOUNDS,
    DISTRICT,
    NEIGHBOUR_BUILDINGS,
    NEIGHBOUR_COMMUNITY,
    STREET,
    WITH_HOUSEHOLD_GROUPS,
    Building,
)
from deploy.demo.chance import fraction
from deploy.demo.names import fictional_names
from deploy.demo.organisations import DEPARTMENT_KEYS, TEAM_KEYS, UNIT_KEYS, organisation_key
from services.directory.domain.seed import GrantSeed, MembershipSeed, OfficeSeed, PersonSeed
from shared.kernel.actor import Role

RESIDENTS, NEIGHBOUR_RESIDENTS = 300, 24
_UNIT_MEMBERS = 40  # of the 574 whom the eight units bring; five of each live here and enrolled
_GRIDS = 4
_CAST_TEAM = "team-red"

#: Names of the cast, by the word the demo knows them by.
CAST_NAMES: dict[str, str] = {
    "resident": "林晓燕",
    "neighbour": "马建疆",
    "volunteer": "古丽娜尔·艾山",
    "volunteer2": "陈志远",
    "building_head": "赵桂芳",
    "grid_officer": "李晨曦",
    "community_staff": "刘新梅",
    "street_staff": "周立民",
    "property_staff": "何大勇",
    "team_leader": "吴红霞",
    "oversight": "孙正清",
    "platform_admin": "郑宇航",
    "stranger": "冯雪莹",
}

#: Where the cast who live here are at home: building, and place in its list of residents (0 is its head).
CAST_HOMES: dict[tuple[str, int], str] = {
    (f"{COMMUNITY}/xincun/3", 0): "building_head",
    (f"{COMMUNITY}/xincun/3", 6): "resident",
    (f"{COMMUNITY}/xincun/3", 7): "neighbour",
    (f"{COMMUNITY}/huyang/2", 5): "volunteer",
    (f"{COMMUNITY}/shazao/1", 5): "volunteer2",
    (f"{COMMUNITY}/jiayuan/4", 5): "team_leader",
    (f"{NEIGHBOUR_COMMUNITY}/chaoyangli/1", 1): "stranger",
}
_CAST_GRID = f"{COMMUNITY}002"


def person_key(word: str) -> str:
    """The directory key of somebody the demo calls by a word: one of the cast, or "r-017"."""
    return f"people/changzheng/{word}"


def _since(*label: object) -> date:
    return date(2022, 3, 1) + timedelta(days=int(fraction("since", *label) * 900))


@dataclass(slots=True)
class Register:
    """The rows as they come together, with the supply of names."""

    people: list[PersonSeed] = field(default_factory=list)
    offices: list[OfficeSeed] = field(default_factory=list)
    memberships: list[MembershipSeed] = field(default_factory=list)
    grants: list[GrantSeed] = field(default_factory=list)
    _names: Iterator[str] = field(default_factory=lambda: iter(fictional_names(500, frozenset(CAST_NAMES.values()))))

    def add(self, word: str, tenant: str, home: str | None = None) -> str:
        """A new person; the cast keep their own names. Whoever lives in a community is its resident."""
        key = person_key(word)
        self.people.append(PersonSeed(key, tenant, CAST_NAMES.get(word) or next(self._names), home))
        if home is not None:
            self.grants.append(GrantSeed(key, Role.RESIDENT, area_key=tenant))
        return key

    def staff(self, word: str, tenant: str, organisation: str, role: Role, area: str | None = None) -> str:
        """Somebody who works for an organisation; the role is rooted in the area, or else in it."""
        key = self.add(word, tenant)
        root = organisation_key(organisation)
        self.member(key, organisation, "staff")
        self.grants.append(GrantSeed(key, role, area_key=area) if area else GrantSeed(key, role, organisation_key=root))
        return key

    def member(self, key: str, organisation: str, kind: str) -> None:
        row = MembershipSeed(key, organisation_key(organisation), kind, _since(kind, organisation, key))
        self.memberships.append(row)

    def office(self, key: str, kind: str, area: str, role: Role | None) -> None:
        """The person answers for the area, and may act there in that role."""
        self.offices.append(OfficeSeed(key, kind, area, _since(kind, area)))
        if role is not None:
            self.grants.append(GrantSeed(key, role, area_key=area))


def _settle(register: Register, buildings: tuple[Building, ...], count: int, tenant: str, prefix: str) -> None:
    """People move into the buildings one after the other; the first in each becomes its head."""
    for index in range(count):
        seat, building_index = divmod(index, len(buildings))
        building = buildings[building_index]
        word = CAST_HOMES.get((building.key, seat), f"{prefix}-{index + 1:03}")
        key = register.add(word, tenant, building.key)
        if seat == 0:
            register.office(key, "building_head", building.key, Role.BUILDING_HEAD)
        if building.compound.key == WITH_HOUSEHOLD_GROUPS and 1 <= seat <= building.compound.entrances:
            entrance = building.entrance_keys[seat - 1]
            register.office(key, "household_group_head", entrance, Role.HOUSEHOLD_GROUP_HEAD)


def _join_team(register: Register, key: str, team: str, leads: bool) -> None:
    register.member(key, team, "member")
    register.grants.append(GrantSeed(key, Role.VOLUNTEER, area_key=COMMUNITY))
    if leads:
        register.grants.append(GrantSeed(key, Role.TEAM_LEADER, organisation_key=organisation_key(team)))
        register.grants.append(GrantSeed(key, Role.TEAM_LEADER, area_key=COMMUNITY))


def _join_in(register: Register) -> None:
    """Every fifth resident volunteers, the units' members enrol at home, each compound sends an owner."""
    cast = {person_key(word) for word in CAST_NAMES}
    plain = [p.key for p in register.people if p.tenant_key == COMMUNITY and p.home_key and p.key not in cast]
    led = {_CAST_TEAM}
    for word in ("team_leader", "volunteer", "volunteer2"):
        _join_team(register, person_key(word), _CAST_TEAM, leads=word == "team_leader")
    for number, key in enumerate(plain[2::5]):
        team = TEAM_KEYS[number % len(TEAM_KEYS)]
        _join_team(register, key, team, leads=team not in led)
        led.add(team)
    for number, key in enumerate(plain[3::7][:_UNIT_MEMBERS]):
        register.member(key, UNIT_KEYS[number % len(UNIT_KEYS)], "member")
        register.member(key, "committee", "enrolled")
    for compound in COMPOUNDS:
        key = next(p.key for p in register.people if p.key in plain and p.home_key == f"{compound.key}/1")
        register.member(key, "owners", "member")


def _employ(register: Register) -> None:
    """Everybody who is there for their work."""
    staff = Role.COMMUNITY_STAFF
    for grid in range(1, _GRIDS + 1):
        area = f"{COMMUNITY}{grid:03}"
        word = "grid_officer" if area == _CAST_GRID else f"grid-officer-{grid}"
        key = register.add(word, COMMUNITY)
        register.member(key, "committee", "staff")
        register.office(key, "grid_officer", area, Role.GRID_OFFICER)
    secretary = register.staff("secretary", COMMUNITY, "committee", staff, COMMUNITY)
    register.office(secretary, "community_party_secretary", COMMUNITY, None)
    for word in ("community_staff", "community-staff-2", "community-staff-3", "community-staff-4"):
        register.staff(word, COMMUNITY, "committee", staff, COMMUNITY)
    for number in range(1, 4):  # the stationed team 访惠聚工作队; its first member chairs the round table
        key = register.staff(f"stationed-{number}", COMMUNITY, "stationed", staff, COMMUNITY)
        register.member(key, "committee", "stationed")
    for word in ("street_staff", "street-staff-2", "street-staff-3"):
        register.staff(word, STREET, "street-office", Role.STREET_STAFF, STREET)
    for word in ("property_staff", "property-staff-2", "property-staff-3", "property-staff-4"):
        register.staff(word, COMMUNITY, "property", Role.ORGANISATION_STAFF)
    for unit in UNIT_KEYS:
        register.staff(f"{unit}-contact", COMMUNITY, unit, Role.ORGANISATION_STAFF)
    for department in DEPARTMENT_KEYS:
        register.staff(f"{department}-desk", DISTRICT, department, Role.ORGANISATION_STAFF)
    for word in ("oversight", "oversight-2"):
        key = register.add(word, COMMUNITY)
        register.grants.append(GrantSeed(key, Role.OVERSIGHT, area_key=COMMUNITY))
    admin = register.add("platform_admin", DISTRICT)
    register.grants.append(GrantSeed(admin, Role.PLATFORM_ADMIN, area_key=DISTRICT))


def _employ_next_door(register: Register) -> None:
    """The few who look after the second community."""
    for word in ("neighbour-staff-1", "neighbour-staff-2"):
        register.staff(word, NEIGHBOUR_COMMUNITY, "neighbour-committee", Role.COMMUNITY_STAFF, NEIGHBOUR_COMMUNITY)
    officer = register.add("neighbour-grid-officer", NEIGHBOUR_COMMUNITY)
    register.member(officer, "neighbour-committee", "staff")
    register.office(officer, "grid_officer", f"{NEIGHBOUR_COMMUNITY}001", Role.GRID_OFFICER)


def register_everybody() -> Register:
    """Everybody of both communities, the street and the district's desks."""
    register = Register()
    _settle(register, BUILDINGS, RESIDENTS, COMMUNITY, "r")
    _settle(register, NEIGHBOUR_BUILDINGS, NEIGHBOUR_RESIDENTS, NEIGHBOUR_COMMUNITY, "n")
    _join_in(register)
    _employ(register)
    _employ_next_door(register)
    return register
