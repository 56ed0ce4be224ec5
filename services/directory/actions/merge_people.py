"""Somebody who was entered twice becomes one person: the other records lead to the one that goes on.

What a record held follows, each thing by a statement of its own; what the survivor has already ends. Roles follow only
by whom they could be given: otherwise merging somebody's record into one's own would be a way to their roles.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from services.directory.actions.notes import Author, note
from services.directory.actions.registering import Register, carry_out
from services.directory.actions.sealed import texts_of
from services.directory.actions.ties_following import person_becomes
from services.directory.domain.contact import ToSeal
from services.directory.domain.days import day_of
from services.directory.domain.errors import PersonMerged, RoleEnded
from services.directory.domain.granting import granting_as
from services.directory.domain.people import MERGERS
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries import people
from services.directory.queries.standing import role_in_force
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor, Role
from shared.kernel.errors import FieldProblem, Invalid, NotFound
from shared.kernel.ids import new_id

#: What everybody who lives somewhere may be; it follows whoever merges.
_ORDINARY = frozenset({Role.RESIDENT, Role.VOLUNTEER})

_GRANTS = """
select g.id, g.role, g.area_id, g.organisation_id, g.starts_on, g.ends_on, root.ancestors || root.id as path
  from role_grant g left join organisation o on o.id = g.organisation_id
  join area root on root.id = coalesce(g.area_id, o.tenant_id)
 where g.person_id = $1 and (g.ends_on is null or g.ends_on > $2) order by g.id for update of g
"""
_END_GRANTS = "update role_grant set ends_on = greatest(starts_on, $2), version = version + 1 where id = any($1)"
_GIVE = """
insert into role_grant (tenant_id, id, version, person_id, role, area_id, organisation_id, starts_on, ends_on)
select $1, $2, 1, $3, role, area_id, organisation_id, starts_on, $5 from role_grant where id = $4
on conflict do nothing returning id
"""
# That it was held stays true of the person whom the records are both of; what the survivor held as well stays with the
# old record, and ends.
_OFFICES = """
with moved as (
  update office o set person_id = $2, version = version + 1
   where o.person_id = $1 and not exists (
     select from office same where same.person_id = $2 and same.tenant_id = o.tenant_id and same.area_id = o.area_id
        and same.kind = o.kind and daterange(same.starts_on, same.ends_on) && daterange(o.starts_on, o.ends_on))
  returning o.tenant_id, o.id
), ended as (
  update office o set ends_on = greatest(o.starts_on, $3), turns_on = null, version = version + 1
   where o.person_id = $1 and (o.ends_on is null or o.ends_on > $3) and o.id not in (select id from moved)
     and exists (
     select from office same where same.person_id = $2 and same.tenant_id = o.tenant_id and same.area_id = o.area_id
        and same.kind = o.kind and daterange(same.starts_on, same.ends_on) && daterange(o.starts_on, o.ends_on))
  returning o.tenant_id, o.id
), noted as (
  insert into change (tenant_id, kind, entity_id)
  select tenant_id, 'office', id from moved union all select tenant_id, 'office', id from ended
  on conflict (tenant_id, kind, entity_id) do update set xid = default, seq = default returning seq
)
select (select coalesce(array_agg(id), '{}') from moved) as moved,
       (select coalesce(array_agg(id), '{}') from ended) as ended, (select max(seq) from noted) as last
"""
_MEMBERSHIPS = """
with twice as (
  update membership m set ends_on = greatest(m.starts_on, $3), version = version + 1
   where m.person_id = $1 and m.ends_on is null and exists (
     select from membership same where same.person_id = $2 and same.tenant_id = m.tenant_id
        and same.organisation_id = m.organisation_id and same.kind = m.kind and same.ends_on is null)
  returning m.id
), moved as (
  update membership m set person_id = $2, version = version + 1
   where m.person_id = $1 and m.id not in (select id from twice) and not (m.ends_on is null and exists (
     select from membership same where same.person_id = $2 and same.tenant_id = m.tenant_id
        and same.organisation_id = m.organisation_id and same.kind = m.kind and same.ends_on is null))
  returning m.id
)
select (select count(*) from moved) as moved, (select count(*) from twice) as ended
"""
_CARE = """
with old as (
  delete from care c where c.person_id = $1 returning c.kinds
)
insert into care (tenant_id, person_id, version, kinds) select $3, $2, 1, kinds from old
on conflict (tenant_id, person_id) do update set version = care.version + 1, kinds = array(
  select distinct kind from unnest(care.kinds || excluded.kinds) kind order by kind)
"""
# Who looks after either looks after the one; who was looked after by either is by the one, and nobody by themselves.
_HELPERS = """
with old as (
  delete from care_helper where person_id = $1 or helper_id = $1 returning *
)
insert into care_helper (tenant_id, id, person_id, helper_id, starts_on, ends_on)
select case when person_id = $1 then $3 else tenant_id end, id, case when person_id = $1 then $2 else person_id end,
       case when helper_id = $1 then $2 else helper_id end, starts_on, ends_on
  from old where not ($1 in (person_id, helper_id) and $2 in (person_id, helper_id)) on conflict do nothing
