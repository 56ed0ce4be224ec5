"""Six hundred petitions of one year, made of the hand-written situations and set in the community's places.

That is about one for every five residents: what hotlines such as 12345 get in a year from as many people, who here have
a nearer ear as well. plan.py says how many end how, and how old they are. Each takes the situation of its season that
has been used least, one of its tellings, and a scene.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Literal

from deploy.demo.categories import category_seeds
from deploy.demo.chance import between, fraction, pick
from deploy.demo.changzheng.organisations import organisation_key
from deploy.demo.changzheng.year.plan import CONFIRM_WITHIN_DAYS, RESOLVE_DAYS, RESPOND_DAYS, Slot, fits, slots
from deploy.demo.changzheng.year.scenes import Scene, scene
from deploy.demo.changzheng.year.situations import (
    COMPLAINTS,
    REFUSALS,
    SITUATIONS,
    WITHDRAWALS,
    Outcome,
    Refusal,
    Situation,
    Telling,
    Where,
)
from deploy.demo.geometry import Point


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the reporter was told before they disputed it, and what they said to that."""

    resolve_text: str
    solved: Literal["no", "partly"]
    text: str


@dataclass(frozen=True, slots=True)
class DemoPetition:
    """One petition, and what the actions of its course need in words.

    `age_days` ago it was submitted; its holder got in touch `respond_days` later, and the last action of its course
    came after `took_days`, except that a closed one was resolved then and confirmed after another `confirm_days`. With
    a `lead_key` it is dispatched there with `note`, perhaps after it went to `wrong_lead_key`; without one its first
    holder keeps it, and `note` goes with the start. `complaints` are the rounds before the last.
    """

    reporter_key: str
    place: Point
    category_key: str
    title: str
    text: str
    channel: str
    age_days: float
    course: str
    took_days: float = 0.0
    respond_days: float = 0.0
    accepted: bool = True
    lead_key: str | None = None
    wrong_lead_key: str | None = None
    co_handler_key: str | None = None
    note: str = ""
    complaints: tuple[Complaint, ...] = ()
    outcome: str | None = None
    resolve_text: str = ""
    confirm_days: float = 0.0
    rating: int | None = None
    contacted: bool | None = None
    reject_reason: str | None = None
    reject_text: str = ""
    withdraw_text: str = ""


_SHARE_LATE = 0.07
_SHARE_WRONG, _SHARE_HELPED = 0.06, 0.12
_URGENCY = {seed.key: seed.urgency for seed in category_seeds()}
_CHANNELS = ("miniprogram",) * 8 + ("app", "web")

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
_CAST_EVERY, _CAST_TURNS = 50, {7: "resident", 13: "neighbour"}


def _cast(slot: Slot) -> str | None:
    return _CAST_TURNS.get(slot.number % _CAST_EVERY)


def _spoken(text: str, slot: Slot, category: str) -> str:
    """The text with the way people begin and end a message."""
    if category in _PLAIN:
        return text
    return pick(_OPENERS, "opener", slot.number) + text + pick(_CLOSERS, "closer", slot.number)


def _took(slot: Slot, urgency: str) -> float:
    """How long handling took: mostly well within what was promised."""
    promised = RESOLVE_DAYS[urgency]
    if slot.course == "resolved":
        low = max(0.05, slot.age - CONFIRM_WITHIN_DAYS)
        return between(low, max(low, min(promised * 0.8, slot.age * 0.9)), "took", slot.number)
    if slot.course == "closed":
        late = fraction("late", slot.number) < _SHARE_LATE
        share = between(1.1, 1.9, "took", slot.number) if late else between(0.1, 0.85, "took", slot.number)
        return min(promised * share, slot.age * 0.7)
    if slot.course == "submitted":
        return 0.0
    if slot.complaints:
        return slot.age * between(0.6, 0.9, "took", slot.number)
    return min(slot.age, RESPOND_DAYS[urgency]) * between(0.2, 0.9, "took", slot.number)


