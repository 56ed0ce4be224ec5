"""Times: how long an opening may be and how far off, and when one may check in and out of it.

From 30 minutes before: design 5-volunteers, "Status of an opening". Hours are the overlap with the window (same place).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(days=31)
FARTHEST = timedelta(days=366)
CHECK_IN_BEFORE = timedelta(minutes=30)
#: A leader who packs up and sees people off still shows the code.
CHECK_OUT_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when; the end is no longer part of it."""

    starts_at: datetime
    ends_at: datetime

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at


@dataclass(frozen=True, slots=True)
class Span:
    """When an action is possible; None leaves that side open."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        after_opening = self.opens_at is None or now >= self.opens_at
        return after_opening and (self.closes_at is None or now < self.closes_at)


def check_in(window: Window) -> Span:
    return Span(window.starts_at - CHECK_IN_BEFORE, window.ends_at)


def check_out(window: Window) -> Span:
    return Span(None, window.ends_at + CHECK_OUT_AFTER)


def cancel(window: Window) -> Span:
    """Until it ends: who comes later was not there, which is something else than having cancelled."""
    return Span(None, window.ends_at)


def always(window: Window) -> Span:
    return Span()


def minutes_served(window: Window, checked_in_at: datetime, checked_out_at: datetime) -> int:
    """Whole minutes of presence within the window."""
    served = min(window.ends_at, checked_out_at) - max(window.starts_at, checked_in_at)
    return max(served // timedelta(minutes=1), 0)


def busy_until(window: Window, checked_out_at: datetime) -> datetime:
    """Until when a volunteer who left counts as busy; never before the start, so that it stays the end of a range."""
    return max(window.starts_at, min(window.ends_at, checked_out_at))
