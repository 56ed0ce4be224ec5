"""What the bench starts: servers in a temporary folder, and processes that are ready when their port answers."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil

from deploy.machine.servers import Servers, start_servers
from tests.bench.load import BenchFailed

_READY_SECONDS = 30.0


@contextmanager
def servers() -> Iterator[Servers]:
    """PostgreSQL and NATS in a temporary folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        running = start_servers(Path(folder) / "data")
        try:
            yield running
        finally:
            running.remove()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def process(log: Path, environment: dict[str, str], port: int, *module: str) -> AsyncIterator[psutil.Process]:
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


@asynccontextmanager
async def serving(folder: Path, environment: dict[str, str]) -> AsyncIterator[tuple[str, psutil.Process]]:
    """The whole house in one web process: its address and its process."""
    port = free_port()
    arguments = "deploy", "serve", "--port", str(port)
    async with process(folder / f"web-{port}.log", environment, port, *arguments) as web:
        yield f"http://127.0.0.1:{port}", web


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
