"""What a council's organisations do together: where an agreement stands, and what becomes of resources and needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.kernel.words import Word


class ListState(Word):
    """Where a resource, a need or a project stands."""

    OPEN = "open", "进行中"
    JOINED = "joined", "已对接"  # a need that a project meets
    DONE = "done", "已完成"
    WITHDRAWN = "withdrawn", "已撤回"


@dataclass(frozen=True, slots=True)
class Clause:
    """What one promises: in which field of joint work, who does it (nobody named: all), and whether it is done."""

    id: UUID | None
    field: str
    text: str
    organisation_id: UUID | None
    fulfilled_on: date | None = None
    note: str | None = None


def share(fulfilled: int, clauses: int) -> float | None:
    """How much of an agreement is fulfilled, 0 to 1; None where it promises nothing."""
    return round(fulfilled / clauses, 3) if clauses else None


def renewed(wanted: Sequence[Clause], present: Sequence[Clause]) -> list[Clause]:
    """The clauses as they shall be; one that was there keeps whether it is fulfilled."""
    known = {clause.id: clause for clause in present}
    kept = []
    for clause in wanted:
        old = known.get(clause.id)
        done = (old.fulfilled_on, old.note) if old else (None, None)
        kept.append(Clause(clause.id, clause.field, clause.text, clause.organisation_id, *done))
    return kept
