"""大党委 of each street of 驿城区, and the units' members who are told to enrol where they live: 1,258, of whom those
1,171 have done it who later claim a post."""

from datetime import date

from deploy.demo.chance import fraction
from deploy.demo.yicheng.areas import district
from deploy.demo.yicheng.organisations import UNIT_WORDS, short_of
from deploy.demo.yicheng.people import register_everybody
from services.directory.domain.seed import MembershipSeed
from services.directory.domain.ties_seed import CouncilSeed, EnrolmentSeed, TiesSeed

_BEGAN, _TOLD, _DONE = date(2025, 4, 1), date(2025, 3, 3), date(2025, 3, 20)
#: Who of those who were told has enrolled (design 1-product, C).
_ENROLLED = 1171


def _organisation(short: str) -> str:
    return f"organisations/yicheng/{short}"


def ties_seed(_: date) -> TiesSeed:
    """Councils with the street's leader as secretary and the leaders of units as part-time members; enrolments."""
    streets = district().of("street")
    councils, memberships = [], []
    for number, street in enumerate(streets):
        key, short = _organisation(f"{short_of(street)}council"), short_of(street)
        units = UNIT_WORDS[number :: len(streets)]
        seats = tuple(_organisation(word) for word in (f"{short}office", *units))
        councils.append(CouncilSeed(key, street.key, f"{street.name}大党委", _BEGAN, (("council_meeting", 1),), seats))
        memberships.append(MembershipSeed(f"people/yicheng/{short}staff-2", key, "secretary", _BEGAN))
        for word in units:
            desk = "unit_staff" if word == UNIT_WORDS[0] else f"{word}-desk"
            member = f"people/yicheng/{desk}"
            memberships.append(MembershipSeed(member, key, "part_time_committee_member", _BEGAN, _organisation(word)))
    return TiesSeed(councils=councils, memberships=memberships, enrolments=_enrolments())


def _enrolments() -> list[EnrolmentSeed]:
    everybody = register_everybody()
    homes = {person.key: person.tenant_key for person in everybody.people}
    units = {_organisation(word) for word in UNIT_WORDS}
    members = [m for m in everybody.memberships if m.organisation_key in units and m.kind == "member"]
    by_lot = sorted(members, key=lambda member: fraction("enrols", member.person_key))
    return [
        EnrolmentSeed(m.organisation_key, homes[m.person_key], m.person_key, _TOLD, _DONE if n < _ENROLLED else None)
        for n, m in enumerate(by_lot)
    ]
