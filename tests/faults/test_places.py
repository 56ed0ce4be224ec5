"""Killed at a certain place: what was and was not done there, and that the same request then gets the first answer."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from shared.infra import bus
from shared.infra.database import open_pool
from shared.infra.web.problems import as_problem
from tests.faults.house import House
from tests.faults.kills import until_known
from tests.faults.log import Log
from tests.faults.town import PLACE

_PATIENCE_SECONDS = 30


async def test_a_web_process_killed_before_its_statement_has_done_nothing(house: House, log: Log) -> None:
    house.arm("write.before", ["web"])
    assert await _report_broken_off(house, log) is None


async def test_a_web_process_killed_after_the_commit_has_done_it_and_gives_the_first_answer(
    house: House, log: Log
) -> None:
    house.arm("write.after", ["web"])
    assert await _report_broken_off(house, log) is not None


async def _report_broken_off(house: House, log: Log) -> str | None:
    """Reports a petition to a web process that will not answer, and again; which one there was in between."""
    request = log.prepare("resident1", "submit", "/petitions", {"text": "门禁坏了", "location": PLACE})
    assert not await log.send(request) and request.unknown == 1
    made = "select resource_id::text from idempotency where key = $1"
    between = await house.pools["petitions"].fetchval(made, request.key)
    await house.gone([house.pid("web")])
    await house.revive()
    await log.ask(request)
    assert request.status == 201 and between in (None, request.resource)
    assert await house.pools["petitions"].fetch(made, request.key) == [(request.resource,)]
    return None if between is None else str(between)


async def test_an_event_that_was_published_and_not_marked_is_published_again_and_counts_once(
    house: House, log: Log
) -> None:
    await _until(lambda: _all_marked(house))
    before = await _published(house)
    house.arm("mark.before", ["worker"])
    petition = await log.ask(log.prepare("resident1", "submit", "/petitions", {"text": "灯坏了", "location": PLACE}))
    assert await house.struck("mark.before", _PATIENCE_SECONDS)
    assert not await _all_marked(house) and await _published(house) == before + 1
    await house.gone([house.pid("worker")])
    await house.revive()
    await _until(lambda: _all_marked(house))
    assert await _published(house) == before + 1
    await until_known(house, petition["id"])


@pytest.mark.parametrize("consumer", ["points", "service_records"])
async def test_an_effect_that_was_committed_and_not_acknowledged_is_not_had_again(
    house: House, log: Log, consumer: str
) -> None:
    record = await _handed_in(log)
    house.arm(f"effect.{consumer}.after", ["worker"])
    await log.ask(log.prepare("staff", "approve", f"/service-records/{record}/approve"))
    assert await house.struck(f"effect.{consumer}.after", _PATIENCE_SECONDS)
    assert (await _effects(house, record))[consumer] == 1 and await _unacknowledged(house) >= 1
    await house.gone([house.pid("worker")])
    await house.revive()
    await _until(lambda: _none_unacknowledged(house))
    assert await _effects(house, record) == {"points": 1, "service_records": 1}


async def _handed_in(log: Log) -> str:
    """A service record for a task out of a petition, up to the approval."""
    report = log.prepare("resident1", "submit", "/petitions", {"text": "门坏了", "location": PLACE})
    now = datetime.now(UTC)
    window = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(minutes=5)).isoformat()}
    offer = {"kind": "task", "title": "看门", "text": "值守", "capacity": 1, "points": 5, **window}
    offer |= {"petition_id": (await log.ask(report))["id"]}
    opening = (await log.ask(log.prepare("leader", "open", "/openings", offer)))["id"]
    record = (await log.ask(log.prepare("volunteer1", "claim", f"/openings/{opening}/claim")))["id"]
    code = {"code": (await log.look("leader", f"/openings/{opening}/check-in-code"))["code"]}
    for action, body in (("check-in", code), ("check-out", code), ("submit", {"text": "值守了"})):
        request = log.prepare("volunteer1", action, f"/service-records/{record}/{action}", body)
        await log.ask(request)
        assert request.acknowledged, request
    return str(record)


async def test_a_statement_that_was_broken_off_is_told_as_one_that_may_have_been_carried_out(house: House) -> None:
    async with open_pool(house.environment["LINLI_PETITIONS_DATABASE_URL"], 2) as pool:
        sleeping = asyncio.create_task(pool.execute("select pg_sleep(10)"))
        asleep = "select pid from pg_stat_activity where wait_event = 'PgSleep'"
        await _until(lambda: pool.fetchval(asleep))
        os.kill(await pool.fetchval(asleep), signal.SIGKILL)
        (error,) = await asyncio.gather(sleeping, return_exceptions=True)
        assert isinstance(error, asyncpg.PostgresError)
        assert (as_problem(error).status, as_problem(error).code) == (503, "interrupted")


async def _until(reached: Callable[[], Awaitable[Any]]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not await reached():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def _all_marked(house: House) -> bool:
    waiting = "select exists (select from outbox where published_at is null)"
    return not await house.pools["petitions"].fetchval(waiting)


async def _published(house: House) -> int:
    async with bus.connect(house.environment["LINLI_BUS_URL"], "admin") as client:
        return (await client.jetstream().stream_info("petitions")).state.messages


async def _unacknowledged(house: House) -> int:
    async with bus.connect(house.environment["LINLI_BUS_URL"], "admin") as client:
        consumers = [("volunteers", "volunteers_awards"), ("volunteers", "petitions_service_records")]
        infos = [await client.jetstream().consumer_info(*consumer) for consumer in consumers]
        return sum(info.num_ack_pending or 0 for info in infos)


async def _none_unacknowledged(house: House) -> bool:
    return await _unacknowledged(house) == 0


async def _effects(house: House, record: str) -> dict[str, int]:
    """How often the approval had each of its effects."""
    award = "select count(*) from transfer where reference_id = $1::text::uuid"
    note = "select count(*) from petition_history where facts->>'service_record_id' = $1"
    return {
        "points": await house.pools["volunteers"].fetchval(award, record),
        "service_records": await house.pools["petitions"].fetchval(note, record),
    }
