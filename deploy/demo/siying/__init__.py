"""四营社区 in Shangqiu, D of the design: 1,286 households that were relocated, a council of 11 units.

areas.py          community, grids, compounds, buildings with their entrances
organisations.py  the units of the council, offices, what the residents elect and hire
people.py         everybody behind their doors, and who answers for them
councils.py       councils, who sits on them for whom, and who enrolled where
joint_work.py     what its units have agreed to do, give and need, and the projects out of it
"""

from deploy.demo.siying.areas import DISTRICT, areas
from deploy.demo.siying.councils import ties_seed
from deploy.demo.siying.organisations import organisation_seeds
from deploy.demo.siying.people import CAST_NAMES, register_everybody
from services.directory.domain.seed import DirectorySeed

__all__ = ["CAST", "DISTRICT", "directory_seed", "ties_seed"]

#: The people of demo.json: the word they are known by → person key.
CAST: dict[str, str] = {word: f"people/siying/{word}" for word in CAST_NAMES}


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
        households=everybody.households,
    )
