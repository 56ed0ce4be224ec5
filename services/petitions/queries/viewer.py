"""Whose eyes a query looks with: the part of the caller that decides which petitions exist for them."""

from dataclasses import dataclass
from uuid import UUID

from services.petitions.domain.permissions import overseen_roots
from shared.kernel.actor import STAFF, Actor, Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """`mine`: ids under which the caller may hold something; `overseen`, `staffed`: roots of areas."""

    me: UUID
    mine: list[UUID]
    overseen: list[UUID]
    staffed: list[UUID]

    @classmethod
    def of(cls, actor: Actor) -> "Viewer":
        organisations = actor.organisations(frozenset({Role.ORGANISATION_STAFF}))
        return cls(
            actor.person_id,
            [actor.person_id, *organisations],
            list(overseen_roots(actor)),
            list(actor.area_roots(STAFF)),
        )

    @property
    def arguments(self) -> tuple[UUID, list[UUID], list[UUID], list[UUID]]:
        """In the order of the placeholders $1 to $4 of the statements that use VISIBLE and HANDLES."""
        return self.me, self.mine, self.overseen, self.staffed


#: Whether the petition `p` exists for the viewer.
VISIBLE = """(p.reporter_id = $1 or p.holder_id = any($2::uuid[]) or p.co_handler_ids && $2::uuid[]
              or p.area_path && $3::uuid[])"""
#: Whether the viewer works on `p` and so sees internal notes and the reporter.
HANDLES = "(p.holder_id = any($2::uuid[]) or p.area_path && $4::uuid[])"
