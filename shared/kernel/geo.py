"""Coordinates. Stored as WGS-84; Chinese phones and maps speak GCJ-02, a deliberately bent WGS-84.

The bend is a published approximation (no official formula exists): a quartic-like polynomial with sines on the
Krasovsky 1940 ellipsoid, applied inside China only. Its inverse has no closed form; a fixed-point iteration of
three steps is within a millimetre (one step is up to 4.4 m off).
"""

from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from typing import Literal

CoordSys = Literal["gcj02", "wgs84"]

_SEMI_MAJOR_AXIS = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS-84 degrees."""

    lat: float
    lon: float


def to_wgs84(lat: float, lon: float, coord_sys: CoordSys) -> Point:
    """The place that was named in `coord_sys`, in WGS-84."""
    if coord_sys == "wgs84":
        return Point(lat, lon)
    guess = Point(lat, lon)
    for _ in range(3):
        bent = to_gcj02(guess)
        guess = Point(guess.lat + lat - bent.lat, guess.lon + lon - bent.lon)
    return guess


def to_gcj02(point: Point) -> Point:
    """The same place as Chinese maps draw it."""
    if not _in_china(point):
        return point
    x, y = point.lon - 105.0, point.lat - 35.0
    phi = radians(point.lat)
    curvature = 1 - _ECCENTRICITY_SQUARED * sin(phi) ** 2
    meridian = _SEMI_MAJOR_AXIS * (1 - _ECCENTRICITY_SQUARED) / (curvature * sqrt(curvature))
    parallel = _SEMI_MAJOR_AXIS / sqrt(curvature) * cos(phi)
    return Point(
        point.lat + _bend_lat(x, y) * 180.0 / (meridian * pi),
        point.lon + _bend_lon(x, y) * 180.0 / (parallel * pi),
    )


def convert(point: Point, out: CoordSys) -> Point:
    """The place in the system that the client asked for."""
    return to_gcj02(point) if out == "gcj02" else point


def _in_china(point: Point) -> bool:
    return 0.8293 <= point.lat <= 55.8271 and 72.004 <= point.lon <= 137.8347


def _waves(value: float, *weights: tuple[float, float]) -> float:
    return sum(weight * sin(value * pi / length) for weight, length in weights) * 2.0 / 3.0


def _bend_lat(x: float, y: float) -> float:
    bend = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    bend += _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    bend += _waves(y, (20.0, 1.0), (40.0, 3.0))
    return bend + _waves(y, (160.0, 12.0), (320.0, 30.0))


def _bend_lon(x: float, y: float) -> float:
    bend = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    bend += _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    bend += _waves(x, (20.0, 1.0), (40.0, 3.0))
    return bend + _waves(x, (150.0, 12.0), (300.0, 30.0))
