"""The change feed and its consumer (shared/infra/directory_copy), from one database into another."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
import pytest

from services.directory.actions.load import load
from services.directory.domain.seed import AreaSeed, DirectorySeed
from services.directory.house import House
from services.directory.main import create_app
from services.directory.queries.areas import LOCATED
from services.directory.queries.changes import _decode, changes
from services.directory.settings import Settings
from shared.contracts.directory import AreaRow, Changes
from shared.infra import directory_copy, directory_tables
from shared.infra.auth import TokenIssuer, service_token
from shared.infra.directory_copy import LOCATE, DirectoryCopy
from shared.kernel.ids import new_id
from tests.services.directory.consumer import consumer_database
from tests.services.directory.town import Town, square, town_seed


@pytest.fixture
async def copy(environment: dict[str, str], house: House, api: httpx.AsyncClient) -> AsyncIterator[DirectoryCopy]:
    """A consumer that has seen nothing yet."""
    async with consumer_database(environment["LINLI_DATABASE_URL"], "consumer") as pool:
        yield DirectoryCopy("petitions", pool, api, house.settings.service_token_key)


async def read(api: httpx.AsyncClient, house: House, **query: Any) -> Changes:
    """One page of the feed."""
    headers = {"authorization": f"Bearer {service_token(house.settings.service_token_key, 'petitions')}"}
    answer = await api.get("/internal/v1/changes", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    # Not one member more or less than the contract has.
    assert Changes.model_validate_json(answer.content).model_dump(mode="json") == answer.json()
    return Changes.model_validate_json(answer.content)


async def end_of(api: httpx.AsyncClient, house: House) -> str:
    """The place after everything that is there."""
    page = await read(api, house)
    while page.more:
        page = await read(api, house, after=page.next)
    return page.next


@asynccontextmanager
async def another(house: House) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside the pool."""
    connection = await asyncpg.connect(house.settings.database_url)
    try:
        yield connection
    finally:
        await connection.close()


async def rename(connection: Any, area_id: UUID, name: str) -> None:
    """A change as every action makes one: the row and its place in the feed, in one transaction."""
    await connection.execute(
        """with changed as (update area set name = $2, version = version + 1 where id = $1 returning tenant_id, id)
           insert into change (tenant_id, kind, entity_id) select tenant_id, 'area', id from changed
           on conflict (tenant_id, kind, entity_id) do update set xid = default, seq = default""",
        area_id,
        name,
    )


async def test_a_copy_holds_what_the_directory_holds(town: Town, copy: DirectoryCopy) -> None:
    await copy.catch_up()
    for table, same in {
        "area": "tenant_id, id, version, parent_id, ancestors, kind, name, code, lat, lon, closed",
        "area_polygon": "tenant_id, area_id, position, depth, ring::text",
        "organisation": "tenant_id, id, version, kind, name, serves, closed",
    }.items():
        statement = f"select {same} from {table} order by 1, 2, 3"
        assert await copy.pool.fetch(statement) == await town.house.pool.fetch(statement)
    people = await copy.pool.fetch("select id, display_name, home_id, erased from person order by id")
    assert people == await town.house.pool.fetch(
        "select id, name as display_name, home_id, erased from person order by id"
    )
    offices = await copy.pool.fetch("select id, person_id, area_id, kind from office order by id")
    assert offices == await town.house.pool.fetch("select id, person_id, area_id, kind from office order by id")
    here = town.lon + 0.0005, town.lat + 0.0005
    assert await copy.pool.fetchrow(LOCATE, *here) == await town.house.pool.fetchrow(LOCATE, *here)


async def test_an_office_has_ended_from_its_last_day_on(town: Town, copy: DirectoryCopy) -> None:
    for kind, day in (("grid_officer", date(2026, 3, 2)), ("building_head", date(2026, 3, 3))):
        change = "update office set ends_on = $3 where tenant_id = $1 and kind = $2"
        await town.house.pool.execute(change, town.ids["here"], kind, day)
    await copy.catch_up()
    rows = await copy.pool.fetch("select kind, ended from office where tenant_id = $1", town.ids["here"])
    ended = {row["kind"]: row["ended"] for row in rows}
    assert ended == {"grid_officer": True, "building_head": False, "community_party_secretary": False}


async def test_pages_follow_each_other_and_the_last_one_repeats_itself(town: Town, house: House) -> None:
    seen: list[UUID] = []
    after, pages = "", 0
    while True:
        page = await read(town.api, house, after=after, limit=7)
        rows = [*page.areas, *page.organisations, *page.people, *page.offices]
        assert len(rows) == 7 or not page.more
        seen += [row.id for row in rows]
        after, pages = page.next, pages + 1
        if not page.more:
            break
    assert len(seen) == len(set(seen)) == await house.pool.fetchval("select count(*) from change")
    assert pages > 2 and set(town.ids.values()) <= set(seen)
    end = await read(town.api, house, after=after)
    assert (end.areas, end.people, end.next, end.more) == ([], [], after, False)


