"""How far it is on foot. An estimate: nobody has told Linli the streets, so the way is the straight line and a quarter.

15 minutes at 80 m a minute are 1,200 m of way, 960 m in a straight line. That is the step of the "fifteen-minute
neighbourhood" 十五分钟生活圈居住区 in GB 50180-2018 (table 3.0.4: 800–1,000 m), from which the factor is taken; 80 m a
minute is the pace of a grown-up without luggage, so the old take longer.

Distances are great circles on a sphere of the Earth's mean radius (IUGG), at most 0.6 % off. In the database a place is
a point in space, in metres from the Earth's middle: a straight line through the Earth grows with the way along it, so
an index over such points finds the nearest rightly at any latitude, which degrees do not: at 45° north a degree of
longitude is 0.7 of one of latitude.
"""

from dataclasses import dataclass
from math import asin, ceil, cos, radians, sin
from typing import Any

from shared.kernel.geo import Point

_EARTH_RADIUS = 6_371_008.8  # metres
DETOUR = 1.25
METRES_A_MINUTE = 80
CIRCLE_MINUTES = 15
#: How far the circle of 15 minutes reaches in a straight line, in metres.
CIRCLE_RADIUS = CIRCLE_MINUTES * METRES_A_MINUTE / DETOUR


def in_space(point: Point) -> str:
    """The place as PostgreSQL's `cube` reads it: "(x, y, z)" in metres."""
    lat, lon = radians(point.lat), radians(point.lon)
    x, y, z = cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)
    return f"({x * _EARTH_RADIUS!r}, {y * _EARTH_RADIUS!r}, {z * _EARTH_RADIUS!r})"


def along(chord: float) -> float:
    """The metres along the ground between two places that are `chord` metres apart through it."""
    return 2 * _EARTH_RADIUS * asin(min(1.0, chord / (2 * _EARTH_RADIUS)))


def through(metres: float) -> float:
    """The metres through the Earth between two places that are so far apart along the ground."""
    return 2 * _EARTH_RADIUS * sin(metres / (2 * _EARTH_RADIUS))


@dataclass(frozen=True, slots=True)
class Walk:
    """The way on foot, estimated: metres to the nearest ten, minutes rounded up."""

    metres: int
    minutes: int

    @classmethod
    def over(cls, metres: float) -> "Walk":
        """The walk over a distance in a straight line."""
        way = metres * DETOUR
        return cls(round(way / 10) * 10, ceil(way / METRES_A_MINUTE - 1e-6))

    def told(self) -> dict[str, Any]:
        return {"metres": self.metres, "minutes": self.minutes, "estimated": True}
