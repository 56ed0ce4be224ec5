"""The demo in an installation of its own: loaded by `linli demo` in processes, looked at in its databases."""

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

_PATIENCE_SECONDS = 300.0
_LOOK_AGAIN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Demo:
    """The installation with the demo in it; `settled_after` is how many seconds the workers took after the load."""

    url: str
    environment: dict[str, str]
    people: dict[str, dict[str, Any]]
    first_counts: dict[str, int]
    settled_after: float
    logs: Path

    async def rows(self, service: str, statement: str, *arguments: Any) -> list[Any]:
        return await rows(self.environment, service, statement, *arguments)

    async def one(self, service: str, statement: str, *arguments: Any) -> Any:
        ((value,),) = await self.rows(service, statement, *arguments)
        return value

    async def get(self, word: str, path: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.people[word]['access_token']}"}
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=15) as client:
            answer = await client.get(f"/api/v1{path}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer

    async def pages(self, word: str, path: str) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        joint = "&" if "?" in path else "?"
        while cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            page = (await self.get(word, f"{path}{joint}limit=100{more}")).json()
            found += page["items"]
            cursor = page["next_cursor"]
        return found


async def rows(environment: dict[str, str], service: str, statement: str, *arguments: Any) -> list[Any]:
    connection = await asyncpg.connect(environment[f"LINLI_{service.upper()}_DATABASE_URL"])
    try:
        found: list[Any] = await connection.fetch(statement, *arguments)
        return found
    finally:
        await connection.close()


#: Everything that a load writes.
_TABLES = {
    "directory": (
        *("area", "area_polygon", "organisation", "person", "office", "membership", "role_grant", "household"),
        *("council", "council_member", "council_meeting", "enrolment", "facility", "service", "service_place"),
    ),
    "petitions": ("category", "petition", "petition_history", "petition_note", "external_ref"),
    "volunteers": ("opening", "service_record", "service_record_history", "transfer", "entry", "lot"),
}


async def counts(environment: dict[str, str]) -> dict[str, int]:
    """How many rows stand in each table."""
    found = {}
    for service, tables in _TABLES.items():
        for table in tables:
            ((found[f"{service}.{table}"],),) = await rows(environment, service, f"select count(*) from {table}")
    return found


def loading(environment: dict[str, str], url: str, log: Path, *names: str) -> subprocess.Popen[bytes]:
    """`linli demo NAMES`, as a person types it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "deploy", "demo", *names, "--base-url", url],
            env=os.environ | environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


async def killed_when(environment: dict[str, str], url: str, log: Path, table: str, reached: int) -> None:
    """A load that is gone without a word as soon as so many rows are there."""
    service, name = table.split(".")
    statement = f"select count(*) from {name}"
    running = loading(environment, url, log)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while (await rows(environment, service, statement))[0][0] < reached:
                assert running.poll() is None, log.read_text()
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    finally:
        running.kill()
        await asyncio.to_thread(running.wait)


async def loaded(environment: dict[str, str], url: str, log: Path, *names: str) -> None:
    running = loading(environment, url, log, *names)
    assert await asyncio.to_thread(running.wait, _PATIENCE_SECONDS) == 0, log.read_text()


_UNSETTLED = {
    "directory": "select count(*) from outbox where published_at is null",
    "petitions": "select count(*) from outbox where published_at is null",
    "volunteers": """select (select count(*) from outbox where published_at is null) + (select count(*) from pending)
                         + (select count(*) from service_record where status = 'approved')""",
}


async def settled(environment: dict[str, str]) -> float:
    """Waits until the outboxes are empty, every transfer is sealed and every award is given; how long it took."""
    started = time.monotonic()
    async with asyncio.timeout(_PATIENCE_SECONDS):
        for service, statement in _UNSETTLED.items():
            await _none_left(environment, service, statement)
    return time.monotonic() - started


async def _none_left(environment: dict[str, str], service: str, statement: str) -> None:
    while True:
        if (await rows(environment, service, statement))[0][0] == 0:
            return
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
