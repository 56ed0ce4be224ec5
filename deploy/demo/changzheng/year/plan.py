"""How many of the year's petitions end how, how old they are, and which kind of matter fits where.

Open ones are young, since the community works; a few are overdue all the same. What is disputed is done again, a few
times twice. No texts, no places.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.chance import fraction
from deploy.demo.changzheng.year.situations import REFUSALS, Situation

RESPOND_DAYS = {"danger": 1 / 24, "utility": 2 / 24, "ordinary": 1.0, "complex": 1.0, "consultation": 1.0}
RESOLVE_DAYS = {"danger": 1.0, "utility": 2.0, "ordinary": 7.0, "complex": 15.0, "consultation": 3.0}
CONFIRM_WITHIN_DAYS = 7.0
_LATE = (1.05, 1.9)  # an overdue one is past its promise by this factor
#: What somebody can look at again and find not done.
_DISPUTABLE = frozenset({"property", "housing", "roads", "traffic", "environment"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in the plan: how the petition ends, and how old it is; `number` counts all slots."""

    number: int
    course: str
    age: float
    overdue: bool = False
    complaints: int = 0


@dataclass(frozen=True, slots=True)
class _Rows:
    """So many petitions of one course, the youngest and the oldest in days."""

    course: str
    count: int
    youngest: float
    oldest: float
    overdue: bool = False
    complaints: int = 0


_PLAN: tuple[_Rows, ...] = (
    _Rows("submitted", 10, 0.02, 0.9),
    _Rows("accepted", 9, 0.1, 0.95),
    _Rows("dispatched", 9, 0.3, 2.4),
    _Rows("in_progress", 30, 0.5, 13.0),
    _Rows("resolved", 20, 0.8, 8.0),
    _Rows("submitted", 2, 1.15, 1.7, overdue=True),
    _Rows("in_progress", 2, 2.2, 3.7, overdue=True),
    _Rows("in_progress", 3, 7.5, 12.8, overdue=True),
    _Rows("in_progress", 3, 3.5, 6.5, complaints=1),
    _Rows("closed", 24, 20.0, 360.0, complaints=1),
    _Rows("closed", 4, 30.0, 300.0, complaints=2),
    _Rows("closed", 456, 3.0, 364.0),
    _Rows("rejected", len(REFUSALS), 2.0, 340.0),
    _Rows("withdrawn", 16, 2.0, 340.0),
)


def slots() -> list[Slot]:
    """All places of the plan."""
    found: list[Slot] = []
    for rows in _PLAN:
        for position in range(rows.count):
            number = len(found)
            share = (position + fraction("age", number)) / rows.count
            age = round(rows.youngest + (rows.oldest - rows.youngest) * share, 3)
            found.append(Slot(number, rows.course, age, rows.overdue, rows.complaints))
    return found


def fits(situation: Situation, urgency: str, slot: Slot, today: date) -> bool:
    """Whether it is the season, and whether a petition so urgent can still stand where the slot has it."""
    if situation.months and (today - timedelta(days=slot.age)).month not in situation.months:
        return False
    if slot.complaints and situation.category.split(".")[0] not in _DISPUTABLE:
        return False
    if slot.overdue:
        promised = RESPOND_DAYS[urgency] if slot.course == "submitted" else RESOLVE_DAYS[urgency]
        return urgency != "consultation" and promised * _LATE[0] <= slot.age <= promised * _LATE[1]
    if slot.course in ("submitted", "accepted"):
        return slot.age <= RESPOND_DAYS[urgency]
    if slot.course == "dispatched":
        return situation.lead is not None and RESPOND_DAYS[urgency] >= 1
    if slot.course == "in_progress":
        return slot.age <= RESOLVE_DAYS[urgency]
    if slot.course == "resolved":
        return slot.age - CONFIRM_WITHIN_DAYS < RESOLVE_DAYS[urgency] * 0.8
    return True
