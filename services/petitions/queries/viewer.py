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
#: The members of the answer that depend on who looks, with the name of the view; schemas/petitions.py has a schema for
#: each. What is not named here for a view cannot get into it.
VIEW = f"""case
    when {HANDLES} or p.reporter_id = $1 then json_build_object(
        'view', case when {HANDLES} then 'handler' else 'reporter' end,
        'reporter', (select json_build_object('id', r.id, 'name', r.display_name) from person r
                      where r.id = p.reporter_id limit 1))
    else json_build_object('view', 'onlooker') end"""


def history_row(notes: str) -> str:
    """One row `h` of the history as the viewer sees it, with people's words from the relation `notes`."""
    members = f"""'version', h.version, 'at', h.at, 'action', h.action, 'from', h.from_status, 'to', h.to_status,
        'actor_role', h.actor_role, 'facts', h.facts, 'public_note', {notes}.public_note"""
    inner = f"json_build_object({members}, 'internal_note', {notes}.internal_note)"
    return f"case when {HANDLES} then {inner} else json_build_object({members}) end"
