"""Who answers for what in 花园路街道. 三包: a branch covers its grid, a group its buildings, a member a floor.

The register has those who hold something, not every household.
"""

from functools import cache

from deploy.demo.huayuanlu.areas import DISTRICT, STREET, district
from deploy.demo.huayuanlu.organisations import UNITS, short_of
from deploy.demo.names import HENAN
from deploy.demo.register import Register
from deploy.demo.staffing import grid_officer, staff_community, staff_departments, staff_street
from deploy.demo.town import Site
from services.directory.domain.seed import GrantSeed
from shared.kernel.actor import Role

#: The people of demo.json, by the word they are known by.
CAST_NAMES: dict[str, str] = {
    "street_staff": "宋建平",
    "community_staff": "韩雪梅",
    "grid_officer": "杜鹏飞",
    "building_head": "郭玉兰",
    "resident": "常思远",
    "unit_staff": "贺文静",
}
_VOLUNTEERS_OF_A_GRID, _WOMEN_OF_A_GRID, _YOUNG_OF_A_GRID = 12, 4, 5


@cache
def register_everybody() -> Register:
    """Everybody of the street, its ten communities and its units. Not to be changed."""
    register = Register("huayuanlu", HENAN, CAST_NAMES)
    staff_departments(register, DISTRICT)
    staff_street(register, "street-", STREET, ("street_staff", *(f"street-staff-{n}" for n in range(2, 9))))
    communities = district().of("community")
    for number, community in enumerate(communities):
        short = short_of(community)
        words = [f"{short}staff-{n}" for n in range(1, 6)]
        staff_community(register, short, community.key, words if number else ["community_staff", *words])
        register.staff(f"{short}property-desk", community.key, f"{short}property", Role.ORGANISATION_STAFF)
        for turn, grid in enumerate(community.of("grid")):
            _grid(register, community, grid, first=number == turn == 0)
    for word, _, _, number in UNITS:
        desk = "unit_staff" if word == UNITS[0][0] else f"{word}-desk"
        register.staff(desk, communities[number - 1].key, word, Role.ORGANISATION_STAFF)
    return register


def _grid(register: Register, community: Site, grid: Site, *, first: bool) -> None:
    short, tenant = short_of(grid), community.key
    grid_officer(register, "grid_officer" if first else f"{short}officer", short_of(community), tenant, grid.key)
    floors = [floor.key for floor in grid.of("floor")]
    head = register.live(f"{short}head", tenant, floors[0])
    register.office(head, "grid_head", grid.key, Role.GRID_OFFICER)
    register.member(head, f"{short}branch", "secretary")
    for group in grid.of("building_group"):
        _group(register, short, tenant, group)
    for number, building in enumerate(grid.of("building")):
        cast = first and number == 0
        key = register.live("building_head" if cast else f"{short}b{number:02}", tenant, building.below[0].key)
        register.office(key, "building_head", building.key, Role.BUILDING_HEAD)
        register.member(key, f"{short}residents", "member")
    for number, floor in enumerate(floors):
        key = register.live(f"{short}f{number:03}", tenant, floor)
        register.office(key, "floor_contact", floor, None)
        register.member(key, f"{short}branch", "member")
    _bodies(register, short, tenant, floors, "resident" if first else f"{short}w1")


def _group(register: Register, short: str, tenant: str, group: Site) -> None:
    home = group.of("floor")[1].key
    word = f"{short}{group.key.rsplit('/', 1)[1]}"
    leader = register.live(f"{word}-leader", tenant, home)
    register.office(leader, "party_group_leader", group.key, None)
    register.member(leader, f"{short}branch", "member")
    speaker = register.live(f"{word}-standing", tenant, home)
    register.office(speaker, "standing_representative", group.key, None)
    register.member(speaker, f"{short}owners", "member")


def _bodies(register: Register, short: str, tenant: str, floors: list[str], first: str) -> None:
    """Those who sit for the women and the young of a grid, and its volunteers."""

    def home(number: int) -> str:
        return floors[number * 7 % len(floors)]

    for number in range(1, _WOMEN_OF_A_GRID + 1):
        key = register.live(first if number == 1 else f"{short}w{number}", tenant, home(number), woman=True)
        register.member(key, f"{short}women", "member")
    for number in range(1, _YOUNG_OF_A_GRID + 1):
        register.member(register.live(f"{short}y{number}", tenant, home(number)), f"{short}youth", "member")
    for number in range(1, _VOLUNTEERS_OF_A_GRID + 1):
        key = register.live(f"{short}v{number:02}", tenant, home(number))
        register.member(key, f"{short}volunteers", "member")
        register.grants.append(GrantSeed(key, Role.VOLUNTEER, area_key=tenant))
