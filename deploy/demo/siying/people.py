"""Everybody of 四营社区 at home behind their doors, and who answers for them."""

from functools import cache

from deploy.demo.chance import fraction
from deploy.demo.names import HENAN
from deploy.demo.register import Register
from deploy.demo.siying.areas import COMMUNITY, DISTRICT, STREET, district, everybody_at_home
from deploy.demo.siying.organisations import UNITS
from deploy.demo.staffing import grid_officer, staff_community, staff_departments, staff_street
from services.directory.domain.seed import GrantSeed
from shared.kernel.actor import Role

#: The people of demo.json, by the word they are known by.
CAST_NAMES: dict[str, str] = {
    "community_staff": "孟凡华",
    "grid_officer": "司金锁",
    "street_staff": "窦海涛",
    "unit_staff": "路晓敏",
    "property_staff": "耿大鹏",
    "resident": "皇甫秀珍",
}
#: Where in the numbers of the residents the cast is found.
_KNOWN = {3000: "resident"}
_VOLUNTEERS = 60


@cache
def register_everybody() -> Register:
    """Everybody of the community, its units, its street and the zone's desks. Not to be changed."""
    register = Register("siying", HENAN, CAST_NAMES)
    _settle(register)
    staff_departments(register, DISTRICT)
    staff_street(register, "street-", STREET, ("street_staff", "street-staff-2", "street-staff-3"))
    staff_community(register, "", COMMUNITY, ("community_staff", *(f"staff-{n}" for n in range(2, 7))))
    for number, grid in enumerate(district().of("grid"), 1):
        grid_officer(register, f"officer-{number}" if number > 1 else "grid_officer", "", COMMUNITY, grid.key)
    for word in ("property_staff", "property-2", "property-3"):
        register.staff(word, COMMUNITY, "property", Role.ORGANISATION_STAFF)
    for short, *_ in UNITS:
        word = "unit_staff" if short == UNITS[0][0] else f"{short}-desk"
        register.staff(word, COMMUNITY, short, Role.ORGANISATION_STAFF)
    return register


def _settle(register: Register) -> None:
    """Everybody at home; in each building one heads it, and in each of its entrances another."""
    at_home = register.settle_all(COMMUNITY, everybody_at_home(), _KNOWN, doors=True)
    for building in district().of("building"):
        heads = [at_home[entrance.key] for entrance in building.below]
        register.office(heads[0].pop(0), "building_head", building.key, Role.BUILDING_HEAD)
        for entrance, grown in zip(building.below, heads, strict=True):
            register.office(grown.pop(0), "household_group_head", entrance.key, Role.HOUSEHOLD_GROUP_HEAD)
    free = sorted((key for grown in at_home.values() for key in grown), key=lambda key: fraction("volunteers", key))
    for key in free[:_VOLUNTEERS]:
        register.member(key, "team", "member")
        register.grants.append(GrantSeed(key, Role.VOLUNTEER, area_key=COMMUNITY))