def _responded(slot: Slot, urgency: str, took: float) -> float:
    """How long until somebody got in touch, which is before anything was done."""
    if slot.course == "in_progress" and not slot.complaints:
        return took
    late = fraction("late response", slot.number) < _SHARE_LATE
    share = between(1.05, 1.6, "respond", slot.number) if late else between(0.1, 0.8, "respond", slot.number)
    return min(RESPOND_DAYS[urgency] * share, took * 0.5)


def _complaints(situation: Situation, slot: Slot) -> tuple[Complaint, ...]:
    chosen = []
    for number in range(slot.complaints):
        resolve_text, solved, text = COMPLAINTS[(slot.number * 2 + number) % len(COMPLAINTS)]
        chosen.append(Complaint(resolve_text, solved, text))
    return tuple(chosen)


def _helpers(situation: Situation, slot: Slot) -> tuple[str | None, str | None]:
    """Who got it first by mistake, and who helps: now and then there is somebody."""
    if situation.lead is None:
        return None, None
    others = [word for word in ("property", "urban", "housing", "sanitation") if word != situation.lead]
    wrong = slot.course == "closed" and fraction("wrong", slot.number) < _SHARE_WRONG
    helped = fraction("helped", slot.number) < _SHARE_HELPED
    return (
        organisation_key(pick(others, "wrong lead", slot.number)) if wrong else None,
        organisation_key(pick(others, "helper", slot.number)) if helped else None,
    )


def _told(situation: Situation, visit: int, slot: Slot, withdraw_text: str = "") -> DemoPetition:
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
    wrong, helper = _helpers(situation, slot) if handled else (None, None)
    return DemoPetition(
        reporter_key=at.reporter_key,
        place=at.place,
        category_key=situation.category,
        title=telling.title.format_map(at.words),
        text=_spoken(telling.text.format_map(at.words), slot, situation.category),
        channel=pick(_CHANNELS, "channel", slot.number),
        age_days=slot.age,
        course=slot.course,
        took_days=took,
        respond_days=round(_responded(slot, urgency, took), 4) if handled else 0.0,
        accepted=slot.course != "withdrawn" or slot.number % 2 == 0,
        lead_key=organisation_key(situation.lead) if handled and situation.lead else None,
        wrong_lead_key=wrong,
        co_handler_key=helper,
        note=situation.note.format_map(at.words) if handled else "",
        complaints=_complaints(situation, slot),
        outcome=result.outcome.value if ended else None,
        resolve_text=result.text.format_map(at.words) if ended else "",
        confirm_days=round(wait, 3),
        rating=pick(_RATINGS[result.outcome], "rating", slot.number) if confirmed else None,
        contacted=fraction("contacted", slot.number) < 0.94 if confirmed else None,
        withdraw_text=withdraw_text,
    )


def _refused(refusal: Refusal, slot: Slot) -> DemoPetition:
    """A petition that was not taken on."""
    visit = 0 if refusal.where is Where.STREET else slot.number
    at = scene(refusal.where, refusal.spots, refusal.title, visit)
    return DemoPetition(
        reporter_key=at.reporter_key,
        place=at.place,
        category_key=refusal.category,
        title=refusal.title.format_map(at.words),
        text=refusal.text.format_map(at.words),
        channel=pick(_CHANNELS, "channel", slot.number),
        accepted=slot.number % 3 == 0,
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
    refusals, withdrawals = iter(REFUSALS), cycle(WITHDRAWALS)
    petitions = []
    for slot in slots():
        if slot.course == "rejected":
            petitions.append(_refused(next(refusals), slot))
            continue
        withdraw_text = ""
        if slot.course == "withdrawn":
            category, withdraw_text = next(withdrawals)
            situation = by_category[category]
        else:
            fitting = [s for s in SITUATIONS if fits(s, _URGENCY[s.category], slot, today)]
            situation = min(fitting, key=lambda s: (visits[s.category], fraction("turn", s.category, slot.number)))
        petitions.append(_told(situation, visits[situation.category], slot, withdraw_text))
        visits[situation.category] += 1
    return sorted(petitions, key=lambda petition: -petition.age_days)
