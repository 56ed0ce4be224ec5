"""Coordinates between WGS-84 and GCJ-02."""

from math import cos, hypot, radians

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.geo import Point, to_gcj02, to_wgs84

IN_CHINA = st.builds(Point, st.floats(18, 53), st.floats(74, 134))


def metres(a: Point, b: Point) -> float:
    return hypot((a.lat - b.lat) * 111_320, (a.lon - b.lon) * 111_320 * cos(radians(a.lat)))


@given(IN_CHINA)
def test_there_and_back_is_within_a_millimetre(point: Point) -> None:
    bent = to_gcj02(point)
    assert metres(point, to_wgs84(bent.lat, bent.lon, "gcj02")) < 0.001


@given(IN_CHINA)
def test_the_bend_is_less_than_a_kilometre(point: Point) -> None:
    assert metres(point, to_gcj02(point)) < 1_000


def test_a_known_place() -> None:
    # Tiananmen: the shift that Chinese maps show there.
    bent = to_gcj02(Point(39.9087, 116.3975))
    assert metres(bent, Point(39.910103, 116.403744)) < 0.5


def test_outside_china_nothing_is_bent() -> None:
    paris = Point(48.8566, 2.3522)
    assert to_gcj02(paris) == paris
    assert to_wgs84(paris.lat, paris.lon, "gcj02") == paris
