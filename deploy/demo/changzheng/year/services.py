"""A year of the volunteers' life: what the five teams offered, who took part, and how it ended for each.

Every team meets every ten days, on a day of its own, so that nobody has to be in two places. Some people come nearly
always, most now and then; members of other teams lend a hand. What ended in these days still waits for approval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from deploy.demo.chance import fraction, pick
from deploy.demo.changzheng.areas import COMPOUNDS, SPOTS, grid_key
from deploy.demo.changzheng.cast import CAST_KEYS
from deploy.demo.changzheng.organisations import TEAMS, organisation_key
from deploy.demo.changzheng.people import register_everybody
from deploy.demo.changzheng.year.situations.services import COMPOUND, OFFERS, Offer
from shared.kernel.actor import Role

_MEETINGS, _EVERY_DAYS = 36, 10
_SHARE_FROM_OTHER_TEAMS = 0.15
_STILL_WAITING_DAYS = 4
_REFUSED = "签到之后不久就离开了，没有做完，这一次不计。"
_EXCUSE = ("家里临时有事，位子让给别人。", "倒班，来不了了。", "感冒了，怕传给大家。", "记错了日子，对不起。")


class End(StrEnum):
    """How an opening ended for one who claimed it; the words are those of the record's states."""

    AWARDED = "awarded"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    SUBMITTED = "submitted"
    CHECKED_OUT = "checked_out"


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part in it; `words` is what they said they did, or why they cancelled."""

    person_key: str
    end: End
    words: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class DemoService:
    """One opening of the past with everybody's part; it began at `hour` Beijing time, `days_ago` whole days ago."""

    team_key: str
    leader_key: str
    area_key: str
    kind: str
    title: str
    text: str
    days_ago: int
    hour: int
    lasts_hours: float
    capacity: int
    points: int
    parts: tuple[Part, ...]


@cache
def _teams() -> dict[str, tuple[str, ...]]:
    """The members of each team, whoever leads it first."""
    everybody = register_everybody()
    members: dict[str, list[str]] = {organisation_key(team.key): [] for team in TEAMS}
    for row in everybody.memberships:
        if row.organisation_key in members:
            members[row.organisation_key].append(row.person_key)
    leads = {g.person_key for g in everybody.grants if g.role is Role.TEAM_LEADER and g.organisation_key in members}
    return {team: tuple(sorted(keys, key=lambda key: key not in leads)) for team, keys in members.items()}


def _keenness(person_key: str) -> float:
    """How often somebody comes, from hardly ever to nearly always."""
    keen = fraction("keen", person_key) ** 2
    return max(keen, 0.5) if person_key in CAST_KEYS else 0.08 + 0.92 * keen


def _participants(team_key: str, places: int, label: str) -> list[str]:
    leader, *members = _teams()[team_key]
    others = [key for team, keys in _teams().items() if team != team_key for key in keys]

    def drawn(keys: Sequence[str], count: int) -> list[str]:
        # The keener somebody is, the earlier their turn.
        return sorted(keys, key=lambda key: fraction("comes", key, label) / _keenness(key))[:count]

    guests = int(places * _SHARE_FROM_OTHER_TEAMS + fraction("guests", label))
    return [*drawn(members, places - guests), *drawn([key for key in others if key != leader], guests)]


def _part(number: int, person_key: str, offer: Offer, days_ago: int, label: str) -> Part:
    chance = fraction("end", person_key, label)
    said = pick(offer.said, "said", person_key, label)
    if chance < 0.06:
        return Part(person_key, End.CANCELLED, pick(_EXCUSE, "excuse", person_key, label))
    if days_ago <= _STILL_WAITING_DAYS:
        return Part(person_key, End.CHECKED_OUT if number % 3 == 2 else End.SUBMITTED, said)
    if chance < 0.08:
        return Part(person_key, End.REJECTED, said, _REFUSED)
    return Part(person_key, End.AWARDED, said)


def _place(offer: Offer, turn: int) -> tuple[str, str]:
    """The key of the area and the name of the place for the n-th time."""
    word = offer.where[turn % len(offer.where)]
    if word == COMPOUND:
        compound = COMPOUNDS[turn % len(COMPOUNDS)]
        return compound.key, compound.name
    return grid_key(SPOTS[word].grid), SPOTS[word].name


def _meeting(number: int, team_number: int) -> DemoService:
    team_key = organisation_key(TEAMS[team_number].key)
    offers = [offer for offer in OFFERS if offer.team == TEAMS[team_number].key]
    offer, turn = offers[number % len(offers)], number // len(offers)
    days_ago = (_MEETINGS - 1 - number) * _EVERY_DAYS + 2 * team_number + 1
    area_key, place = _place(offer, turn)
    label = f"{team_key}/{number}"
    places = max(1, round(offer.capacity * (0.35 + 0.5 * fraction("turnout", label))))
    people = _participants(team_key, min(places, 12), label)
    return DemoService(
        team_key=team_key,
        leader_key=_teams()[team_key][0],
        area_key=area_key,
        kind=offer.kind,
        title=offer.title.format(place=place),
        text=offer.text,
        days_ago=days_ago,
        hour=offer.hour,
        lasts_hours=offer.lasts,
        capacity=offer.capacity,
        points=offer.points,
        parts=tuple(_part(number, person, offer, days_ago, label) for number, person in enumerate(people)),
    )


def demo_services() -> list[DemoService]:
    """All of the year, oldest first."""
    meetings = [_meeting(number, team) for number in range(_MEETINGS) for team in range(len(TEAMS))]
    return sorted(meetings, key=lambda meeting: -meeting.days_ago)
