"""What people hold, while it is being changed: within one short transaction, once, by who still may.

Whoever writes it takes the tree's lock together with others, so no area is closed under an appointment; then the
people by their ids, so what one of them holds is changed by one at a time; then what they hold. The caller's roles are
asked of the database, not taken from the token.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.actions.load import BESIDE_OTHERS, tell
from services.directory.actions.notes import Author
from services.directory.actions.publishing import publish
from services.directory.domain.days import day_of
from services.directory.domain.errors import wrong
from services.directory.domain.granting import belongs
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries.areas import is_visible
from services.directory.queries.standing import as_they_stand
from shared.infra.idempotency import Once, first_answer, was_repeated
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.ids import new_id

_KEY = """
insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at) values ($1, $1, $2, $3, $4, $5)
"""
_AREA = "select tenant_id, id, ancestors || id as path, closed, name from area where id = $1"
_PEOPLE = """
select p.id, p.tenant_id, p.merged_into, h.tenant_id as home_tenant_id, own.ancestors || own.id as tenant_path
  from person p join area own on own.id = p.tenant_id left join area h on h.id = p.home_id
 where p.id = any($1::uuid[]) and not p.erased order by p.id for no key update of p
"""


@dataclass(slots=True)
class Holdings:
    """What an action works with. The token says what the caller sees (`viewer`), the database which roles they still
    have (`actor`); `role` is the one that they act in."""

    connection: Any
    clock: Clock
    viewer: Actor
    actor: Actor
    at: datetime
    day: date
    traceparent: str | None
    role: str = ""

    @property
    def author(self) -> Author:
        return Author(self.actor.person_id, self.role, self.at)

    async def area(self, area_id: UUID) -> Row:
        """An area that the caller sees; raises NotFound."""
        area = await self.connection.fetchrow(_AREA, area_id)
        if area is None or not await is_visible(self.connection, self.viewer, area_id):
            raise NotFound
        return dict(area)

    async def open_area(self, area_id: UUID) -> Row:
        """One that is named in the body, and open."""
        try:
            area = await self.area(area_id)
        except NotFound as error:
            raise wrong("/area_id", "unknown_area", "没有这个区域", "no such area") from error
        if area["closed"]:
            raise wrong("/area_id", "closed", f"“{area['name']}”已撤销", f"“{area['name']}” is closed")
        return area

    async def people(self, *ids: UUID) -> dict[UUID, Row]:
        """Those of the people who there are; nobody else changes what they hold until all is written."""
        return {row["id"]: dict(row) for row in await self.connection.fetch(_PEOPLE, ids)}

    def check_belongs(self, person: Row | None, path: list[UUID], tenant_id: UUID, roots: frozenset[UUID]) -> None:
        """Raises unless the person can be given something there (domain/granting.py)."""
        if person is None or not belongs(person, path, tenant_id, roots):
            zh, en = "这里没有这个人", "no such person here"
            raise wrong("/person_id", "unknown_person", zh, en)
        if person["merged_into"] is not None:
            raise merged_person(person["merged_into"])

    async def tell(self, tenant_id: UUID, last: int) -> None:
        """Offices have changed: follow the feed."""
        await tell(self.connection, self.clock, tenant_id, ["office"], last)

    async def publish(self, kind: str, tenant_id: UUID, id: UUID, version: int, payload: dict[str, Any]) -> None:
        """An event of its own, committed with what it tells of."""
        words = orjson.dumps(payload, default=str).decode()
        await publish(self.connection, kind, tenant_id, id, version, words, self.at, self.traceparent)


def merged_person(survivor: UUID, pointer: str = "/person_id") -> Invalid:
    """A record that was merged into another one gets nothing more: nobody signs in as it."""
    zh, en = f"这条记录已并入 {survivor}，请使用那一条", f"merged into {survivor}; use that record"
    return wrong(pointer, "merged", zh, en)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants something changed, once, and the trace that it belongs to."""

    actor: Actor
    once: Once
    traceparent: str | None


#: Does the work; given the id of what the call is about.
Work = Callable[[Holdings, UUID], Awaitable[None]]


async def carry_out(house: House, wish: Wish, about: UUID | None, work: Work, *, again: bool = True) -> UUID:
    """Does it, unless the same call did; gives the id of what the call is about (a new one when that is None).

    The call's key comes first: the same call in the same moment waits for it, and then finds what was done. Where
    PostgreSQL refuses what somebody else was first to do, a second look finds them and says who it was.
    """
    once, who = wish.once, wish.actor.person_id
    known = await first_answer(house.pool, who, once)
    if known is not None:
        return known
    now = house.clock.now()
    id = about or new_id(now)
    try:
        async with house.pool.acquire() as connection, connection.transaction():
            await connection.execute(BESIDE_OTHERS)
            if once.key is not None:
                await connection.execute(_KEY, who, once.key, once.fingerprint, id, SystemClock().now())
            actor = await as_they_stand(connection, wish.actor, day_of(now))
            given = wish.actor, actor, now, day_of(now), wish.traceparent
            await work(Holdings(connection, house.clock, *given), id)
    except asyncpg.UniqueViolationError as error:
        if not was_repeated(error):
            raise
        return await carry_out(house, wish, about, work, again=again)
    except asyncpg.ExclusionViolationError:
        if not again:
            raise
        return await carry_out(house, wish, about, work, again=False)
    return id
