"""The caller: name, roles, home, and who answers for it."""

from datetime import date

import asyncpg
import orjson

from services.directory.domain.contact import OF_PERSON, Field
from services.directory.queries.masks import SEALED, shown
from services.directory.queries.parts import BRIEF, OFFICERS, PATH, TENANT
from shared.infra.sealing import Sealer
from shared.kernel.actor import Actor
from shared.kernel.errors import Unauthenticated

_ME = """
select json_build_object(
         'person', json_build_object('id', me.id, 'name', me.name),
         'roles', (
           select coalesce(json_agg(json_build_object(
                    'role', r.given->>'role',
                    'area', (select json_build_object('id', x.id, 'name', x.name) from area x
                              where x.id = (r.given->>'area')::uuid),
                    'organisation', (select json_build_object('id', x.id, 'name', x.name) from organisation x
                                      where x.id = (r.given->>'organisation')::uuid)) order by r.n), '[]')
             from jsonb_array_elements($2::jsonb) with ordinality as r(given, n)),
         'home', case when a.id is not null then json_build_object('area', {brief}, 'path', {path}) end,
         'tenant', {tenant},
         'officers', {officers})::text as body,
       me.version, me.tenant_id, me.household_id, {sealed} as sealed, {door} as door
  from person me left join area a on a.id = me.home_id
 where me.id = $1 and not me.erased and me.merged_into is null
""".format(
    sealed=SEALED.format(tenant_id="me.tenant_id", owner="me.id"),
    door=SEALED.format(tenant_id="me.tenant_id", owner="me.household_id"),
    brief=BRIEF,
    path=PATH,
    tenant=TENANT.format(tenant_id="coalesce(a.tenant_id, me.tenant_id)"),
    officers=OFFICERS.format(day="$3"),
)


async def me(pool: asyncpg.Pool, sealer: Sealer, actor: Actor, day: date) -> tuple[bytes, int]:
    """The caller and the version of their row. Roles are those of the token, since they decide what it may do.

    A token whose person is gone (erased, or merged into another) is no valid one any more: Unauthenticated.
    """
    roles = orjson.dumps(
        [{"role": grant.role, "area": grant.area_id, "organisation": grant.organisation_id} for grant in actor.grants]
    )
    row = await pool.fetchrow(_ME, actor.person_id, roles.decode(), day)
    if row is None:
        raise Unauthenticated
    contact = shown(sealer, row["tenant_id"], actor.person_id, row["sealed"], OF_PERSON)
    contact |= shown(sealer, row["tenant_id"], row["household_id"], row["door"], [Field.DOOR])
    return row["body"][:-1].encode() + b"," + orjson.dumps({"contact": contact})[1:], row["version"]
