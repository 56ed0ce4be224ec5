"""长征社区 in Karamay (2019–2020), A of the design: an old estate with a year of its life.

areas.py          the ground, drawn by hand; area_seeds.py makes the directory's areas of it
organisations.py  eight units, five teams, what the residents elect, offices of street and district
cast.py           those whom the main journey and demo.json know by a word
councils.py       the units' and their members' enrolment
people.py         everybody behind their doors, who works and volunteers here
year/             what was reported, done and offered in a year, and how that is played
"""

from deploy.demo.changzheng.area_seeds import area_seeds
from deploy.demo.changzheng.areas import BUILDINGS, COMMUNITY, DISTRICT
from deploy.demo.changzheng.cast import CAST_NAMES, person_key
from deploy.demo.changzheng.councils import ties_seed
from deploy.demo.changzheng.organisations import organisation_seeds
from deploy.demo.changzheng.people import register_everybody
from deploy.demo.geometry import Point
from services.directory.domain.seed import DirectorySeed

__all__ = ["CAST", "DISTRICT", "JOURNEY_PLACE", "directory_seed", "ties_seed"]

#: The people of the journey and of demo.json: the word they are known by → person key.
CAST: dict[str, str] = {word: person_key(word) for word in CAST_NAMES}

_JOURNEY_BUILDING = next(b for b in BUILDINGS if b.key == f"{COMMUNITY}/xincun/3")

#: Where the resident of the cast stands when reporting: inside their own building (WGS-84).
JOURNEY_PLACE: Point = _JOURNEY_BUILDING.plot.at(0.4, 0.35)


def directory_seed() -> DirectorySeed:
    """Everything the demo hands to the directory, parents before children."""
    everybody = register_everybody()
    return DirectorySeed(
        areas=area_seeds(),
        organisations=organisation_seeds(),
        people=everybody.people,
        offices=everybody.offices,
        memberships=everybody.memberships,
        grants=everybody.grants,
    )
