"""Roles that people have: lists, one of them, and the audit of what was done to them.

Seen by those who give roles, and by those who watch over them, where their own role counts or below that. A role for an
organisation lies with the community, street or district that keeps it.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.days import day_of
from services.directory.domain.granting import AUDITORS, allowed_on_grant
from services.directory.house import House
from shared.infra import cursors
from shared.kernel.actor import Actor, Role
from shared.kernel.errors import NotFound

_ITEM = """
json_build_object('id', g.id, 'role', g.role, 'person', json_build_object('id', h.id, 'name', h.name),
                  'area', case when g.area_id is not null then json_build_object('id', root.id, 'name', root.name) end,
                  'organisation', case when o.id is not null then json_build_object('id', o.id, 'name', o.name) end,
                  'starts_on', g.starts_on, 'ends_on', g.ends_on)::text
"""
_JOINED = """
  left join organisation o on o.id = g.organisation_id
  join area root on root.id = coalesce(g.area_id, o.tenant_id)
  left join person h on h.tenant_id = g.tenant_id and h.id = g.person_id and not h.erased
"""
#: Read in the order of an index until a page is full, each with what it names: a community has as many residents' roles
#: as residents.
_LIST = f"""
select g.id, {_ITEM} as item
  from (select * from role_grant g
         where {{place}} and g.id < $3
           and (g.starts_on is null or g.starts_on <= $4) and (g.ends_on is null or g.ends_on > $4)
         order by g.id desc) g
  left join lateral (select id, name, tenant_id from organisation where id = g.organisation_id offset 0) o on true
  cross join lateral (select id, name, ancestors from area where id = coalesce(g.area_id, o.tenant_id) offset 0) root
  left join lateral (
    select id, name from person where tenant_id = g.tenant_id and id = g.person_id and not erased offset 0) h on true
 where (root.ancestors || root.id) && $1::uuid[] order by g.id desc limit $2
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which roles: of a person, in that very area, for an organisation (one of these at least); had on the day."""

    limit: int
    cursor: str | None
    person: UUID | None
    area: UUID | None
    organisation: UUID | None
    role: Role | None
    on: date


async def listed(pool: asyncpg.Pool, actor: Actor, wanted: Wanted) -> bytes:
    """One page, newest first."""
    after = cursors.decode(wanted.cursor)
    named = {
        "g.person_id": wanted.person,
        "g.area_id": wanted.area,
        "g.organisation_id": wanted.organisation,
        "g.role": wanted.role,
    }
    given = {column: value for column, value in named.items() if value is not None}
    place = " and ".join(f"{column} = ${n}" for n, column in enumerate(given, 5))
    roots = list(actor.area_roots(AUDITORS))
    rows = await pool.fetch(_LIST.format(place=place), roots, wanted.limit + 1, after, wanted.on, *given.values())
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], wanted.limit)


_DETAIL = f"""
select {_ITEM} as body, g.person_id, g.role, g.ends_on, root.ancestors || root.id as path
  from role_grant g {_JOINED} where g.id = $1
"""


async def again(house: House, actor: Actor, grant_id: UUID) -> bytes:
    """What a change of a role answers with."""
    row = await house.pool.fetchrow(_DETAIL, grant_id)
    day, role = day_of(house.clock.now()), Role(row["role"])
    allowed = allowed_on_grant(actor, row["person_id"], role, row["path"], row["ends_on"], day)
    body: str = row["body"]
    return body[:-1].encode() + b"," + orjson.dumps({"allowed_actions": allowed})[1:]


_LINE = """
json_build_object(
  'at', h.at, 'action', h.action, 'grant_id', h.grant_id, 'version', h.version, 'granted', h.role, 'role', h.actor_role,
  'person', (select json_build_object('id', p.id, 'name', p.name) from person p
              where p.id = h.person_id and not p.erased),
  'by', (select json_build_object('id', p.id, 'name', p.name) from person p where p.id = h.actor_id and not p.erased),
  'facts', h.facts)::text
"""
_HISTORY = f"""
select h.id, {_LINE} as item from role_grant_history h where h.grant_id = $1 and h.id < $2 order by h.id desc limit $3
"""
# A short list from each tenant at or below the area, by its key; then the newest of them all.
_AUDIT = f"""
with inside as (
  select tenant_id from area where id = $1 union select id from area where ancestors @> array[$1] and id = tenant_id
)
select h.id, {_LINE} as item from inside cross join lateral (
  select x.* from role_grant_history x where x.tenant_id = inside.tenant_id and x.id < $2 and $1 = any(x.path)
   order by x.id desc limit $3) h
 order by h.id desc limit $3
"""
_SEEN = f"select true from role_grant g {_JOINED} where g.id = $1 and (root.ancestors || root.id) && $2::uuid[]"
_AREA_SEEN = "select true from area where id = $1 and (ancestors || id) && $2::uuid[]"


async def history(pool: asyncpg.Pool, actor: Actor, grant_id: UUID, limit: int, cursor: str | None) -> bytes:
    """What was done to one role, newest first; raises NotFound outside of the areas where the caller has a say."""
    return await _audited(pool, actor, (_SEEN, _HISTORY), grant_id, limit, cursor)


async def audit(pool: asyncpg.Pool, actor: Actor, area_id: UUID, limit: int, cursor: str | None) -> bytes:
    """What was done to any role that counts in the area or below it, newest first; raises NotFound likewise."""
    return await _audited(pool, actor, (_AREA_SEEN, _AUDIT), area_id, limit, cursor)


async def _audited(
    pool: asyncpg.Pool, actor: Actor, statements: tuple[str, str], id: UUID, limit: int, cursor: str | None
) -> bytes:
    seen, lines = statements
    after = cursors.decode(cursor)
    if not await pool.fetchval(seen, id, list(actor.area_roots(AUDITORS))):
        raise NotFound
    rows = await pool.fetch(lines, id, after, limit + 1)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], limit)
