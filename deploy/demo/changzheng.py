"""长征社区 as the demo loads it: the whole directory, the cast, and the place of the main journey."""

from deploy.demo.area_seeds import area_seeds
from deploy.demo.areas import BUILDINGS, COMMUNITY
from deploy.demo.geometry import Point
from deploy.demo.organisations import organisation_seeds
from deploy.demo.people import register_everybody
from deploy.demo.register import CAST_NAMES, person_key
from services.directory.domain.seed import DirectorySeed

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
