"""domain/rings: what makes a ring of points an area's edge."""

from itertools import pairwise
from math import cos, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.rings import Corner, crosses_itself, encloses, is_closed, on_earth

SQUARE: list[Corner] = [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]


def test_a_square_is_an_edge() -> None:
    assert is_closed(SQUARE) and encloses(SQUARE) and not crosses_itself(SQUARE)


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (1, 1), (0, 1), (1, 0), (0, 0)],  # a bow-tie of two equal halves
        [(0, 0), (2, 2), (2, 0), (0, 1), (0, 0)],  # one of unequal halves
        [(0, 0), (0, 2), (2, 2), (2, 0), (0, 0), (0, -1), (-1, -1), (0, 0)],  # touches a corner again
        [(0, 0), (0, 4), (4, 4), (0, 2), (4, 0), (0, 0)],  # a corner on a far edge
    ],
)
def test_a_ring_that_meets_itself_is_none(ring: list[Corner]) -> None:
    assert crosses_itself(ring)


@pytest.mark.parametrize("ring", [[(0, 0), (1, 1), (0, 0)], [(0, 0), (1, 1), (2, 2), (0, 0)], [(1, 1), (1, 1)]])
def test_points_on_one_line_enclose_nothing(ring: list[Corner]) -> None:
    assert not encloses(ring)


def test_a_repeated_corner_is_no_crossing() -> None:
    assert not crosses_itself([(0, 0), (0, 1), (0, 1), (1, 1), (1, 0), (0, 0)])


@pytest.mark.parametrize("ring", [[], [(0, 0)], SQUARE[:-1]])
def test_an_open_ring_is_not_closed(ring: list[Corner]) -> None:
    assert not is_closed(ring)


@pytest.mark.parametrize("lat, lon", [(91, 0), (0, 181), (114, 22), (float("nan"), 0), (0, float("inf"))])
def test_what_is_no_degree_is_not_on_earth(lat: float, lon: float) -> None:
    assert not on_earth(lat, lon)


@given(st.lists(st.floats(0.5, 2), min_size=3, max_size=60))
def test_a_star_around_a_point_never_crosses_itself(lengths: list[float]) -> None:
    turns = [2 * pi * i / len(lengths) for i in range(len(lengths))]
    star = [(length * cos(turn), length * sin(turn)) for length, turn in zip(lengths, turns, strict=True)]
    ring = [*star, star[0]]
    assert encloses(ring) and not crosses_itself(ring)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=4, max_size=9, unique=True))
def test_the_sweep_finds_what_comparing_every_pair_finds(corners: list[tuple[int, int]]) -> None:
    ring = [(float(lat), float(lon)) for lat, lon in [*corners, corners[0]]]
    edges = list(pairwise(ring))
    far = (
        _touch(edges[i], edges[j])
        for i in range(len(edges))
        for j in range(i + 2, len(edges))
        if not (i == 0 and j == len(edges) - 1)
    )
    assert crosses_itself(ring) == any(far)


def _touch(one: tuple[Corner, Corner], other: tuple[Corner, Corner]) -> bool:
    """By solving for the meeting point, with whole numbers so that nothing is rounded."""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    rx, ry, sx, sy = bx - ax, by - ay, dx - cx, dy - cy
    span = rx * sy - ry * sx
    if span:
        t, u = ((cx - ax) * sy - (cy - ay) * sx) / span, ((cx - ax) * ry - (cy - ay) * rx) / span
        return 0 <= t <= 1 and 0 <= u <= 1
    if (cx - ax) * ry - (cy - ay) * rx:
        return False
    length = rx * rx + ry * ry
    ends = sorted(((x - ax) * rx + (y - ay) * ry) / length for x, y in (other[0], other[1]))
    return ends[0] <= 1 and ends[1] >= 0
