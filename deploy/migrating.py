"""Makes everything that a running Linli needs and does not make itself: roles, databases, tables, streams, keys."""

import os
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from deploy.keys import FIRST_KEY, ensure_key, ensure_sealing_keys
from deploy.services import SERVICES, SUBSCRIPTIONS
from services.directory import tables as directory
from services.directory.queries.keys import keys_in_use
from services.petitions import tables as petitions
from services.volunteers import tables as volunteers
from shared.infra.bus import ensure_streams
from shared.infra.migrate import Schema, drift, migrate

SCHEMAS: dict[str, Schema] = {
    "directory": directory.SCHEMA,
    "petitions": petitions.SCHEMA,
    "volunteers": volunteers.SCHEMA,
}


async def migrate_all(environment: Mapping[str, str] = os.environ) -> None:
    """Brings databases and streams to the present state; running it again changes nothing."""
    for service in SERVICES:
        prefix = f"LINLI_{service.upper()}"
        await migrate(
            SCHEMAS[service],
            environment["LINLI_DATABASE_URL"],
            environment[f"{prefix}_OWNER_DATABASE_URL"],
            environment[f"{prefix}_DATABASE_URL"],
        )
    await ensure_streams(environment["LINLI_BUS_URL"], list(SERVICES), SUBSCRIPTIONS)
    folder = Path(environment["LINLI_KEYS"])
    ensure_key(folder, FIRST_KEY)
    ensure_sealing_keys(folder, await _sealing_keys_in_use(environment["LINLI_DIRECTORY_OWNER_DATABASE_URL"]))


async def _sealing_keys_in_use(owner_url: str) -> dict[str, int]:
    connection = await asyncpg.connect(owner_url)
    try:
        return await keys_in_use(connection)
    finally:
        await connection.close()


async def drift_all(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Every difference between the databases and what the code says they are."""
    found = []
    for service in SERVICES:
        prefix = f"LINLI_{service.upper()}"
        urls = environment[f"{prefix}_OWNER_DATABASE_URL"], environment[f"{prefix}_DATABASE_URL"]
        found += [f"{service}: {difference}" for difference in await drift(SCHEMAS[service], *urls)]
    return found
