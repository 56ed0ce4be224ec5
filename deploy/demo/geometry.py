"""The demo's ground: plans are drawn in metres (east, north) and become WGS-84 points, (lat, lon).

One straight map for everything of a place keeps what touches on the plan touching on the globe, up to the rounding of
a decimetre. Good for some kilometres around the origin, which is all that the demo needs.
"""

from dataclasses import dataclass
from math import cos, radians, sin

Point = tuple[float, float]
Ring = tuple[Point, ...]

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a plan lies: its south-western corner, and by how many degrees its streets are turned from north."""

    origin: Point
    turned: float

    def place(self, east: float, north: float) -> Point:
        """The point that lies so many metres along and across the streets from the corner."""
        lat, lon = self.origin
        turn = radians(self.turned)
        x = east * cos(turn) - north * sin(turn)
        y = east * sin(turn) + north * cos(turn)
        return (
            round(lat + y / _METRES_PER_DEGREE, 6),
            round(lon + x / (_METRES_PER_DEGREE * cos(radians(lat))), 6),
        )

    def ring(self, *corners: Point) -> Ring:
        """The closed ring through plan points (east, north)."""
        return tuple(self.place(*corner) for corner in (*corners, corners[0]))

    def plot(self, east: float, north: float, width: float, depth: float) -> "Plot":
        """A rectangle on the plan."""
        return Plot(self, east, north, width, depth)


@dataclass(frozen=True, slots=True)
class Plot:
    """A rectangle on the plan: south-western corner, width and depth in metres."""

    ground: Ground
    east: float
    north: float
    width: float
    depth: float

    @property
    def ring(self) -> Ring:
        """Its closed outline."""
        right, top = self.east + self.width, self.north + self.depth
        return self.ground.ring((self.east, self.north), (right, self.north), (right, top), (self.east, top))

    @property
    def centre(self) -> Point:
        return self.at(0.5, 0.5)

    def at(self, across: float, up: float) -> Point:
        """The point at these shares (0 to 1) of its width and depth."""
        return self.ground.place(self.east + self.width * across, self.north + self.depth * up)
