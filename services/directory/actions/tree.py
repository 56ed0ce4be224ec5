"""The tree of areas while it is being changed: every statement that does so, within one short transaction.

Whoever changes the tree takes one lock before they read it, so what was read still holds when it is written. Each thing
that changes gets a new version and moves to the end of the change feed, where the other services find it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.actions.load import ONE_AT_A_TIME, kinds_of, tell, write
from services.directory.actions.notes import Author, note
from services.directory.domain.days import day_of
from services.directory.domain.kinds import Kinds
from services.directory.domain.plan import Plan, Row
from services.directory.domain.shaping import Held, follow
from services.directory.queries.parts import RINGS
from shared.infra.idempotency import Once
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.ids import new_id


def noted(kind: str, change: str) -> str:
    """The beginning of a statement that changes rows of a kind, and moves them to the end of the feed."""
    return f"""
with changed as ({change} returning *), noted as (
  insert into change (tenant_id, kind, entity_id) select tenant_id, '{kind}', id from changed
  on conflict (tenant_id, kind, entity_id) do update set xid = default, seq = default returning seq
)
"""


#: How such a statement ends.
LAST = "select max(seq) from noted"

_READ = f"""
select a.*, ({RINGS})::text as polygons, t.name as tenant_name
  from area a join area t on t.tenant_id = a.tenant_id and t.id = a.tenant_id where a.id = any($1)
"""
# The areas below $1 (all, or those of the children $4) are hung below $2, whose own path is $3. What lies deeper
# keeps its way from the child down; outlines know their depth.
_GRAFT = (
    noted(
        "area",
        """
  update area set ancestors = $3::uuid[] || ancestors[array_position(ancestors, $1) + 1:],
                  parent_id = case when parent_id = $1 then $2 else parent_id end, version = version + 1
   where ancestors @> array[$1::uuid] and ($4::uuid[] is null or id = any($4) or ancestors && $4)""",
    ).rstrip()
    + """, rings as (
  update area_polygon p set depth = cardinality(c.ancestors) from changed c
   where p.tenant_id = c.tenant_id and p.area_id = c.id
)
"""
    + LAST
)
_CLOSE = (
    noted(
        "area",
        """
  update area set closed = true, closed_on = $2, parent_id = coalesce($3, parent_id),
                  ancestors = coalesce($4::uuid[], ancestors), version = version + 1 where id = any($1)""",
    ).rstrip()
    + """, rings as (
  delete from area_polygon p using changed c where p.tenant_id = c.tenant_id and p.area_id = c.id
)
"""
    + LAST
)
_MOVE_HOMES = noted("person", "update person set home_id = $2, version = version + 1 where home_id = any($1)") + LAST
_MOVE_HOUSEHOLDS = "update household set area_id = $2, version = version + 1 where area_id = any($1)"
_CLOSE_HOUSEHOLDS = "update household set closed = true, version = version + 1 where area_id = $1 and not closed"
_SERVE = (
    noted(
        "organisation",
        """
  update organisation set version = version + 1,
         serves = array(select distinct s from unnest(serves || $3::uuid[]) s where s <> all($1) order by s)
   where serves_tenants @> array[$2::uuid] and serves && $1""",
    )
    + LAST
)
_OFFICES = """
select id, area_id, person_id, kind from office where area_id = any($1) and (ends_on is null or ends_on > $2)
 order by starts_on, id
"""
# What goes on in another area is a new office there: that it was held here until today stays true.
_GO_ON = (
    noted(
        "office",
        """
  insert into office (tenant_id, id, version, person_id, area_id, kind, starts_on, ends_on, exclusive, turns_on,
                      follows)
  select o.tenant_id, given.new, 1, o.person_id, $3, o.kind, greatest(o.starts_on, $4), o.ends_on, o.exclusive,
         case when o.starts_on > $4 then o.starts_on else o.ends_on end, o.id
    from unnest($1::uuid[], $2::uuid[]) given(id, new) join office o on o.id = given.id""",
    )
    + LAST
)
_END_OFFICES = (
    noted(
        "office",
        """
  update office set ends_on = greatest(starts_on, $2), turns_on = null, version = version + 1 where id = any($1)""",
    )
    + LAST
)
_GRANTS = """
select id, area_id, person_id, role as kind from role_grant
 where area_id = any($1) and (ends_on is null or ends_on > $2) order by id
