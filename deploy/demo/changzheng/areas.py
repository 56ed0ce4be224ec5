"""The ground of the demo: compounds, buildings with their entrances and doors, and the spots that everybody knows.

长征社区 on the plan, metres from its corner (buildings stand in rows of two inside each compound):

    north   第一网格: 胡杨小区, 红柳小学, 小广场    第二网格: 长征新村, 菜市场, 公交站
    south   第三网格: 油城家园, 健身场, 卫生站       第四网格: 采油楼院, 沙枣苑, 采油巷, 银行
"""

from dataclasses import dataclass

from deploy.demo.geometry import Ground, Plot, Point
from deploy.demo.households import Door

DISTRICT = "areas/650203"
STREET = "areas/650203002"
COMMUNITY = "areas/650203002003"
NEIGHBOUR_COMMUNITY = "areas/650203002005"

GROUND = Ground((45.5942, 84.8672), 7)

_FLOORS, _FLATS_PER_FLOOR = 6, 2
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
        return GROUND.plot(self.east, self.north, width, _HEAD + rows * _ROW)

    @property
    def yard(self) -> Plot:
        """The strip inside the gate, in front of the first row."""
        return GROUND.plot(self.east + 4, self.north + 2, self.plot.width - 8, _HEAD - 4)


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
    def entrances(self) -> list["Entrance"]:
        return [Entrance(self, number) for number in range(1, self.compound.entrances + 1)]


@dataclass(frozen=True, slots=True)
class Entrance:
    """One stairwell 单元: two flats on each floor, whose neighbours have a household-group head 联户长."""

    building: Building
    number: int

    @property
    def key(self) -> str:
        return f"{self.building.key}/{self.number}"

    @property
    def name(self) -> str:
        return f"{self.number}单元"

    @property
    def door(self) -> Point:
        """Where one walks in, at the front of the building."""
        return self.building.plot.at((self.number - 0.5) / self.building.compound.entrances, 0.1)

    @property
    def flats(self) -> list[str]:
        """Numbers as they stand on the doors: floor, then left or right."""
        return [f"{floor}0{side}" for floor in range(1, _FLOORS + 1) for side in range(1, _FLATS_PER_FLOOR + 1)]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place outside the compounds that everybody knows by name, and the number of its grid."""

    name: str
    point: Point
    grid: int


def grid_key(number: int) -> str:
    """The key of one of the community's four grids."""
    return f"{COMMUNITY}{number:03}"


COMPOUNDS: tuple[Compound, ...] = (
    Compound(f"{COMMUNITY}/huyang", grid_key(1), "胡杨小区", 30, 330, 6, 2, 4),
    Compound(f"{COMMUNITY}/xincun", grid_key(2), "长征新村", 420, 320, 8, 2, 4),
    Compound(f"{COMMUNITY}/jiayuan", grid_key(3), "油城家园", 30, 60, 6, 2, 3),
    Compound(f"{COMMUNITY}/caiyou", grid_key(4), "采油楼院", 415, 60, 2, 1, 3),
    Compound(f"{COMMUNITY}/shazao", grid_key(4), "沙枣苑", 545, 60, 4, 2, 3),
)
NEIGHBOUR_COMPOUNDS: tuple[Compound, ...] = (
    Compound(f"{NEIGHBOUR_COMMUNITY}/chaoyangli", f"{NEIGHBOUR_COMMUNITY}001", "朝阳里", 850, 60, 2, 2, 3),
)

SPOTS: dict[str, Spot] = {
    "school_gate": Spot("红柳小学门口", GROUND.place(290, 455), 1),
    "square": Spot("社区小广场", GROUND.place(110, 520), 1),
    "centre": Spot("社区便民服务大厅门前", GROUND.place(275, 320), 1),
    "market": Spot("长征菜市场门口", GROUND.place(690, 430), 2),
    "bus_stop": Spot("长征路公交站", GROUND.place(560, 300), 2),
    "fitness": Spot("油城家园南侧健身场", GROUND.place(120, 30), 3),
    "clinic": Spot("长征卫生服务站门口", GROUND.place(300, 215), 3),
    "corner": Spot("长征路与胡杨巷路口", GROUND.place(340, 255), 3),
    "alley": Spot("采油巷", GROUND.place(640, 220), 4),
    "bank": Spot("油城银行门前", GROUND.place(445, 240), 4),
}


def _stands(compound: Compound, number: int) -> Building:
    row, column = divmod(number - 1, compound.columns)
    east = compound.east + _GAP + column * (_WIDTH + _GAP)
    plot = GROUND.plot(east, compound.north + _HEAD + row * _ROW, _WIDTH, _DEPTH)
    return Building(f"{compound.key}/{number}", compound, number, plot)


def _all_buildings(compounds: tuple[Compound, ...]) -> tuple[Building, ...]:
    return tuple(_stands(c, number) for c in compounds for number in range(1, c.buildings + 1))


BUILDINGS: tuple[Building, ...] = _all_buildings(COMPOUNDS)
NEIGHBOUR_BUILDINGS: tuple[Building, ...] = _all_buildings(NEIGHBOUR_COMPOUNDS)


def doors(buildings: tuple[Building, ...]) -> tuple[Door, ...]:
    """Every flat of the buildings, as it opens to its stairwell."""
    return tuple(Door(e.key, flat) for building in buildings for e in building.entrances for flat in e.flats)
