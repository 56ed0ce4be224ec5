"""The shape of a hand-written situation: what happened, where it can happen, what came of it. No texts here.

Texts may hold slots that petitions.py fills: {place}, {compound}, {building}, {entrance}, {floor}, {days},
{morning}, {evening}. In a street or a yard, only {place}, {compound} (yard), {days}, {morning}, {evening}.
"""

from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """What kind of place a situation belongs to."""

    BUILDING = "building"  # inside or at one building
    YARD = "yard"  # in a compound, between its buildings
    STREET = "street"  # at one of the named spots of the community


class Outcome(StrEnum):
    """How a petition was resolved (design 4-petitions, action resolve)."""

    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"
    NOT_POSSIBLE = "not_possible"


class RejectReason(StrEnum):
    """Why a petition was not taken on."""

    NOT_WITHIN_SCOPE = "not_within_scope"  # somebody else's office
    PRIVATE_DISPUTE = "private_dispute"  # between private people, nobody to handle it
    IN_LEGAL_PROCESS = "in_legal_process"  # a court has it, or has decided it
    ALREADY_ANSWERED = "already_answered"  # the same matter by the same person
    NO_FACTS = "no_facts"  # nothing to go and look at


#: Months in which a situation can be reported; an empty set means all year.
HEATING: frozenset[int] = frozenset({10, 11, 12, 1, 2, 3, 4})
WINTER: frozenset[int] = frozenset({11, 12, 1, 2, 3})
WINDY: frozenset[int] = frozenset({3, 4, 5})
SUMMER: frozenset[int] = frozenset({5, 6, 7, 8, 9})
ALL_YEAR: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Result:
    """One way the situation ended, in the words of whoever handled it."""

    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True)
class Telling:
    """The situation as one resident tells it, with the ways in which that may end."""

    title: str
    text: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """One kind of thing that happens. `lead` is the organisation it goes to (None: the community keeps it),
    `note` what the community writes along, `spots` the streets' places where it happens."""

    category: str
    where: Where
    note: str
    tellings: tuple[Telling, ...]
    spots: tuple[str, ...] = ()
    lead: str | None = None
    months: frozenset[int] = ALL_YEAR


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that the community does not take on, with the answer that says where else to turn."""

    category: str
    where: Where
    title: str
    text: str
    reason: RejectReason
    answer: str
    spots: tuple[str, ...] = ()
