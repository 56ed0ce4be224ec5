"""Somebody is given what is masked: once, for a reason, and on record.

The caller's role is looked up as it is now, not as their token remembers it, in the transaction that notes what was
shown. The line says who, whom, which fields and why, for ever; what they wrote about it is sealed and can be erased.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from services.directory.actions.registering import Register, carry_out
from services.directory.actions.sealed import NOTE, texts_of
from services.directory.domain.contact import Field, ToSeal
from services.directory.domain.days import day_of
from services.directory.domain.errors import RoleEnded
from services.directory.domain.people import REGISTRARS, Reason
from services.directory.house import House
from services.directory.queries import people
from services.directory.queries.standing import role_in_force
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id

_TENANT = "select tenant_id from person where id = $1"
_HOUSEHOLD = "select household_id from person where id = $1"
_LOG = """
insert into access_log (tenant_id, id, person_id, at, actor_id, actor_role, reason, fields)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_LOGGED = "select person_id, fields from access_log where id = $1 and actor_id = $2"


async def reveal(
    house: House, actor: Actor, person_id: UUID, fields: Sequence[Field], reason: Reason, note: str | None, once: Once
) -> bytes:
    """The fields of a person in full; raises NotFound, and RoleEnded when the caller's role is no longer in force."""

    async def work(register: Register) -> UUID:
        role, log_id = await _role(register.connection, house, actor, person_id), new_id(register.at)
        tenant_id = await register.connection.fetchval(_TENANT, person_id)
        line = tenant_id, log_id, person_id, register.at, actor.person_id, role, reason, list(fields)
        await register.connection.execute(_LOG, *line)
        if note:
            await register.seal([ToSeal(tenant_id, log_id, NOTE, note)])
        await register.finish(tenant_id, log_id, once)
        return log_id

    log_id = await carry_out(house, actor, once, work)
    logged = await house.pool.fetchrow(_LOGGED, log_id, actor.person_id)
    # The same call again is asked again: what was shown an hour ago is not shown to who has no role any more.
    await _role(house.pool, house, actor, logged["person_id"])
    return await _shown(house, logged["person_id"], [Field(field) for field in logged["fields"]])


async def _role(connection: Any, house: House, actor: Actor, person_id: UUID) -> str:
    """The caller's role for this person as it is today."""
    path = await people.path_of(connection, person_id, actor.area_roots(REGISTRARS))
    role = await role_in_force(connection, actor, REGISTRARS, path, day_of(house.clock.now()))
    if role is None:
        raise RoleEnded
    return role


async def _shown(house: House, person_id: UUID, fields: Sequence[Field]) -> bytes:
    household_id = await house.pool.fetchval(_HOUSEHOLD, person_id)
    texts = await texts_of(house.pool, house.sealer, [person_id, household_id] if household_id else [person_id])
    known = texts[household_id] | texts[person_id] if household_id else texts[person_id]
    return orjson.dumps({"person_id": str(person_id), **{field.value: known.get(field.value) for field in fields}})
