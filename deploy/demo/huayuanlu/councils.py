"""大工委 of 花园路街道: the street with its communities, local units and new organisations, who meet every quarter."""

from datetime import date

from deploy.demo.huayuanlu.areas import STREET, district
from deploy.demo.huayuanlu.organisations import UNITS, short_of
from services.directory.domain.seed import MembershipSeed
from services.directory.domain.ties_seed import CouncilSeed, EnrolmentSeed, TiesSeed

_COUNCIL = "organisations/huayuanlu/council"
_BEGAN = date(2025, 3, 1)


def _organisation(short: str) -> str:
    return f"organisations/huayuanlu/{short}"


def _person(word: str) -> str:
    return f"people/huayuanlu/{word}"


def ties_seed(_: date) -> TiesSeed:
    """The committee, who sits on it for whom, and the units' enrolment in the communities where they are."""
    communities = district().of("community")
    parties = [_organisation(f"{short_of(community)}party") for community in communities]
    units = [_organisation(short) for short, *_ in UNITS]
    council = CouncilSeed(_COUNCIL, STREET, "花园路街道大工委", _BEGAN, (("joint_conference", 3),), (*parties, *units))
    desks = ["unit_staff", *(f"{short}-desk" for short, *_ in UNITS[1:])]
    sent = [(f"{short_of(community)}secretary", party) for community, party in zip(communities, parties, strict=True)]
    return TiesSeed(
        councils=[council],
        memberships=[
            MembershipSeed(_person("street-staff-2"), _COUNCIL, "secretary", _BEGAN),
            *(MembershipSeed(_person(word), _COUNCIL, "committee_member", _BEGAN, party) for word, party in sent),
            *(
                MembershipSeed(_person(desk), _COUNCIL, "part_time_committee_member", _BEGAN, unit)
                for desk, unit in zip(desks, units, strict=True)
            ),
        ],
        enrolments=[
            EnrolmentSeed(unit, communities[number - 1].key, told_on=_BEGAN, starts_on=_BEGAN)
            for unit, (*_, number) in zip(units, UNITS, strict=True)
        ],
    )
