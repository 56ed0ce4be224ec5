"""The load: requests over 16 connections for a while, by wrk, or by Python where wrk is absent."""

import asyncio
import json
import shutil
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import aiohttp

from shared.kernel.ids import new_id

CONNECTIONS = 16
_SCRIPT = Path(__file__).with_name("requests.lua")


class BenchFailed(Exception):
    """Something that makes the figures worthless, in one sentence."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What is asked for. `body` is one line; `@@` in it becomes unique."""

    method: str
    paths: list[str]
    token: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it."""

    requests: int
    seconds: float
    p99: float = 0.0  # milliseconds; only wrk tells


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


class Generator:
    """Sends one kind of requests. `file` is where wrk's script reads them."""

    def __init__(self, requests: Requests, file: Path) -> None:
        self.requests = requests
        self.file = file
        lines = [requests.method, requests.token, requests.body, *requests.paths]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    async def send(self, url: str, seconds: int, connections: int = CONNECTIONS, pause: float = 0.0) -> Sent:
        """Raises BenchFailed when an answer is not a success. `pause`: milliseconds that a connection rests between."""
        if has_wrk():
            sent, refused, broken = await self._wrk(url, seconds, connections, pause)
        else:
            sent, refused, broken = await self._python(url, seconds, connections)
        if refused or broken or not sent.requests:
            what = f"{self.requests.method} {self.requests.paths[0]} at {url}"
            raise BenchFailed(f"{what}: of {sent.requests} answers {refused} were no success, {broken} never came")
        return sent

    async def _wrk(self, url: str, seconds: int, connections: int, pause: float) -> tuple[Sent, int, int]:
        running = await asyncio.create_subprocess_exec(
            *("wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"),
            *("--script", str(_SCRIPT), url, "--", str(self.file), new_id().hex, f"{pause:.3f}"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output = (await running.communicate())[0].decode()
        finally:
            if running.returncode is None:
                running.kill()
        told = next((line for line in output.splitlines() if line.startswith("linli ")), None)
        if told is None:
            raise BenchFailed(f"wrk gave no figures: {output.strip()[-300:]}")
        found = json.loads(told.removeprefix("linli "))
        return Sent(found["requests"], found["seconds"], found["p99"]), found["refused"], found["broken"]

    async def _python(self, url: str, seconds: int, connections: int) -> tuple[Sent, int, int]:
        asked, seed = self.requests, new_id().hex
        numbers = count(1)
        answered = refused = broken = 0
        started = time.perf_counter()

        async def caller(session: aiohttp.ClientSession) -> None:
            nonlocal answered, refused, broken
            while time.perf_counter() - started < seconds:
                number = next(numbers)
                headers = {"authorization": f"Bearer {asked.token}", "idempotency-key": f"{seed}-{number}"}
                body = asked.body.replace("@@", f"{seed} {number}").encode() or None
                path = asked.paths[number % len(asked.paths)]
                try:
                    async with session.request(asked.method, url + path, headers=headers, data=body) as answer:
                        await answer.read()
                        answered += 1
                        refused += answer.status >= 400
                except (aiohttp.ClientError, TimeoutError):
                    broken += 1

        connector = aiohttp.TCPConnector(limit=connections)
        given = {"content-type": "application/json"} if asked.body else {}
        async with aiohttp.ClientSession(connector=connector, headers=given) as session:
            await asyncio.gather(*(caller(session) for _ in range(connections)))
        return Sent(answered, time.perf_counter() - started), refused, broken
