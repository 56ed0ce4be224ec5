"""Time served lies within the window; who has left is free again."""

from datetime import UTC, datetime, timedelta

from services.volunteers.domain.evidence import Grade, grade_of_code, weaker
from services.volunteers.domain.windows import Window, busy_until, minutes_served

START = datetime(2026, 3, 2, 11, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_only_what_lies_within_the_window_counts() -> None:
    assert minutes_served(WINDOW, at(-20), at(150)) == 120
    assert minutes_served(WINDOW, at(10), at(70.9)) == 60
    assert minutes_served(WINDOW, at(-20), at(-10)) == 0
    assert minutes_served(WINDOW, at(121), at(130)) == 0


def test_who_leaves_early_is_free_from_then_on() -> None:
    assert busy_until(WINDOW, at(30)) == at(30)
    assert busy_until(WINDOW, at(-5)) == START
    assert busy_until(WINDOW, at(500)) == WINDOW.ends_at


def test_a_code_that_one_can_look_up_oneself_proves_little() -> None:
    assert grade_of_code(shown_to_oneself=False) is Grade.A
    assert grade_of_code(shown_to_oneself=True) is Grade.C
    assert weaker(Grade.A, Grade.C) is weaker(Grade.C, Grade.A) is Grade.C
