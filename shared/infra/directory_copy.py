"""A service's own copy of what it needs of the directory: areas, organisations, names to show, offices held.

Filled, kept and rebuilt from the directory's change feed; an event on the bus only says that it is time to look. The
position and the rows are written in one transaction, and a row never goes back to an older version, so following twice
or from the start does no harm.

A rebuild marks every row (its version becomes 0) and follows from the start; readers find the rows as they were until
each is replaced. What is still marked at the feed's end is no longer in the directory. That a rebuild is on stands in
the position itself, so it outlives the process that began it: whoever follows carries it to its end.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import orjson
import structlog

from shared.contracts.directory import Changes
from shared.infra.internal import internal_headers
from shared.kernel.errors import Unavailable

log = structlog.get_logger()

FEED = "directory"
_POLL_SECONDS = 1.0
_LOOK_SECONDS = 0.5
#: Marking takes one statement a table, however many rows there are.
_MARK_SECONDS = 600.0

Progress = Callable[[int, int], None]

#: The deepest open area whose polygon holds the point ($1 lon, $2 lat); closed ones keep theirs. Written so that the
#: GiST index is used: its operator class knows `polygon @> polygon` only, so the point goes in as an empty box first.
LOCATE = """
select area_id, tenant_id from area_polygon
 where ring @> polygon(box(point($1, $2), point($1, $2))) and ring @> point($1, $2)
   and not (select closed from area a where a.tenant_id = area_polygon.tenant_id and a.id = area_id)
 order by depth desc, area_id limit 1
"""

_UPSERT = """
insert into {table} ({columns})
select {columns} from jsonb_populate_recordset(null::{table}, $1::jsonb)
on conflict (tenant_id, id) do update set {changes} where {table}.version < excluded.version
"""
_AREA = ["tenant_id", "id", "version", "parent_id", "ancestors", "kind", "name", "code", "lat", "lon", "closed"]
_TABLES = {
    "organisation": ["tenant_id", "id", "version", "kind", "name", "serves", "closed"],
    "person": ["tenant_id", "id", "version", "display_name", "home_id", "erased"],
    "office": ["tenant_id", "id", "version", "person_id", "area_id", "kind", "ended"],
}
#: Writes the rings of areas whose rows were written just before; those of an older version are left alone.
POLYGONS = """
with given as (
  select area.tenant_id, area.id, jsonb_array_length(a->'ancestors') as depth, a->'polygons' as rings
    from jsonb_array_elements($1::jsonb) a
    join area on area.tenant_id = (a->>'tenant_id')::uuid and area.id = (a->>'id')::uuid
             and area.version = (a->>'version')::int
), gone as (
  delete from area_polygon p using given g where p.tenant_id = g.tenant_id and p.area_id = g.id
     and p.position >= jsonb_array_length(g.rings)
)
insert into area_polygon (tenant_id, area_id, position, depth, ring)
select g.tenant_id, g.id, r.n - 1, g.depth,
       (select string_agg(format('(%s,%s)', c->>0, c->>1), ',' order by i) from jsonb_array_elements(r.ring)
               with ordinality as corner(c, i))::polygon
  from given g, jsonb_array_elements(g.rings) with ordinality as r(ring, n)
on conflict (tenant_id, area_id, position) do update set depth = excluded.depth, ring = excluded.ring
"""
#: The way to an area, root first and itself last, for a row that is being written: the area stays where it is until
#: that is done, and whoever moves it then finds the row.
WAY = "(select ancestors || id from area where tenant_id = {tenant_id} and id = {area_id} for key share)"
#: Areas that will lie elsewhere. Locked against WAY: a row written meanwhile waits, and gets the new way.
_MOVED = """
select a.id from jsonb_to_recordset($1::jsonb) as given(tenant_id uuid, id uuid, version int, ancestors uuid[])
  join area a on a.tenant_id = given.tenant_id and a.id = given.id
 where given.version > a.version and given.ancestors <> a.ancestors order by a.id for update of a
"""
# Each row of the area, found by the index on (tenant_id, area_id).
_FOLLOW = """
update {table} t set area_path = a.ancestors || a.id{more}
  from area a where a.id = any($1::uuid[]) and t.tenant_id = a.tenant_id and t.area_id = a.id
   and t.area_path <> a.ancestors || a.id
"""
_BEGIN = "insert into feed_position (feed, position) values ($1, '') on conflict do nothing"
_POSITION = "select position from feed_position where feed = $1"
_MOVE = "update feed_position set position = $3 where feed = $1 and position = $2 returning true"
#: What petitions and openings name stays readable; nobody's name is kept whom the directory does not know.
_GONE = """
with areas as (update area set closed = true where version = 0 and not closed),
     organisations as (update organisation set closed = true where version = 0 and not closed),
     offices as (delete from office where version = 0)
delete from person where version = 0
"""
_MARKED = " + ".join(f"(select count(*) from {table} where version = 0)" for table in ("area", *_TABLES))


def _upsert(table: str, columns: list[str]) -> str:
    changes = ", ".join(f"{c} = excluded.{c}" for c in columns if c not in ("tenant_id", "id"))
    return _UPSERT.format(table=table, columns=", ".join(columns), changes=changes)


@dataclass(frozen=True, slots=True)
class Path:
    """A table of the service whose rows carry the way to their area (`area_id`, `area_path`: root first, itself last).

    `more` are columns that change with it: SQL in which `t` is the row and `a` its area.
    """

    table: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the copy has come: a place in the feed, and while it is rebuilt the name of that rebuild.

    With the name nobody who has read the feed before a rebuild began can take its page for the rebuild's.
    """

    place: str
    rebuild: str = ""

    @classmethod
    def read(cls, text: str | None) -> "Position":
        rebuild, _, place = (text or "").rpartition(":")
        return cls(place, rebuild)

    def __str__(self) -> str:
        return f"{self.rebuild}:{self.place}" if self.rebuild else self.place


