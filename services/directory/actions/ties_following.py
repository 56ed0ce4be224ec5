"""What ties an organisation or a person to others follows when it is merged into another one.

Nobody is enrolled and no organisation seated twice: of two of the same that are open, the survivor's stays.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

_SENT = """
update membership set on_behalf_of_id = nullif($2::uuid, organisation_id), version = version + 1
 where on_behalf_of_id = any($1::uuid[])
"""
# Where the survivor was only told to enrol, and one of the others has done it, it has done it.
_DONE = """
update enrolment mine set starts_on = other.starts_on, version = mine.version + 1 from enrolment other
 where mine.organisation_id = $2 and other.organisation_id = any($1::uuid[]) and mine.tenant_id = other.tenant_id
   and mine.person_id is not distinct from other.person_id and mine.starts_on is null and other.starts_on is not null
   and mine.ends_on is null and other.ends_on is null
"""
#: Those of $1 end on the day $3 where $2 or an earlier one has the same; the others go over.
_FOLLOW = """
with held as (
  select t.tenant_id, t.id, t.{whose} = $2::uuid as own,
         row_number() over (partition by t.tenant_id, {same} order by t.{whose} <> $2::uuid, t.id) as place
    from {table} t where t.{whose} = any($1::uuid[] || $2::uuid) and t.ends_on is null
), twice as (
  update {table} t set ends_on = greatest($3::date, {began}), version = version + 1
    from held h where t.tenant_id = h.tenant_id and t.id = h.id and h.place > 1 and not h.own
)
update {table} t set {whose} = $2::uuid, version = version + 1
 where t.{whose} = any($1::uuid[])
   and not exists (select from held h where h.tenant_id = t.tenant_id and h.id = t.id and h.place > 1)
"""
_ENROLLED = "coalesce(t.starts_on, t.told_on)"
_LISTED = """
update {table} set organisation_id = $2::uuid, version = version + 1
 where organisation_id = any($1::uuid[]) and $3::date is not null
"""
# Whoever is a party sits in the council, or did.
_PROMISED = """
update agreement set version = version + 1,
       party_ids = array(select distinct case when p = any($1::uuid[]) then $2::uuid else p end
                           from unnest(party_ids) p),
       clauses = (select jsonb_agg(case when (c->>'organisation_id')::uuid = any($1)
                                        then jsonb_set(c, '{organisation_id}', to_jsonb($2::text)) else c end
                                   order by place)
                    from jsonb_array_elements(clauses) with ordinality e(c, place))
 where party_ids && $1
   and council_id = any(array(select council_id from council_member where organisation_id = any($1::uuid[])))
"""
#: By table, how its rows follow an organisation; then a person.
UNITS = {
    "enrolment": _FOLLOW.format(table="enrolment", whose="organisation_id", same="t.person_id", began=_ENROLLED),
    "council_member": _FOLLOW.format(
        table="council_member", whose="organisation_id", same="t.council_id", began="t.starts_on"
    ),
    **{table: _LISTED.format(table=table) for table in ("resource", "need")},
}
PEOPLE = {
    "enrolment": _FOLLOW.format(table="enrolment", whose="person_id", same="t.organisation_id", began=_ENROLLED),
}


async def organisations_become(connection: Any, old: Sequence[UUID], new: UUID, day: date) -> None:
    """Whom they sent, what they promised, where they enrolled and where they sit is the survivor's."""
    for statement in (_SENT, _PROMISED):
        await connection.execute(statement, old, new)
    await connection.execute(_DONE, old, new)
    for statement in UNITS.values():
        await connection.execute(statement, old, new, day)


async def person_becomes(connection: Any, old: UUID, new: UUID, day: date) -> None:
    """Where they enrolled, the survivor has."""
    for statement in PEOPLE.values():
        await connection.execute(statement, [old], new, day)
