"""One way to write the records that tie people and organisations together: once, over what was read, with history.

A call's key is claimed before anything else, so the same call at the same moment waits until the first is done, and is
then given its answer. What a decision rests on is read under a lock of its row, so two calls at once come one after
the other, and the second meets the state that the first has left.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.actions.load import tell, write
from services.directory.domain.days import day_of
from services.directory.domain.errors import wrong
from services.directory.domain.plan import Plan, Row
from services.directory.house import House
from shared.infra.idempotency import Once, first_answer, was_repeated
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.ids import new_id

_KEY = """
insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at) values ($1, $1, $2, $3, $4, $5)
"""
_MEANT = "update idempotency set resource_id = $3 where tenant_id = $1 and caller_id = $1 and key = $2"
_HISTORY = """
insert into record_history (tenant_id, id, noun, record_id, version, at, action, actor_id, actor_role, facts)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


@dataclass(slots=True)
class Writing:
    """One change while it is made: who makes it, in which role, and when."""

    connection: Any
    clock: Clock
    actor: Actor
    at: datetime
    day: date
    role: str = ""
    _last: dict[str, tuple[UUID, int]] = field(default_factory=dict)

    def new_id(self) -> UUID:
        return new_id(self.at)

    async def row(self, statement: str, *given: Any) -> Row | None:
        """One row, as it is to be decided on."""
        found = await self.connection.fetchrow(statement, *given)
        return dict(found) if found is not None else None

    async def value(self, statement: str, *given: Any) -> Any:
        return await self.connection.fetchval(statement, *given)

    async def store(self, table: str, *rows: Row) -> None:
        """New rows, or new versions of them; what other services follow goes into the change feed."""
        planned = Plan()
        planned.rows[table] = list(rows)
        last = await write(self.connection, planned)
        if last is not None:
            self._last[table] = (rows[0]["tenant_id"], last)

    async def change(self, table: str, statement: str, tenant_id: UUID, *given: Any) -> None:
        """A statement that changes rows of a tenant and gives their last place in the feed (tree.noted)."""
        last = await self.value(statement, tenant_id, *given)
        if last is not None:
            self._last[table] = (tenant_id, last)

    async def note(self, noun: str, row: Row, action: str, **facts: Any) -> None:
        """A line in the history of the row."""
        words = orjson.dumps(facts, default=str).decode()
        version = row.get("version", 1)
        whose = row["tenant_id"], self.new_id(), noun, row["id"], version
        await self.connection.execute(_HISTORY, *whose, self.at, action, self.actor.person_id, self.role, words)

    async def finish(self) -> None:
        """The event for what other services follow."""
        for table, (tenant_id, last) in self._last.items():
            await tell(self.connection, self.clock, tenant_id, [table], last)


#: Makes the change; gives the id of what the call was about.
Work = Callable[[Writing], Awaitable[UUID]]


async def carry_out(house: House, actor: Actor, once: Once, work: Work) -> UUID:
    """Does the work, all of it or nothing, unless the same call did; gives the id of what it was about."""
    found = await first_answer(house.pool, actor.person_id, once)
    if found is not None:
        return found
    try:
        async with house.pool.acquire() as connection, connection.transaction():
            return await _work(house, actor, once, work, connection)
    except asyncpg.UniqueViolationError as error:
        if was_repeated(error):
            return await carry_out(house, actor, once, work)
        raise


async def _work(house: House, actor: Actor, once: Once, work: Work, connection: Any) -> UUID:
    now = house.clock.now()
    writing = Writing(connection, house.clock, actor, now, day_of(now))
    if once.key is not None:
        given = once.key, once.fingerprint, writing.new_id(), SystemClock().now()
        await connection.execute(_KEY, actor.person_id, *given)
    id = await work(writing)
    await writing.finish()
    if once.key is not None:
        await connection.execute(_MEANT, actor.person_id, once.key, id)
    return id


def check_term(starts_on: date, ends_on: date | None, pointer: str = "/ends_on") -> None:
    """Whether what begins on one day may end on the other."""
    if ends_on is not None and ends_on < starts_on:
        raise wrong(pointer, "ends_before_start", "结束日期早于开始日期", "it would end before it begins")
