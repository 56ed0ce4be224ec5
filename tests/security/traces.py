"""Every place in which Linli leaves something behind that nobody may erase, or that people other than those concerned
may read: logs, metrics, events, history. What a person wrote stands in none of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx

from deploy.machine.servers import Servers
from deploy.migrating import SCHEMAS
from shared.infra import bus
from shared.infra.schema import APPEND_ONLY

#: Beside all append-only tables. (An Idempotency-Key is kept for a day beside its caller, to be compared.)
_FRAME = ("outbox", "inbox", "lease", "feed_position")


async def traces(
    url: str, folder: Path, servers: Servers, environment: dict[str, str]
) -> AsyncIterator[tuple[str, bytes]]:
    """Name and content of each."""
    for log in (*folder.glob("*.log"), servers.postgres.log, servers.nats.log):
        yield f"log {log.name}", log.read_bytes()
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        for path in ("/metrics", "/readyz", "/openapi.json"):
            yield path, (await client.get(path)).content
    for photo in (servers.folder / "files").rglob("*"):
        if photo.is_file():
            yield f"photo {photo.name}", photo.name.encode() + photo.read_bytes()
    async for subject, number, content in messages(environment["LINLI_BUS_URL"]):
        yield f"event {subject} {number}", content
    for service in SCHEMAS:
        async for trace in _tables(service, environment):
            yield trace


async def messages(admin_url: str) -> AsyncIterator[tuple[str, int, bytes]]:
    """Everything that lies in any stream, with its headers."""
    async with bus.connect(admin_url, "admin") as client:
        stream = client.jetstream()
        for info in await stream.streams_info():
            for number in range(info.state.first_seq, info.state.last_seq + 1):
                try:
                    found = await stream.get_msg(info.config.name, number)
                except Exception:  # deleted
                    continue
                yield found.subject or "", number, str(found.headers).encode() + (found.data or b"")


async def _tables(service: str, environment: dict[str, str]) -> AsyncIterator[tuple[str, bytes]]:
    kept = [
        table.name for table in SCHEMAS[service].metadata.sorted_tables if table.info["grants"] == APPEND_ONLY["grants"]
    ]
    found = [name for name in (*kept, *_FRAME) if name in SCHEMAS[service].metadata.tables]
    connection = await asyncpg.connect(environment[f"LINLI_{service.upper()}_OWNER_DATABASE_URL"])
    try:
        for table in found:
            rows = await connection.fetch(f'select to_jsonb(t)::text as row from "{table}" t')
            yield f"table {service}.{table}", "\n".join(row["row"] for row in rows).encode()
    finally:
        await connection.close()
