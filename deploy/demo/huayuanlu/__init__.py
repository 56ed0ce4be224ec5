"""花园路街道 in Zhengzhou (2012–2014), B of the design: four levels, three packs 三包, six bodies in each grid.

areas.py          street, communities, 35 grids, 139 building groups, buildings, floors
organisations.py  what governs them, the bodies of each grid, local units and new organisations
people.py         who answers for each of them
councils.py       councils, who sits on them for whom, and who enrolled where
catalogue.py      what one can get where, and when
resources.py      what its units give
"""

from deploy.demo.huayuanlu.areas import DISTRICT, areas
from deploy.demo.huayuanlu.catalogue import facility_seeds, service_seeds
from deploy.demo.huayuanlu.councils import ties_seed
from deploy.demo.huayuanlu.organisations import organisation_seeds
from deploy.demo.huayuanlu.people import CAST_NAMES, register_everybody
from services.directory.domain.seed import DirectorySeed

__all__ = ["CAST", "DISTRICT", "directory_seed", "ties_seed"]

#: The people of demo.json: the word they are known by → person key.
CAST: dict[str, str] = {word: f"people/huayuanlu/{word}" for word in CAST_NAMES}


def directory_seed() -> DirectorySeed:
    """Everything that the street hands to the directory, parents before children."""
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
