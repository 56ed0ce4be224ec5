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
        """In the order of the placeholders $1 to $4 of the statements that use SEEN and visible()."""
        return self.me, self.places, self.organisations, self.wide

    @property
    def of_records(self) -> tuple[UUID, list[UUID], list[UUID]]:
        """In the order of the placeholders $1 to $3 of the statements that use HANDLES and RECORD_VISIBLE."""
        return self.me, self.handled, self.overseen


#: The tenants of which the caller sees the openings ($2 to $4): those of home, roles and organisations (also of what
#: those serve), those above them, and those below a street or a district. So the directory shows itself, too.
SEEN = """
here as (
  select tenant_id, ancestors from area where id = any($2::uuid[])
  union all
  select a.tenant_id, a.ancestors from organisation g join area a on a.id = any(g.serves || g.tenant_id)
   where g.id = any($3::uuid[])
), seen as (
  select tenant_id from here union select unnest(ancestors) from here
  union select id from area
         where id = tenant_id
           and ancestors && ($4::uuid[] || array(select unnest(serves) from organisation where id = any($3::uuid[])))
)"""


def visible(first: int = 2) -> str:
    """Whether the one opening `o` exists for the caller, by the same rule, with placeholders from `first` on.

    Asked of the opening instead of listing tenants, so that PostgreSQL keeps one plan and a claim is not planned anew
    each time (1.7 ms became 0.4). Who leads an opening always sees it.
    """
    return f"""(o.leader_id = $1 or o.area_path && ${first + 2}::uuid[]
    or exists (select from area a where a.id = any(${first}::uuid[]) and o.tenant_id = any(a.ancestors || a.tenant_id))
    or exists (select from organisation g join area a on a.id = any(g.serves || g.tenant_id)
                where g.id = any(${first + 1}::uuid[])
                  and (o.tenant_id = any(a.ancestors || a.tenant_id) or g.serves && o.area_path)))"""


#: Whether the caller works on the record `r` of the opening `o` and so sees who the volunteer is.
HANDLES = "(r.person_id = $1 or o.leader_id = $1 or r.area_path && $2::uuid[])"
#: Whether the record `r` of the opening `o` exists for the caller.
RECORD_VISIBLE = "(r.person_id = $1 or o.leader_id = $1 or r.area_path && $3::uuid[])"