async def test_an_empty_directory_has_an_empty_place(
    elsewhere: Callable[[str], str], environment: dict[str, str]
) -> None:
    app = create_app(Settings(LINLI_DIRECTORY_DATABASE_URL=elsewhere("app")))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://d") as api:
        page = await read(api, app.state.house)
        assert page == Changes(next="", more=False, complete=True)


async def test_a_page_ends_with_its_last_transaction_by_number(elsewhere: Callable[[str], str]) -> None:
    """As texts, 10 would come before 9."""
    pool = await asyncpg.create_pool(elsewhere("app"), min_size=1, max_size=1)
    async with pool:
        for xid in (9, 10):
            tenant_id, id = new_id(), new_id()
            await pool.execute(
                "insert into change (tenant_id, kind, entity_id, xid) values ($1, 'area', $2, $3::text::xid8)",
                *(tenant_id, id, str(xid)),
            )
        page = Changes.model_validate_json(await changes(pool, "", 2, date(2026, 3, 1)))
        assert not page.more and page.complete and _decode(page.next)[1] == 10


async def test_a_change_that_commits_late_is_not_lost(town: Town, copy: DirectoryCopy) -> None:
    await copy.catch_up()
    async with another(town.house) as slow:
        async with slow.transaction():
            await rename(slow, town.ids["grid"], "慢")
            await rename(town.house.pool, town.ids["building"], "快")
            await copy.catch_up()
        await copy.catch_up()
    rows = await copy.pool.fetch("select name from area where id = any($1)", [town.ids["grid"], town.ids["building"]])
    assert {row["name"] for row in rows} == {"慢", "快"}


async def test_nothing_is_handed_out_above_a_transaction_that_still_runs(town: Town, house: House) -> None:
    end = await end_of(town.api, house)
    async with another(house) as slow, slow.transaction():
        await rename(slow, town.ids["grid"], "慢")
        await rename(house.pool, town.ids["building"], "快")
        assert (await read(town.api, house, after=end)).areas == []
    assert [area.name for area in (await read(town.api, house, after=end)).areas] == ["慢", "快"]


async def test_a_thing_that_changed_often_stands_once_in_the_feed_as_it_is(town: Town, house: House) -> None:
    end = await end_of(town.api, house)
    for name in ("一", "二", "三"):
        await rename(house.pool, town.ids["grid"], name)
    (only,) = (await read(town.api, house, after=end)).areas
    assert (only.name, only.version) == ("三", 4)


async def test_an_older_version_never_overwrites(town: Town, copy: DirectoryCopy) -> None:
    before = await end_of(town.api, town.house)
    await rename(town.house.pool, town.ids["here"], "旧名")
    (old,) = (await read(town.api, town.house, after=before)).areas
    areas = [replace(a, name="新名", polygons=()) if a.key.endswith("/here") else a for a in town.seed.areas]
    await load(town.house.pool, town.house.clock, replace(town.seed, areas=areas))
    await copy.catch_up()
    stale = old.model_copy(update={"polygons": [*old.polygons, *old.polygons]})
    async with copy.pool.acquire() as connection, connection.transaction():
        await directory_copy.apply(connection, Changes(areas=[stale], next="x", more=False))
    assert await copy.pool.fetchval("select name from area where id = $1", old.id) == "新名"
    assert await copy.pool.fetchval("select count(*) from area_polygon where area_id = $1", old.id) == 0


async def test_rings_that_are_gone_go_in_the_copy_too(town: Town, copy: DirectoryCopy) -> None:
    two = square(town.lat, town.lon, 0.0018), square(town.lat + 0.002, town.lon, 0.001)
    for rings in (two, two[:1], ()):
        areas = [replace(a, polygons=rings) if a.key.endswith("/grid") else a for a in town.seed.areas]
        await load(town.house.pool, town.house.clock, replace(town.seed, areas=areas))
        await copy.catch_up()
        count = "select count(*) from area_polygon where area_id = $1"
        assert await copy.pool.fetchval(count, town.ids["grid"]) == len(rings)


async def test_a_rebuild_mends_a_copy_that_was_damaged(town: Town, copy: DirectoryCopy) -> None:
    await copy.catch_up()
    good = await copy.pool.fetch("select * from area order by id")
    await copy.pool.execute("update area set name = 'x', ancestors = '{}', version = 1")
    await copy.pool.execute("delete from person")
    await copy.catch_up()
    assert await copy.pool.fetch("select * from area order by id") != good
    await copy.rebuild()
    assert await copy.pool.fetch("select * from area order by id") == good
    assert await copy.pool.fetchval("select display_name from person where id = $1", town.ids["head"]) == "马桂兰"


