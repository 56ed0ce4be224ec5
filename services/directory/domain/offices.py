"""What may be done to an office that somebody holds."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.directory.domain.permissions import may_shape
from shared.kernel.actor import Actor
from shared.kernel.words import Word


class Filling(Word):
    """Everything that can be done to an office."""

    END = "end", "终止"
    HAND_OVER = "hand_over", "移交"


def allowed_on_office(actor: Actor, path: Sequence[UUID], ends_on: date | None, day: date) -> list[Filling]:
    """What the caller may do to an office of the area at the end of `path`. What has ended stays so."""
    if (ends_on is not None and ends_on <= day) or not may_shape(actor, path, tenant=False):
        return []
    return list(Filling)
