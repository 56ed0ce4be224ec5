"""`make bench`: the hot paths measured against a floor in the same run. See shared/design/8-performance.md.

Ends with 1 when a ratio is below 0.9 of its target, or when something makes the figures worthless. Without wrk a
Python load generator is used, which flatters the ratio, so nothing is judged then.
"""

import argparse
import asyncio
import json
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil
import structlog
import uvloop
from rich.console import Console

from deploy.assemble import Assembly
from deploy.machine.folder import data_folder
from deploy.machine.servers import Servers, start_servers
from deploy.migrating import migrate_all
from services.petitions.actions.submit import Report, submit
from shared.infra.idempotency import Once
from shared.kernel.ids import new_id
from tests.bench import ledger, result
from tests.bench.data import Town, fill
from tests.bench.floor import Plan
from tests.bench.load import BenchFailed, Generator, Requests, has_wrk
from tests.bench.rounds import Row, Side, compare

TARGETS = {"list": 0.5, "detail": 0.5, "submit": 0.4}
#: Members of answers that only the system computes.
_COMPUTED = {"allowed_actions"}
_COMPUTED_OF_PHOTOS = {"url", "thumbnail_url"}
_READY_SECONDS = 30.0
_AWARD_ROUNDS = 5  # nothing is judged by them

console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    arguments.add_argument("--petitions", type=int, default=100_000, help="how many there are (%(default)s)")
    arguments.add_argument("--rounds", type=int, default=7, help="measurements a side and row (%(default)s)")
    arguments.add_argument("--seconds", type=int, default=2, help="length of one over HTTP (%(default)s)")
    arguments.add_argument("--only", action="append", choices=[*TARGETS, "award"], help="measure this row alone")
    given = arguments.parse_args()
    try:
        rows = uvloop.run(_until_told(_bench(given)))
    except (BenchFailed, KeyboardInterrupt, asyncio.CancelledError) as error:
        console.print(f"[bold red]{error or 'stopped'}[/]")
        return 1
    result.show(rows, console)
    result.write(rows, data_folder())
    console.print(f"  {data_folder() / 'bench.json'}, bench.svg")
    if not has_wrk():
        console.print("  wrk is absent (Debian: apt install wrk): Python made the load, so nothing is judged")
        return 0
    return 0 if all(row.reached for row in rows) else 1


async def _until_told(work: Any) -> Any:
    """SIGTERM ends the bench as Ctrl-C does: everything that it started is stopped."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


async def _bench(given: argparse.Namespace) -> list[Row]:
    started = time.monotonic()

    def tell(what: str) -> None:
        console.print(f"  [dim]{time.monotonic() - started:5.0f} s[/]  {what}")

    wanted = given.only or [*TARGETS, "award"]
    with _servers() as servers:
        tell("PostgreSQL and NATS run")
        environment = servers.environment() | {
            "LINLI_GATEWAY_CALLER_PER_MINUTE": "1000000000",
            "LINLI_GATEWAY_ADDRESS_PER_MINUTE": "1000000000",
            "LINLI_PUBLIC_URL": "http://127.0.0.1:8000",
        }
        os.environ.update(environment)
        await migrate_all(environment)
        tell("migrated")
        _hush()
        town = await fill(environment, given.petitions)
        tell(f"{given.petitions:,} petitions")
        postgres = servers.postgres.process()
        assert postgres is not None
        tell(f"{'row':<10} {'':<3} {'floor/s':>8} {'system/s':>8} ratio")
        rows = await _over_http(servers.folder, environment, town, wanted, given, postgres, tell)
        if "award" in wanted:
            pgbench = servers.postgres.account.programs / "pgbench"
            rounds = min(given.rounds, _AWARD_ROUNDS)
            rows += await ledger.awards(
                environment, pgbench, servers.folder, rounds=rounds, postgres=postgres, tell=tell
            )
    return rows


def _hush() -> None:
    """The services that fill the data in this process log nothing here."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@contextmanager
