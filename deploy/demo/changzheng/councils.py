"""双向报到 in 长征社区: eight units enrol in the community where they are, and each of their 574 members with it."""

from datetime import date

from deploy.demo.changzheng.areas import COMMUNITY
from deploy.demo.changzheng.organisations import UNITS, organisation_key
from deploy.demo.changzheng.people import register_everybody
from services.directory.domain.ties_seed import EnrolmentSeed, TiesSeed


def ties_seed(_: date) -> TiesSeed:
    """Everybody whom a unit brings enrols on the day on which they joined the vanguard."""
    units = {organisation_key(unit.key) for unit in UNITS}
    began = date(2022, 3, 1)
    members = [m for m in register_everybody().memberships if m.organisation_key in units and m.kind == "member"]
    return TiesSeed(
        enrolments=[
            *(EnrolmentSeed(unit, COMMUNITY, told_on=began, starts_on=began) for unit in sorted(units)),
            *(EnrolmentSeed(m.organisation_key, COMMUNITY, m.person_key, began, m.starts_on) for m in members),
        ]
    )
