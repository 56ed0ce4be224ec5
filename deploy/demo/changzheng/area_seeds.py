"""The areas of the demo as the directory gets them: 长征社区 and its neighbour, what is above and what is inside.

What the register says of an area, households and residents, is counted from the households.
"""

from deploy.demo.changzheng.areas import (
    BUILDINGS,
    COMMUNITY,
    COMPOUNDS,
    DISTRICT,
    GROUND,
    NEIGHBOUR_BUILDINGS,
    NEIGHBOUR_COMMUNITY,
    NEIGHBOUR_COMPOUNDS,
    STREET,
    Building,
    doors,
    grid_key,
)
from deploy.demo.changzheng.cast import NAMED
from deploy.demo.geometry import Point, Ring
from deploy.demo.households import counted, residents
from deploy.demo.names import KARAMAY
from services.directory.domain.seed import AreaSeed

# Grid corners on the plan: the streets between them are not quite straight.
_SW, _S, _SE = (0.0, 0.0), (385.0, -8.0), (770.0, 0.0)
_W, _MID, _E = (4.0, 285.0), (392.0, 278.0), (766.0, 290.0)
_NW, _N, _NE = (0.0, 560.0), (380.0, 568.0), (772.0, 560.0)
_GRIDS: tuple[tuple[str, Ring, Point], ...] = (
    ("第一网格", GROUND.ring(_W, _MID, _N, _NW), GROUND.place(195, 425)),
    ("第二网格", GROUND.ring(_MID, _E, _NE, _N), GROUND.place(580, 425)),
    ("第三网格", GROUND.ring(_SW, _S, _MID, _W), GROUND.place(195, 140)),
    ("第四网格", GROUND.ring(_S, _SE, _E, _MID), GROUND.place(580, 140)),
)

_PEOPLE = counted(residents(doors(BUILDINGS), KARAMAY, NAMED))
_PEOPLE += counted(residents(doors(NEIGHBOUR_BUILDINGS), KARAMAY, NAMED))


def _flats(building: Building) -> int:
    return sum(len(entrance.flats) for entrance in building.entrances)


def _living(building: Building) -> int:
    return sum(_PEOPLE[entrance.key] for entrance in building.entrances)


def _area(key: str, parent: str | None, kind: str, name: str, outline: Ring, centre: Point) -> AreaSeed:
    """An area above the buildings; the register counts what stands in it."""
    inside = [
        building
        for building in BUILDINGS + NEIGHBOUR_BUILDINGS
        if building.compound.grid_key == key or building.key.startswith(f"{key}/")
    ]
    households, people = (sum(map(_flats, inside)), sum(map(_living, inside))) if inside else (None, None)
    code = key.removeprefix("areas/")
    return AreaSeed(key, parent, kind, name, code if code.isdigit() else None, centre, (outline,), households, people)


def _building_areas(building: Building) -> list[AreaSeed]:
    """The building and its entrances.

    Entrances have no outline: nobody can tell from a point in which stairwell a neighbour stands.
    """
    plot, people = building.plot, _living(building)
    house = AreaSeed(
        building.key, building.compound.key, "building", building.name, None, plot.centre, (plot.ring,),
        _flats(building), people,
    )  # fmt: skip
    entrances = [
        AreaSeed(e.key, building.key, "entrance", e.name, None, e.door, (), len(e.flats), _PEOPLE[e.key])
        for e in building.entrances
    ]
    return [house, *entrances]


def _community(key: str, name: str, outline: Ring, centre: Point) -> AreaSeed:
    return _area(key, STREET, "community", name, outline, centre)


def area_seeds() -> list[AreaSeed]:
    """Every area, parents before children. The district's and the street's outlines are rough."""
    district = ((45.35, 84.55), (45.35, 85.15), (45.6, 85.3), (45.85, 85.1), (45.85, 84.55), (45.35, 84.55))
    street = GROUND.plot(-180, -160, 1500, 900)
    neighbour = GROUND.plot(810, 20, 260, 230)
    areas = [
        _area(DISTRICT, None, "district", "克拉玛依区", district, (45.6, 84.87)),
        _area(STREET, DISTRICT, "street", "胜利路街道", street.ring, street.centre),
        _community(COMMUNITY, "长征社区", GROUND.ring(_SW, _S, _SE, _E, _NE, _N, _NW, _W), GROUND.place(390, 282)),
        _community(NEIGHBOUR_COMMUNITY, "朝阳社区", neighbour.ring, neighbour.centre),
    ]
    for number, (name, outline, centre) in enumerate(_GRIDS, start=1):
        areas.append(_area(grid_key(number), COMMUNITY, "grid", name, outline, centre))
    only_grid = f"{NEIGHBOUR_COMMUNITY}001"
    areas.append(_area(only_grid, NEIGHBOUR_COMMUNITY, "grid", "第一网格", neighbour.ring, neighbour.centre))
    for compound in COMPOUNDS + NEIGHBOUR_COMPOUNDS:
        plot = compound.plot
        areas.append(_area(compound.key, compound.grid_key, "compound", compound.name, plot.ring, plot.centre))
    for building in BUILDINGS + NEIGHBOUR_BUILDINGS:
        areas.extend(_building_areas(building))
    return areas
