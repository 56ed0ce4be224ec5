"""`make bench`: what the design promises, measured in one run. See shared/design/8-performance.md and targets.py.

Rows are chosen by name (`python -m tests.bench list home`); those of growth take minutes to fill and stand apart
(`make bench-growth`). What was measured earlier and not now stays in the result's files. Ends with 1 when a ratio is
off its target by more than a tenth, or when something makes the figures worthless. Without wrk a Python load generator
is used, which flatters the ratio, so nothing is judged then.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import structlog
import uvloop
from rich.console import Console

from deploy.machine.folder import data_folder
from deploy.machine.servers import Servers
from deploy.migrating import migrate_all
from deploy.serving import allow_many_connections
from tests.bench import ledger, result
from tests.bench.against_floor import House
from tests.bench.against_floor import rows as against_floor
from tests.bench.data import Town, found_town
from tests.bench.elsewhere import add_elsewhere
from tests.bench.growth import LARGE, SMALL, growth
from tests.bench.home import home
from tests.bench.installed import installed
from tests.bench.load import BenchFailed, has_wrk
from tests.bench.locate import locate
from tests.bench.processes import servers, serving
from tests.bench.race import race
from tests.bench.register import ROWS as REGISTER
from tests.bench.register import register
from tests.bench.reports import make_petitions
from tests.bench.rounds import Row, Tell
from tests.bench.targets import TARGETS
from tests.bench.volunteering import make_services

_RECORDS = 100_000
#: These take long, and a few tell as much.
_AWARD_ROUNDS, _RACES = 5, 3
_GROWTH = [name for name in TARGETS if name.startswith("growth_")]
_USUAL = [name for name in TARGETS if name not in _GROWTH]
_INSTALLED = {"first_start", "later_start", "memory"}

console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    arguments.add_argument("rows", nargs="*", metavar="ROW", help="`growth`, or rows by name; all but growth if none")
    arguments.add_argument("--petitions", type=int, help=f"how many there are (100,000; for growth {LARGE:,})")
    arguments.add_argument("--rounds", type=int, default=7, help="measurements a side and row (%(default)s)")
    arguments.add_argument("--seconds", type=int, default=2, help="length of one over HTTP (%(default)s)")
    given = arguments.parse_args()
    wanted = [name for row in given.rows or _USUAL for name in (_GROWTH if row == "growth" else [row])]
    if unknown := [name for name in wanted if name not in TARGETS]:
        arguments.error(f"no such row: {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    rows: list[Row] = []
    allow_many_connections()
    failure = uvloop.run(_until_told(_bench(given, wanted, rows)))
    if rows:
        result.show(rows, console)
        result.write(rows, data_folder())
        console.print(f"  {data_folder() / 'bench.json'}, bench.svg")
    if failure:
        console.print(f"[bold red]{failure}[/]")
        return 1
    if not has_wrk():
        console.print("  wrk is absent (Debian: apt install wrk): Python made the load, so nothing is judged")
        return 0
    return 0 if all(row.reached for row in rows) else 1


async def _until_told(work: Any) -> str:
    """SIGTERM ends the bench as Ctrl-C does: all it started is stopped. Says what went wrong, nothing if nothing."""
    task = asyncio.ensure_future(work)
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, task.cancel)
    try:
        await task
    except BenchFailed as error:
        return str(error)
    except asyncio.CancelledError:
        return "stopped"
    return ""


async def _bench(given: argparse.Namespace, wanted: list[str], rows: list[Row]) -> None:
    started = time.monotonic()

    def tell(what: str) -> None:
        console.print(f"  [dim]{time.monotonic() - started:5.0f} s[/]  {what}")

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if _INSTALLED & set(wanted):  # first, while nothing else runs
        rows += [row async for row in installed(tell) if row.name in wanted]
    if not set(wanted) - _INSTALLED:
        return
    with servers() as running:
        environment = running.environment() | {
            "LINLI_GATEWAY_CALLER_PER_MINUTE": "1000000000",
            "LINLI_GATEWAY_ADDRESS_PER_MINUTE": "1000000000",
            "LINLI_PUBLIC_URL": "http://127.0.0.1:8000",
        }
        postgres = running.postgres.process()
        assert postgres is not None
        if set(wanted) & set(_USUAL) - _INSTALLED - REGISTER:
            async for row in _usual(running, environment, postgres, wanted, given, tell):
                rows.append(row)
        if REGISTER & set(wanted):
            os.environ.update(environment)
            await migrate_all(environment)
            rows += [row async for row in register(wanted, tell)]
        if set(wanted) & set(_GROWTH):
            counts = SMALL, given.petitions or LARGE
            folder = running.folder
            async for row in growth(
                environment, folder, counts, wanted.__contains__, rounds=given.rounds, seconds=given.seconds,
                postgres=postgres, tell=tell,
            ):  # fmt: skip
                rows.append(row)


async def _usual(
    running: Servers, environment: dict[str, str], postgres: psutil.Process, wanted: list[str],
    given: argparse.Namespace, tell: Tell,
) -> AsyncIterator[Row]:  # fmt: skip
    """Everything that is measured on one town."""
    folder, rounds, seconds = running.folder, given.rounds, given.seconds
    town = await _town(environment, given.petitions or 100_000, tell)
    tell(f"{'row':<20} {'':<3} {'floor/s':>7} {'system/s':>7} ratio")
    async with serving(folder, environment) as (url, web):
        house = House(folder, environment, url, web, postgres, town)
        async for row in against_floor(house, wanted, rounds, seconds, tell):
            yield row
        if "home" in wanted:
            yield await home(url, web, town, folder, rounds=rounds, seconds=seconds, postgres=postgres, tell=tell)
        if "race" in wanted:
            yield await race(url, environment, town, min(rounds, _RACES), tell)
    async for row in locate(environment, town, tell) if _any("locate", wanted) else _none():
        if row.name in wanted:
            yield row
    if _any("award", wanted):
        pgbench: Path = running.postgres.account.programs / "pgbench"
        times = min(rounds, _AWARD_ROUNDS)
        async for row in ledger.awards(environment, pgbench, folder, rounds=times, postgres=postgres, tell=tell):
            if row.name in wanted:
                yield row


async def _town(environment: dict[str, str], petitions: int, tell: Tell) -> Town:
    os.environ.update(environment)
    await migrate_all(environment)
    tell("PostgreSQL and NATS run, migrated")
    await add_elsewhere(environment)
    town = await found_town(environment)
    await make_petitions(environment, town.category_ids, petitions)
    await make_services(environment, min(petitions, _RECORDS))
    tell(f"{petitions:,} petitions")
    return town


def _any(first: str, wanted: list[str]) -> bool:
    return any(name.startswith(first) for name in wanted)


async def _none() -> AsyncIterator[Row]:
    return
    yield


if __name__ == "__main__":
    sys.exit(main())
