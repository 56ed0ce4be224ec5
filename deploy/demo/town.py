"""Draws a place that is told as a tree: what lies in what, and how its houses are built.

Everything becomes a rectangle. From the leaves up each area gets the size that its parts need, in rows as streets have
them; from the top down each gets its place. Grids and what stands above them leave no gap between each other, so that
every point of a community lies in one of them; compounds and buildings stand apart, as they do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from deploy.demo.geometry import Ground, Plot, Point, Ring
from deploy.demo.households import Door
from services.directory.domain.seed import AreaSeed

#: A centre, and an outline where there is one.
_Shape = tuple[Point, tuple[Ring, ...]]

#: Kinds that fill what they lie in, without a gap.
_TILES = frozenset({"street", "community", "residents_group", "grid", "building_group"})
#: Metres that an area of the kind leaves free inside its edge, and between its neighbours: (aside, in front).
_EDGE = {"district": 1500.0, "residents_group": 12.0, "grid": 12.0, "compound": 14.0, "building_group": 4.0}
_APART = {"compound": (16.0, 16.0), "building": (14.0, 32.0)}
_ENTRANCE_WIDTH, _HOUSE_DEPTH = 24.0, 14.0
#: A row is so much longer than as many rows are deep.
_STRETCHED = 1.15


@dataclass(frozen=True, slots=True)
class House:
    """How a building is built: floors, entrances, and flats on each floor of an entrance."""

    floors: int
    entrances: int = 3
    flats: int = 2

    def numbers(self, floor: int) -> tuple[str, ...]:
        """The flats of one floor of one entrance, as they stand on the doors."""
        return tuple(f"{floor}{side:02}" for side in range(1, self.flats + 1))


@dataclass(frozen=True, slots=True)
class Site:
    """An area and what lies in it. `flats` open right from it; `house` says how a building is built."""

    key: str
    kind: str
    name: str
    below: tuple["Site", ...] = ()
    code: str | None = None
    flats: tuple[str, ...] = ()
    house: House | None = None

    def all(self) -> Iterator["Site"]:
        """Itself and everything in it, parents before children."""
        yield self
        for site in self.below:
            yield from site.all()

    def of(self, kind: str) -> list["Site"]:
        """All in it of a kind."""
        return [site for site in self.all() if site.kind == kind]

    def doors(self) -> tuple[Door, ...]:
        """Every flat in it."""
        return tuple(Door(site.key, flat) for site in self.all() for flat in site.flats)


def building(key: str, name: str, house: House, parts: str | None = None) -> Site:
    """A building whose flats open to its entrances or floors (`parts`), or, with neither, to itself."""
    floors, entrances = range(1, house.floors + 1), range(1, house.entrances + 1)
    below: tuple[Site, ...] = ()
    flats: tuple[str, ...] = ()
    if parts == "entrance":
        numbers = tuple(number for floor in floors for number in house.numbers(floor))
        below = tuple(Site(f"{key}/{n}", parts, f"{n}单元", flats=numbers) for n in entrances)
    elif parts == "floor":
        below = tuple(
            Site(
                f"{key}/{n}",
                parts,
                f"{n}层",
                flats=tuple(f"{e}-{number}" for e in entrances for number in house.numbers(n)),
            )
            for n in floors
        )
    else:
        flats = tuple(f"{e}-{number}" for e in entrances for floor in floors for number in house.numbers(floor))
    return Site(key, "building", name, below, flats=flats, house=house)


def area_seeds(root: Site, ground: Ground, people: Mapping[str, int] | None = None) -> list[AreaSeed]:
    """The areas of the whole place, parents before children; the root has no parent.

    Households are counted from the flats; residents from `people`, the number at home in each entrance, floor or
    building, where the register has everybody.
    """
    drawing = _Drawing(root)
    shapes = dict(drawing.placed(ground.plot(0, 0, drawing.width, drawing.depth)))
    return list(_seeds(root, None, shapes, people))


def _seeds(
    site: Site, parent: Site | None, shapes: Mapping[str, _Shape], people: Mapping[str, int] | None
) -> Iterator[AreaSeed]:
    above = parent.key if parent else None
    centre, outline = shapes[site.key]
    households = sum(len(part.flats) for part in site.all())
    residents = sum(people.get(part.key, 0) for part in site.all()) if people is not None else None
    yield AreaSeed(site.key, above, site.kind, site.name, site.code, centre, outline, households, residents)
    for part in site.below:
        yield from _seeds(part, site, shapes, people)


def _parts(house: Site, plot: Plot) -> Iterator[tuple[str, _Shape]]:
    """Where an entrance is walked in, at the front of the building; floors lie above each other.

    Neither has an outline: nobody can tell from a point in which stairwell or how high a neighbour stands.
    """
    for number, part in enumerate(house.below):
        centre = plot.centre if part.kind == "floor" else plot.at((number + 0.5) / len(house.below), 0.1)
        yield part.key, (centre, ())


class _Drawing:
    """One area as it is drawn: the size that it needs, and its parts in rows."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.edge = _EDGE.get(site.kind, 0.0)
        self.rows: list[list[_Drawing]] = []
        if site.house:
            self.width, self.depth = site.house.entrances * _ENTRANCE_WIDTH, _HOUSE_DEPTH
            return
        self.tiled = site.below[0].kind in _TILES
        self.aside, self.ahead = _APART.get(site.below[0].kind, (0.0, 0.0))
        self.rows = self._in_rows([_Drawing(part) for part in site.below])
        self.width = max(map(self._length, self.rows)) - self.aside + 2 * self.edge
        self.depth = sum(map(self._reach, self.rows)) - self.ahead + 2 * self.edge

    def _in_rows(self, parts: list["_Drawing"]) -> list[list["_Drawing"]]:
        """As many rows as make the whole about as deep as it is wide, of about the same length."""
        total = self._length(parts)
        count = max(1, round(total / sqrt(sum(self._length([p]) * self._reach([p]) for p in parts)) / _STRETCHED))
        rows: list[list[_Drawing]] = [[] for _ in range(count)]
        before = 0.0
        for part in parts:
            length = self._length([part])
            rows[int((before + length / 2) / total * count)].append(part)
            before += length
        return [row for row in rows if row]

    def _length(self, row: list["_Drawing"]) -> float:
        return sum(part.width + self.aside for part in row)

    def _reach(self, row: list["_Drawing"]) -> float:
        return max(part.depth for part in row) + self.ahead

    def placed(self, plot: Plot) -> Iterator[tuple[str, _Shape]]:
        """Itself on this plot, which is at least as large as it needs, and its parts on theirs."""
        yield self.site.key, (plot.centre, (plot.ring,))
        if not self.rows:
            yield from _parts(self.site, plot)
            return
        over, up = plot.width - 2 * self.edge + self.aside, plot.depth - 2 * self.edge + self.ahead
        norths = _spread([self._reach(row) for row in self.rows], plot.north + self.edge, up)
        for row, (north, top) in zip(self.rows, pairwise(norths), strict=True):
            easts = _spread([self._length([part]) for part in row], plot.east + self.edge, over)
            for part, (east, right) in zip(row, pairwise(easts), strict=True):
                size = (right - east, top - north) if self.tiled else (part.width, part.depth)
                yield from part.placed(plot.ground.plot(east, north, *size))


def _spread(lengths: list[float], start: float, over: float) -> list[float]:
    """Where each of the lengths begins and the last ends, when together they are spread over so many metres."""
    scale, at = over / sum(lengths), [start]
    for length in lengths:
        at.append(at[-1] + length * scale)
    return at
