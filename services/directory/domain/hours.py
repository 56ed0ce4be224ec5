"""When something is open: weekly hours, single dates, China's holidays with their make-up days. No clock of its own.

A schedule says when a door opens, in Beijing time:

- `weekly`: hours by day of the week, several a day, each within its season if it has one (夏令时、冬令时作息).
- `dates`: single days with hours of their own; an empty list is a closed day. They go before everything else, so an
  exception is written this way, and so is the timetable of somebody who comes on single days, with no weekly hours.
- `observes_holidays`: closed on public holidays, and open on the make-up working days 调休 with Monday's hours (the
  State Council's yearly notice names the days, not which weekday they stand for). A market that pays no heed to the
  calendar says false.

What begins before midnight and ends after it belongs to the day on which it begins. A year whose holidays are not
published yet falls back to the days of the week, and the answer says so.

Rules that repeat by the month are no part of it: a year of single dates says the same, and can be corrected one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import chinese_calendar

from shared.kernel.clock import BEIJING

#: The days of the week as schedules name them.
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_MINUTES_A_DAY = 1440
_A_DAY = timedelta(days=1)
#: How far ahead an opening is looked for, by the day; single dates and seasons beyond it are looked up by themselves.
_LOOK_AHEAD = 31
#: What goes on for so long never closes.
_ROUND_THE_CLOCK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Hours:
    """One stretch of a day, in minutes after midnight; beyond 1,440 it ends on the next day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours of some days of the week (0 is Monday), from the day `since` until the day before `until`."""

    days: frozenset[int]
    hours: Hours
    since: date | None = None
    until: date | None = None

    def holds(self, weekday: int, day: date) -> bool:
        in_season = (self.since is None or self.since <= day) and (self.until is None or day < self.until)
        return weekday in self.days and in_season


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a door opens."""

    weekly: tuple[Weekly, ...] = ()
    dates: Mapping[date, tuple[Hours, ...]] | None = None
    observes_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it is open; until when (None: round the clock), or else when it opens next (None: nothing is planned).

    `holidays_known` is false when a day had to be judged whose year's holidays are not published yet.
    """

    open: bool
    until: datetime | None
    opens: datetime | None
    holidays_known: bool

    def told(self) -> dict[str, Any]:
        """As answers have it, in Beijing time."""
        return {
            "open": self.open,
            "until": self.until.isoformat() if self.until else None,
            "opens": self.opens.isoformat() if self.opens else None,
            "holidays_known": self.holidays_known,
        }


def read(kept: Mapping[str, Any]) -> Schedule:
    """A schedule from the form in which it is kept (schemas/schedules.py has checked it)."""
    weekly = tuple(
        Weekly(
            frozenset(DAYS.index(day) for day in one["days"]),
            _hours(one),
            _day(one.get("valid_from")),
            _day(one.get("valid_until")),
        )
        for one in kept["weekly"]
    )
    dates = {date.fromisoformat(one["on"]): tuple(_hours(h) for h in one["hours"]) for one in kept["dates"]}
    return Schedule(weekly, dates, kept["observes_holidays"])


def minutes(word: str) -> int:
    """Minutes after midnight of "HH:MM", at most "24:00"."""
    return int(word[:2]) * 60 + int(word[3:])


def last_day(schedule: Schedule) -> date | None:
    """The last day on which it can be open; None where it goes on. A timetable that is over has nothing to offer."""
    if any(one.until is None for one in schedule.weekly):
        return None
    ends = [one.until - _A_DAY for one in schedule.weekly if one.until is not None]
    return max([*ends, *(day for day, hours in (schedule.dates or {}).items() if hours)], default=date.min)


def hours_of(schedule: Schedule, day: date) -> tuple[Sequence[Hours], bool]:
    """The hours that begin on a day, and whether it is known which days of that year are holidays."""
    special = (schedule.dates or {}).get(day)
    if special is not None:
        return sorted(special, key=lambda h: h.opens), True
    weekday, known = day.weekday(), True
    if schedule.observes_holidays and schedule.weekly:
        try:
            off, holiday = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            known = False
        else:
            if off and holiday is not None:
                return [], True
            if not off and weekday >= 5:
                weekday = 0
    return sorted((w.hours for w in schedule.weekly if w.holds(weekday, day)), key=lambda h: h.opens), known


def opening(schedule: Schedule, moment: datetime) -> Opening:
    """Whether it is open at that moment, and until when, or when it opens next."""
    now = moment.astimezone(BEIJING)
    until: datetime | None = None
    known = True
    for day in _days(schedule, now.date()):
        if until is not None and (until < _midnight(day) or until - now >= _ROUND_THE_CLOCK):
            break
        hours, told = hours_of(schedule, day)
        known = known and told
        for start, end in ((_at(day, h.opens), _at(day, h.closes)) for h in hours):
            if end <= now:
                continue
            if until is None and start > now:
                return Opening(False, None, start, known)
            if until is not None and start > until:
                return Opening(True, until, None, known)
            until = end if until is None else max(until, end)
    always = until is not None and until - now >= _ROUND_THE_CLOCK
    return Opening(until is not None, None if always else until, None, known)


def _days(schedule: Schedule, today: date) -> Iterator[date]:
    """Yesterday, whose last hours may go on; the coming weeks; then only the days that a schedule tells of itself."""
    far = today + timedelta(days=_LOOK_AHEAD)
    yield from (today + timedelta(days=n) for n in range(-1, _LOOK_AHEAD))
    told = {day for day in schedule.dates or () if day >= far}
    for one in schedule.weekly:
        if one.since is not None and one.since >= far:
            told |= {one.since + timedelta(days=n) for n in range(_LOOK_AHEAD)}
    yield from sorted(told)


def _hours(one: Mapping[str, Any]) -> Hours:
    closes = minutes(one["closes"])
    return Hours(minutes(one["opens"]), closes + (_MINUTES_A_DAY if one.get("overnight") else 0))


def _day(given: str | None) -> date | None:
    return date.fromisoformat(given) if given else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def _at(day: date, minute: int) -> datetime:
    return _midnight(day) + timedelta(minutes=minute)


def weekly(days: Sequence[str], *spans: str) -> tuple[Weekly, ...]:
    """The same hours on some days, as people write them: `weekly(DAYS[:5], "09:30-13:30", "16:00-19:30")`.

    What ends no later than it begins, like "22:00-06:00", ends on the next day.
    """
    return tuple(Weekly(frozenset(DAYS.index(day) for day in days), span(one)) for one in spans)


def span(words: str) -> Hours:
    """Hours like "09:30-13:30"."""
    opens, closes = (minutes(word) for word in words.split("-"))
    return Hours(opens, closes if closes > opens else closes + _MINUTES_A_DAY)


def kept(schedule: Schedule) -> dict[str, Any]:
    """The form in which a schedule is kept, the same as schemas/schedules.py makes."""
    return {
        "weekly": [
            {
                **_kept(one.hours),
                "days": [DAYS[day] for day in sorted(one.days)],
                "valid_from": one.since.isoformat() if one.since else None,
                "valid_until": one.until.isoformat() if one.until else None,
            }
            for one in schedule.weekly
        ],
        "dates": [
            {"on": day.isoformat(), "hours": [_kept(one) for one in hours], "note": None}
            for day, hours in sorted((schedule.dates or {}).items())
        ],
        "observes_holidays": schedule.observes_holidays,
    }


def _kept(hours: Hours) -> dict[str, Any]:
    overnight = hours.closes > _MINUTES_A_DAY
    closes = hours.closes - _MINUTES_A_DAY if overnight else hours.closes
    return {"opens": _word(hours.opens), "closes": _word(closes), "overnight": overnight}


def _word(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
