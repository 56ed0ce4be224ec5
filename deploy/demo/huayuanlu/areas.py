"""花园路街道 in its four levels: street, communities, 35 grids, 139 building groups, and the buildings to their floors.

District, street and communities are the real ones (national codes of 2023, point about the street's middle); how many
grids and groups each community has, and all compounds and buildings, are made up so that the sums are the street's.
"""

from functools import cache

from deploy.demo.chance import pick
from deploy.demo.geometry import Ground
from deploy.demo.town import House, Site, area_seeds, building
from services.directory.domain.seed import AreaSeed

DISTRICT = "areas/410105"
STREET = "areas/410105002"

_GROUND = Ground((34.7569, 113.6542), 2)

#: Code, name, the lane that its compounds lie at, and for each of its grids the number of building groups.
_COMMUNITIES: tuple[tuple[str, str, str, tuple[int, ...]], ...] = (
    ("410105002001", "甲院社区", "经三路", (4, 4, 3, 5)),
    ("410105002003", "省供销社社区", "经五路", (4, 3, 4)),
    ("410105002004", "省水利厅社区", "纬一路", (5, 4, 4)),
    ("410105002005", "省卫生厅社区", "纬四路", (4, 4, 4)),
    ("410105002006", "戊院社区", "政六街", (3, 4, 5)),
    ("410105002008", "省民航社区", "政七街", (4, 4, 3)),
    ("410105002009", "工业院社区", "红专路", (4, 5, 4, 3)),
    ("410105002010", "农业院社区", "纬五路", (4, 4, 4, 4)),
    ("410105002011", "省银行社区", "花园路", (4, 3, 5, 4)),
    ("410105002012", "通信花园社区", "农业路", (4, 4, 4, 4)),
)
_HOUSES = (House(6, 3), House(6, 4), House(7, 2), House(6, 3))
_BUILDINGS_OF_A_GROUP = (2, 2, 3)
#: A compound holds so many building groups at most.
_GROUPS_OF_A_COMPOUND = 2


@cache
def district() -> Site:
    """金水区 with this one street; the district's outline is rough."""
    communities = tuple(_community(*row) for row in _COMMUNITIES)
    street = Site(STREET, "street", "花园路街道", communities, "410105002")
    return Site(DISTRICT, "district", "金水区", (street,), "410105")


def _community(code: str, name: str, lane: str, groups: tuple[int, ...]) -> Site:
    grids = tuple(_grid(f"{code}{number:03}", number, lane, count) for number, count in enumerate(groups, 1))
    return Site(f"areas/{code}", "community", name, grids, code)


def _grid(code: str, number: int, lane: str, groups: int) -> Site:
    compounds: list[Site] = []
    for first in range(1, groups + 1, _GROUPS_OF_A_COMPOUND):
        members = range(first, min(first + _GROUPS_OF_A_COMPOUND, groups + 1))
        key, name = f"areas/{code}/{len(compounds) + 1}", f"{lane}{number}{len(compounds) + 1}号院"
        compounds.append(Site(key, "compound", name, tuple(_group(key, member) for member in members)))
    return Site(f"areas/{code}", "grid", f"第{number}网格", tuple(compounds), code)


def _group(compound: str, number: int) -> Site:
    """One party group's buildings, numbered through the grid."""
    key = f"{compound}/g{number}"
    count = pick(_BUILDINGS_OF_A_GROUP, "buildings", key)
    houses = [pick(_HOUSES, "house", key, n) for n in range(count)]
    buildings = tuple(
        building(f"{key}/{n}", f"{(number - 1) * 3 + n}号楼", house, "floor") for n, house in enumerate(houses, 1)
    )
    return Site(key, "building_group", f"第{number}楼组", buildings)


def areas() -> list[AreaSeed]:
    """Every area, parents before children."""
    return area_seeds(district(), _GROUND)
