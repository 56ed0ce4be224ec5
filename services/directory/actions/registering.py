"""One way to carry out what is done to people's records: in one short transaction, once, by who may.

Whoever writes people takes the lock of the tree together with all others who do (shared), and against those who change
the tree: an area is not merged or closed while somebody moves into it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.actions.load import BESIDE_OTHERS, tell, write
from services.directory.actions.sealed import write_sealed
from services.directory.domain.contact import ToSeal
from services.directory.domain.days import day_of
from services.directory.domain.plan import Plan, Row
from services.directory.house import House
from shared.infra.idempotency import Once, first_answer, was_repeated
from shared.infra.sealing import Sealer
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.errors import Problem
from shared.kernel.ids import new_id

_PERSON = "select * from person where id = any($1) and not erased order by id for no key update"
_HISTORY = """
insert into person_history (tenant_id, id, person_id, version, at, action, actor_id, actor_role, facts)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_KEY = """
insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at) values ($1, $1, $2, $3, $4, $5)
"""


@dataclass(slots=True)
class Register:
    """The register while something in it is changed. `at` and `day` are the moment, `who` and `role` who changes."""

    connection: Any
    clock: Clock
    sealer: Sealer
    who: UUID
    at: datetime
    day: date
    role: str = ""
    _last: dict[str, int] = field(default_factory=dict)

    async def people(self, *ids: UUID) -> dict[UUID, Row]:
        """The rows of people, kept from others until the end."""
        return {row["id"]: dict(row) for row in await self.connection.fetch(_PERSON, ids)}

    async def store(self, table: str, *rows: Row) -> None:
        """New rows, or new versions of them."""
        planned = Plan()
        planned.rows[table] += rows
        self.noted(table, await write(self.connection, planned))

    async def seal(self, texts: Iterable[ToSeal]) -> None:
        """Texts of people and households."""
        await write_sealed(self.connection, self.sealer, texts)

    async def note(self, person: Row, action: str, facts: dict[str, Any]) -> None:
        """One line in the history of a person."""
        given = orjson.dumps(facts, default=str).decode()
        place = person["tenant_id"], new_id(self.at), person["id"], person["version"]
        await self.connection.execute(_HISTORY, *place, self.at, action, self.who, self.role, given)

    def noted(self, kind: str, last: int | None) -> None:
        """That something of a kind has moved to the end of the change feed."""
        if last is not None:
            self._last[kind] = last

    async def finish(self, tenant_id: UUID, resource_id: UUID, once: Once) -> None:
        """The event for all that changed, and the key under which the same call is known."""
        if self._last:
            await tell(self.connection, self.clock, tenant_id, list(self._last), max(self._last.values()))
        if once.key is not None:
            real = SystemClock().now()
            await self.connection.execute(_KEY, self.who, once.key, once.fingerprint, resource_id, real)


#: Does the work in the register; gives the id of what the call was about.
Work = Callable[[Register], Awaitable[UUID]]


async def carry_out(house: House, actor: Actor, once: Once, work: Work) -> UUID:
    """Does it, unless the same call did; gives the id of what it was about."""
    done = await first_answer(house.pool, actor.person_id, once)
    if done is not None:
        return done
    try:
        async with registering(house, actor) as register:
            return await work(register)
    except (asyncpg.UniqueViolationError, Problem) as error:
        if isinstance(error, asyncpg.UniqueViolationError) and not was_repeated(error):
            raise
        # What stood in the way may be what the same call has done a moment before: a new version, a door that is taken.
        done = await first_answer(house.pool, actor.person_id, once)
        if done is None:
            raise
        return done


@asynccontextmanager
async def registering(house: House, actor: Actor) -> AsyncIterator[Register]:
    """The register until all is written or nothing."""
    async with house.pool.acquire() as connection, connection.transaction():
        await connection.execute(BESIDE_OTHERS)
        now = house.clock.now()
        yield Register(connection, house.clock, house.sealer, actor.person_id, now, day_of(now))
