"""A copy is rebuilt while it is read and followed; a feed that was restored elsewhere begins anew by itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.directory.actions.feed import renumber
from services.directory.queries.changes import changes
from shared.contracts.directory import Changes
from shared.infra.auth import service_token
from shared.infra.directory_copy import DirectoryCopy, Position
from shared.kernel.ids import new_id
from tests.services.directory.consumer import consumer_database
from tests.services.directory.test_changes import another, rename
from tests.services.directory.town import Town

_TABLES = ("area", "organisation", "person", "office")
_ROWS = "select " + " + ".join(f"(select count(*) from {table})" for table in _TABLES)


class Watched(httpx.AsyncBaseTransport):
    """The way to the directory in pages of `rows`; `seen` is called before each page is handed over."""

    def __init__(self, api: httpx.AsyncClient, seen: Callable[[], Awaitable[None]], rows: int) -> None:
        self.api, self.seen, self.rows, self.pages = api, seen, rows, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_merge_params({"limit": str(self.rows)})
        answer = await self.api.get(url.raw_path.decode(), headers=dict(request.headers))
        self.pages += 1
        await self.seen()
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.fixture
async def pool(environment: dict[str, str]) -> AsyncIterator[asyncpg.Pool]:
    async with consumer_database(environment["LINLI_DATABASE_URL"], "rebuilt") as opened:
        yield opened


@pytest.fixture
async def copy(pool: asyncpg.Pool, town: Town) -> DirectoryCopy:
    """A consumer that has followed so far."""
    made = DirectoryCopy("petitions", pool, town.api, town.house.settings.service_token_key)
    await made.catch_up()
    return made


async def paged(copy: DirectoryCopy, seen: Callable[[], Awaitable[None]]) -> DirectoryCopy:
    """Another process that follows into the same tables: in some thirty pages, however much other tests have left."""
    rows = min(1000, max(5, await copy.pool.fetchval(_ROWS) // 30))
    client = httpx.AsyncClient(transport=Watched(copy.directory, seen, rows), base_url="http://directory")
    return DirectoryCopy("petitions", copy.pool, client, copy.token_key)


async def rows(pool: asyncpg.Pool) -> dict[str, list[asyncpg.Record]]:
    return {table: await pool.fetch(f"select * from {table} order by id") for table in _TABLES}


async def test_readers_find_everything_at_every_moment_of_a_rebuild(copy: DirectoryCopy) -> None:
    # Counted and digested where they lie: tests that ran before may have left a hundred thousand.
    names = "select name from area union all select display_name from person union all select name from organisation"
    digest = f"select count(*), sum(hashtextextended(name, 0)) from ({names}) n"
    before = await copy.pool.fetchrow(digest)
    good = await rows(copy.pool)
    pages = 0

    async def look() -> None:
        nonlocal pages
        pages += 1
        assert await copy.pool.fetchrow(digest) == before

    told: list[tuple[int, int]] = []
    async with asyncio.timeout(120):
        await (await paged(copy, look)).rebuild(lambda done, of: told.append((done, of)))
    assert pages >= 5 and await rows(copy.pool) == good
    total = sum(len(found) for found in good.values())
    assert told == sorted(told) and told[-1] == (total, total) and len(told) >= pages


async def test_what_the_directory_does_not_know_is_closed_or_goes_with_a_rebuild(
    town: Town, copy: DirectoryCopy
) -> None:
    tenant, area, organisation, person, office = (new_id() for _ in range(5))
    good = await rows(copy.pool)
    await copy.pool.execute(
        f"""insert into area values ('{tenant}', '{area}', 7, null, '{{}}', 'grid', '没有的网格', null, 1, 1, false);
            insert into organisation values ('{tenant}', '{organisation}', 7, 'shop', '没有的店', '{{}}', false);
            insert into person values ('{tenant}', '{person}', 7, '没有的人', null, false);
            insert into office values ('{tenant}', '{office}', 7, '{person}', '{area}', 'grid_officer', false)"""
    )
    await copy.catch_up()
    assert await copy.pool.fetchval("select count(*) from person where id = $1", person) == 1
    await copy.rebuild()
    closed = "select name, closed from {} where tenant_id = $1"
    assert await copy.pool.fetch(closed.format("area"), tenant) == [("没有的网格", True)]
    assert await copy.pool.fetch(closed.format("organisation"), tenant) == [("没有的店", True)]
    await copy.pool.execute("delete from area where tenant_id = $1", tenant)
    await copy.pool.execute("delete from organisation where tenant_id = $1", tenant)
    assert await rows(copy.pool) == good


async def test_a_rebuild_that_was_killed_is_carried_on_by_whoever_follows(town: Town, copy: DirectoryCopy) -> None:
    good = await rows(copy.pool)
    await copy.pool.execute(
        "update area set name = 'x'; insert into person select tenant_id, uuidv7(), 3, 'x', null, false from area"
    )

    async def die() -> None:
        if killed.directory._transport.pages == 3:  # type: ignore[attr-defined]
            raise asyncio.CancelledError

    killed = await paged(copy, die)
    with contextlib.suppress(asyncio.CancelledError):
        await killed.rebuild()
    left = await copy.pool.fetchval("select count(*) from area where version = 0")
    assert left and Position.read(await copy.pool.fetchval("select position from feed_position")).rebuild
    await copy.catch_up()
    assert await rows(copy.pool) == good
    assert not Position.read(await copy.pool.fetchval("select position from feed_position")).rebuild


async def test_two_rebuilds_and_many_followers_at_once_end_with_one_right_copy(town: Town, copy: DirectoryCopy) -> None:
    good = await rows(copy.pool)
    await copy.pool.execute("update area set name = 'x'; delete from office")

    async def give_way() -> None:
        await asyncio.sleep(0)

    others = [await paged(copy, give_way) for _ in range(4)]
    async with asyncio.timeout(60):
        await asyncio.gather(*(other.rebuild() for other in others[:2]), *(other.catch_up() for other in others[2:]))
    assert await rows(copy.pool) == good


async def test_a_page_read_before_a_rebuild_began_is_not_taken_for_its_own(town: Town, copy: DirectoryCopy) -> None:
    """It would end the rebuild at once, and all that was marked would be gone."""
    good = await rows(copy.pool)
    read, go_on = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        read.set()
        await go_on.wait()

    await rename(town.house.pool, town.ids["grid"], "新名")
    slow = asyncio.create_task((await paged(copy, hold)).catch_up())
    await read.wait()
    assert await copy._mark(await copy._position())
    go_on.set()
    await slow
    await copy.catch_up()
    found = await rows(copy.pool)
    closed = [[(row["id"], row["closed"]) for row in copied["area"]] for copied in (found, good)]
    assert closed[0] == closed[1]
    assert [row["name"] for row in found["area"] if row["id"] == town.ids["grid"]] == ["新名"]


async def test_what_is_being_changed_while_a_rebuild_ends_is_not_taken_for_gone(
    town: Town, copy: DirectoryCopy
) -> None:
    """Its place is above a transaction that still runs, so the feed cannot hand it out yet."""
    open_now = "select name from area where id = $1 and not closed"
    async with another(town.house) as slow, slow.transaction():
        await rename(slow, town.ids["building"], "慢")
        await rename(town.house.pool, town.ids["grid"], "快")
        assert await copy._mark(await copy._position())
        await copy.catch_up()
        assert (await copy._position()).rebuild
        assert await copy.pool.fetchval(open_now, town.ids["grid"]) == "第一网格"
    await copy.catch_up()
    assert not (await copy._position()).rebuild
    assert await copy.pool.fetchval(open_now, town.ids["grid"]) == "快"
    assert await copy.pool.fetchval(open_now, town.ids["building"]) == "慢"


async def test_the_place_of_another_feed_is_refused_and_the_copy_starts_over_by_itself(
    town: Town, copy: DirectoryCopy
) -> None:
    good = await rows(copy.pool)
    old = await copy.pool.fetchval("select position from feed_position")
    for foreign in ("A" * 11 + old[11:], "A" * 22):
        headers = {"authorization": f"Bearer {service_token(copy.token_key, 'petitions')}", "accept-language": "en"}
        answer = await town.api.get("/internal/v1/changes", params={"after": foreign}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (410, "directory.feed_restarted"), answer.text
        await copy.pool.execute("update feed_position set position = $1", foreign)
        await copy.pool.execute("update area set name = 'x', version = 99")  # a directory of an earlier time
        await copy.catch_up()
        assert await rows(copy.pool) == good


async def test_changes_of_another_server_get_a_place_in_this_ones_feed(elsewhere: Callable[[str], str]) -> None:
    """Their numbers lie ahead of this server's, which would reach them in years."""
    async with asyncpg.create_pool(elsewhere("app"), min_size=1, max_size=1) as pool:
        ids = [new_id() for _ in range(3)]
        for number, xid in enumerate((5, 10**12, 10**12 + 1)):
            await _note(pool, ids[number], xid)
        page = Changes.model_validate_json(await changes(pool, "", 10, date(2026, 3, 1)))
        assert not page.more and not page.complete
        assert await renumber(pool) == 2 and await renumber(pool) == 0
        page = Changes.model_validate_json(await changes(pool, page.next, 10, date(2026, 3, 1)))
        assert page.complete
        order: list[Any] = await pool.fetch("select entity_id from change order by xid, seq")
        assert [row["entity_id"] for row in order] == ids


async def _note(pool: asyncpg.Pool, entity_id: UUID, xid: int) -> None:
    statement = "insert into change (tenant_id, kind, entity_id, xid) values ($1, 'area', $1, $2::text::xid8)"
    await pool.execute(statement, entity_id, str(xid))
