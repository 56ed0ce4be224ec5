"""Councils 大党委 / 大工委: how often they meet, and whether they keep to it; the words for what they do.

A rhythm counts calendar months, as people do: who meets every month may meet on the 3rd and then on the 28th, so a
meeting is due by the last day of the month that lies so many months after that of the last one.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Meetings of a kind take place every so many months, counted from the day `since` until the first is held."""

    kind: str
    months: int
    since: date


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether a rhythm is kept: when one was held last, and by which day the next is due."""

    kind: str
    months: int
    since: date
    last_held: date | None
    due_by: date
    behind: bool


def due_by(last: date, months: int) -> date:
    """The last day of the month that lies `months` after that of `last`."""
    year, month = divmod(last.year * 12 + last.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def kept(rhythm: Rhythm, last_held: date | None, day: date) -> Kept:
    """Where the rhythm stands on that day."""
    due = due_by(max(last_held, rhythm.since) if last_held else rhythm.since, rhythm.months)
    return Kept(rhythm.kind, rhythm.months, rhythm.since, last_held, due, day > due)


def renewed(wanted: Mapping[str, int], present: Mapping[str, Rhythm], day: date) -> list[Rhythm]:
    """The rhythms as they shall be: one that stays as it is keeps its beginning, another one begins that day."""
    rhythms = []
    for kind, months in wanted.items():
        old = present.get(kind)
        rhythms.append(old if old and old.months == months else Rhythm(kind, months, day))
    return rhythms
