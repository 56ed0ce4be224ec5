"""大党委 of 四营社区: eleven units, twenty-one committee members, a meeting every month, a joint conference every
quarter; and the units' enrolment in the community where they are."""

from datetime import date

from deploy.demo.siying.areas import COMMUNITY
from deploy.demo.siying.organisations import UNITS
from services.directory.domain.seed import MembershipSeed
from services.directory.domain.ties_seed import CouncilSeed, EnrolmentSeed, MeetingSeed, TiesSeed

_COUNCIL = "organisations/siying/council"
_BEGAN = date(2025, 1, 1)
#: By kind of meeting every how many months, and on which day of the month.
_RHYTHMS: tuple[tuple[str, int, int], ...] = (("council_meeting", 1, 5), ("joint_conference", 3, 12))
#: Those who are nobody's delegate: by the word they are known by.
_OWN_MEMBERS = ("staff-2", "staff-3", "staff-4", "staff-5", "staff-6", "officer-2", "officer-3", "property-2")


def _person(word: str) -> str:
    return f"people/siying/{word}"


def ties_seed(today: date) -> TiesSeed:
    """The council with all its meetings until today."""
    units = [f"organisations/siying/{short}" for short, *_ in UNITS]
    desks = ["unit_staff", *(f"{short}-desk" for short, *_ in UNITS[1:])]
    rhythms = tuple((kind, months) for kind, months, _ in _RHYTHMS)
    return TiesSeed(
        councils=[CouncilSeed(_COUNCIL, COMMUNITY, "四营社区大党委", _BEGAN, rhythms, tuple(units))],
        memberships=[
            MembershipSeed(_person("secretary"), _COUNCIL, "secretary", _BEGAN),
            MembershipSeed(_person("street-staff-2"), _COUNCIL, "deputy_secretary", _BEGAN),
            *(MembershipSeed(_person(word), _COUNCIL, "committee_member", _BEGAN) for word in _OWN_MEMBERS),
            *(
                MembershipSeed(_person(desk), _COUNCIL, "part_time_committee_member", _BEGAN, unit)
                for desk, unit in zip(desks, units, strict=True)
            ),
        ],
        meetings=[
            MeetingSeed(_COUNCIL, kind, held_on)
            for kind, months, day in _RHYTHMS
            for held_on in _held(months, day, today)
        ],
        enrolments=[EnrolmentSeed(unit, COMMUNITY, told_on=_BEGAN, starts_on=_BEGAN) for unit in units],
    )


def _held(months: int, day: int, today: date) -> list[date]:
    """Every so many months on that day, from the first month until today."""
    count = (today.year - _BEGAN.year) * 12 + today.month - _BEGAN.month + 1
    days = [date(_BEGAN.year + n // 12, n % 12 + 1, day) for n in range(0, count, months)]
    return [held_on for held_on in days if held_on <= today]
