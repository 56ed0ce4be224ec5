"""Where a situation is set: a point in the community, somebody who lives near, the words for its slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from deploy.demo.chance import between, pick
from deploy.demo.changzheng.areas import BUILDINGS, COMMUNITY, COMPOUNDS, SPOTS, Building
from deploy.demo.changzheng.cast import CAST_KEYS, person_key
from deploy.demo.changzheng.people import age, register_everybody
from deploy.demo.changzheng.year.situations import Where
from deploy.demo.geometry import Point

_FLOORS = ("三楼", "四楼", "五楼", "六楼")
_DAYS = ("两天", "三天", "四五天", "快一个星期", "十来天")
_MORNINGS = ("一大早", "清早", "早上七点多")
_EVENINGS = ("晚上九点多", "晚上十点", "夜里十一点")
#: A step through the buildings that visits them all before it comes back (no divisor of their number).
_STRIDE = 5
_REPORT_FROM_AGE = 14


@dataclass(frozen=True, slots=True)
class Scene:
    """What a telling needs of a place."""

    place: Point
    reporter_key: str
    words: dict[str, str]


@cache
def _residents() -> dict[str, tuple[str, ...]]:
    """Who of each building of the community is old enough to report something."""
    homes: dict[str, list[str]] = {}
    for person in register_everybody().people:
        if person.tenant_key == COMMUNITY and person.home_key is not None and age(person) >= _REPORT_FROM_AGE:
            homes.setdefault(_building_of(person.home_key), []).append(person.key)
    return {home: tuple(keys) for home, keys in homes.items()}


def _building_of(entrance_key: str) -> str:
    return entrance_key.rsplit("/", 1)[0]


@cache
def _home_of(person: str) -> Building:
    return next(b for b in BUILDINGS if person in _residents()[b.key])


def _reporter(buildings: Sequence[Building], cast: str | None, *label: object) -> str:
    if cast is not None:
        return person_key(cast)
    near = [key for building in buildings for key in _residents()[building.key] if key not in CAST_KEYS]
    return pick(near, "reporter", *label)


def _in_building(visit: int, cast: str | None, words: dict[str, str], label: str) -> Scene:
    first = pick(range(len(BUILDINGS)), "building", label)
    building = BUILDINGS[(first + visit * _STRIDE) % len(BUILDINGS)]
    if cast is not None:
        building = _home_of(person_key(cast))
    words |= {
        "place": building.full_name,
        "compound": building.compound.name,
        "building": building.name,
        "entrance": f"{pick(range(1, building.compound.entrances + 1), 'entrance', label, visit)}单元",
    }
    across, up = between(0.1, 0.9, "across", label, visit), between(0.15, 0.85, "up", label, visit)
    return Scene(building.plot.at(across, up), _reporter([building], cast, label, visit), words)


def _in_yard(visit: int, cast: str | None, words: dict[str, str], label: str) -> Scene:
    first = pick(range(len(COMPOUNDS)), "compound", label)
    compound = COMPOUNDS[(first + visit) % len(COMPOUNDS)]
    if cast is not None:
        compound = _home_of(person_key(cast)).compound
    near = [b for b in BUILDINGS if b.compound == compound]
    words |= {"place": f"{compound.name}院里", "compound": compound.name}
    point = compound.yard.at(between(0, 1, "across", label, visit), between(0, 1, "up", label, visit))
    return Scene(point, _reporter(near, cast, label, visit), words)


def _in_street(spots: tuple[str, ...], visit: int, cast: str | None, words: dict[str, str], label: str) -> Scene:
    first = pick(range(len(spots)), "spot", label)
    spot = SPOTS[spots[(first + visit) % len(spots)]]
    words |= {"place": spot.name}
    return Scene(spot.point, _reporter(BUILDINGS, cast, label, visit), words)


def scene(where: Where, spots: tuple[str, ...], label: str, visit: int, cast: str | None = None) -> Scene:
    """The scene for the n-th visit to a situation; with somebody of the cast, it is set where they live."""
    words = {
        "floor": pick(_FLOORS, "floor", label, visit),
        "days": pick(_DAYS, "days", label, visit),
        "morning": pick(_MORNINGS, "morning", label, visit),
        "evening": pick(_EVENINGS, "evening", label, visit),
    }
    if where is Where.BUILDING:
        return _in_building(visit, cast, words, label)
    if where is Where.YARD:
        return _in_yard(visit, cast, words, label)
    return _in_street(spots, visit, cast, words, label)
