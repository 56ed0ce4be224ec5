"""The states of a petition and the moves between them: the only place that knows.

Each move says from which states it starts, where it leads, and which relation to the petition the caller must have
(permissions.py says who has which). Illegal moves raise and change nothing. The diagram in the README is generated
from this table (`python -m services.petitions.domain.states`).
"""

from dataclasses import dataclass

from services.petitions.domain.permissions import Relation
from shared.kernel.words import Word


class Status(Word):
    """Where a petition stands."""

    SUBMITTED = "submitted", "已提交"  # nobody has looked yet
    ACCEPTED = "accepted", "已受理"  # it is ours, category and urgency are confirmed
    DISPATCHED = "dispatched", "已派单"  # handed to a lead, who must start and resolve it
    IN_PROGRESS = "in_progress", "办理中"  # the holder has been in touch
    RESOLVED = "resolved", "已办结（待确认）"  # the holder says it is done; the reporter has the word
    CLOSED = "closed", "已结案"
    REJECTED = "rejected", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"


#: Nothing more is expected of anybody.
ENDED = frozenset({Status.CLOSED, Status.REJECTED, Status.WITHDRAWN})
OPEN = frozenset(Status) - ENDED


class Action(Word):
    """What can be done to a petition."""

    ACCEPT = "accept", "受理"
    REJECT = "reject", "不予受理"
    DISPATCH = "dispatch", "派单"
    START = "start", "开始办理"
    RESOLVE = "resolve", "办结"
    CONFIRM = "confirm", "确认"
    DISPUTE = "dispute", "不认可"
    WITHDRAW = "withdraw", "撤回"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table."""

    starts: frozenset[Status]
    leads_to: Status
    who: frozenset[Relation]


def _from(*starts: Status) -> frozenset[Status]:
    return frozenset(starts)


MOVES: dict[Action, Move] = {
    Action.ACCEPT: Move(
        _from(Status.SUBMITTED), Status.ACCEPTED, frozenset({Relation.HOLDER, Relation.STAFF}),
    ),
    Action.REJECT: Move(
        _from(Status.SUBMITTED, Status.ACCEPTED), Status.REJECTED, frozenset({Relation.STAFF}),
    ),
    Action.DISPATCH: Move(
        _from(Status.ACCEPTED, Status.DISPATCHED, Status.IN_PROGRESS),
        Status.DISPATCHED,
        frozenset({Relation.STAFF}),
    ),
    Action.START: Move(
        _from(Status.ACCEPTED, Status.DISPATCHED), Status.IN_PROGRESS, frozenset({Relation.HOLDER}),
    ),
    Action.RESOLVE: Move(
        _from(Status.IN_PROGRESS), Status.RESOLVED, frozenset({Relation.HOLDER}),
    ),
    Action.CONFIRM: Move(
        _from(Status.RESOLVED), Status.CLOSED, frozenset({Relation.REPORTER}),
    ),
    Action.DISPUTE: Move(
        _from(Status.RESOLVED), Status.IN_PROGRESS, frozenset({Relation.REPORTER}),
    ),
    Action.WITHDRAW: Move(
        _from(Status.SUBMITTED, Status.ACCEPTED), Status.WITHDRAWN, frozenset({Relation.REPORTER}),
    ),
}  # fmt: skip


def allowed_actions(status: Status, relations: frozenset[Relation]) -> list[Action]:
    """What somebody with these relations may do now, in the table's order."""
    return [action for action, move in MOVES.items() if status in move.starts and relations & move.who]


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> submitted"]
    for action, move in MOVES.items():
        lines += [f"    {start} --> {move.leads_to}: {action}" for start in Status if start in move.starts]
    return "\n".join(lines + [f"    {status} --> [*]" for status in Status if status in ENDED])


if __name__ == "__main__":
    print(diagram())
