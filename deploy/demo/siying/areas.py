"""四营社区: 1,286 households who moved from their village into four new compounds.

The newspapers do not say where 四营 is. The national table has one 四营 that a city has grown around: the village
committee 四营村委会 in 平安街道 of Shangqiu's economic development zone. The demo lets it have become a community under
the same code. Compounds and buildings are made up.
"""

from functools import cache

from deploy.demo.geometry import Ground
from deploy.demo.households import Resident, counted, residents
from deploy.demo.names import HENAN
from deploy.demo.town import House, Site, area_seeds, building
from services.directory.domain.seed import AreaSeed

DISTRICT = "areas/411472"
STREET = "areas/411472010"
COMMUNITY = "areas/411472010207"

_GROUND = Ground((34.3863, 115.6362), -3)

#: For each grid its compounds: short word, name, how many buildings, how they are built.
_GRIDS: tuple[tuple[tuple[str, str, int, House], ...], ...] = (
    (("one", "四营新苑一期", 9, House(7, 3)),),
    (("two", "四营新苑二期", 7, House(6, 4)),),
    (("three", "四营新苑三期", 12, House(11, 2)), ("flats", "四营公寓", 2, House(11, 1))),
)


@cache
def district() -> Site:
    """The zone with this one street and community; outlines of both are rough."""
    grids = tuple(_grid(number, *compounds) for number, compounds in enumerate(_GRIDS, 1))
    community = Site(COMMUNITY, "community", "四营社区", grids, "411472010207")
    street = Site(STREET, "street", "平安街道", (community,), "411472010")
    return Site(DISTRICT, "district", "商丘经济开发区", (street,), "411472")


def _grid(number: int, *compounds: tuple[str, str, int, House]) -> Site:
    below = []
    for word, name, count, house in compounds:
        key = f"{COMMUNITY}/{word}"
        buildings = tuple(building(f"{key}/{n}", f"{n}号楼", house, "entrance") for n in range(1, count + 1))
        below.append(Site(key, "compound", name, buildings))
    code = f"411472010207{number:03}"
    return Site(f"areas/{code}", "grid", f"第{number}网格", tuple(below), code)


def everybody_at_home() -> tuple[Resident, ...]:
    """Who lives behind every door of the community."""
    return residents(district().doors(), HENAN)


def areas() -> list[AreaSeed]:
    """Every area, parents before children."""
    return area_seeds(district(), _GROUND, counted(everybody_at_home()))
