"""The hot requests of the whole house beside the best SQL behind a bare app, and how long they take at half load."""

import json
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psutil

from deploy.assemble import Assembly
from services.petitions.actions.submit import Report, submit
from shared.infra.idempotency import Once
from shared.kernel.ids import new_id
from tests.bench.data import Town, closed_petitions
from tests.bench.floor import Plan
from tests.bench.load import CONNECTIONS, BenchFailed, Generator, Requests
from tests.bench.processes import free_port, process
from tests.bench.rounds import Row, Side, Tell, compare

_SERVICES = "petitions", "volunteers"
HOT = "list", "detail", "points", "submit"
#: Milliseconds that 99 of 100 requests may take at half load.
_P99 = 15.0
_P99_SECONDS = 5
#: Members of answers that only the system computes.
_COMPUTED = {"allowed_actions"}
_COMPUTED_OF_PHOTOS = {"url", "thumbnail_url"}


@dataclass(frozen=True, slots=True)
class House:
    """The system under test, and where things lie."""

    folder: Path
    environment: dict[str, str]
    url: str
    web: psutil.Process
    postgres: psutil.Process
    town: Town


async def rows(house: House, wanted: list[str], rounds: int, seconds: int, tell: Tell) -> AsyncIterator[Row]:
    """Each hot request that is wanted, with its row for half load when that is."""
    plan = house.folder / "plan"
    plan.write_bytes(pickle.dumps(await _plan(house)))
    for name, requests in (await _requests(house)).items():
        if name not in wanted and f"p99_{name}" not in wanted:
            continue
        generator = Generator(requests, house.folder / f"{name}.requests")
        async with _floor(house, name, plan) as (url, floor):
            await _check(name, requests, url, house.url)
            sides = [
                Side(partial(generator.send, there, seconds), [process])
                for there, process in ((url, floor), (house.url, house.web))
            ]
            row = await compare(name, "requests/s", *sides, rounds=rounds, postgres=house.postgres, tell=tell)
        if name in wanted:
            yield row
        if f"p99_{name}" in wanted:
            yield await _half_load(f"p99_{name}", generator, house.url, row.system, rounds, tell)


@asynccontextmanager
async def _floor(house: House, name: str, plan: Path) -> AsyncIterator[tuple[str, psutil.Process]]:
    port = free_port()
    arguments = "tests.bench.floor", name, str(port), str(plan)
    async with process(house.folder / "floor.log", house.environment, port, *arguments) as running:
        yield f"http://127.0.0.1:{port}", running


async def _half_load(name: str, generator: Generator, url: str, rate: float, rounds: int, tell: Tell) -> Row:
    """Each connection rests long enough that together they ask for half of what the system can take; the median."""
    each = 1000 * CONNECTIONS / (rate / 2)
    busy = 1000 * 2 / rate  # what an answer takes about at that load
    taken = []
    for _ in range(rounds):
        sent = await generator.send(url, _P99_SECONDS, pause=max(each - busy, 0))
        taken.append(sent.p99)
        tell(f"{name:<20} {sent.requests / sent.seconds:,.0f} of {rate:,.0f} requests/s, p99 {sent.p99:.1f} ms")
    return Row(name, "ms", _P99, median(taken))


async def _requests(house: House) -> dict[str, Requests]:
    town = house.town
    resident, staff = town.tokens["resident"], town.tokens["community_staff"]
    closed = await closed_petitions(house.environment, town.actors["resident"].person_id)
    report = json.dumps(town.report("@@"), ensure_ascii=False)
    return {
        "list": Requests("GET", ["/api/v1/petitions?scope=area"], staff),
        "detail": Requests("GET", [f"/api/v1/petitions/{row['id']}" for row in closed], resident),
        "points": Requests("GET", ["/api/v1/points/me"], resident),
        "submit": Requests("POST", ["/api/v1/petitions"], resident, report),
    }


class _Recorder:
    """A pool that keeps what was sent through it."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool
        self.sent: list[tuple[str, list[Any]]] = []

    async def fetchrow(self, statement: str, *arguments: Any) -> Any:
        self.sent.append((statement, list(arguments)))
        return await self.pool.fetchrow(statement, *arguments)


async def _plan(house: House) -> Plan:
    """One submission by the service's own action tells the floor which statements to run."""
    town = house.town
    async with Assembly().opened(("petitions",)) as houses:
        recorder = _Recorder(houses["petitions"].pool)
        said = town.report("")
        location = said["location"]
        place = location["lat"], location["lon"], location["coord_sys"]
        report = Report(*place, said["title"], said["text"], town.category_ids[0], (), "none")
        key = new_id().hex
        recorded = replace(houses["petitions"], pool=recorder)
        made = json.loads(await submit(recorded, town.actors["resident"], report, Once(key, b"-" * 32), None))
    read, write = recorder.sent
    texts = [str(argument) for argument in write[1]]
    event = write[0].split("insert into outbox", 1)[1].split("::uuid", 1)[0].rsplit("$", 1)[1]
    fresh = {"id": texts.index(made["id"]), "number": texts.index(made["number"]), "key": texts.index(key)}
    return Plan(
        {service: house.environment[f"LINLI_{service.upper()}_DATABASE_URL"] for service in _SERVICES},
        town.community_id,
        town.actors["resident"].person_id,
        read,
        write,
        fresh | {"event": int(event) - 1},
    )


async def _check(name: str, requests: Requests, floor: str, system: str) -> None:
    """Both give the same answer, or there is nothing to compare."""
    answers = []
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        for url in (floor, system):
            answer = await client.request(
                requests.method,
                url + requests.paths[0],
                headers={"authorization": f"Bearer {requests.token}", "content-type": "application/json"},
                content=requests.body.encode(),
            )
            if answer.status_code != (201 if requests.method == "POST" else 200):
                raise BenchFailed(f"{name}: {url} answers {answer.status_code}: {answer.text[:300]}")
            answers.append(_comparable(answer.json()))
    ours, theirs = answers
    if requests.method == "POST":  # two petitions: the same members, of course with other values
        ours, theirs = set(ours), set(theirs) - {"location", "attachments"}
    if ours != theirs:
        raise BenchFailed(f"{name}: floor and system do not give the same: {ours} and {theirs}"[:2000])


def _comparable(answer: dict[str, Any]) -> dict[str, Any]:
    kept = {member: value for member, value in answer.items() if member not in _COMPUTED}
    if "attachments" in kept:
        photos = kept["attachments"]
        kept["attachments"] = [{k: v for k, v in photo.items() if k not in _COMPUTED_OF_PHOTOS} for photo in photos]
    return kept