async def apply(connection: Any, changes: Changes, paths: Sequence[Path] = (), *, anew: bool = False) -> None:
    """Writes one page of the feed into the service's copy, within the caller's transaction.

    Where an area now lies below others, so do the rows of the service that belong to it; `anew` looks after those of
    every area, moved or not.
    """
    raw = changes.model_dump(mode="json")
    if changes.areas:
        rows = _json(raw["areas"])
        moved = [row["id"] for row in await connection.fetch(_MOVED, rows)] if paths else []
        if anew:
            moved = [area.id for area in changes.areas]
        await connection.execute(_upsert("area", _AREA), rows)
        await connection.execute(POLYGONS, rows)
        for path in paths if moved else ():
            await connection.execute(_FOLLOW.format(table=path.table, more=path.more), moved)
    for table, key in (("organisation", "organisations"), ("person", "people"), ("office", "offices")):
        if raw[key]:
            await connection.execute(_upsert(table, _TABLES[table]), _json(raw[key]))


def _json(rows: Any) -> str:
    return orjson.dumps(rows).decode()


class DirectoryCopy:
    """Follows the directory's feed into the service's own tables; `paths` are those that lie in areas."""

    def __init__(
        self,
        service: str,
        pool: asyncpg.Pool,
        directory: httpx.AsyncClient,
        token_key: str,
        paths: Sequence[Path] = (),
    ) -> None:
        self.paths = paths
        self.service = service
        self.pool = pool
        self.directory = directory
        self.token_key = token_key
        self.awake = asyncio.Event()

    async def run(self) -> None:
        """Follows for ever: at once when woken by an event, and once a second all the same."""
        while True:
            self.awake.clear()
            await self.catch_up()
            # Not wait_for: in Python 3.11 it loses a cancellation that comes together with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLL_SECONDS):
                    await self.awake.wait()

    async def catch_up(self) -> None:
        """Follows until nothing is left."""
        while await self._one_page():
            pass

    async def catch_up_soon(self) -> None:
        """For a caller who misses a row that may be a moment old: at most half a second, else 503."""
        try:
            async with asyncio.timeout(0.5):
                await self.catch_up()
        except (TimeoutError, httpx.HTTPError) as error:
            raise Unavailable("directory") from error

    async def rebuild(self, progress: Progress | None = None) -> None:
        """Follows from the start, and returns when the copy equals the directory; readers go on all the time.

        Killed in between, the rebuild is carried on by whoever follows; begun again, or twice at once, it starts over.
        """
        marked = await self._mark(await self._position())
        while marked is None:
            marked = await self._mark(await self._position())
        while (await self._position()).rebuild:
            if not await self._one_page():
                await asyncio.sleep(_LOOK_SECONDS)  # something that is being changed right now ends the feed
            if progress is not None:
                progress(marked - min(marked, await self.pool.fetchval(f"select {_MARKED}")), marked)
        if progress is not None:
            progress(marked, marked)

    async def _mark(self, known: Position) -> int | None:
        """Begins a rebuild; how many rows wait to be replaced, or None when the position is no longer the known one."""
        async with self.pool.acquire() as connection, connection.transaction():
            # The position first: its row makes whoever follows at this moment wait, and then begin anew.
            await connection.execute(_BEGIN, FEED)
            if not await connection.fetchval(_MOVE, FEED, str(known), str(Position("", uuid4().hex))):
                return None
            await connection.execute("set local statement_timeout = 0")
            rows = 0
            for table in ("area", *_TABLES):
                status = await connection.execute(f"update {table} set version = 0", timeout=_MARK_SECONDS)
                rows += int(status.rsplit(" ", 1)[1])
        return rows

    async def _position(self) -> Position:
        return Position.read(await self.pool.fetchval(_POSITION, FEED))

    async def _one_page(self) -> bool:
        # No transaction is open while the directory is asked: where both share a PostgreSQL server, its number would
        # hold up the feed for everybody (see services/directory/queries/changes.py).
        known = await self._position()
        answer = await self.directory.get(
            "/internal/v1/changes",
            params={"after": known.place} if known.place else {},
            headers=internal_headers(self.token_key, self.service),
        )
        if answer.status_code == httpx.codes.GONE:
            log.warning("directory feed began anew", service=self.service)
            await self._mark(known)
            return True
        answer.raise_for_status()
        changes = Changes.model_validate_json(answer.content)
        ends = bool(known.rebuild) and changes.complete
        if changes.next == known.place and not ends:
            return False
        reached = Position(changes.next, "" if ends else known.rebuild)
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(_BEGIN, FEED)
            if not await connection.fetchval(_MOVE, FEED, str(known), str(reached)):
                return True  # another process has written this page: go on from where it is
            await apply(connection, changes, self.paths, anew=bool(known.rebuild))
            if ends:
                await connection.execute(_GONE)
        return changes.more
