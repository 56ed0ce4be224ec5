"""泥营社区 in Nanyang (2024), E of the design: 20 compounds, over 30,000 residents, everybody covered by somebody.

areas.py          community, residents' groups, 20 compounds, buildings
organisations.py  departments that attend, units, property companies, owners' committees
people.py         everybody behind their doors; full-time and part-time grid officers, building heads
catalogue.py      what one can get where, and when
"""

from deploy.demo.niying.areas import DISTRICT, areas
from deploy.demo.niying.catalogue import facility_seeds, service_seeds
from deploy.demo.niying.organisations import organisation_seeds
from deploy.demo.niying.people import CAST_NAMES, register_everybody
from services.directory.domain.seed import DirectorySeed

__all__ = ["CAST", "DISTRICT", "directory_seed"]

#: The people of demo.json: the word they are known by → person key.
CAST: dict[str, str] = {word: f"people/niying/{word}" for word in CAST_NAMES}


def directory_seed() -> DirectorySeed:
    """Everything that the community hands to the directory, parents before children."""
    everybody = register_everybody()
    return DirectorySeed(
        areas=areas(),
        organisations=organisation_seeds(),
        people=everybody.people,
        offices=everybody.offices,
        memberships=everybody.memberships,
        grants=everybody.grants,
        facilities=facility_seeds(),
        services=service_seeds(),
    )
