"""泥营社区 in its four levels: community, residents' groups 居民小组, 20 compounds 小区楼院, buildings 楼栋.

District, street and community are the real ones (national codes of 2023, the point about where 仲景街道 lies); groups,
compounds and buildings are made up, as many as over 30,000 residents need.
"""

from functools import cache

from deploy.demo.geometry import Ground
from deploy.demo.households import Resident, counted, residents
from deploy.demo.names import HENAN
from deploy.demo.town import House, Site, area_seeds, building
from services.directory.domain.seed import AreaSeed

DISTRICT = "areas/411302"
STREET = "areas/411302004"
COMMUNITY = "areas/411302004004"

_GROUND = Ground((32.9787, 112.5331), 4)

_OLD, _NEW, _TOWER = House(6, 4), House(11, 2), House(18, 2, 3)
#: The compounds of each residents' group: name, how many buildings, how they are built.
_GROUPS: tuple[tuple[tuple[str, int, House], ...], ...] = (
    (("仲景花园", 14, _OLD), ("泥营老街楼院", 9, _OLD), ("枣林家属院", 8, _OLD), ("建设中路楼院", 6, _OLD)),
    (("宛东新村", 12, _OLD), ("玉器厂家属院", 7, _OLD), ("明珠苑", 10, _NEW)),
    (("独山怡园", 12, _NEW), ("光武锦城", 10, _TOWER), ("医圣家园", 10, _NEW)),
    (("白河印象", 11, _TOWER), ("滨河楼院", 6, _OLD), ("张衡小区", 13, _OLD)),
    (("月季花城", 12, _TOWER), ("梅溪苑", 11, _NEW), ("纺织厂家属院", 9, _OLD), ("孔明佳苑", 8, _NEW)),
    (("宛城绿洲", 10, _TOWER), ("卧龙新居", 14, _NEW), ("工农路楼院", 7, _OLD)),
)
_NUMBERS = "一二三四五六"


@cache
def district() -> Site:
    """宛城区 with this one street and community; outlines of both are rough."""
    groups = tuple(_group(number, compounds) for number, compounds in enumerate(_GROUPS, 1))
    community = Site(COMMUNITY, "community", "泥营社区", groups, "411302004004")
    street = Site(STREET, "street", "仲景街道", (community,), "411302004")
    return Site(DISTRICT, "district", "宛城区", (street,), "411302")


def _group(number: int, compounds: tuple[tuple[str, int, House], ...]) -> Site:
    key = f"{COMMUNITY}/{number}"
    below = []
    for turn, (name, count, house) in enumerate(compounds, 1):
        own = f"{key}/{turn}"
        buildings = tuple(building(f"{own}/{n}", f"{n}号楼", house) for n in range(1, count + 1))
        below.append(Site(own, "compound", name, buildings))
    return Site(key, "residents_group", f"第{_NUMBERS[number - 1]}居民小组", tuple(below))


def everybody_at_home() -> tuple[Resident, ...]:
    """Who lives behind every door of the community."""
    return residents(district().doors(), HENAN)


def areas() -> list[AreaSeed]:
    """Every area, parents before children."""
    return area_seeds(district(), _GROUND, counted(everybody_at_home()))
