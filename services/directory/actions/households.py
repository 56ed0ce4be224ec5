"""Households: a door of an area, made when somebody first lives behind it or by name."""

from typing import Any
from uuid import UUID

import orjson

from services.directory.actions.registering import Register, carry_out
from services.directory.domain import contact
from services.directory.domain.contact import Field, ToSeal
from services.directory.domain.errors import HouseholdInUse
from services.directory.domain.people import REGISTRARS, acting_as
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries import households
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import FieldProblem, Invalid, NotFound, StaleVersion
from shared.kernel.ids import new_id

#: Doors of one area are made one at a time: what stands on them is sealed, and nothing a constraint can compare.
_ALONE_IN = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 726180204))"
_BEHIND = """
select h.id from household h join sealed_value s on s.tenant_id = h.tenant_id and s.owner_id = h.id
 where h.area_id = $1 and not h.closed and s.field = 'door' and s.blind = $2 order by h.id limit 1
"""
_AREA = """
select a.tenant_id, a.id, a.version, a.ancestors, a.closed from area a where a.id = $1
"""
_HOUSEHOLD = "select * from household where id = $1 for no key update"
_LIVES_HERE = "select count(*) from person where household_id = $1 and not erased"
_HISTORY = """
insert into area_history (tenant_id, id, area_id, version, at, action, actor_id, actor_role, facts)
select tenant_id, $2, id, version, $3, $4, $5, $6, $7 from area where id = $1
"""


async def door_in(register: Register, area: Row, door: str) -> UUID:
    """The household behind a door of the area; made when there is none."""
    await register.connection.execute(_ALONE_IN, area["id"])
    there: UUID | None = await _behind(register, area["id"], door)
    return there or await _make(register, area, door)


async def create(house: House, actor: Actor, area_id: UUID, door: str, once: Once) -> tuple[bytes, int]:
    """A new household in an area; gives its detail."""

    async def work(register: Register) -> UUID:
        area = await _area(register, actor, area_id)
        if area["closed"]:
            raise NotFound
        text = _door(register, door)
        await register.connection.execute(_ALONE_IN, area_id)
        if await _behind(register, area_id, text):
            raise _taken()
        id = await _make(register, area, text)
        await register.finish(area["tenant_id"], id, once)
        return id

    id = await carry_out(house, actor, once, work)
    return await households.detail(house.pool, house.sealer, actor, id)


async def change(
    house: House, actor: Actor, household_id: UUID, version: int, door: str | None, closed: bool, once: Once
) -> tuple[bytes, int]:
    """What stands on the door (None: what is there), and whether anybody can live there at all."""

    async def work(register: Register) -> UUID:
        row = await register.connection.fetchrow(_HOUSEHOLD, household_id)
        if row is None:
            raise NotFound
        await _area(register, actor, row["area_id"])
        if row["version"] != version:
            raise StaleVersion
        people = await register.connection.fetchval(_LIVES_HERE, household_id)
        if closed and people:
            raise HouseholdInUse(state="open", allowed_actions=["update"], people=people)
        if door is not None:
            text = _door(register, door)
            await register.connection.execute(_ALONE_IN, row["area_id"])
            if await _behind(register, row["area_id"], text) not in (None, household_id):
                raise _taken()
            await register.seal([ToSeal(row["tenant_id"], household_id, Field.DOOR, text)])
        await register.store("household", dict(row) | {"closed": closed, "version": version + 1})
        fields = ["closed"] * (closed != row["closed"]) + ["door"] * (door is not None)
        await _note(register, row["area_id"], "household_update", {"household_id": household_id, "fields": fields})
        await register.finish(row["tenant_id"], household_id, once)
        return household_id

    await carry_out(house, actor, once, work)
    return await households.detail(house.pool, house.sealer, actor, household_id)


async def _area(register: Register, actor: Actor, area_id: UUID) -> Row:
    """The area that somebody looks after; one that they do not is not there for them."""
    row = await register.connection.fetchrow(_AREA, area_id)
    role = acting_as(actor, [*row["ancestors"], row["id"]], REGISTRARS) if row else None
    if row is None or role is None:
        raise NotFound
    register.role = role
    return dict(row)


async def _behind(register: Register, area_id: UUID, door: str) -> UUID | None:
    found: UUID | None = await register.connection.fetchval(_BEHIND, area_id, register.sealer.blind(Field.DOOR, door))
    return found


async def _make(register: Register, area: Row, door: str) -> UUID:
    id = new_id(register.at)
    row = {"tenant_id": area["tenant_id"], "id": id, "version": 1, "area_id": area["id"], "closed": False}
    await register.store("household", row | {"external_key": f"household/{id}"})
    await register.seal([ToSeal(area["tenant_id"], id, Field.DOOR, door)])
    await _note(register, area["id"], "household_create", {"household_id": id})
    return id


async def _note(register: Register, area_id: UUID, action: str, facts: dict[str, Any]) -> None:
    """A line in the history of the area: a household is a part of it, and a door says nothing there."""
    given = orjson.dumps(facts, default=str).decode()
    who = register.who, register.role
    await register.connection.execute(_HISTORY, area_id, new_id(register.at), register.at, action, *who, given)


def _door(register: Register, door: str) -> str:
    kept, wrong = contact.read("", {Field.DOOR: door}, register.day)
    text = kept[Field.DOOR]
    if wrong or text is None:
        raise Invalid(fields=wrong or [*contact.problems("/door", Field.DOOR, "", register.day)])
    return text


def _taken() -> Invalid:
    zh, en = "这里已有同样的门牌", "there is a household behind this door already"
    return Invalid(fields=[FieldProblem("/door", "duplicate_door", zh, en)])
