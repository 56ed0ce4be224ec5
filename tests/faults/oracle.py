"""Compares what the clients know with what the databases say, after the last kill."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from deploy.services import SERVICES, SUBSCRIPTIONS
from services.volunteers.verify import verify
from shared.infra import bus
from tests.faults.house import House
from tests.faults.load import Load
from tests.faults.log import Log, Request

_SETTLE_SECONDS = 90
_COPIES = {
    "area": "tenant_id, id, version, parent_id, ancestors, kind, name, code, lat, lon, closed",
    "area_polygon": "tenant_id, area_id, position, depth, ring::text",
    "organisation": "tenant_id, id, version, kind, name, serves, closed",
    "person": "tenant_id, id, version, {name}, home_id, erased",
    "office": "tenant_id, id, version, person_id, area_id, kind, {ended}",
}
_DIRECTORY = {"name": "name", "ended": "coalesce(ends_on <= current_date, false)"}
_COPY = {"name": "display_name", "ended": "ended"}


async def settle(house: House) -> float:
    """Waits until nothing is on its way any more; how long that took."""
    started = time.monotonic()
    while left := [what async for what in _on_its_way(house)]:
        assert time.monotonic() - started < _SETTLE_SECONDS, left
        await asyncio.sleep(0.1)
    return time.monotonic() - started


async def _on_its_way(house: House) -> Any:
    """What has been accepted and has not had its effect."""
    for service in SERVICES:
        waiting = await house.pools[service].fetchval("select count(*) from outbox where published_at is null")
        if waiting:
            yield f"{waiting} events of {service} wait for the bus"
    async with bus.connect(house.environment["LINLI_BUS_URL"], "admin") as client:
        for subscription in SUBSCRIPTIONS:
            info = await client.jetstream().consumer_info(subscription.stream, subscription.durable)
            if info.num_pending or info.num_ack_pending:
                yield f"{subscription.durable}: {info.num_pending} to take, {info.num_ack_pending} to acknowledge"
    for state in ("select count(*) from pending", "select count(*) from service_record where status = 'approved'"):
        if waiting := await house.pools["volunteers"].fetchval(state):
            yield f"{waiting} of {state}"
    for service in ("petitions", "volunteers"):
        for table in _COPIES:
            if await _rows(house, "directory", table) != await _rows(house, service, table):
                yield f"{table} of the directory in {service}"


async def _rows(house: House, service: str, table: str) -> list[tuple[Any, ...]]:
    columns = _COPIES[table].format(**(_DIRECTORY if service == "directory" else _COPY))
    return [tuple(row) for row in await house.pools[service].fetch(f"select {columns} from {table} order by 1, 2, 3")]


async def ask_again(house: House, log: Log) -> tuple[int, int]:
    """Every open question once more with its key. How many there were, and how many had been carried out before.

    A try that was answered "nothing was stored" must have stored nothing.
    """
    open_questions = list(log.open_questions())
    stored = await _keys(house)
    carried_out = [request for request in open_questions if _key(log, request) in stored]
    lies = [request for request in carried_out if not request.unknown]
    assert not lies, lies
    for request in open_questions:
        await log.ask(request)
    return len(open_questions), len(carried_out)


async def _keys(house: House) -> set[tuple[UUID, str]]:
    keys = "select caller_id, key from idempotency"
    return {tuple(row) for service in ("petitions", "volunteers") for row in await house.pools[service].fetch(keys)}


def _key(log: Log, request: Request) -> tuple[UUID, str]:
    return log.town.ids[request.person], request.key


async def first_answers_again(log: Log, requests: Iterable[Request]) -> None:
    """A key that was answered gives the same thing again."""
    for request in requests:
        before = request.status, request.resource
        await log.ask(request)
        assert (request.status, request.resource) == before, request


async def check_once(house: House, log: Log) -> None:
    """Each acknowledged change is there exactly once, and nothing else is; refusals left nothing."""
    done = [request for request in log.requests if request.acknowledged]
    assert await _keys(house) == {_key(log, request) for request in done}
    made = Counter(request.path if request.target is None else request.action for request in done)
    petitions, volunteers = house.pools["petitions"], house.pools["volunteers"]
    assert await petitions.fetchval("select count(*) from petition") == made["/petitions"]
    assert await petitions.fetchval("select count(*) from petition_text") == made["/petitions"]
    assert await volunteers.fetchval("select count(*) from opening") == made["/openings"]
    assert await volunteers.fetchval("select count(*) from service_record") == made["claim"]
    photos = "select (select count(*) from upload) + (select count(*) from attachment)"
    assert await petitions.fetchval(photos) == made["/attachments"]
    told = Counter((r.resource, r.action, log.town.id_of(r.person)) for r in done if r.action != "upload")
    assert told == await _history(house)


async def _history(house: House) -> Counter[tuple[str, str, str]]:
    """Whatever people did, by thing, action and person."""
    found: Counter[tuple[str, str, str]] = Counter()
    for service, table, thing in (
        ("petitions", "petition_history", "petition_id"),
        ("volunteers", "opening_history", "opening_id"),
        ("volunteers", "service_record_history", "service_record_id"),
    ):
        rows = await house.pools[service].fetch(
            f"select {thing}::text, action, actor_id::text, version from {table} where actor_id is not null"
        )
        found.update((thing, action, actor) for thing, action, actor, _ in rows)
        gaps = await house.pools[service].fetch(
            f"""select {thing} from {table} h join {table.removesuffix("_history")} t on t.id = h.{thing}
                 group by {thing}, t.version, t.status
                having array_agg(h.version order by h.version) <> array(select generate_series(1, t.version))
                    or (array_agg(h.to_status order by h.version desc))[1] <> t.status"""
        )
        assert not gaps, (table, gaps)
    return found


async def check_effects(house: House) -> int:
    """Every event was published and had its effect exactly once; how many events there were."""
    petitions, volunteers = house.pools["petitions"], house.pools["volunteers"]
    approved = set(await _ids(volunteers, "select id from outbox where type = 'service_record.approved'"))
    records = set(await _ids(volunteers, "select id from service_record where status = 'awarded'"))
    assert len(approved) == len(records)
    assert set(await _ids(volunteers, "select event_id from inbox where consumer = 'points'")) == approved
    awards = await _ids(volunteers, "select reference_id from transfer where kind = 'award'")
    assert sorted(awards) == sorted(records)
    assert sorted(await _ids(volunteers, "select transfer_id from service_record where status = 'awarded'")) == sorted(
        await _ids(volunteers, "select id from transfer")
    )
    tasks = "select id from service_record where status = 'awarded' and petition_id is not null"
    notes = "select (facts->>'service_record_id')::uuid from petition_history where action = 'task_done'"
    assert sorted(await _ids(petitions, notes)) == sorted(await _ids(volunteers, tasks))
    places = "select id from opening o where taken > capacity or taken <> (select count(*) from service_record r"
    assert not await _ids(volunteers, f"{places} where r.opening_id = o.id and r.status <> 'cancelled')")
    state = "select id, version, status, holder_id from petition order by id"
    assert await petitions.fetch(state) == await volunteers.fetch(state)
    return await _check_bus(house)


async def _ids(pool: Any, statement: str) -> list[UUID]:
    return [row[0] for row in await pool.fetch(statement)]


async def _check_bus(house: House) -> int:
    """The streams hold what the outboxes hold, once (JetStream drops copies by their id), and nothing was put aside."""
    events = 0
    async with bus.connect(house.environment["LINLI_BUS_URL"], "admin") as client:
        for service in SERVICES:
            count = await house.pools[service].fetchval("select count(*) from outbox")
            assert (await client.jetstream().stream_info(service)).state.messages == count, service
            events += count
        assert (await client.jetstream().stream_info("dead")).state.messages == 0
    return events


async def check_directory(house: House, load: Load) -> None:
    """The last revision that the load was told of, or one that nobody heard of any more, is what all have."""
    name = await house.pools["volunteers"].fetchval(
        "select name from organisation where id = $1", load.log.town.ids["team"]
    )
    assert int(name.split()[1]) in (load.revision, load.revision + 1)


async def check_ledger(house: House) -> int:
    """The ledger verifies; how many transfers it holds."""
    report = await verify(house.pools["volunteers"])
    assert report.wrong is None, report.wrong
    return report.transfers
