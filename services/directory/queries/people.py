"""One person of the register, and who may see them (domain/people). In each statement `p` is the person."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.contact import OF_PERSON, Field
from services.directory.domain.people import PARTY_KEEPERS, PARTY_OFFICES, REGISTRARS, allowed_actions
from services.directory.queries.masks import SEALED, opened, shown
from services.directory.queries.parts import TENANT
from shared.infra import cursors
from shared.infra.sealing import Sealer
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

#: Where a person stands in the tree, root first: their home, if it lies in the community that keeps them, or that.
PERSON_PATH = """
coalesce((select h.ancestors || h.id from area h where h.tenant_id = p.tenant_id and h.id = p.home_id),
         (select t.ancestors || t.id from area t where t.tenant_id = p.tenant_id and t.id = p.tenant_id))
"""

#: The one whom a merged person is now, however often that happened.
SURVIVOR = """
(with recursive heir as (
   select x.id, x.name, x.merged_into from person x where x.id = p.merged_into
   union all select x.id, x.name, x.merged_into from heir join person x on x.id = heir.merged_into
 )
 select json_build_object('id', heir.id, 'name', heir.name) from heir where heir.merged_into is null limit 1)
"""

_DETAIL = """
select json_build_object(
         'id', p.id, 'name', p.name, 'birth_year', p.birth_year, 'skills', p.skills,
         'tenant', {tenant},
         'home', (select json_build_object('id', a.id, 'name', a.name, 'kind', a.kind, 'code', a.code)
                    from area a where a.id = p.home_id),
         'work_organisation', (select json_build_object('id', o.id, 'name', o.name) from organisation o
                                where o.id = p.work_organisation_id),
         'party_member', case when place.path && $3::uuid[] or exists (
             select from office o where o.person_id = $4 and o.kind = any($5) and o.area_id = any(place.path)
                and o.starts_on <= $6 and (o.ends_on is null or o.ends_on > $6)) then p.party_member end,
         'merged_into', {survivor})::text as body,
       p.version, p.tenant_id, p.id, p.household_id, p.merged_into is not null as merged, place.path,
       {sealed} as sealed, {door} as door
  from person p cross join lateral (select {path} as path) place
 where p.id = $1 and not p.erased and place.path && $2::uuid[]
""".format(
    tenant=TENANT.format(tenant_id="p.tenant_id"),
    survivor=SURVIVOR,
    path=PERSON_PATH,
    sealed=SEALED.format(tenant_id="p.tenant_id", owner="p.id"),
    door=SEALED.format(tenant_id="p.tenant_id", owner="p.household_id"),
)


async def detail(pool: Any, sealer: Sealer, actor: Actor, person_id: UUID, day: date) -> tuple[bytes, int]:
    """One person, masked, and the version of their record; raises NotFound for who is not the caller's to see."""
    roots = [list(actor.area_roots(roles)) for roles in (REGISTRARS, PARTY_KEEPERS)]
    row = await pool.fetchrow(_DETAIL, person_id, *roots, actor.person_id, PARTY_OFFICES, day)
    if row is None:
        raise NotFound
    more: dict[str, Any] = shown(sealer, row["tenant_id"], row["id"], row["sealed"], OF_PERSON)
    more |= shown(sealer, row["tenant_id"], row["household_id"], row["door"], [Field.DOOR])
    more["allowed_actions"] = [] if row["merged"] else allowed_actions(actor, row["path"])
    return row["body"][:-1].encode() + b"," + orjson.dumps(more)[1:], row["version"]


_PATH = f"select {PERSON_PATH} as path from person p where p.id = $1 and not p.erased"


async def path_of(connection: Any, person_id: UUID, roots: frozenset[UUID]) -> list[UUID]:
    """Where a person stands, for who has a say there; raises NotFound for everybody else."""
    found: list[UUID] | None = await connection.fetchval(_PATH, person_id)
    if found is None or not roots.intersection(found):
        raise NotFound
    return found


#: The person and all records that were merged into theirs.
_RECORDS = """
(with recursive record as (
   select p.id union all select x.id from record join person x on x.merged_into = record.id
 ) select id from record)
"""
_LOG = """
select l.* from person p left join lateral (
  select l.tenant_id, l.id, json_build_object(
           'at', l.at, 'role', l.actor_role, 'reason', l.reason, 'fields', l.fields,
           'by', (select json_build_object('id', by.id, 'name', by.name) from person by where by.id = l.actor_id)
         )::text as item, {sealed} as sealed
    from access_log l where l.person_id in {records} and l.id < $2 order by l.id desc limit $3) l on true
 where p.id = $1 and not p.erased and {path} && $4::uuid[] order by l.id desc
""".format(sealed=SEALED.format(tenant_id="l.tenant_id", owner="l.id"), path=PERSON_PATH, records=_RECORDS)


async def access_log(
    pool: asyncpg.Pool, sealer: Sealer, roots: frozenset[UUID], person_id: UUID, limit: int, cursor: str | None
) -> bytes:
    """One page of who was given which fields, newest first; raises NotFound."""
    after = cursors.decode(cursor)
    rows = await pool.fetch(_LOG, person_id, after, limit + 1, list(roots))
    if not rows:
        raise NotFound
    found = [row for row in rows if row["id"] is not None]
    return cursors.page([_with_note(sealer, row) for row in found], [row["id"] for row in found], limit)


def _with_note(sealer: Sealer, row: asyncpg.Record) -> str:
    """The note is for those who judge whether there was a reason: in full."""
    more = {"note": opened(sealer, row["tenant_id"], row["id"], row["sealed"], ["note"]).get("note")}
    return f"{row['item'][:-1]},{orjson.dumps(more).decode()[1:]}"