"""
#: What a record may know that the survivor's does not.
_FILLED = ("home_id", "birth_year", "work_organisation_id")


async def merge(house: House, actor: Actor, person_id: UUID, others: Sequence[UUID], once: Once) -> tuple[bytes, int]:
    """The person takes in the other records; gives their detail."""

    async def work(register: Register) -> UUID:
        rows = await register.people(person_id, *others)
        survivor = await _mine(register, actor, rows.get(person_id))
        for i, other in enumerate(others):
            gone = rows.get(other)
            if other == person_id or other in others[:i]:
                zh, en = "同一条记录出现了两次", "the same record twice"
                raise Invalid(fields=[FieldProblem(f"/person_ids/{i}", "duplicate", zh, en)])
            try:
                gone = await _mine(register, actor, gone)
            except (NotFound, PersonMerged) as error:
                zh, en = "没有这个人，或已并入另一条记录", "no such person, or merged already"
                raise Invalid(fields=[FieldProblem(f"/person_ids/{i}", "unknown_person", zh, en)]) from error
            survivor = await _take_in(register, actor, survivor, gone)
        await register.finish(survivor["tenant_id"], person_id, once)
        return person_id

    await carry_out(house, actor, once, work)
    return await people.detail(house.pool, house.sealer, actor, person_id, day_of(house.clock.now()))


async def _mine(register: Register, actor: Actor, row: Row | None) -> Row:
    """A record that the caller may merge, by a role that is in force at this moment."""
    if row is None:
        raise NotFound
    path = await people.path_of(register.connection, row["id"], actor.area_roots(MERGERS))
    role = await role_in_force(register.connection, actor, MERGERS, path, register.day)
    if role is None:
        raise RoleEnded
    if row["merged_into"]:
        raise PersonMerged(state="merged", allowed_actions=[], survivor=row["merged_into"])
    register.role = role
    return row


async def _take_in(register: Register, actor: Actor, survivor: Row, gone: Row) -> Row:
    """All that one record has goes over to the survivor; gives the survivor's row as it is then."""
    filled = {name: gone[name] for name in _FILLED if survivor[name] is None and gone[name] is not None}
    if "home_id" in filled:
        filled["household_id"] = gone["household_id"]
    skills = list(dict.fromkeys([*survivor["skills"], *gone["skills"]]))
    party = survivor["party_member"] or gone["party_member"]
    survivor = survivor | filled | {"skills": skills, "party_member": party, "version": survivor["version"] + 1}
    empty: Row = {"home_id": None, "household_id": None, "birth_year": None, "work_organisation_id": None, "skills": []}
    gone = gone | empty | {"party_member": False, "merged_into": survivor["id"], "version": gone["version"] + 1}
    fields = await _texts(register, survivor["tenant_id"], survivor["id"], gone["tenant_id"], gone["id"])
    counts = await _roles(register, actor, survivor, gone["id"]) | await _held(register, gone["id"], survivor["id"])
    for statement in (_CARE, _HELPERS):
        await register.connection.execute(statement, gone["id"], survivor["id"], survivor["tenant_id"])
    await register.store("person", gone, survivor)
    await register.note(gone, "merged", {"into": survivor["id"]})
    await register.note(survivor, "merge", {"person_id": gone["id"], "fields": sorted([*filled, *fields]), **counts})
    return survivor


async def _texts(register: Register, tenant_id: UUID, id: UUID, old_tenant: UUID, old: UUID) -> list[str]:
    """What was sealed for the old record is sealed for the survivor, where that has nothing; nothing stays behind."""
    texts = await texts_of(register.connection, register.sealer, [id, old])
    new = {field: text for field, text in texts[old].items() if field not in texts[id]}
    moved: Iterable[ToSeal] = (ToSeal(tenant_id, id, field, text) for field, text in new.items())
    await register.seal([*moved, *(ToSeal(old_tenant, old, field, None) for field in texts[old])])
    return list(new)


async def _roles(register: Register, actor: Actor, survivor: Row, old: UUID) -> dict[str, int]:
    """The roles of the old record end, and are given to the survivor by whoever may give them."""
    connection, given = register.connection, []
    held = await connection.fetch(_GRANTS, old, register.day)
    for row in held:
        if row["role"] not in _ORDINARY:
            granting_as(actor, survivor["id"], Role(row["role"]), row["path"])
    author = Author(register.who, register.role, register.at)
    ended = [row["id"] for row in held]
    await connection.execute(_END_GRANTS, ended, register.day)
    await note(connection, "role_grant", ended, author, "end", merged_into=survivor["id"])
    for row in held:
        place = survivor["tenant_id"], new_id(register.at), survivor["id"], row["id"], row["ends_on"]
        made = await connection.fetchval(_GIVE, *place)
        given += [made] if made else []
    await note(connection, "role_grant", given, author, "grant", merged_from=old)
    return {"roles": len(given)}


async def _held(register: Register, old: UUID, new: UUID) -> dict[str, Any]:
    """Offices and memberships; the offices are told to those who follow the directory."""
    author = Author(register.who, register.role, register.at)
    offices = await register.connection.fetchrow(_OFFICES, old, new, register.day)
    await note(register.connection, "office", offices["moved"], author, "update", merged_from=old)
    await note(register.connection, "office", offices["ended"], author, "end", merged_into=new)
    register.noted("office", offices["last"])
    memberships = await register.connection.fetchrow(_MEMBERSHIPS, old, new, register.day)
    await person_becomes(register.connection, old, new, register.day)
    return {"offices": len(offices["moved"]), "memberships": memberships["moved"]}