"""
_GO_ON_GRANTS = """
insert into role_grant (tenant_id, id, version, person_id, role, area_id, starts_on, ends_on)
select g.tenant_id, given.new, 1, g.person_id, g.role, $3, greatest(g.starts_on, $4), g.ends_on
  from unnest($1::uuid[], $2::uuid[]) given(id, new) join role_grant g on g.id = given.id
"""
_END_GRANTS = "update role_grant set ends_on = greatest(starts_on, $2), version = version + 1 where id = any($1)"
_EXCLUSIVE = "select key from office_kind where exclusive"
# Who supports the survivor already goes on doing so; of the others each goes over, or ends.
_SUPPORTS = """
with here as (
  select s.id, s.tenant_id, s.organisation_id,
         row_number() over (partition by s.organisation_id order by s.area_id <> $2, s.starts_on, s.id) as place
    from support s where s.area_id = any($1::uuid[] || $2::uuid) and (s.ends_on is null or s.ends_on > $3)
)
update support s set area_id = case when h.place = 1 then $2 else s.area_id end,
                     ends_on = case when h.place = 1 then s.ends_on else $3::date end, version = version + 1
  from here h where h.tenant_id = s.tenant_id and h.id = s.id and s.area_id <> $2
"""
_END_SUPPORTS = """
update support set ends_on = $2, version = version + 1 where area_id = $1 and (ends_on is null or ends_on > $2)
"""
_IN_USE = """
select (select count(*) from area where parent_id = $1 and not closed) as areas,
       (select count(*) from person where home_id = $1 and not erased) as homes
"""
_HISTORY = """
insert into area_history (tenant_id, id, area_id, version, at, action, actor_id, actor_role, facts)
select a.tenant_id, given.id, a.id, a.version, $3, $4, $5, $6, given.facts::jsonb
  from unnest($1::uuid[], $2::uuid[], $7::text[]) given(area_id, id, facts) join area a on a.id = given.area_id
