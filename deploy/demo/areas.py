"""Where the demo happens: 长征社区 with grids, compounds and buildings, what is above it, and a neighbour.

长征社区 on the plan, metres from its corner (buildings stand in rows of two inside each compound):

    north   第一网格: 胡杨小区, 红柳小学, 小广场    第二网格: 长征新村, 菜市场, 公交站
    south   第三网格: 油城家园, 健身场, 卫生站       第四网格: 采油楼院, 沙枣苑, 采油巷, 银行
"""

from dataclasses import dataclass

from deploy.demo.geometry import Plot, Point, Ring, place, ring
from services.directory.domain.seed import AreaSeed

DISTRICT = "areas/650203"
STREET = "areas/650203002"
COMMUNITY = "areas/650203002003"
NEIGHBOUR_COMMUNITY = "areas/650203002005"

_FLOORS, _FLATS_PER_FLOOR, _PEOPLE_PER_FLAT = 6, 2, 2.6
_HEAD, _GAP, _WIDTH, _DEPTH, _ROW = 14.0, 14.0, 72.0, 14.0, 46.0


@dataclass(frozen=True, slots=True)
class Compound:
    """One walled estate: where its plan begins, how many buildings, how many entrances each has."""

    key: str
    grid_key: str
    name: str
    east: float
    north: float
    buildings: int
    columns: int
    entrances: int

    @property
    def plot(self) -> Plot:
        rows = -(-self.buildings // self.columns)
        width = _GAP + self.columns * (_WIDTH + _GAP)
        return Plot(self.east, self.north, width, _HEAD + rows * _ROW)

    @property
    def yard(self) -> Plot:
        """The strip inside the gate, in front of the first row."""
        return Plot(self.east + 4, self.north + 2, self.plot.width - 8, _HEAD - 4)


@dataclass(frozen=True, slots=True)
class Building:
    """One house of six floors, with its plot and its number of entrances."""

    key: str
    compound: Compound
    number: int
    plot: Plot

    @property
    def name(self) -> str:
        return f"{self.number}号楼"

    @property
    def full_name(self) -> str:
        return self.compound.name + self.name

    @property
    def households(self) -> int:
        return self.compound.entrances * _FLOORS * _FLATS_PER_FLOOR

    @property
    def entrance_keys(self) -> list[str]:
        return [f"{self.key}/{number}" for number in range(1, self.compound.entrances + 1)]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place outside the compounds that everybody knows by name."""

    name: str
    point: Point


def _grid(number: int) -> str:
    return f"{COMMUNITY}{number:03}"


COMPOUNDS: tuple[Compound, ...] = (
    Compound(f"{COMMUNITY}/huyang", _grid(1), "胡杨小区", 30, 330, 6, 2, 4),
    Compound(f"{COMMUNITY}/xincun", _grid(2), "长征新村", 420, 320, 8, 2, 4),
    Compound(f"{COMMUNITY}/jiayuan", _grid(3), "油城家园", 30, 60, 6, 2, 3),
    Compound(f"{COMMUNITY}/caiyou", _grid(4), "采油楼院", 415, 60, 2, 1, 3),
    Compound(f"{COMMUNITY}/shazao", _grid(4), "沙枣苑", 545, 60, 4, 2, 3),
)
NEIGHBOUR_COMPOUNDS: tuple[Compound, ...] = (
    Compound(f"{NEIGHBOUR_COMMUNITY}/chaoyangli", f"{NEIGHBOUR_COMMUNITY}001", "朝阳里", 850, 60, 2, 2, 3),
)
#: The compound whose neighbours are organised by entrance, with a household-group head 联户长 in each.
WITH_HOUSEHOLD_GROUPS = f"{COMMUNITY}/xincun"

SPOTS: dict[str, Spot] = {
    "school_gate": Spot("红柳小学门口", place(290, 455)),
    "square": Spot("社区小广场", place(110, 520)),
    "centre": Spot("社区便民服务大厅门前", place(275, 320)),
    "market": Spot("长征菜市场门口", place(690, 430)),
    "bus_stop": Spot("长征路公交站", place(560, 300)),
    "fitness": Spot("油城家园南侧健身场", place(120, 30)),
    "clinic": Spot("长征卫生服务站门口", place(300, 215)),
    "corner": Spot("长征路与胡杨巷路口", place(340, 255)),
    "alley": Spot("采油巷", place(640, 220)),
    "bank": Spot("油城银行门前", place(445, 240)),
}

# Grid corners on the plan: the streets between them are not quite straight.
_SW, _S, _SE = (0.0, 0.0), (385.0, -8.0), (770.0, 0.0)
_W, _MID, _E = (4.0, 285.0), (392.0, 278.0), (766.0, 290.0)
_NW, _N, _NE = (0.0, 560.0), (380.0, 568.0), (772.0, 560.0)
_GRIDS: tuple[tuple[str, Ring, Point], ...] = (
    ("第一网格", ring(_W, _MID, _N, _NW), place(195, 425)),
    ("第二网格", ring(_MID, _E, _NE, _N), place(580, 425)),
    ("第三网格", ring(_SW, _S, _MID, _W), place(195, 140)),
    ("第四网格", ring(_S, _SE, _E, _MID), place(580, 140)),
)


def _stands(compound: Compound, number: int) -> Building:
    row, column = divmod(number - 1, compound.columns)
    east = compound.east + _GAP + column * (_WIDTH + _GAP)
    plot = Plot(east, compound.north + _HEAD + row * _ROW, _WIDTH, _DEPTH)
    return Building(f"{compound.key}/{number}", compound, number, plot)


def _all_buildings(compounds: tuple[Compound, ...]) -> tuple[Building, ...]:
    return tuple(_stands(c, number) for c in compounds for number in range(1, c.buildings + 1))


BUILDINGS: tuple[Building, ...] = _all_buildings(COMPOUNDS)
NEIGHBOUR_BUILDINGS: tuple[Building, ...] = _all_buildings(NEIGHBOUR_COMPOUNDS)


def _people(households: int) -> int:
    return round(households * _PEOPLE_PER_FLAT)


def _counts(buildings: list[Building]) -> tuple[int, int]:
    return sum(b.households for b in buildings), sum(_people(b.households) for b in buildings)


def _area(key: str, parent: str | None, kind: str, name: str, outline: Ring, centre: Point) -> AreaSeed:
    """An area above the buildings; the register counts what stands in it."""
    inside = [
        building
        for building in BUILDINGS + NEIGHBOUR_BUILDINGS
        if building.compound.grid_key == key or building.key.startswith(f"{key}/")
    ]
    households, residents = _counts(inside) if inside else (None, None)
    code = key.removeprefix("areas/")
    return AreaSeed(
        key, parent, kind, name, code if code.isdigit() else None, centre, (outline,), households, residents
    )


def _building_areas(building: Building) -> list[AreaSeed]:
    """The building, and its entrances where they have a household-group head.

    Entrances have no outline: nobody can tell from a point in which stairwell a neighbour stands.
    """
    households, plot, parent = building.households, building.plot, building.compound.key
    house = AreaSeed(
        building.key,
        parent,
        "building",
        building.name,
        centre=plot.centre,
        polygons=(plot.ring,),
        households=households,
        residents=_people(households),
    )
    areas = [house]
    if parent == WITH_HOUSEHOLD_GROUPS:
        flats = _FLOORS * _FLATS_PER_FLOOR
        for number, key in enumerate(building.entrance_keys):
            door = plot.at((number + 0.5) / len(building.entrance_keys), 0.1)
            areas.append(AreaSeed(key, building.key, "entrance", f"{number + 1}单元", centre=door, households=flats))
    return areas


def _community(key: str, name: str, outline: Ring, centre: Point) -> AreaSeed:
    return _area(key, STREET, "community", name, outline, centre)


def area_seeds() -> list[AreaSeed]:
    """Every area, parents before children. The district's and the street's outlines are rough."""
    district = ((45.35, 84.55), (45.35, 85.15), (45.6, 85.3), (45.85, 85.1), (45.85, 84.55), (45.35, 84.55))
    street = Plot(-180, -160, 1500, 900)
    neighbour = Plot(810, 20, 260, 230)
    areas = [
        _area(DISTRICT, None, "district", "克拉玛依区", district, (45.6, 84.87)),
        _area(STREET, DISTRICT, "street", "胜利路街道", street.ring, street.centre),
        _community(COMMUNITY, "长征社区", ring(_SW, _S, _SE, _E, _NE, _N, _NW, _W), place(390, 282)),
        _community(NEIGHBOUR_COMMUNITY, "朝阳社区", neighbour.ring, neighbour.centre),
    ]
    for number, (name, outline, centre) in enumerate(_GRIDS, start=1):
        areas.append(_area(_grid(number), COMMUNITY, "grid", name, outline, centre))
    only_grid = f"{NEIGHBOUR_COMMUNITY}001"
    areas.append(_area(only_grid, NEIGHBOUR_COMMUNITY, "grid", "第一网格", neighbour.ring, neighbour.centre))
    for compound in COMPOUNDS + NEIGHBOUR_COMPOUNDS:
        plot = compound.plot
        areas.append(_area(compound.key, compound.grid_key, "compound", compound.name, plot.ring, plot.centre))
    for building in BUILDINGS + NEIGHBOUR_BUILDINGS:
        areas.extend(_building_areas(building))
    return areas
