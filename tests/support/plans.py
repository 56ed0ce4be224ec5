"""The plans of all statements that a service really sends, as PostgreSQL itself logs them (auto_explain).

Nothing is forgotten and nothing assumed: whatever a request or a job sends is there, with the plan that it got,
prepared or not, and with the rows that each step has read. On databases of their own, beside those of other tests.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from deploy.machine.servers import Servers
from deploy.migrating import migrate_all
from deploy.services import SERVICES
from tests.bench.filling import filling

#: PostgreSQL weighs one plan for all values against a plan for each only from the sixth execution on.
TIMES = 7
#: A tenth of what tables hold here: what a search looks through in the 20 communities of a street at once.
_MOST_ROWS = 10_000
#: Whoever only asks whether there is anything at all stops long before this.
_GLANCE = 100
_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_format": "json",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement that was carried out, and how."""

    statement: str
    root: dict[str, Any]

    def steps(self) -> Iterator[dict[str, Any]]:
        """The plan's nodes, from the top."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.get("Plans", [])

    def faults(self, small: frozenset[str]) -> list[str]:
        """What no statement on a hot path may do to a table that grows; `small` are those that do not."""
        found = []
        for node in self.steps():
            table = node.get("Relation Name")
            if table is None or table in small or table.startswith("pg_") or not node["Actual Loops"]:
                continue
            if node["Node Type"] == "Seq Scan" and _read(node) > _GLANCE:
                found.append(f"reads all of {table}")
            elif "Scan" in node["Node Type"] and _read(node) > _MOST_ROWS:
                found.append(f"reads {_read(node):,.0f} rows of {table}")
        return found

    def __str__(self) -> str:
        return f"{self.statement.strip()}\n{orjson.dumps(self.root, option=orjson.OPT_INDENT_2).decode()}"


def _read(node: dict[str, Any]) -> float:
    """Rows that a step has looked at, those that it then dropped included."""
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float((node.get("Actual Rows", 0) + dropped) * node.get("Actual Loops", 0))


class Plans:
    """Reads the server's log from a place on."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._place = log.stat().st_size

    def new(self) -> list[Plan]:
        """The plans of all that was carried out since the last look."""
        with self._log.open(encoding="utf-8") as log:
            log.seek(self._place)
            text = log.read()
        self._place += len(text.encode())
        entries = (entry.split("\n", 1)[1] for entry in text.split(" ms  plan:")[1:])
        found = (orjson.loads(_indented(entry)) for entry in entries)
        return [Plan(entry["Query Text"], entry["Plan"]) for entry in found]

    async def of(self, work: Any) -> list[Plan]:
        """The plans of what `work()` does, done as often as it takes to see those that stay."""
        self.new()
        for _ in range(TIMES):
            await work()
        found = self.new()
        assert found, "this sends no statement at all"
        return found


def _indented(entry: str) -> str:
    """What belongs to an entry: lines that follow its first one begin with a tab."""
    lines = entry.split("\n")
    end = next((n for n, line in enumerate(lines) if not line.startswith("\t")), len(lines))
    return "\n".join(lines[:end])


def check(plans: list[Plan], small: frozenset[str]) -> None:
    """Fails with the first statement, and its plan, that reads a table that grows."""
    for plan in plans:
        faults = plan.faults(small)
        assert not faults, f"{'; '.join(faults)}:\n{plan}"


@asynccontextmanager
async def installation(servers: Servers, environment: dict[str, str], service: str) -> AsyncIterator[dict[str, str]]:
    """Migrated databases of their own on the same servers; that of the service logs all plans. Gone afterwards.

    Within this the settings are theirs, so what is assembled then stands on them.
    """
    name = f"{service}_plans"
    given = environment | {
        variable: url.replace("/linli_", f"/{name}_")
        for variable, url in environment.items()
        if variable.endswith("_DATABASE_URL") and "/linli_" in url
    }
    await migrate_all(given)
    admin = await asyncpg.connect(given["LINLI_DATABASE_URL"])
    try:
        for setting, value in _SETTINGS.items():
            await admin.execute(f"alter role {service}_app in database {name}_{service} set {setting} = '{value}'")
        with _settings(given):
            yield given
        for one in SERVICES:
            await admin.execute(f"drop database {name}_{one} with (force)")
    finally:
        await admin.close()


@contextmanager
def _settings(given: dict[str, str]) -> Iterator[None]:
    """What is opened within this reads its settings from here."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


_FRAME = """
insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at)
select gen_random_uuid(), gen_random_uuid(), n::text, sha256(n::text::bytea), gen_random_uuid(), now()
  from generate_series(1, 100000) n;
insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, payload, published_at)
select gen_random_uuid(), gen_random_uuid(), 'plans.filled', gen_random_uuid(), 1, now(), '{}', now()
  from generate_series(1, 100000);
insert into inbox (consumer, event_id, at) select 'plans', gen_random_uuid(), now() from generate_series(1, 100000);
"""


async def fill_frame(environment: dict[str, str], service: str) -> None:
    """What a day with many writes leaves in the frame's own tables."""
    async with filling(environment, service, "idempotency", "outbox", "inbox") as connection:
        await connection.execute(_FRAME)
