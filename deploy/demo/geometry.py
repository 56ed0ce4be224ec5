"""The demo's ground: plans are drawn in metres (east, north) and become WGS-84 points, (lat, lon).

One straight map for everything keeps what touches on the plan touching on the globe, up to the rounding of a
decimetre. Good for a few kilometres around the origin, which is all that the demo needs.
"""

from dataclasses import dataclass
from math import cos, radians, sin

Point = tuple[float, float]
Ring = tuple[Point, ...]

#: South-western corner of 长征社区, and how far its streets are turned from north.
_ORIGIN: Point = (45.5942, 84.8672)
_TURN = radians(7)
_METRES_PER_DEGREE = 111_320.0


def place(east: float, north: float) -> Point:
    """The point that lies so many metres along and across the community's streets from its corner."""
    lat, lon = _ORIGIN
    x = east * cos(_TURN) - north * sin(_TURN)
    y = east * sin(_TURN) + north * cos(_TURN)
    return (
        round(lat + y / _METRES_PER_DEGREE, 6),
        round(lon + x / (_METRES_PER_DEGREE * cos(radians(lat))), 6),
    )


def ring(*corners: Point) -> Ring:
    """The closed ring through plan points (east, north)."""
    return tuple(place(*corner) for corner in (*corners, corners[0]))


@dataclass(frozen=True, slots=True)
class Plot:
    """A rectangle on the plan: south-western corner, width and depth in metres."""

    east: float
    north: float
    width: float
    depth: float

    @property
    def ring(self) -> Ring:
        """Its closed outline."""
        right, top = self.east + self.width, self.north + self.depth
        return ring((self.east, self.north), (right, self.north), (right, top), (self.east, top))

    @property
    def centre(self) -> Point:
        return self.at(0.5, 0.5)

    def at(self, across: float, up: float) -> Point:
        """The point at these shares (0 to 1) of its width and depth."""
        return place(self.east + self.width * across, self.north + self.depth * up)
