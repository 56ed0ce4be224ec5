"""Time is handed in, never taken: rules and actions get a Clock, so tests and the demo can move it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

#: China has one time zone and, since 1991, no summer time.
BEIJING = timezone(timedelta(hours=8))


class Clock(Protocol):
    """Tells the business time, always in UTC. Tokens and timeouts use real time instead."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock:
    """A clock that is moved by hand. Each reading is a millisecond later, so that what happens keeps its order."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by