"""
_SUCCESSION = """
insert into area_succession (tenant_id, area_id, successor_id, reason, at)
select a.tenant_id, a.id, successor, $3, $4 from area a, unnest($2::uuid[]) successor where a.id = any($1)
"""
_KEY = """
insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at) values ($1, $1, $2, $3, $4, $5)
"""


@dataclass(slots=True)
class Tree:
    """The tree under its lock. `at` and `day` are the moment of the change, `who` and `role` who makes it."""

    connection: Any
    clock: Clock
    kinds: Kinds
    who: UUID | None
    at: datetime
    day: date
    role: str = ""
    _last: dict[str, int] = field(default_factory=dict)

    async def read(self, ids: Sequence[UUID]) -> dict[UUID, Row]:
        """The areas with their outlines, by id; those that there are."""
        rows = await self.connection.fetch(_READ, ids)
        return {row["id"]: dict(row) | {"polygons": orjson.loads(row["polygons"])} for row in rows}

    async def children(self, area_id: UUID) -> list[UUID]:
        """What lies right below an area, closed ones included."""
        rows = await self.connection.fetch("select id from area where parent_id = $1 order by id", area_id)
        return [row["id"] for row in rows]

    async def in_use(self, area_id: UUID) -> Row | None:
        """How many open areas and homes an area still has; None when it has none."""
        found = dict(await self.connection.fetchrow(_IN_USE, area_id))
        return found if any(found.values()) else None

    async def store(self, *rows: Row, table: str = "area") -> None:
        """New rows of areas, or new versions of them, with their outlines; or of another table."""
        planned = Plan()
        planned.rows[table] += rows
        self._note(table, await write(self.connection, planned))

    async def graft(self, old: UUID, new: Row, children: list[UUID] | None = None) -> None:
        """Hangs the children (None: all) of the area `old` below `new`, with everything below them."""
        path = [*new["ancestors"], new["id"]]
        self._note("area", await self.connection.fetchval(_GRAFT, old, new["id"], path, children))

    async def close(self, ids: list[UUID], below: Row | None = None) -> None:
        """Closes areas; those that something replaces come to lie below it, so that who looks after it sees them."""
        path = [*below["ancestors"], below["id"]] if below else None
        done = await self.connection.fetchval(_CLOSE, ids, self.day, below["id"] if below else None, path)
        self._note("area", done)

    async def hand_over(self, old: list[UUID], survivor: Row, servers: list[UUID]) -> dict[str, int]:
        """What was tied to the old areas follows to the survivor; who served them serves the areas `servers`.

        Gives how many offices and roles ended because the survivor has them already.
        """
        id = survivor["id"]
        await self.change("person", _MOVE_HOMES, old, id)
        await self.connection.execute(_MOVE_HOUSEHOLDS, old, id)
        await self.change("organisation", _SERVE, old, survivor["tenant_id"], servers)
        await self.connection.execute(_SUPPORTS, old, id, self.day)
        exclusive = {row["key"] for row in await self.connection.fetch(_EXCLUSIVE)}
        offices, ended = follow(await self._held(_OFFICES, [*old, id]), id, exclusive)
        new = [new_id(self.at) for _ in offices]
        await self.change("office", _GO_ON, offices, new, id, self.day)
        await note(self.connection, "office", new, self.author)
        roles, ended_roles = follow(await self._held(_GRANTS, [*old, id]), id, ())
        new = [new_id(self.at) for _ in roles]
        await self.connection.execute(_GO_ON_GRANTS, roles, new, id, self.day)
        await note(self.connection, "role_grant", new, self.author)
        await self._end([*offices, *ended], [*roles, *ended_roles])
        return {"offices_ended": len(ended), "roles_ended": len(ended_roles)}

    async def let_go(self, area: Row) -> dict[str, int]:
        """Ends the offices and roles of an area that nothing replaces; nobody serves or supports it any longer."""
        await self.connection.execute(_END_SUPPORTS, area["id"], self.day)
        await self.change("organisation", _SERVE, [area["id"]], area["tenant_id"], [])
        await self.connection.execute(_CLOSE_HOUSEHOLDS, area["id"])
        offices = [held.id for held in await self._held(_OFFICES, [area["id"]])]
        roles = [held.id for held in await self._held(_GRANTS, [area["id"]])]
        await self._end(offices, roles)
        return {"offices_ended": len(offices), "roles_ended": len(roles)}

    async def succeed(self, old: list[UUID], new: list[UUID], reason: str) -> None:
        """Notes what took the place of the old areas."""
        await self.connection.execute(_SUCCESSION, old, new, reason, self.at)

    async def note(self, action: str, facts: dict[UUID, dict[str, Any]]) -> list[UUID]:
        """One line in the history of each area, after its row was written; gives the lines' ids."""
        ids = [new_id(self.at) for _ in facts]
        words = [orjson.dumps(fact, default=str).decode() for fact in facts.values()]
        await self.connection.execute(_HISTORY, list(facts), ids, self.at, action, self.who, self.role, words)
        return ids

    async def finish(self, tenant_id: UUID, resource_id: UUID, once: Once) -> None:
        """The event for all that changed, and the key under which the same call is known."""
        if self._last:
            await tell(self.connection, self.clock, tenant_id, list(self._last), max(self._last.values()))
        if once.key is not None:
            real = SystemClock().now()
            await self.connection.execute(_KEY, self.who, once.key, once.fingerprint, resource_id, real)

    async def _held(self, statement: str, areas: list[UUID]) -> list[Held]:
        return [Held(**row) for row in await self.connection.fetch(statement, areas, self.day)]

    @property
    def author(self) -> Author:
        return Author(self.who, self.role, self.at)

    async def _end(self, offices: list[UUID], roles: list[UUID]) -> None:
        await self.change("office", _END_OFFICES, offices, self.day)
        await note(self.connection, "office", offices, self.author, "end")
        await self.connection.execute(_END_GRANTS, roles, self.day)
        await note(self.connection, "role_grant", roles, self.author, "end")

    async def change(self, kind: str, statement: str, *given: Any) -> None:
        """Carries out a statement that begins with `noted` and gives the last place in the feed."""
        self._note(kind, await self.connection.fetchval(statement, *given))

    def _note(self, kind: str, last: int | None) -> None:
        if last is not None:
            self._last[kind] = last


@asynccontextmanager
async def changing(pool: asyncpg.Pool, clock: Clock, who: UUID | None) -> AsyncIterator[Tree]:
    """The tree under its lock, until all is written or nothing."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(ONE_AT_A_TIME)
        now = clock.now()
        yield Tree(connection, clock, await kinds_of(connection), who, now, day_of(now))
