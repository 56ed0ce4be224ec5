"""Boundaries: what makes a ring of (lat, lon) points an area's edge.

PostgreSQL's polygon takes anything, also a bow-tie or two points, and then answers "inside" by accident; so a ring is
checked before it gets there. Closed as in GeoJSON (RFC 7946, 3.1.6): the first point is repeated last.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite

Corner = tuple[float, float]
_Edge = tuple[Corner, Corner]
#: South, west, north, east in degrees.
Bounds = tuple[float, float, float, float]
#: Degrees (some ten metres) by which an outline may leave that of its parent: surveys never meet exactly.
_SLACK = 0.0001


def on_earth(lat: float, lon: float) -> bool:
    """Whether these are degrees at all."""
    return isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180


#: The degrees between which China lies; a latitude there is never a longitude there.
_CHINA_LAT, _CHINA_LON = (3.0, 54.0), (73.0, 136.0)


def swapped(lat: float, lon: float) -> bool:
    """Whether these lie in China only the other way round."""
    return _CHINA_LAT[0] <= lon <= _CHINA_LAT[1] and _CHINA_LON[0] <= lat <= _CHINA_LON[1]


def is_closed(ring: Sequence[Corner]) -> bool:
    return len(ring) > 1 and ring[0] == ring[-1]


def encloses(ring: Sequence[Corner]) -> bool:
    """Whether a closed ring that does not cross itself has an inside: not all of its corners are on one line."""
    doubled = sum(a[1] * b[0] - b[1] * a[0] for a, b in pairwise(ring))
    return doubled != 0


def crosses_itself(ring: Sequence[Corner]) -> bool:
    """Whether two edges that are no neighbours meet. Sweeps from west to east, so only close edges are compared."""
    corners = [c for i, c in enumerate(ring) if i == 0 or c != ring[i - 1]]
    count = len(corners) - 1
    edges = sorted(range(count), key=lambda i: min(corners[i][1], corners[i + 1][1]))
    near: list[int] = []
    for new in edges:
        edge = (corners[new], corners[new + 1])
        west = min(edge[0][1], edge[1][1])
        near = [i for i in near if max(corners[i][1], corners[i + 1][1]) >= west]
        for old in near:
            neighbours = (new - old) % count in (1, count - 1)
            if not neighbours and _meet(edge, (corners[old], corners[old + 1])):
                return True
        near.append(new)
    return False


def _meet(one: _Edge, other: _Edge) -> bool:
    """Whether two edges share a point."""
    a, b = one
    c, d = other
    sides = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if sides[0] != sides[1] and sides[2] != sides[3]:
        return True
    return any(
        side == 0 and _within(edge, point)
        for side, edge, point in zip(sides, (one, one, other, other), (c, d, a, b), strict=True)
    )


def _side(a: Corner, b: Corner, point: Corner) -> int:
    """On which side of the line a–b the point lies: -1, 0 (on it), 1."""
    turn = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
    return (turn > 0) - (turn < 0)


def _within(edge: _Edge, point: Corner) -> bool:
    """Whether a point on the edge's line lies between its ends."""
    (a, b) = edge
    return all(min(a[i], b[i]) <= point[i] <= max(a[i], b[i]) for i in (0, 1))


def bounds_of(rings: Sequence[Sequence[Corner]]) -> Bounds:
    """The smallest box around all of the rings."""
    lats = [lat for ring in rings for lat, _ in ring]
    lons = [lon for ring in rings for _, lon in ring]
    return min(lats), min(lons), max(lats), max(lons)


def lies_inside(own: Bounds, around: Bounds) -> bool:
    """Whether the one box lies in the other, but for some metres."""
    south, west, north, east = around
    return own[0] >= south - _SLACK and own[1] >= west - _SLACK and own[2] <= north + _SLACK and own[3] <= east + _SLACK
