"""domain/councils: a rhythm counts calendar months, also where they end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.councils import Rhythm, due_by, kept, renewed

_ANY_DAY = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "last, months, due",
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 1), 1, date(2026, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 31)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 12, 1), 12, date(2026, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_the_next_is_due_by_the_end_of_the_month(last: date, months: int, due: date) -> None:
    assert due_by(last, months) == due


@given(_ANY_DAY, st.integers(1, 12))
def test_who_meets_within_every_month_is_never_behind(last: date, months: int) -> None:
    due = due_by(last, months)
    assert (due.year * 12 + due.month) - (last.year * 12 + last.month) == months
    assert (due + timedelta(days=1)).day == 1


def test_behind_begins_on_the_day_after() -> None:
    monthly = Rhythm("council_meeting", 1, date(2025, 3, 1))
    on_time = kept(monthly, date(2026, 1, 31), date(2026, 2, 28))
    assert (on_time.due_by, on_time.behind) == (date(2026, 2, 28), False)
    assert kept(monthly, date(2026, 1, 31), date(2026, 3, 1)).behind


def test_a_rhythm_counts_from_its_beginning_until_the_first_is_held() -> None:
    quarterly = Rhythm("joint_conference", 3, date(2026, 1, 15))
    first = kept(quarterly, None, date(2026, 4, 30))
    assert (first.last_held, first.due_by, first.behind) == (None, date(2026, 4, 30), False)
    # What was held before the rhythm was chosen does not make it late.
    assert kept(quarterly, date(2025, 1, 1), date(2026, 4, 30)).due_by == date(2026, 4, 30)


def test_a_rhythm_that_stays_keeps_its_beginning() -> None:
    old = {"council_meeting": Rhythm("council_meeting", 1, date(2025, 3, 1))}
    assert renewed({"council_meeting": 1, "joint_conference": 3}, old, date(2026, 3, 2)) == [
        Rhythm("council_meeting", 1, date(2025, 3, 1)),
        Rhythm("joint_conference", 3, date(2026, 3, 2)),
    ]
    assert renewed({"council_meeting": 2}, old, date(2026, 3, 2)) == [Rhythm("council_meeting", 2, date(2026, 3, 2))]
