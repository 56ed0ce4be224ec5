"""What the clients know: every request with its key and content, and what was answered, or that nobody knows."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import orjson

from tests.faults.town import Town

_PATIENCE_SECONDS = 60


@dataclass
class Request:
    """One intention of one person; all its tries carry the same key and content. `target` is what it acts on."""

    key: str
    person: str
    action: str
    path: str
    content: bytes
    kind: str
    target: str | None
    tries: int = 0
    unknown: int = 0  # tries that broke off, or whose answer says that nobody knows
    status: int | None = None
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and self.status < 300

    @property
    def resource(self) -> str:
        """What it made or changed."""
        return str(self.body["id"])


class GaveUp(Exception):
    """The person went away without an answer."""


class Log:
    """Sends requests for people and remembers them."""

    def __init__(self, address: str, town: Town) -> None:
        self.town = town
        self.requests: list[Request] = []
        self._numbers = count(1)
        self._http = httpx.AsyncClient(
            base_url=f"{address}/api/v1", trust_env=False, timeout=20, limits=httpx.Limits(max_connections=40)
        )

    async def close(self) -> None:
        await self._http.aclose()

    def prepare(self, person: str, action: str, path: str, body: Any = None, target: str | None = None) -> Request:
        """A request that was thought of and not sent yet."""
        content = orjson.dumps({} if body is None else body)
        request = Request(f"fault-{next(self._numbers)}", person, action, path, content, "application/json", target)
        self.requests.append(request)
        return request

    def prepare_photo(self, person: str, photo: bytes) -> Request:
        form = httpx.Request("POST", "http://form", files={"file": ("a.jpg", photo, "image/jpeg")})
        request = self.prepare(person, "upload", "/attachments")
        request.content, request.kind = form.read(), form.headers["content-type"]
        return request

    async def send(self, request: Request) -> bool:
        """One try; whether there is an answer now. A 5xx is none: a client tries again with the same key."""
        request.tries += 1
        headers = {
            "authorization": f"Bearer {self.town.tokens[request.person]}",
            "idempotency-key": request.key,
            "content-type": request.kind,
        }
        try:
            answer = await self._http.post(request.path, content=request.content, headers=headers)
        except httpx.TransportError as error:
            request.unknown += not isinstance(error, httpx.ConnectError)
            return False
        if answer.status_code >= 500:
            problem = answer.json()
            assert problem["code"] in ("unavailable", "interrupted", "gateway_timeout"), answer.text
            assert problem["code"] == "gateway_timeout" or answer.headers["retry-after"], answer.text
            request.unknown += problem["code"] != "unavailable"
            return False
        request.status, request.body = answer.status_code, answer.json()
        return True

    async def ask(self, request: Request, patient: bool = True) -> dict[str, Any]:
        """Tries until there is an answer; who is not patient gives up after the first try without."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while not await self.send(request):
            assert asyncio.get_running_loop().time() < deadline, request
            if not patient:
                raise GaveUp
            await asyncio.sleep(0.05)
        return request.body

    async def look(self, person: str, path: str) -> dict[str, Any]:
        """A read, tried until there is an answer."""
        headers = {"authorization": f"Bearer {self.town.tokens[person]}"}
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while True:
            try:
                answer = await self._http.get(path, headers=headers)
                if answer.status_code < 500:
                    assert answer.status_code == 200, answer.text
                    return dict(answer.json())
            except httpx.TransportError:
                pass
            assert asyncio.get_running_loop().time() < deadline, path
            await asyncio.sleep(0.05)

    def open_questions(self) -> Iterator[Request]:
        """Requests of which nobody knows what became of them."""
        return (request for request in self.requests if request.status is None)
