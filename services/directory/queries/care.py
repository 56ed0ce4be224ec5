"""Who is looked after: one person, and all who are somebody's to look after. Helpers and roles are those of today."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from services.directory.domain.care import CARE_ADMINS
from services.directory.queries.people import PERSON_PATH
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_TODAY = "{0}.starts_on <= {1} and ({0}.ends_on is null or {0}.ends_on > {1})"
# A role counts as it is now, not as the token has it.
_CARE = """
select json_build_object(
         'id', p.id, 'name', p.name, 'kinds', coalesce(c.kinds, '{{}}'),
         'helpers', (select coalesce(json_agg(json_build_object(
                              'id', by.id, 'name', by.name, 'since', h.starts_on) order by h.starts_on, h.id), '[]')
                       from care_helper h join person by on by.id = h.helper_id
                      where h.person_id = p.id and {today}))::text as body,
       coalesce(c.version, 0) as version
  from person p left join care c on c.tenant_id = p.tenant_id and c.person_id = p.id
 where p.id = $1 and not p.erased and p.merged_into is null
   and (exists (select from care_helper h where h.person_id = p.id and h.helper_id = $2 and {today})
        or exists (select from role_grant g
                    where g.person_id = $2 and g.role = any($4) and g.area_id = any($3) and g.area_id = any({path})
                      and (g.starts_on is null or g.starts_on <= $5) and (g.ends_on is null or g.ends_on > $5)))
""".format(today=_TODAY.format("h", "$5"), path=PERSON_PATH)

_MINE = """
select p.id, json_build_object(
         'id', p.id, 'name', p.name, 'kinds', coalesce(c.kinds, '{{}}'), 'since', h.starts_on,
         'home', (select json_build_object('id', a.id, 'name', a.name) from area a where a.id = p.home_id)
       )::text as item
  from care_helper h join person p on p.tenant_id = h.tenant_id and p.id = h.person_id and not p.erased
  left join care c on c.tenant_id = p.tenant_id and c.person_id = p.id
 where h.helper_id = $1 and {today} and h.person_id < $3 order by h.person_id desc limit $4
""".format(today=_TODAY.format("h", "$2"))


async def care(pool: Any, actor: Actor, person_id: UUID, day: date) -> tuple[bytes, int]:
    """How a person is looked after, and the version of it (0: not yet); raises NotFound."""
    roots = list(actor.area_roots(CARE_ADMINS))
    row = await pool.fetchrow(_CARE, person_id, actor.person_id, roots, sorted(CARE_ADMINS), day)
    if row is None:
        raise NotFound
    return row["body"].encode(), row["version"]


async def mine(pool: asyncpg.Pool, actor: Actor, day: date, limit: int, cursor: str | None) -> bytes:
    """One page of those whom the caller looks after."""
    rows = await pool.fetch(_MINE, actor.person_id, day, cursors.decode(cursor), limit + 1)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], limit)
