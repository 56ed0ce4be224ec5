"""Killed -9 again and again under load: every acknowledged change is there once, every event had its effect once."""

import asyncio
import os
from collections.abc import Callable
from random import Random

import pytest

from tests.faults import oracle
from tests.faults.house import House
from tests.faults.kills import AIMED, ALL, ANY_MOMENT, EVERYTHING, Kill, carry_out, plan
from tests.faults.load import Load
from tests.faults.log import Log

_SEED = int(os.environ.get("LINLI_FAULT_SEED", "20260301"))
_KILLS = int(os.environ.get("LINLI_FAULT_KILLS", "200"))
_SHORT = [
    *(kill for kill in AIMED if kill.victims == ("web",)),
    Kill(("postgres",), "write.after"),
    Kill(("worker",), "mark.before"),
    Kill(("nats",), "publish.within"),
    Kill(("worker",), "effect.service_records.after"),
    Kill(("postgres",), "effect.within"),
    Kill(("backend",)),
    EVERYTHING,
]


async def test_after_ten_kills_everything_acknowledged_is_there_once(house: House, log: Log) -> None:
    await _kill_under_load(house, log, len(_SHORT), _SHORT, print)


@pytest.mark.long
async def test_after_two_hundred_kills_everything_acknowledged_is_there_once(
    house: House, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    def say(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)

    assert {kill.victims for kill in ANY_MOMENT} <= {kill.victims for kill in ALL}
    await _kill_under_load(house, log, _KILLS, ALL, say)


async def _kill_under_load(house: House, log: Log, kills: int, kinds: list[Kill], say: Callable[[str], None]) -> None:
    say(f"\nseed {_SEED} (LINLI_FAULT_SEED)")
    random = Random(_SEED)
    load = Load(house, log, Random(_SEED))
    running = asyncio.create_task(load.run())
    killing = asyncio.create_task(carry_out(plan(kills, random, kinds), house, load, random, say))
    # A load that fails says more than the kills that then wait for it.
    await asyncio.wait({running, killing}, return_when=asyncio.FIRST_COMPLETED)
    if not killing.done():
        killing.cancel()
        await running
    result = await killing
    load.stopping = True
    await running
    asked, carried_out = await oracle.ask_again(house, log)
    settled = await oracle.settle(house)
    await oracle.first_answers_again(log, random.sample([r for r in log.requests if r.acknowledged], 100))
    await oracle.check_once(house, log)
    events = await oracle.check_effects(house)
    await oracle.check_directory(house, load)
    transfers = await oracle.check_ledger(house)
    for line in (*result.lines(), *_counts(log), f"{asked} left unanswered; of these {carried_out} had been done"):
        say(line)
    say(f"{events:,} events, each with its effect once; {transfers:,} awards; directory at revision {load.revision}")
    say(f"nothing on its way any more {settled:.1f} s after the load ended")


def _counts(log: Log) -> list[str]:
    tries = sum(request.tries for request in log.requests)
    acknowledged = sum(request.acknowledged for request in log.requests)
    unknown = sum(request.unknown for request in log.requests)
    refused = len(log.requests) - acknowledged
    return [
        f"{len(log.requests):,} requests in {tries:,} tries: {acknowledged:,} acknowledged, {refused:,} refused; "
        f"{unknown:,} tries broke off with an outcome that nobody knew"
    ]
