"""One way to carry out what is done to the catalogue: in one short transaction, once, by who may.

The key of the call is the first thing that is written: the same call at the same moment waits there, and is then given
the first answer, so nothing that the first one changed can stand in its way.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.actions.load import write
from services.directory.domain.catalogue import allowed_actions, curating_as
from services.directory.domain.days import day_of
from services.directory.domain.errors import EntryClosed, wrong
from services.directory.domain.plan import Plan, Row
from services.directory.domain.scope import scope_of
from services.directory.house import House
from services.directory.queries.areas import is_visible
from services.directory.queries.parts import TENANTS
from shared.infra.idempotency import Once, first_answer, was_repeated
from shared.kernel.actor import Actor
from shared.kernel.clock import SystemClock
from shared.kernel.errors import NotFound, StaleVersion
from shared.kernel.ids import new_id

_KEY = """
insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at) values ($1, $1, $2, $3, $4, $5)
"""
_AREA = "select tenant_id, id, name, closed, ancestors || id as path, lat, lon from area where id = $1"
_ENTRY = """
select x.*, a.ancestors || a.id as path from {table} x
  join area a on a.tenant_id = x.tenant_id and a.id = x.area_id where x.id = $1 for no key update of x
"""
_WORD = "select true from {table} where key = $1"
_ORGANISATION = f"""
with {TENANTS} select true from organisation o where o.id = $4 and not o.closed
   and (o.tenant_id in (select tenant_id from tenants) or o.serves_tenants && array(select tenant_id from tenants))
"""
_HISTORY = """
insert into catalogue_history (tenant_id, id, entry_id, version, at, action, actor_id, actor_role, facts)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
#: What a row has beside what was said.
_OURS = frozenset({"tenant_id", "id", "version", "spot", "path", "external_key"})
_JSON = frozenset({"schedule", "documents", "costs"})


@dataclass(slots=True)
class Catalogue:
    """The catalogue while something in it is changed. `at` and `day` are the moment, `role` in which it is done."""

    connection: Any
    actor: Actor
    at: datetime
    day: date
    role: str = ""

    async def area(self, pointer: str, area_id: UUID) -> Row:
        """An open area that the caller sees; what they do not see is none."""
        row = await self.connection.fetchrow(_AREA, area_id)
        if row is None or not await is_visible(self.connection, self.actor, area_id):
            raise wrong(pointer, "unknown_area", "没有这个区域", "no such area")
        if row["closed"]:
            raise wrong(pointer, "closed", f"“{row['name']}”已撤销", f"“{row['name']}” is closed")
        return dict(row)

    async def entry(self, table: str, id: UUID, version: int | None = None) -> Row:
        """What somebody wants to change, kept from others until the end; raises when it does not let them."""
        found = await self.connection.fetchrow(_ENTRY.format(table=table), id)
        if found is None:
            raise NotFound
        row = {name: orjson.loads(value) if name in _JSON and value else value for name, value in found.items()}
        self.role = curating_as(self.actor, row["path"])
        if row["closed"]:
            allowed = allowed_actions(self.actor, row["path"], closed=True)
            raise EntryClosed(state="closed", allowed_actions=allowed, entry=row["name"])
        if version is not None and row["version"] != version:
            raise StaleVersion
        return row

    async def check_word(self, pointer: str, table: str, word: str) -> None:
        """That there is such a kind or category."""
        if not await self.connection.fetchval(_WORD.format(table=table), word):
            raise wrong(pointer, "unknown_kind", "没有这个种类", "there is no such kind")

    async def check_organisation(self, organisation_id: UUID | None) -> None:
        """That the organisation concerns the caller."""
        scope = scope_of(self.actor)
        whose = scope.root_ids, scope.home_ids, scope.organisation_ids
        if organisation_id and not await self.connection.fetchval(_ORGANISATION, *whose, organisation_id):
            raise wrong("/organisation_id", "unknown_organisation", "没有这个单位", "no such organisation")

    async def store(self, table: str, *rows: Row) -> None:
        """New rows, or new versions of them."""
        planned = Plan()
        planned.rows[table] += [{name: value for name, value in row.items() if name != "path"} for row in rows]
        await write(self.connection, planned)

    async def note(self, row: Row, action: str, facts: dict[str, Any]) -> None:
        """One line in the history of a facility or a service."""
        given = orjson.dumps(facts, default=str).decode()
        place = row["tenant_id"], new_id(self.at), row["id"], row["version"]
        await self.connection.execute(_HISTORY, *place, self.at, action, self.actor.person_id, self.role, given)


def difference(row: Row, wanted: Row) -> dict[str, Any]:
    """What has changed, and what the row said before, for its history.

    A volunteer's telephone is their own: what is kept for ever says that it changed, not what it was.
    """
    changed = [name for name in wanted if name not in _OURS and row[name] != wanted[name]]
    return {"changed": changed, "before": {name: row[name] for name in changed if name != "phone"}}


#: Does the work; what the call makes or changes has the id that `carry_out` was given.
Work = Callable[[Catalogue], Awaitable[None]]


async def carry_out(house: House, actor: Actor, once: Once, id: UUID, work: Work) -> UUID:
    """Does it, unless the same call did; gives the id of what the first call was about."""
    done = await first_answer(house.pool, actor.person_id, once)
    if done is not None:
        return done
    now = house.clock.now()
    try:
        async with house.pool.acquire() as connection, connection.transaction():
            if once.key is not None:
                key = once.key, once.fingerprint, id, SystemClock().now()
                await connection.execute(_KEY, actor.person_id, *key)
            await work(Catalogue(connection, actor, now, day_of(now)))
    except asyncpg.UniqueViolationError as error:
        if not was_repeated(error):
            raise
        return await carry_out(house, actor, once, id, work)
    return id


def duplicates(names: Sequence[Any]) -> int | None:
    """The place of the first that was there before."""
    return next((n for n, name in enumerate(names) if name in names[:n]), None)
