"""The organisations, people and communities that a call names, as far as they exist for the caller.

Besides what lies in the caller's view (domain/scope.py), whoever belongs to an organisation sees it, and it reaches as
far as the tenant that keeps it: a unit of the district counts people of every community in it among its members, and
tells them to enrol at home.
"""

from datetime import date
from uuid import UUID

from services.directory.actions.holding import merged_person
from services.directory.actions.records import Writing
from services.directory.domain.errors import wrong
from services.directory.domain.plan import Row
from services.directory.domain.scope import scope_of
from services.directory.queries.parts import TENANTS
from shared.kernel.errors import NotFound

_ORGANISATION = f"""
with {TENANTS}
select o.*, t.ancestors || t.id as path
  from organisation o join area t on t.tenant_id = o.tenant_id and t.id = o.tenant_id
 where o.id = $4 and (o.id = any($3) or o.tenant_id in (select tenant_id from tenants)
                      or o.serves_tenants && array(select tenant_id from tenants)
                      or exists (select from membership m
                                  where m.organisation_id = o.id and m.person_id = $5
                                    and m.starts_on <= $6 and (m.ends_on is null or m.ends_on > $6)))
"""
#: What is written about an organisation is written one after the other.
_LOCKED = f"{_ORGANISATION} for no key update of o"
_PERSON = f"""
with {TENANTS}
select p.id, p.tenant_id, p.merged_into, h.tenant_id as home_tenant_id
  from person p join area t on t.tenant_id = p.tenant_id and t.id = p.tenant_id left join area h on h.id = p.home_id
 where p.id = $4 and not p.erased
   and (p.id = $6 or $5 = any(t.ancestors || t.id) or p.tenant_id in (select tenant_id from tenants)
        or h.tenant_id in (select tenant_id from tenants))
"""
_TENANT = f"""
with {TENANTS}
select a.*, a.ancestors || a.id as path from area a
 where a.id = $4 and ($5::uuid = any(a.ancestors || a.id) or a.tenant_id in (select tenant_id from tenants))
"""
_BELONGS = """
select true from membership
 where organisation_id = $1 and person_id = $2 and starts_on <= $3 and (ends_on is null or ends_on > $3) limit 1
"""


async def organisation_for(writing: Writing, id: UUID, pointer: str | None = None, *, lock: bool = False) -> Row:
    """The organisation with the `path` to the tenant that keeps it.

    Named at `pointer` in a body it must be open; without one it is in the address, and unknown is a NotFound.
    """
    who = writing.actor.person_id, writing.day
    found = await writing.row(_LOCKED if lock else _ORGANISATION, *_view(writing), id, *who)
    if pointer is None:
        if found is None:
            raise NotFound
        return found
    if found is None:
        raise wrong(pointer, "unknown_organisation", "没有这个单位", "no such organisation")
    if found["closed"]:
        raise wrong(pointer, "closed", f"“{found['name']}”已撤销", f"“{found['name']}” is closed")
    return found


async def person_for(writing: Writing, id: UUID, organisation: Row, pointer: str) -> Row:
    """The person, with the tenant of their home."""
    found = await writing.row(_PERSON, *_view(writing), id, organisation["tenant_id"], writing.actor.person_id)
    if found is None:
        raise wrong(pointer, "unknown_person", "没有这个人", "no such person")
    if found["merged_into"] is not None:
        raise merged_person(found["merged_into"], pointer)
    return found


async def area_for(writing: Writing, id: UUID, pointer: str, reach: UUID | None = None) -> Row:
    """The open area with the `path` to it, in the caller's view or below the area `reach`."""
    found = await writing.row(_TENANT, *_view(writing), id, reach)
    if found is None:
        raise wrong(pointer, "unknown_area", "没有这个区域", "no such area")
    if found["closed"]:
        raise wrong(pointer, "closed", f"“{found['name']}”已撤销", f"“{found['name']}” is closed")
    return found


async def belongs(writing: Writing, organisation_id: UUID, person_id: UUID, day: date) -> bool:
    """Whether the person belongs to the organisation on that day, as whatever."""
    return bool(await writing.value(_BELONGS, organisation_id, person_id, day))


def _view(writing: Writing) -> tuple[list[UUID], list[UUID], list[UUID]]:
    scope = scope_of(writing.actor)
    return scope.root_ids, scope.home_ids, scope.organisation_ids
