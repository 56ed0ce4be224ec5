"""domain/walking: distances on the ground, through the Earth, and on foot."""

from itertools import product
from math import asin, cos, dist, radians, sin, sqrt

import pytest

from services.directory.domain.walking import CIRCLE_RADIUS, Walk, along, in_space, through
from shared.kernel.geo import Point


def haversine(a: Point, b: Point) -> float:
    """The way along a sphere by another formula, in metres."""
    lat1, lon1, lat2, lon2 = (radians(x) for x in (a.lat, a.lon, b.lat, b.lon))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * asin(sqrt(h))


def _place(point: Point) -> list[float]:
    return [float(part) for part in in_space(point).strip("()").split(",")]


@pytest.mark.parametrize("lat", [0.0, 22.5, 45.59, 53.5])
def test_the_straight_line_through_the_earth_tells_the_way_along_it(lat: float) -> None:
    here = Point(lat, 84.87)
    for north, east in product((-0.05, 0.0, 0.002), (-0.05, 0.001, 0.03)):
        there = Point(lat + north, 84.87 + east)
        assert along(dist(_place(here), _place(there))) == pytest.approx(haversine(here, there), abs=0.01)


def test_what_is_nearer_in_degrees_may_be_farther_on_foot() -> None:
    here, east, north = Point(45.59, 84.87), Point(45.59, 84.880), Point(45.598, 84.87)
    assert haversine(here, east) < haversine(here, north)  # 780 m, 890 m
    assert dist(_place(here), _place(east)) < dist(_place(here), _place(north))


def test_there_and_back() -> None:
    for metres in (0.0, 1.0, 960.0, 20_000.0):
        assert along(through(metres)) == pytest.approx(metres, abs=0.001)


def test_the_walk_is_a_quarter_longer_at_eighty_metres_a_minute() -> None:
    assert Walk.over(0) == Walk(0, 0)
    assert Walk.over(1) == Walk(0, 1)
    assert Walk.over(352) == Walk(440, 6)
    assert Walk.over(CIRCLE_RADIUS) == Walk(1200, 15)
    assert Walk.over(CIRCLE_RADIUS + 0.1).minutes == 16
