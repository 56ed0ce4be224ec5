"""Plane geometry for tests that look at shapes: a point in a ring, rings beside each other, and an area's way up."""

from itertools import pairwise

from services.directory.domain.seed import AreaSeed

Point = tuple[float, float]
Ring = tuple[Point, ...]

#: About a decimetre: what rounding to six decimals may move.
ROUNDING = 2e-6


def outline(area: AreaSeed) -> Ring:
    (ring,) = area.polygons
    return ring


def doubled_area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)))


def inside(point: Point, ring: Ring) -> bool:
    """Whether a ray from the point to the east crosses the ring an odd number of times."""
    lat, lon = point
    crossings = 0
    for (lat1, lon1), (lat2, lon2) in pairwise(ring):
        if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) * (lon2 - lon1) / (lat2 - lat1):
            crossings += 1
    return crossings % 2 == 1


def shrunk(ring: Ring) -> list[Point]:
    """The ring's corners, drawn to its middle by a decimetre or so, so that shared borders do not count."""
    corners = ring[:-1]
    middle = (sum(p[0] for p in corners) / len(corners), sum(p[1] for p in corners) / len(corners))
    pulled = []
    for corner in corners:
        reach = max(abs(middle[0] - corner[0]), abs(middle[1] - corner[1]))
        pull = min(1.0, 2 * ROUNDING / reach)
        pulled.append((corner[0] + (middle[0] - corner[0]) * pull, corner[1] + (middle[1] - corner[1]) * pull))
    return pulled


def crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the two stretches cross in their middles."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def apart(one: Ring, other: Ring) -> bool:
    first, second = shrunk(one), shrunk(other)
    if any(inside(p, other) for p in first) or any(inside(p, one) for p in second):
        return False
    edges = list(pairwise([*second, second[0]]))
    return not any(crosses(a, b, c, d) for a, b in pairwise([*first, first[0]]) for c, d in edges)


def path(areas: dict[str, AreaSeed], key: str | None) -> list[str]:
    found = []
    while key is not None:
        found.append(key)
        key = areas[key].parent_key
    return found
