"""The registered volunteers of 驿城区, over 54,000, at home in its buildings; in each building six of them hold an
office 两长四员; 1,258 of them are members of the district's units."""

from functools import cache
from itertools import pairwise

from deploy.demo.chance import between, fraction, pick
from deploy.demo.names import HENAN
from deploy.demo.register import Register
from deploy.demo.staffing import grid_officer, staff_community, staff_street
from deploy.demo.town import Site
from deploy.demo.yicheng.areas import DISTRICT, district
from deploy.demo.yicheng.organisations import UNIT_WORDS, short_of
from services.directory.domain.seed import GrantSeed
from shared.kernel.actor import Role

#: The people of demo.json, by the word they are known by.
CAST_NAMES: dict[str, str] = {
    "district_staff": "段立新",
    "street_staff": "侯春燕",
    "community_staff": "毛秀兰",
    "grid_officer": "葛长青",
    "unit_staff": "樊志刚",
    "building_head": "乔满仓",
    "volunteer": "聂小曼",
}
#: Two heads and four officers 两长四员 of each building, with the role that comes with the office.
_OFFICES: tuple[tuple[str, Role | None], ...] = (
    ("building_head", Role.BUILDING_HEAD),
    ("party_group_leader", None),
    ("sanitation_officer", None),
    ("public_order_officer", None),
    ("culture_sports_officer", None),
    ("property_officer", None),
)
_VOLUNTEERS_OF_A_BUILDING = (44, 45, 46, 47, 48)
#: Members of the 67 units (design 1-product, C).
_MEMBERS = 1258


@cache
def register_everybody() -> Register:
    """Everybody of the district. Not to be changed."""
    register = Register("yicheng", HENAN, CAST_NAMES)
    volunteers: list[str] = []
    for number, street in enumerate(district().of("street")):
        first = "street_staff" if number == 0 else f"{short_of(street)}staff-1"
        words = (first, f"{short_of(street)}staff-2", f"{short_of(street)}staff-3")
        staff_street(register, short_of(street), street.key, words)
    for number, community in enumerate(district().of("community")):
        _staff(register, community, first=number == 0)
        for turn, building in enumerate(community.of("building")):
            volunteers += _in_building(register, community, turn, building, first=number == turn == 0)
    _units(register, volunteers)
    return register


def _staff(register: Register, community: Site, *, first: bool) -> None:
    short = short_of(community)
    words = ["community_staff" if first else f"{short}staff-1", f"{short}staff-2", f"{short}staff-3"]
    staff_community(register, short, community.key, words)
    for number, grid in enumerate(community.of("grid")):
        word = "grid_officer" if first and number == 0 else f"{short}officer-{number + 1}"
        grid_officer(register, word, short, community.key, grid.key)


def _in_building(register: Register, community: Site, turn: int, building: Site, *, first: bool) -> list[str]:
    """The volunteers of one building; the first six hold its offices."""
    short, tenant = short_of(community), community.key
    known = {0: "building_head", len(_OFFICES): "volunteer"} if first else {}
    found = []
    for number in range(pick(_VOLUNTEERS_OF_A_BUILDING, "volunteers", building.key)):
        key = register.live(known.get(number, f"{short}{turn + 1:02}-{number + 1:02}"), tenant, building.key)
        register.member(key, f"{short}team", "member")
        register.grants.append(GrantSeed(key, Role.VOLUNTEER, area_key=tenant))
        if number < len(_OFFICES):
            kind, role = _OFFICES[number]
            register.office(key, kind, building.key, role)
        found.append(key)
    return found


def _units(register: Register, volunteers: list[str]) -> None:
    """Each unit's desk, and its members, drawn from all over the district."""
    for word in UNIT_WORDS:
        first = word == UNIT_WORDS[0]
        register.staff("unit_staff" if first else f"{word}-desk", DISTRICT, word, Role.ORGANISATION_STAFF)
    overseer = register.add("district_staff", DISTRICT)
    register.grants.append(GrantSeed(overseer, Role.OVERSIGHT, area_key=DISTRICT))
    drawn = sorted(volunteers, key=lambda key: fraction("units", key))
    for word, (begin, end) in zip(UNIT_WORDS, pairwise(_shares()), strict=True):
        for key in drawn[begin:end]:
            register.member(key, word, "member")


def _shares() -> list[int]:
    """Where in the drawn members those of each unit begin and end: large units and small ones."""
    weights = [between(0.4, 1.6, "members", word) for word in UNIT_WORDS]
    ends = [round(_MEMBERS * sum(weights[:count]) / sum(weights)) for count in range(len(weights) + 1)]
    return ends
