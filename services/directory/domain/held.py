"""What people hold already, as a load finds it: the same thing again, and what stands in the way of another."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

Row = dict[str, Any]


class Held:
    """Offices or roles by what they are: who holds which where, in the columns `what`."""

    def __init__(self, rows: Iterable[Row], what: tuple[str, ...]) -> None:
        self._rows: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            self._rows[tuple(row[column] for column in what)].append(row)

    def find(self, what: tuple[Any, ...], starts_on: date | None, ends_on: date | None) -> Row | None:
        """The row that a seed names. One with an end is known by its first day; of the others the last one counts."""
        rows = self._rows.get(what, [])
        if ends_on is not None:
            return next((row for row in rows if row["starts_on"] == starts_on), None)
        return max(rows, key=lambda row: row["ends_on"] or date.max, default=None)


class Taken:
    """Who holds what in which area, to find two that cannot be at a time."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: defaultdict[tuple[Any, str], dict[Any, Row]] = defaultdict(dict)
        for row in rows:
            self._rows[row["area_id"], row["kind"]][row["id"]] = row

    def by(self, row: Row) -> Row | None:
        """The office that rules this one out; None when there is none, and then this one is there for those to come."""
        there = self._rows[row["area_id"], row["kind"]]
        there[row["id"]] = row
        return next((other for other in there.values() if other["id"] != row["id"] and _excludes(other, row)), None)


def _excludes(one: Row, other: Row) -> bool:
    """Whether both cannot be: the same person twice, or two where only one may be, at a time."""
    same = one["person_id"] == other["person_id"] or (one["exclusive"] and other["exclusive"])
    return bool(same) and _meet(one, other)


def _meet(one: Row, other: Row) -> bool:
    """Whether the two are held on one and the same day."""
    last = min(one["ends_on"] or date.max, other["ends_on"] or date.max)
    return bool(max(one["starts_on"], other["starts_on"]) < last)
