"""Everybody of 泥营社区 at home behind their doors, and who answers for them 全覆盖、责任到人.

Full-time officers answer for the residents' groups, part-time ones for the compounds, heads for the buildings.
"""

from functools import cache

from deploy.demo.chance import fraction
from deploy.demo.names import HENAN
from deploy.demo.niying.areas import COMMUNITY, DISTRICT, STREET, district, everybody_at_home
from deploy.demo.niying.organisations import PROPERTY, UNITS
from deploy.demo.register import Register
from deploy.demo.staffing import grid_officer, staff_community, staff_departments, staff_street
from services.directory.domain.seed import GrantSeed
from shared.kernel.actor import Role

#: The people of demo.json, by the word they are known by.
CAST_NAMES: dict[str, str] = {
    "community_staff": "樊丽娟",
    "grid_officer": "闫世杰",
    "part_time_grid_officer": "翟素英",
    "building_head": "庞德顺",
    "street_staff": "柴文博",
    "department_staff": "尚志强",
    "property_staff": "娄春雷",
    "resident": "申屠小雨",
}
#: Where in the numbers of the residents the cast is found.
_KNOWN = {1: "building_head", 2: "part_time_grid_officer", 20000: "resident"}
_OFFICERS_OF_A_GROUP, _VOLUNTEERS, _OWNERS_OF_A_COMMITTEE = 2, 600, 5


@cache
def register_everybody() -> Register:
    """Everybody of the community, its units, its street and the district's desks. Not to be changed."""
    register = Register("niying", HENAN, CAST_NAMES)
    _settle(register)
    staff_departments(register, DISTRICT)
    register.staff("department_staff", DISTRICT, "urban", Role.ORGANISATION_STAFF)
    staff_street(register, "street-", STREET, ("street_staff", "street-staff-2", "street-staff-3"))
    staff_community(register, "", COMMUNITY, ("community_staff", *(f"staff-{n}" for n in range(2, 13))))
    for number, group in enumerate(district().of("residents_group"), 1):
        for turn in range(1, _OFFICERS_OF_A_GROUP + 1):
            word = "grid_officer" if number == turn == 1 else f"officer-{number}-{turn}"
            grid_officer(register, word, "", COMMUNITY, group.key)
    for short, _ in PROPERTY:
        word = "property_staff" if short == PROPERTY[0][0] else f"{short}-desk"
        register.staff(word, COMMUNITY, short, Role.ORGANISATION_STAFF)
    for short, *_ in UNITS:
        register.staff(f"{short}-desk", COMMUNITY, short, Role.ORGANISATION_STAFF)
    return register


def _settle(register: Register) -> None:
    """Everybody at home; the first grown-ups of each building and compound have something to do there."""
    at_home = register.settle_all(COMMUNITY, everybody_at_home(), _KNOWN)
    for number, compound in enumerate(district().of("compound"), 1):
        for building in compound.below:
            register.office(at_home[building.key].pop(0), "building_head", building.key, Role.BUILDING_HEAD)
        free = [key for building in compound.below for key in at_home[building.key]]
        register.office(free[0], "part_time_grid_officer", compound.key, Role.GRID_OFFICER)
        for key in free[1 : 1 + _OWNERS_OF_A_COMMITTEE]:
            register.member(key, f"owners-{number}", "member")
    drawn = sorted((key for grown in at_home.values() for key in grown), key=lambda key: fraction("volunteers", key))
    for key in drawn[:_VOLUNTEERS]:
        register.member(key, "team", "member")
        register.grants.append(GrantSeed(key, Role.VOLUNTEER, area_key=COMMUNITY))
