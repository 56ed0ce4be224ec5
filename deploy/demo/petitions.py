"""About 240 petitions of one year, made of the hand-written situations and set in the community's places.

The plan says how many end how, and how old they are. Each takes the situation of its season that has been
used least, one of its tellings, and a scene. Open ones are young: few are overdue, the community works.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.categories import category_seeds
from deploy.demo.chance import between, fraction, pick
from deploy.demo.geometry import Point
from deploy.demo.organisations import organisation_key
from deploy.demo.scenes import Scene, scene
from deploy.demo.situations import (
    REFUSALS,
    SITUATIONS,
    WITHDRAWALS,
    Outcome,
    Refusal,
    Situation,
    Telling,
    Where,
)


@dataclass(frozen=True, slots=True)
class DemoPetition:
    """One petition, and what the actions of its course need in words.

    `age_days` ago it was submitted; the last action of its course came `took_days` later, except that a
    closed one was resolved then and confirmed after another `confirm_days`. With a `lead_key` it is
    dispatched there with `note`; without one its first holder keeps it, and `note` goes with the start.
    """

    reporter_key: str
    place: Point
    category_key: str
    title: str
    text: str
    age_days: float
    course: str
    took_days: float = 0.0
    lead_key: str | None = None
    note: str = ""
    outcome: str | None = None
    resolve_text: str = ""
    confirm_days: float = 0.0
    rating: int | None = None
    contacted: bool | None = None
    reject_reason: str | None = None
    reject_text: str = ""
    withdraw_text: str = ""


@dataclass(frozen=True, slots=True)
class _Slot:
    """One place in the plan: how the petition ends and how old it is; `number` counts all slots."""

    number: int
    course: str
    age: float


#: Course, how many, and the youngest and oldest in days.
_PLAN: tuple[tuple[str, int, float, float], ...] = (
    ("submitted", 6, 0.02, 0.9),
    ("accepted", 5, 0.1, 0.95),
    ("dispatched", 5, 0.3, 2.4),
    ("in_progress", 16, 0.5, 13.0),
    ("resolved", 10, 0.8, 8.0),
    ("closed", 178, 3.0, 364.0),
    ("rejected", len(REFUSALS), 2.0, 340.0),
    ("withdrawn", len(WITHDRAWALS), 2.0, 340.0),
)
_RESPOND_DAYS = {"danger": 1 / 24, "utility": 2 / 24, "ordinary": 1.0, "complex": 1.0, "consultation": 1.0}
_RESOLVE_DAYS = {"danger": 1.0, "utility": 2.0, "ordinary": 7.0, "complex": 15.0, "consultation": 3.0}
_CONFIRM_WITHIN_DAYS = 7.0
_SHARE_LATE = 0.07
_URGENCY = {seed.key: seed.urgency for seed in category_seeds()}

_OPENERS = ("", "", "", "", "你好，", "网格员你好，", "想反映个事：", "跟社区说一声，")
_CLOSERS = ("", "", "", "谢谢！", "麻烦了。", "麻烦给个回音。", "辛苦大家了。", "先谢过。")
#: Nobody minds their manners in danger, and praise brings its own.
_PLAIN = frozenset({"participation.praise"} | {key for key, urgency in _URGENCY.items() if urgency == "danger"})
_RATINGS = {
    Outcome.SOLVED: (5, 5, 5, 5, 5, 4, 4, 4, 3, 2),
    Outcome.PARTLY: (4, 4, 3, 3, 2, 1),
    Outcome.EXPLAINED: (5, 5, 4, 4, 3),
    Outcome.NOT_POSSIBLE: (3, 2, 1),
}
#: Every so often the cast's two residents report, so that their own lists are not empty.
_CAST_EVERY, _CAST_TURNS = 20, {7: "resident", 13: "neighbour"}


def _slots() -> list[_Slot]:
    slots: list[_Slot] = []
    for course, count, youngest, oldest in _PLAN:
        for position in range(count):
            number = len(slots)
            share = (position + fraction("age", number)) / count
            slots.append(_Slot(number, course, round(youngest + (oldest - youngest) * share, 3)))
    return slots


def _fits(situation: Situation, slot: _Slot, today: date) -> bool:
    """Whether it is the season, and whether a petition so urgent can still stand where the slot has it."""
    if situation.months and (today - timedelta(days=slot.age)).month not in situation.months:
        return False
    urgency = _URGENCY[situation.category]
    if slot.course in ("submitted", "accepted"):
        return slot.age <= _RESPOND_DAYS[urgency]
    if slot.course == "dispatched":
        return situation.lead is not None and _RESPOND_DAYS[urgency] >= 1
    if slot.course == "in_progress":
        return slot.age <= _RESOLVE_DAYS[urgency]
    if slot.course == "resolved":
        return slot.age - _CONFIRM_WITHIN_DAYS < _RESOLVE_DAYS[urgency] * 0.8
    return True


def _cast(slot: _Slot) -> str | None:
    return _CAST_TURNS.get(slot.number % _CAST_EVERY)


def _spoken(text: str, slot: _Slot, category: str) -> str:
    """The text with the way people begin and end a message."""
    if category in _PLAIN:
        return text
    return pick(_OPENERS, "opener", slot.number) + text + pick(_CLOSERS, "closer", slot.number)


def _took(slot: _Slot, urgency: str) -> float:
    """How long handling took: mostly well within what was promised."""
    promised = _RESOLVE_DAYS[urgency]
    if slot.course == "resolved":
        low = max(0.05, slot.age - _CONFIRM_WITHIN_DAYS)
        return between(low, max(low, min(promised * 0.8, slot.age * 0.9)), "took", slot.number)
    if slot.course == "closed":
        late = fraction("late", slot.number) < _SHARE_LATE
        share = between(1.1, 1.9, "took", slot.number) if late else between(0.1, 0.85, "took", slot.number)
        return min(promised * share, slot.age * 0.7)
    if slot.course == "submitted":
        return 0.0
    return min(slot.age, _RESPOND_DAYS[urgency]) * between(0.2, 0.9, "took", slot.number)


def _told(situation: Situation, visit: int, slot: _Slot, withdraw_text: str = "") -> DemoPetition:
    """The situation's n-th petition, carried as far as the slot says."""
    begun = pick(range(len(situation.tellings)), "telling", situation.category)
    telling: Telling = situation.tellings[(visit + begun) % len(situation.tellings)]
    at: Scene = scene(situation.where, situation.spots, situation.category, visit, _cast(slot))
    urgency = _URGENCY[situation.category]
    handled = slot.course in ("dispatched", "in_progress", "resolved", "closed")
    ended = slot.course in ("resolved", "closed")
    result = pick(telling.results, "result", slot.number)
    confirmed = slot.course == "closed"
    took = round(_took(slot, urgency), 3)
    wait = min(between(0.05, 4, "confirm", slot.number), (slot.age - took) * 0.9) if confirmed else 0.0
    return DemoPetition(
        reporter_key=at.reporter_key,
        place=at.place,
        category_key=situation.category,
        title=telling.title.format_map(at.words),
        text=_spoken(telling.text.format_map(at.words), slot, situation.category),
        age_days=slot.age,
        course=slot.course,
        took_days=took,
        lead_key=organisation_key(situation.lead) if handled and situation.lead else None,
        note=situation.note.format_map(at.words) if handled else "",
        outcome=result.outcome.value if ended else None,
        resolve_text=result.text.format_map(at.words) if ended else "",
        confirm_days=round(wait, 3),
        rating=pick(_RATINGS[result.outcome], "rating", slot.number) if confirmed else None,
        contacted=fraction("contacted", slot.number) < 0.94 if confirmed else None,
        withdraw_text=withdraw_text,
    )


