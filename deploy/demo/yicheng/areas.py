"""驿城区: eleven streets with their sixty communities, in each two grids with their compounds and buildings.

District, streets and communities are the real ones (divisions.py; the point about the city's middle); grids, compounds
and buildings are made up.
"""

from functools import cache

from deploy.demo.chance import fraction, pick
from deploy.demo.geometry import Ground
from deploy.demo.town import House, Site, area_seeds, building
from deploy.demo.yicheng.divisions import STREETS
from services.directory.domain.seed import AreaSeed

DISTRICT = "areas/411702"

_GROUND = Ground((32.9483, 113.9925), 1)

_GRIDS, _COMPOUNDS_OF_A_GRID, _BUILDINGS_OF_A_COMPOUND = 2, 2, 5
_HOUSES = (House(6, 4), House(6, 3), House(11, 2))
_NAMES: tuple[str, ...] = tuple(
    first + second
    for first in ("天中", "雪松", "练江", "盘龙", "乐山", "薄山", "置地", "骏马", "金雀", "文明")
    for second in ("花园", "家园", "小区", "新村", "苑", "家属院")
)


@cache
def district() -> Site:
    """The district with its streets; towns and villages are left out, its outline is rough."""
    return Site(DISTRICT, "district", "驿城区", tuple(_street(*row) for row in STREETS), "411702")


def _street(code: str, name: str, communities: str) -> Site:
    below = tuple(_community(code + word[:3], f"{word[3:]}社区") for word in communities.split())
    return Site(f"areas/{code}", "street", name, below, code)


def _community(code: str, name: str) -> Site:
    """Its compounds are numbered through, so that no two have one name."""
    names = sorted(_NAMES, key=lambda name: fraction("compound", code, name))
    compounds = [_compound(f"areas/{code}/{n}", names[n]) for n in range(_GRIDS * _COMPOUNDS_OF_A_GRID)]
    grids = tuple(
        Site(f"areas/{code}{n + 1:03}", "grid", f"第{n + 1}网格", tuple(compounds[n::_GRIDS]), f"{code}{n + 1:03}")
        for n in range(_GRIDS)
    )
    return Site(f"areas/{code}", "community", name, grids, code)


def _compound(key: str, name: str) -> Site:
    house = pick(_HOUSES, "house", key)
    numbers = range(1, _BUILDINGS_OF_A_COMPOUND + 1)
    return Site(key, "compound", name, tuple(building(f"{key}/{n}", f"{n}号楼", house) for n in numbers))


def areas() -> list[AreaSeed]:
    """Every area, parents before children."""
    return area_seeds(district(), _GROUND)
