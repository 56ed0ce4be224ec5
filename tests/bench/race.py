"""1,000 volunteers claim the same 10 places at the same moment: exactly 10 get one, and nobody waits long."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg

from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from tests.bench.data import Town
from tests.bench.load import BenchFailed
from tests.bench.rounds import Row, Tell

_CLAIMANTS, _PLACES = 1000, 10
_SECONDS = 2.0
_OF_HOME = "select a.tenant_id, p.id, p.home_id from person p join area a on a.id = p.home_id order by p.id limit $1"


async def race(url: str, environment: dict[str, str], town: Town, rounds: int, tell: Tell) -> Row:
    """The slowest answer of all rounds."""
    tokens = await _tokens(environment)
    slowest = 0.0
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(url, connector=connector, timeout=aiohttp.ClientTimeout(30)) as session:
        for number in range(1, rounds + 1):
            opening_id = await _open(session, town, number)
            answers = await asyncio.gather(*(_claim(session, opening_id, token) for token in tokens))
            won = sum(status == 201 for status, _ in answers)
            lost = sum(status == 409 for status, _ in answers)
            if (won, lost) != (_PLACES, _CLAIMANTS - _PLACES):
                raise BenchFailed(f"race: {won} of {_CLAIMANTS} got one of {_PLACES} places, {lost} were told no")
            longest = max(seconds for _, seconds in answers)
            tell(f"{'race':<20} {number}/{rounds} the last answer after {longest:.2f} s")
            slowest = max(slowest, longest)
    return Row("race", "s, the last answer", _SECONDS, slowest)


async def _tokens(environment: dict[str, str]) -> list[str]:
    connection = await asyncpg.connect(environment["LINLI_PETITIONS_DATABASE_URL"])
    try:
        people = await connection.fetch(_OF_HOME, _CLAIMANTS)
    finally:
        await connection.close()
    issuer = TokenIssuer(Path(environment["LINLI_KEYS"]), "key-1")
    grants = {row["id"]: Grant(Role.VOLUNTEER, row["tenant_id"], None) for row in people}
    return [issuer.access_token(Actor(row["id"], (grants[row["id"]],), row["home_id"])) for row in people]


async def _open(session: aiohttp.ClientSession, town: Town, number: int) -> UUID:
    """An opening of the whole street, a year from now: nobody is busy then."""
    starts = datetime.now(UTC) + timedelta(days=300 + number)
    body: dict[str, Any] = {
        "kind": "activity",
        "title": "街道清洁日",
        "text": "先到先得，一共十个名额。",
        "area_id": str(town.street_id),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=1)).isoformat(),
        "capacity": _PLACES,
        "points": 3,
    }
    headers = {"authorization": f"Bearer {town.tokens['street_staff']}"}
    async with session.post("/api/v1/openings", json=body, headers=headers) as answer:
        if answer.status != 201:
            raise BenchFailed(f"race: no opening: {await answer.text()}")
        return UUID((await answer.json())["id"])


async def _claim(session: aiohttp.ClientSession, opening_id: UUID, token: str) -> tuple[int, float]:
    started = time.perf_counter()
    headers = {"authorization": f"Bearer {token}"}
    async with session.post(f"/api/v1/openings/{opening_id}/claim", json={}, headers=headers) as answer:
        await answer.read()
        return answer.status, time.perf_counter() - started
