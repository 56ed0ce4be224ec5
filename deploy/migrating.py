"""Makes everything that a running Linli needs and does not make itself: roles, databases, tables, streams, keys."""

import os
from collections.abc import Mapping
from pathlib import Path

from deploy.assemble import SCHEMAS, SERVICES, SUBSCRIPTIONS
from shared.infra.auth import has_key, make_key
from shared.infra.bus import ensure_streams
from shared.infra.migrate import drift, migrate

DEMO_KEY = "demo-1"
_REAL_KEY = "key-1"


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
    ensure_key(Path(environment["LINLI_KEYS"]), _REAL_KEY)


def ensure_key(folder: Path, kid: str) -> None:
    """A signing key of this name, made when there is none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not has_key(folder, kid):
        make_key(folder, kid)


async def drift_all(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Every difference between the databases and what the code says they are."""
    found = []
    for service in SERVICES:
        prefix = f"LINLI_{service.upper()}"
        urls = environment[f"{prefix}_OWNER_DATABASE_URL"], environment[f"{prefix}_DATABASE_URL"]
        found += [f"{service}: {difference}" for difference in await drift(SCHEMAS[service], *urls)]
    return found
