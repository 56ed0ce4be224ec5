"""Why no point of Pingshan's files is used, and the report of those that there are.

- They are one per community, written at each of its events: not where anything happened, and less than its
area says.
- Their datum is not known. WGS-84 and GCJ-02 lie some 500 m apart there, which is another compound.
- At least one lies in another district altogether (measured against the middle of the others).

They are no use as centres of the communities either. Only a few communities have one, and where most have
none, "the nearest centre" draws in what belongs to the neighbours.

An event that repeats the point of a community in `community.csv` is not reported again; the line there
stands for all of them. A point of an event's own is.
"""

import math
from dataclasses import dataclass
from statistics import median

from deploy.imports.report import Effect, Problem
from deploy.imports.tables import Row

#: A point farther than this from the middle of all others cannot lie in the district, which is smaller.
_FAR_KM = 25.0
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Point:
    """Latitude and longitude as written."""

    lat: float
    lon: float

    def kilometres_to(self, other: "Point") -> float:
        """Good enough within a city: a degree of longitude shrinks with the cosine of the latitude."""
        north = (self.lat - other.lat) * _KM_PER_DEGREE
        east = (self.lon - other.lon) * _KM_PER_DEGREE * math.cos(math.radians(other.lat))
        return math.hypot(north, east)


_NONE = Point(0.0, 0.0)


class Points:
    """The points of `community.csv`, each with its problem."""

    def __init__(self, listed: list[Row]) -> None:
        written = [(row, _point(row, "long", "lat")) for row in listed]
        given = [(row, point) for row, point in written if point != _NONE]
        self._known = frozenset(point for _, point in given if point is not None)
        self.problems = [self._useless(row, point) for row, point in given]

    def own_point(self, row: Row) -> list[Problem]:
        """The problem of an event with a point that is not that of a community."""
        point = _point(row, "lon", "lat")
        if point is None:
            return [_unused(row, "lon", "不是数字", "not a number")]
        if point == _NONE or point in self._known:
            return []
        return [_unused(row, "lon", "坐标系不明", "of unknown datum")]

    def _useless(self, row: Row, point: Point | None) -> Problem:
        if point is None:
            return _unused(row, "long", "不是数字", "not a number")
        middle = Point(median(known.lat for known in self._known), median(known.lon for known in self._known))
        away = point.kilometres_to(middle)
        if away > _FAR_KM:
            return _unused(row, "long", f"距其他社区约 {away:.0f} 公里", f"{away:.0f} km from the other communities")
        return _unused(row, "long", "全社区同一点，坐标系不明", "one for the whole community, of unknown datum")


def _point(row: Row, longitude: str, latitude: str) -> Point | None:
    """As written, (0, 0) where there is none, None where it is no pair of numbers."""
    try:
        point = Point(float(row[latitude] or 0), float(row[longitude] or 0))
    except ValueError:
        return None
    return point if math.isfinite(point.lat) and math.isfinite(point.lon) else None


def _unused(row: Row, column: str, why_zh: str, why_en: str) -> Problem:
    return row.problem(column, f"坐标不用：{why_zh}", f"the point is not used: {why_en}", Effect.NO_POINT)
