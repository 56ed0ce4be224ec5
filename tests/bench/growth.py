"""The same requests with 10,000 petitions and with 1,000,000: two installations side by side, asked by turns.

The two are on one PostgreSQL server; one caller at a time asks for pages that are as long in both.
"""

import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from deploy.migrating import migrate_all
from tests.bench.data import Town, closed_petitions, found_town
from tests.bench.load import Generator, Requests
from tests.bench.processes import serving
from tests.bench.reports import make_petitions
from tests.bench.rounds import Row, Side, Tell, by_turns

SMALL, LARGE = 10_000, 1_000_000

#: Who asks for what; `{category}` and `{number}` are those of the installation.
_LISTS = {
    "mine": ("resident", "scope=mine&limit=5"),
    "held": ("property_staff", "scope=held&limit=10"),
    "grid": ("grid_officer", "scope=area"),
    "community": ("community_staff", "scope=area"),
    "street": ("street_staff", "scope=area"),
    "category": ("street_staff", "scope=area&category={category}"),
    "category_here": ("community_staff", "scope=area&category={category}"),
    "status": ("street_staff", "scope=area&status=submitted"),
    "word": ("street_staff", "scope=area&q=%E7%94%B5%E6%A2%AF"),
    "word_here": ("community_staff", "scope=area&q=%E7%94%B5%E6%A2%AF"),
    "number": ("street_staff", "scope=area&q={number}"),
}


@dataclass(frozen=True, slots=True)
class _Installation:
    url: str
    web: psutil.Process
    requests: dict[str, Generator]


async def growth(
    environment: dict[str, str], folder: Path, counts: tuple[int, int], wanted: Callable[[str], bool], *, rounds: int,
    seconds: int, postgres: psutil.Process, tell: Tell,
) -> AsyncIterator[Row]:  # fmt: skip
    """A row for each request: milliseconds with few and with many."""
    async with AsyncExitStack() as stack:
        few, many = [await _install(stack, environment, folder, count, tell) for count in counts]
        for name in few.requests:
            if not wanted(name):
                continue
            floor, system = (
                Side(partial(there.requests[name].send, there.url, seconds, 1), [there.web]) for there in (few, many)
            )
            await by_turns(name, floor, system, rounds=rounds, postgres=postgres, tell=tell)
            yield Row(name, "ms", 1000 / floor.rate, 1000 / system.rate, floor.cost, system.cost)


async def _install(
    stack: AsyncExitStack, environment: dict[str, str], folder: Path, petitions: int, tell: Tell
) -> _Installation:
    given = {name: value.replace("/linli_", f"/linli{petitions}_") for name, value in environment.items()}
    os.environ.update(given)
    await migrate_all(given)
    town = await found_town(given)

    def done(count: int) -> None:
        bar = "█" * round(30 * count / petitions)
        tell(f"{bar:░<30} {count:,} of {petitions:,} petitions")

    await make_petitions(given, town.category_ids, petitions, done)
    url, web = await stack.enter_async_context(serving(folder, given))
    requests = await _requests(given, town)
    return _Installation(
        url, web, {name: Generator(asked, folder / f"{petitions}-{name}") for name, asked in requests.items()}
    )


async def _requests(environment: dict[str, str], town: Town) -> dict[str, Requests]:
    closed = await closed_petitions(environment, town.actors["resident"].person_id, 4)
    values = {"category": town.category_ids[3], "number": closed[-1]["number"]}
    found = {
        f"growth_{name}": Requests("GET", [f"/api/v1/petitions?{query.format(**values)}"], town.tokens[who])
        for name, (who, query) in _LISTS.items()
    }
    resident = town.tokens["resident"]
    report: Any = json.dumps(town.report("@@"), ensure_ascii=False)
    found["growth_detail"] = Requests("GET", [f"/api/v1/petitions/{row['id']}" for row in closed], resident)
    found["growth_submit"] = Requests("POST", ["/api/v1/petitions"], resident, report)
    return found
