"""Which level a petition stands at: the one above takes over when the one below fails."""

from collections.abc import Sequence
from uuid import UUID

_DISPUTES_AT_ONE_LEVEL = 1


def level_after_dispute(area_path: Sequence[UUID], level: UUID, rounds_so_far: int) -> UUID:
    """The level after a dispute in round `rounds_so_far`: the same the first time, one up from the second time on.

    `area_path` runs from the root down; the topmost level has nothing above it and keeps the petition.
    """
    if rounds_so_far <= _DISPUTES_AT_ONE_LEVEL:
        return level
    position = list(area_path).index(level)
    return area_path[max(position - 1, 0)]
