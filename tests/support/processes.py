"""Linli's own processes for tests: started as `linli run` starts them, ended by their process id."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx

_READY_SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def process(log: Path, environment: dict[str, str], *arguments: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    """`linli ARGUMENTS` with this environment; its output goes to `log`."""
    with log.open("ab") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "deploy", *arguments],
            env=os.environ | environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield running
    finally:
        running.terminate()
        await asyncio.to_thread(running.wait, 20)


async def answers(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until the address answers 200; fails with the log when the process ends before."""
    deadline = asyncio.get_running_loop().time() + _READY_SECONDS
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            assert running.poll() is None, log.read_text()
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert asyncio.get_running_loop().time() < deadline, log.read_text()
            await asyncio.sleep(0.05)


@asynccontextmanager
async def one_process(folder: Path, environment: dict[str, str]) -> AsyncIterator[str]:
    """Everything in one web process, and a worker; gives the gateway's address."""
    port = free_port()
    async with process(folder / "web.log", environment, "serve", "--port", str(port)) as web:
        await answers(f"http://127.0.0.1:{port}/readyz", web, folder / "web.log")
        async with process(folder / "work.log", environment, "work"):
            yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def many_processes(folder: Path, environment: dict[str, str]) -> AsyncIterator[str]:
    """Each service and each worker in a process of its own, and the gateway before them over HTTP."""
    ports = {service: free_port() for service in ("directory", "petitions", "volunteers")}
    addresses = {f"LINLI_{service.upper()}_URL": f"http://127.0.0.1:{port}" for service, port in ports.items()}
    there = environment | addresses
    async with AsyncExitStack() as stack:
        for service, port in ports.items():
            log = folder / f"{service}.log"
            serving = process(log, there, "serve", service, "--port", str(port))
            await answers(f"http://127.0.0.1:{port}/readyz", await stack.enter_async_context(serving), log)
            await stack.enter_async_context(process(folder / f"{service}-work.log", there, "work", service))
        gateway, log = free_port(), folder / "gateway.log"
        serving = process(log, there, "serve", "--port", str(gateway))
        await answers(f"http://127.0.0.1:{gateway}/readyz", await stack.enter_async_context(serving), log)
        yield f"http://127.0.0.1:{gateway}"
