"""`linli run` from nothing, and again: seconds until it is ready, and the memory of all that it runs."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil

from deploy.machine.servers import open_servers
from tests.bench.load import BenchFailed
from tests.bench.processes import free_port
from tests.bench.rounds import Row, Tell

_FIRST, _LATER, _MEGABYTES = 20.0, 5.0, 400.0
_PATIENCE = 120.0
#: Seconds until the database connections that only a load needed are given back (shared/infra/database.py: 60).
_REST = 75.0


async def installed(tell: Tell) -> AsyncIterator[Row]:
    """Three rows."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        data = Path(folder) / "data"
        try:
            first, running = await _start(data)
            try:
                tell(f"{'first_start':<20} {first:.1f} s")
                yield Row("first_start", "s", _FIRST, first)
                # Demo and journey are part of what it holds in its memory; what they took only while they ran is not.
                await _until(lambda: (data / "journey.json").exists(), running, data)
                await asyncio.sleep(_REST)
                memory = sum(_proportional(process) for process in _processes(running, data)) / 1e6
                tell(f"{'memory':<20} {memory:.0f} MB")
                yield Row("memory", "MB", _MEGABYTES, memory)
            finally:
                _stop(running)
            later, running = await _start(data)
            _stop(running)
            tell(f"{'later_start':<20} {later:.1f} s")
            yield Row("later_start", "s", _LATER, later)
        finally:
            open_servers(data).remove()


async def _start(data: Path) -> tuple[float, subprocess.Popen[bytes]]:
    """Seconds until the address answers that it is ready."""
    port, started = free_port(), time.monotonic()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    with (data.parent / "run.log").open("ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "deploy", "run", "--port", str(port)],
            env=environment | {"LINLI_DATA": str(data)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    async with httpx.AsyncClient(trust_env=False) as client:

        async def ready() -> bool:
            try:
                return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
            except httpx.TransportError:
                return False

        try:
            while not await ready():
                await _pause(running, data, started)
        except BaseException:
            _stop(running)
            raise
    return time.monotonic() - started, running


async def _until(there: object, running: subprocess.Popen[bytes], data: Path) -> None:
    started = time.monotonic()
    while not there():  # type: ignore[operator]
        await _pause(running, data, started)


async def _pause(running: subprocess.Popen[bytes], data: Path, started: float) -> None:
    if running.poll() is not None or time.monotonic() - started > _PATIENCE:
        raise BenchFailed(f"linli run did not come up: {(data.parent / 'run.log').read_text()[-500:]}")
    await asyncio.sleep(0.02)


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGTERM)
    try:
        running.wait(60)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def _processes(running: subprocess.Popen[bytes], data: Path) -> list[psutil.Process]:
    """The runner, web and worker, PostgreSQL with its backends, NATS."""
    servers = open_servers(data)
    tops = [psutil.Process(running.pid), servers.postgres.process(), servers.nats.process()]
    found = {one.pid: one for top in tops if top for one in (top, *top.children(recursive=True))}
    return list(found.values())


def _proportional(process: psutil.Process) -> int:
    """Bytes, with what several share divided between them."""
    return int(process.memory_full_info().pss)
