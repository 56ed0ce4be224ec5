"""How far a caller sees in the directory (Reach.TENANT).

Everybody sees what the community of their home keeps, and the street and district above it. A role adds the tenant of
its root with those above, and all that lies below the root: so street staff see every community of their street.
Staff of an organisation see the tenant that keeps it and, in the same way as by a role, the areas that it serves.
Everything else does not exist for them.
"""

from dataclasses import dataclass
from uuid import UUID

from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a caller's view begins; the queries follow the tree from here."""

    home_ids: list[UUID]
    root_ids: list[UUID]
    organisation_ids: list[UUID]


def scope_of(actor: Actor) -> Scope:
    """The caller's view, from their roles and home."""
    return Scope(
        home_ids=[actor.home_id] if actor.home_id else [],
        root_ids=list(actor.area_roots()),
        organisation_ids=list(actor.organisations()),
    )