async def test_many_processes_follow_at_once(town: Town, copy: DirectoryCopy) -> None:
    others = [DirectoryCopy("petitions", copy.pool, copy.directory, copy.token_key) for _ in range(4)]
    await asyncio.gather(*(other.catch_up() for other in others), copy.rebuild())
    areas = await town.house.pool.fetchval("select count(*) from area")
    assert await copy.pool.fetchval("select count(*) from area where version > 0") == areas


async def test_a_consumer_that_waits_for_its_answer_holds_up_nobody(
    town: Town, copy: DirectoryCopy, environment: dict[str, str]
) -> None:
    """Both consumers share a PostgreSQL server with the directory; one hangs in its request."""
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def hang(request: httpx.Request) -> httpx.Response:
        asked.set()
        await go_on.wait()
        return httpx.Response(200, content=orjson.dumps({"next": "", "more": False}))

    async with (
        consumer_database(environment["LINLI_DATABASE_URL"], "slow_consumer") as pool,
        httpx.AsyncClient(transport=httpx.MockTransport(hang), base_url="http://directory") as hanging,
    ):
        waiting = asyncio.create_task(DirectoryCopy("volunteers", pool, hanging, copy.token_key).catch_up())
        await asked.wait()
        await rename(town.house.pool, town.ids["grid"], "刚改的")
        async with asyncio.timeout(20):  # held up by the other, it would wait for ever
            await copy.catch_up()
        assert await copy.pool.fetchval("select name from area where id = $1", town.ids["grid"]) == "刚改的"
        go_on.set()
        await waiting


async def test_only_services_read_the_feed(town: Town, house: House, issuer: TokenIssuer) -> None:
    tokens = ["", "Bearer x", f"Bearer {await town.token('clerk')}", f"Bearer {service_token('x' * 32, 'petitions')}"]
    for token in tokens:
        answer = await town.api.get("/internal/v1/changes", headers={"authorization": token} if token else {})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "query, status, named",
    [
        ({"after": "x"}, 400, "after"),
        ({"after": "时" * 32}, 400, "after"),
        ({"after": "_" * 32}, 400, "after"),
        ({"after": "x" * 51}, 422, "after"),
        ({"limit": "1001"}, 422, "limit"),
        ({"limit": "0"}, 422, "limit"),
        ({"since": "1"}, 400, "since"),
    ],
)
async def test_a_place_that_is_none_is_named(
    query: dict[str, str], status: int, named: str, api: httpx.AsyncClient, house: House
) -> None:
    headers = {"authorization": f"Bearer {service_token(house.settings.service_token_key, 'petitions')}"}
    answer = await api.get("/internal/v1/changes", params=query, headers=headers)
    assert answer.status_code == status, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [named]


async def test_twenty_thousand_areas_are_followed_in_seconds(
    elsewhere: Callable[[str], str], environment: dict[str, str]
) -> None:
    """A district of 20 communities with 1,000 buildings each; afterwards `locate` must go by the index."""
    seed = town_seed("big", 20.0, 110.0)
    for c in range(20):
        seed.areas.append(AreaSeed(f"big/c{c}", "big/street", "community", f"社区{c}"))
        for b in range(1000):
            ring = square(30 + c * 0.1, 110 + b * 0.001, 0.0008)
            seed.areas.append(AreaSeed(f"big/c{c}/{b}", f"big/c{c}", "building", f"{b}号楼", polygons=(ring,)))
    app = create_app(Settings(LINLI_DIRECTORY_DATABASE_URL=elsewhere("app")))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://d") as api,
        consumer_database(environment["LINLI_DATABASE_URL"], "big_consumer") as pool,
    ):
        house = app.state.house
        await load(house.pool, house.clock, DirectorySeed(areas=seed.areas))
        started = time.perf_counter()
        await DirectoryCopy("petitions", pool, api, house.settings.service_token_key).catch_up()
        seconds = time.perf_counter() - started
        assert await pool.fetchval("select count(*) from area") == len(seed.areas)
        assert await pool.fetchval("select count(*) from area_polygon") == 20_000 + 6
        await _locate_goes_by_index(elsewhere("owner"))
    assert seconds < 10, seconds


async def _locate_goes_by_index(owner: str) -> None:
    connection = await asyncpg.connect(owner)
    await connection.execute("analyze")
    point = 110.5004, 30.5004
    for statement in (LOCATE, LOCATED):
        scope = ([], [], [], await connection.fetchval("select current_date")) if statement is LOCATED else ()
        plan = str(await connection.fetch(f"explain {statement}", *scope, *point))
        assert "area_polygon_ring_idx" in plan and "Seq Scan on area_polygon" not in plan, plan
    started = time.perf_counter()
    for _ in range(100):
        assert await connection.fetchrow(LOCATE, *point)
    assert time.perf_counter() - started < 1
    await connection.close()


def test_a_row_of_the_contract_is_what_the_feed_gives() -> None:
    """The copy's columns are the contract's members, so that neither side gains one alone."""
    assert set(AreaRow.model_fields) - {"polygons"} == set(directory_tables.AreaColumns.model_fields)
