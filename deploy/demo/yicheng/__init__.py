"""驿城区 in Zhumadian, C of the design: a district whose units send their members to the communities where they live.

areas.py          district, streets, communities, grids, compounds, buildings
organisations.py  67 units, offices, what stands in each community
people.py         54,000 registered volunteers, two heads and four officers 两长四员 in each building, units' members
councils.py       councils, who sits on them for whom, and who enrolled where
"""

from deploy.demo.yicheng.areas import DISTRICT, areas
from deploy.demo.yicheng.councils import ties_seed
from deploy.demo.yicheng.organisations import organisation_seeds
from deploy.demo.yicheng.people import CAST_NAMES, register_everybody
from services.directory.domain.seed import DirectorySeed

__all__ = ["CAST", "DISTRICT", "directory_seed", "ties_seed"]

#: The people of demo.json: the word they are known by → person key.
CAST: dict[str, str] = {word: f"people/yicheng/{word}" for word in CAST_NAMES}


def directory_seed() -> DirectorySeed:
    """Everything that the district hands to the directory, parents before children."""
    everybody = register_everybody()
    return DirectorySeed(
        areas=areas(),
        organisations=organisation_seeds(),
        people=everybody.people,
        offices=everybody.offices,
        memberships=everybody.memberships,
        grants=everybody.grants,
    )
