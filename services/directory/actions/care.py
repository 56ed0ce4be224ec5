"""Somebody is to be looked after, as what and by whom; the community's administrators say so."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.directory.actions.registering import Register, carry_out
from services.directory.domain.care import CARE_ADMINS, Care, turnover
from services.directory.domain.days import day_of
from services.directory.domain.errors import RoleEnded
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries import care, people
from services.directory.queries.standing import role_in_force
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import FieldProblem, Invalid, NotFound, StaleVersion
from shared.kernel.ids import new_id

_KINDS = "select key from care_kind"
_VERSION = "select version from care where tenant_id = $1 and person_id = $2"
_STORE = """
insert into care (tenant_id, person_id, version, kinds) values ($1, $2, $3, $4)
on conflict (tenant_id, person_id) do update set version = excluded.version, kinds = excluded.kinds
"""
_HELPERS = "select helper_id from care_helper where tenant_id = $1 and person_id = $2 and ends_on is null order by id"
_END = """
update care_helper set ends_on = greatest(starts_on, $4)
 where tenant_id = $1 and person_id = $2 and helper_id = any($3) and ends_on is null
"""
_BEGIN = """
insert into care_helper (tenant_id, id, person_id, helper_id, starts_on)
select $1, given.id, $2, given.helper_id, $5 from unnest($3::uuid[], $4::uuid[]) given(id, helper_id)
"""
# Whoever the community keeps, or who lives there.
_THEIRS = """
select p.id from person p left join area h on h.id = p.home_id
 where p.id = any($2) and not p.erased and p.merged_into is null and $1 in (p.tenant_id, h.tenant_id)
"""

_UNKNOWN = {"unknown_kind": ("没有这一种", "no such kind"), "unknown_person": ("社区里没有这个人", "nobody here")}


async def look_after(
    house: House, actor: Actor, person_id: UUID, version: int, wanted: Care, once: Once
) -> tuple[bytes, int]:
    """How a person is looked after from now on, over the version that was read (0: not yet)."""

    async def work(register: Register) -> UUID:
        row = await _mine(register, actor, person_id)
        connection, place = register.connection, (row["tenant_id"], person_id)
        if (await connection.fetchval(_VERSION, *place) or 0) != version:
            raise StaleVersion
        await _check(connection, row, wanted)
        there = [helper["helper_id"] for helper in await connection.fetch(_HELPERS, *place)]
        ending, beginning = turnover(there, wanted.helper_ids)
        await connection.execute(_STORE, *place, version + 1, list(dict.fromkeys(wanted.kinds)))
        await connection.execute(_END, *place, ending, register.day)
        new = sorted(new_id(register.at) for _ in beginning)  # as they were named
        await connection.execute(_BEGIN, *place, new, beginning, register.day)
        # For what somebody is looked after stands in no history: that could not be erased.
        await register.note(row, "care", {"ended": ending, "begun": beginning})
        await register.finish(row["tenant_id"], person_id, once)
        return person_id

    await carry_out(house, actor, once, work)
    return await care.care(house.pool, actor, person_id, day_of(house.clock.now()))


async def _mine(register: Register, actor: Actor, person_id: UUID) -> Row:
    """Somebody of the administrator's community, by a role that is in force at this moment."""
    row = (await register.people(person_id)).get(person_id)
    path = await people.path_of(register.connection, person_id, actor.area_roots(CARE_ADMINS))
    if row is None or row["merged_into"]:
        raise NotFound
    role = await role_in_force(register.connection, actor, CARE_ADMINS, path, register.day)
    if role is None:
        raise RoleEnded
    register.role = role
    return row


async def _check(connection: Any, row: Row, wanted: Care) -> None:
    """Whether there are such kinds, and such people in the community; raises with all that is wrong."""
    known = {kind["key"] for kind in await connection.fetch(_KINDS)}
    found = await connection.fetch(_THEIRS, row["tenant_id"], list(wanted.helper_ids))
    theirs = {helper["id"] for helper in found} - {row["id"]}
    wrong = _unknown("/kinds", "unknown_kind", [kind in known for kind in wanted.kinds])
    wrong += _unknown("/helper_ids", "unknown_person", [helper in theirs for helper in wanted.helper_ids])
    if wrong:
        raise Invalid(fields=wrong)


def _unknown(pointer: str, code: str, known: Sequence[bool]) -> list[FieldProblem]:
    zh, en = _UNKNOWN[code]
    return [FieldProblem(f"{pointer}/{i}", code, zh, en) for i, there in enumerate(known) if not there]
