"""The states of a service record and the moves between them: the only place that knows.

Each move says from which states it starts, where it leads, which relation to the record the caller must have (and
which rules the caller out, whatever else they are), and when it is possible. Illegal moves raise and change nothing.
The diagram in the README is generated from this table (`python -m services.volunteers.domain.states`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.volunteers.domain import windows
from services.volunteers.domain.permissions import Relation
from services.volunteers.domain.windows import Span, Window
from shared.kernel.words import Word


class Status(Word):
    """Where a service record stands."""

    CONFIRMED = "confirmed", "已确认"  # has a place
    CHECKED_IN = "checked_in", "已签到"
    CHECKED_OUT = "checked_out", "已签退"
    SUBMITTED = "submitted", "待审核"  # said what was done
    APPROVED = "approved", "已通过"  # points, rule and grade are fixed
    AWARDED = "awarded", "已发分"  # the points are in the ledger
    CANCELLED = "cancelled", "已取消"  # the place went back
    REJECTED = "rejected", "未通过"


ENDED = frozenset({Status.AWARDED, Status.CANCELLED, Status.REJECTED})


class Action(Word):
    """What can be done to a service record; the words are those of the addresses."""

    CHECK_IN = "check-in", "签到"
    CHECK_OUT = "check-out", "签退"
    SUBMIT = "submit", "提交"
    APPROVE = "approve", "通过"
    REJECT = "reject", "不通过"
    CANCEL = "cancel", "取消"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table."""

    starts: frozenset[Status]
    leads_to: Status
    who: frozenset[Relation]
    never: frozenset[Relation] = frozenset()
    when: Callable[[Window], Span] = windows.always

    def lets(self, mine: frozenset[Relation]) -> bool:
        """Whether somebody with these relations may do it at all."""
        return bool(mine & self.who) and not self.rules_out(mine)

    def rules_out(self, mine: frozenset[Relation]) -> bool:
        """Whether they are too close to it, whatever else they are."""
        return bool(mine & self.never)


def _from(*starts: Status) -> frozenset[Status]:
    return frozenset(starts)


_VOLUNTEER = frozenset({Relation.VOLUNTEER})
_APPROVERS = frozenset({Relation.LEADER, Relation.STAFF, Relation.TEAM_LEADER})
#: Nobody approves their own service, nor what they recorded themselves (four eyes).
_INVOLVED = frozenset({Relation.VOLUNTEER, Relation.RECORDER})

MOVES: dict[Action, Move] = {
    Action.CHECK_IN: Move(_from(Status.CONFIRMED), Status.CHECKED_IN, _VOLUNTEER, when=windows.check_in),
    Action.CHECK_OUT: Move(_from(Status.CHECKED_IN), Status.CHECKED_OUT, _VOLUNTEER, when=windows.check_out),
    Action.SUBMIT: Move(_from(Status.CHECKED_OUT), Status.SUBMITTED, _VOLUNTEER),
    Action.APPROVE: Move(_from(Status.SUBMITTED), Status.APPROVED, _APPROVERS, _INVOLVED),
    Action.REJECT: Move(_from(Status.SUBMITTED), Status.REJECTED, _APPROVERS, _INVOLVED),
    Action.CANCEL: Move(
        _from(Status.CONFIRMED),
        Status.CANCELLED,
        frozenset({Relation.VOLUNTEER, Relation.LEADER, Relation.STAFF}),
        when=windows.cancel,
    ),
}


def allowed_actions(status: Status, relations: frozenset[Relation], window: Window, now: datetime) -> list[Action]:
    """What somebody with these relations may do now, in the table's order."""
    return [
        action
        for action, move in MOVES.items()
        if status in move.starts and move.lets(relations) and move.when(window).holds(now)
    ]


def diagram() -> str:
    """The table as a Mermaid state diagram; the ledger makes the last move."""
    lines = ["stateDiagram-v2", "    [*] --> confirmed: claim"]
    for action, move in MOVES.items():
        lines += [f"    {start} --> {move.leads_to}: {action}" for start in Status if start in move.starts]
    lines.append("    approved --> awarded: the transfer is posted")
    return "\n".join(lines + [f"    {status} --> [*]" for status in Status if status in ENDED])


if __name__ == "__main__":
    print(diagram())
