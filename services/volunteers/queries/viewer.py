"""Whose eyes a query looks with: the part of the caller that decides which openings and records exist for them."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.permissions import handled_roots, overseen_roots, wide_roots
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Viewer:
    """`places`: home and roots; `wide`: roots below which other communities lie; `handled`, `overseen`: of records."""

    me: UUID
    places: list[UUID]
    organisations: list[UUID]
    wide: list[UUID]
    handled: list[UUID]
    overseen: list[UUID]

    @classmethod
    def of(cls, actor: Actor) -> "Viewer":
        return cls(
            actor.person_id,
            [*actor.area_roots(), *([actor.home_id] if actor.home_id else [])],
            list(actor.organisations()),
            list(wide_roots(actor)),
            list(handled_roots(actor)),
            list(overseen_roots(actor)),
        )

    @property
    def of_openings(self) -> tuple[UUID, list[UUID], list[UUID], list[UUID]]:
        """In the order of the placeholders $1 to $4 of the statements that use seen()."""
        return self.me, self.places, self.organisations, self.wide

    @property
    def of_records(self) -> tuple[UUID, list[UUID], list[UUID]]:
        """In the order of the placeholders $1 to $3 of the statements that use HANDLES and RECORD_VISIBLE."""
        return self.me, self.handled, self.overseen


def seen(first: int = 2) -> str:
    """The tenants of which the caller sees the openings, as relations whose placeholders start at `first`.

    They are those of home, roles and organisations (also of what those serve), those above them, and those below a
    street or a district: the same as what the directory shows of itself.
    """
    return f"""
here as (
  select tenant_id, ancestors from area where id = any(${first}::uuid[])
  union all
  select a.tenant_id, a.ancestors from organisation o join area a on a.id = any(o.serves || o.tenant_id)
   where o.id = any(${first + 1}::uuid[])
), seen as (
  select tenant_id from here union select unnest(ancestors) from here
  union select id from area where ancestors && ${first + 2}::uuid[] and id = tenant_id
)"""


#: Whether the opening `o` exists for the caller; who leads it always sees it.
OPENING_VISIBLE = "(o.tenant_id in (select tenant_id from seen) or o.leader_id = $1)"

#: Whether the caller works on the record `r` of the opening `o` and so sees who the volunteer is.
HANDLES = "(r.person_id = $1 or o.leader_id = $1 or r.area_path && $2::uuid[])"
#: Whether the record `r` of the opening `o` exists for the caller.
RECORD_VISIBLE = "(r.person_id = $1 or o.leader_id = $1 or r.area_path && $3::uuid[])"
