"""Openings: their kinds and states, what may be done with one, and why a claim is refused."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.volunteers.domain.errors import AlreadyClaimed, Full, Over, Overlap
from services.volunteers.domain.permissions import Relation, shows_codes
from services.volunteers.domain.windows import Window
from shared.kernel.errors import Problem
from shared.kernel.words import Word


class Kind(StrEnum):
    """What kind of joining in it is."""

    TASK = "task"  # 任务
    ACTIVITY = "activity"  # 活动


class Status(Word):
    """Where an opening stands. That it is running is a matter of the clock, not a state."""

    OPEN = "open", "招募中"  # has room
    FULL = "full", "已满"  # a cancelled place opens it again
    DONE = "done", "已结束"  # its window is over


class Action(Word):
    """What a caller can do with an opening; the words are those of the addresses."""

    CLAIM = "claim", "认领"
    CHECK_IN_CODE = "check-in-code", "出示签到码"


#: A petition that stands so asks for no task any more.
ENDED_PETITIONS = frozenset({"closed", "rejected", "withdrawn"})
#: The points rule is one number a record, fixed when the opening is made; another rule gets another version.
RULE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Claims:
    """What stands between a person and a place: their own record in it, another at the same time."""

    own_record_id: UUID | None
    overlapping_record_id: UUID | None


def allowed_actions(
    status: Status, relations: frozenset[Relation], window: Window, now: datetime, may_claim: bool
) -> list[Action]:
    """What the caller may do now. `may_claim`: is a volunteer and has no record in it yet."""
    allowed = []
    if may_claim and status is Status.OPEN and not window.is_over(now):
        allowed.append(Action.CLAIM)
    if shows_codes(relations):
        allowed.append(Action.CHECK_IN_CODE)
    return allowed


def refusal(status: Status, window: Window, now: datetime, claims: Claims, allowed: list[Action]) -> Problem | None:
    """Why the claim is refused, the most personal reason first; None when nothing stands in its way."""
    how: dict[str, Any] = {"state": status, "allowed_actions": allowed}
    if claims.own_record_id is not None:
        return AlreadyClaimed(**how, service_record_id=claims.own_record_id)
    if status is Status.DONE or window.is_over(now):
        return Over(**how)
    if claims.overlapping_record_id is not None:
        return Overlap(**how, service_record_id=claims.overlapping_record_id)
    if status is Status.FULL:
        return Full(**how)
    return None