def _servers() -> Iterator[Servers]:
    """PostgreSQL and NATS in a temporary folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        running = start_servers(Path(folder) / "data")
        try:
            yield running
        finally:
            running.remove()


async def _over_http(
    folder: Path, environment: dict[str, str], town: Town, wanted: list[str], given: argparse.Namespace,
    postgres: psutil.Process, tell: Any,
) -> list[Row]:  # fmt: skip
    plan = folder / "plan"
    plan.write_bytes(pickle.dumps(await _plan(environment["LINLI_PETITIONS_DATABASE_URL"], town)))
    rows = []
    async with AsyncExitStack() as stack:
        port = _free_port()
        system = await stack.enter_async_context(
            _process(folder / "web.log", environment, port, "deploy", "serve", "--port", str(port))
        )
        for name, requests in _requests(town).items():
            if name not in wanted:
                continue
            at = _free_port()
            arguments = "tests.bench.floor", name, str(at), str(plan)
            async with _process(folder / "floor.log", environment, at, *arguments) as floor:
                urls = f"http://127.0.0.1:{at}", f"http://127.0.0.1:{port}"
                await _check(name, requests, *urls)
                generator = Generator(requests, folder / f"{name}.requests")
                sides = [
                    Side(partial(generator.send, url, given.seconds), [process])
                    for url, process in zip(urls, (floor, system), strict=True)
                ]
                row = await compare(
                    name, "requests/s", *sides, rounds=given.rounds, target=TARGETS[name], postgres=postgres, tell=tell
                )
                rows.append(row)
    return rows


def _requests(town: Town) -> dict[str, Requests]:
    report = json.dumps(town.report("@@"), ensure_ascii=False)
    return {
        "list": Requests("GET", ["/api/v1/petitions?scope=area"], town.staff_token),
        "detail": Requests("GET", [f"/api/v1/petitions/{id}" for id in town.petition_ids], town.reporter_token),
        "submit": Requests("POST", ["/api/v1/petitions"], town.reporter_token, report),
    }


class _Recorder:
    """A pool that keeps what was sent through it."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool
        self.sent: list[tuple[str, list[Any]]] = []

    async def fetchrow(self, statement: str, *arguments: Any) -> Any:
        self.sent.append((statement, list(arguments)))
        return await self.pool.fetchrow(statement, *arguments)


async def _plan(database_url: str, town: Town) -> Plan:
    """One submission by the service's own action tells the floor which statements to run."""
    async with Assembly().opened(("petitions",)) as houses:
        recorder = _Recorder(houses["petitions"].pool)
        said = town.report("")
        location = said["location"]
        report = Report(
            location["lat"], location["lon"], location["coord_sys"], said["title"], said["text"], town.category_id, (),
            "none",
        )  # fmt: skip
        key = new_id().hex
        house = replace(houses["petitions"], pool=recorder)
        made = json.loads(await submit(house, town.reporter, report, Once(key, b"-" * 32), None))
    read, write = recorder.sent
    texts = [str(argument) for argument in write[1]]
    event = write[0].split("insert into outbox", 1)[1].split("::uuid", 1)[0].rsplit("$", 1)[1]
    fresh = {"id": texts.index(made["id"]), "number": texts.index(made["number"]), "key": texts.index(key)}
    return Plan(database_url, town.community_id, read, write, fresh | {"event": int(event) - 1})


async def _check(name: str, requests: Requests, floor: str, system: str) -> None:
    """Both give the same answer, or there is nothing to compare."""
    answers = []
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        for url in (floor, system):
            answer = await client.request(
                requests.method,
                url + requests.paths[0],
                headers={"authorization": f"Bearer {requests.token}", "content-type": "application/json"},
                content=requests.body.encode(),
            )
            if answer.status_code != (201 if requests.method == "POST" else 200):
                raise BenchFailed(f"{name}: {url} answers {answer.status_code}: {answer.text[:300]}")
            answers.append(_comparable(answer.json()))
    ours, theirs = answers
    if requests.method == "POST":  # two petitions: the same members, of course with other values
        ours, theirs = set(ours), set(theirs) - {"location", "attachments"}
    if ours != theirs:
        raise BenchFailed(f"{name}: floor and system do not give the same: {ours} and {theirs}"[:2000])


def _comparable(answer: dict[str, Any]) -> dict[str, Any]:
    kept = {member: value for member, value in answer.items() if member not in _COMPUTED}
    if "attachments" in kept:
        photos = kept["attachments"]
        kept["attachments"] = [{k: v for k, v in photo.items() if k not in _COMPUTED_OF_PHOTOS} for photo in photos]
    return kept


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _process(log: Path, environment: dict[str, str], port: int, *module: str) -> AsyncIterator[psutil.Process]:
    """`python -m MODULE…`, ready when its port takes connections."""
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", *module],
            env=os.environ | environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        await _listens(port, running, log)
        yield psutil.Process(running.pid)
    finally:
        running.terminate()
        try:
            await asyncio.to_thread(running.wait, 20)
        except subprocess.TimeoutExpired:
            running.kill()


async def _listens(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            if running.poll() is not None or time.monotonic() > deadline:
                raise BenchFailed(f"a server did not start: {log.read_text()[-500:]}") from None
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
