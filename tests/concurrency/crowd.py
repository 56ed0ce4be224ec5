"""Many people at one moment: each with a connection of their own to a real `linli serve`, all sending at once."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant
from shared.kernel.ids import new_id
from tests.support.person import Person
from tests.support.world import World


@dataclass(frozen=True, slots=True)
class Wish:
    """What one of the crowd sends. `body` is JSON, or bytes as they are, or a form."""

    person: Person
    path: str
    body: Any = None
    method: str = "POST"
    key: str | None = None
    if_match: str | None = None

    def content(self) -> Any:
        if self.method == "GET" or isinstance(self.body, (bytes, aiohttp.FormData)):
            return self.body
        return orjson.dumps(self.body or {})

    def headers(self) -> dict[str, str]:
        kind = {} if isinstance(self.body, aiohttp.FormData) else {"content-type": "application/json"}
        key = {} if self.key is None else {"idempotency-key": self.key}
        tag = {} if self.if_match is None else {"if-match": self.if_match}
        return {"authorization": f"Bearer {self.person.token}"} | kind | key | tag


@dataclass(frozen=True, slots=True)
class Answer:
    """What they got, and how many seconds after all began."""

    wish: Wish
    status: int
    json: Any
    seconds: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """Speaks to the API at `url`; as many connections as people speak at once, kept from one time to the next."""

    session: aiohttp.ClientSession
    url: str

    async def at_once(self, wishes: Iterable[Wish]) -> list[Answer]:
        """Sends all of them in one moment and waits for every answer."""
        began = time.perf_counter()

        async def send(wish: Wish) -> Answer:
            address = f"{self.url}/api/v1{wish.path}"
            how = {"data": wish.content(), "headers": wish.headers()}
            async with self.session.request(wish.method, address, **how) as answer:
                told = await answer.read()
            return Answer(wish, answer.status, orjson.loads(told), time.perf_counter() - began)

        return await asyncio.gather(*(send(wish) for wish in wishes))

    async def do(self, person: Person, path: str, body: Any = None, method: str = "POST") -> dict[str, Any]:
        """One person alone, who succeeds."""
        (answer,) = await self.at_once([Wish(person, path, body, method)])
        assert answer.status in (200, 201), answer.json
        return dict(answer.json)


def crowd_of(world: World, issuer: TokenIssuer, number: int, *grants: Grant) -> list[Person]:
    """So many people with a session of their own and these roles."""
    found = []
    for _ in range(number):
        actor = Actor(new_id(), grants, world.ids["building"])
        found.append(Person("another", actor.person_id, issuer.access_token(actor), world.resident.client))
    return found