def _refused(refusal: Refusal, slot: _Slot) -> DemoPetition:
    """A petition that was not taken on."""
    visit = 0 if refusal.where is Where.STREET else slot.number
    at = scene(refusal.where, refusal.spots, refusal.title, visit)
    return DemoPetition(
        reporter_key=at.reporter_key,
        place=at.place,
        category_key=refusal.category,
        title=refusal.title.format_map(at.words),
        text=refusal.text.format_map(at.words),
        age_days=slot.age,
        course=slot.course,
        took_days=round(between(0.1, 0.9, "took", slot.number), 3),
        reject_reason=refusal.reason.value,
        reject_text=refusal.answer.format_map(at.words),
    )


def demo_petitions(today: date = date(2026, 6, 1)) -> list[DemoPetition]:
    """All of them, oldest first. `today` only decides the seasons: no cold radiators in July."""
    visits: Counter[str] = Counter()
    by_category = {situation.category: situation for situation in SITUATIONS}
    refusals, withdrawals = iter(REFUSALS), iter(WITHDRAWALS)
    petitions = []
    for slot in _slots():
        if slot.course == "rejected":
            petitions.append(_refused(next(refusals), slot))
            continue
        withdraw_text = ""
        if slot.course == "withdrawn":
            category, withdraw_text = next(withdrawals)
            situation = by_category[category]
        else:
            fitting = [s for s in SITUATIONS if _fits(s, slot, today)]
            situation = min(fitting, key=lambda s: (visits[s.category], fraction("turn", s.category, slot.number)))
        petitions.append(_told(situation, visits[situation.category], slot, withdraw_text))
        visits[situation.category] += 1
    return sorted(petitions, key=lambda petition: -petition.age_days)
