"""An upstream is an ASGI app: a service in this process, or a small proxy to a service elsewhere.

The gateway cannot tell them apart. A write runs in a task of its own, so that neither a timeout nor a client that
leaves cancels it half-way; the caller then hears 504 and may retry with the same Idempotency-Key.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from shared.infra.web.frame import Trail
from shared.kernel.errors import GatewayTimeout, Interrupted, Unavailable

_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade".split()
    + b"host x-request-id traceparent".split()
)
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))


class Upstream(Protocol):
    """What the gateway routes to. `opened` is entered with the gateway's own lifespan."""

    name: str

    def opened(self) -> AbstractAsyncContextManager[None]: ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


@dataclass(slots=True)
class InProcess:
    """A service's own app, awaited directly."""

    name: str
    app: FastAPI

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        # A mounted app's lifespan never runs by itself.
        async with self.app.router.lifespan_context(self.app):
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(dict(scope), receive, send)


@dataclass(slots=True)
class Remote:
    """A service at an address; requests and answers are streamed."""

    name: str
    url: str
    _session: aiohttp.ClientSession | None = field(default=None, init=False)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        # Idle time is bounded, total time is not: a photo on a slow line may take its time.
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=60)
        connector = aiohttp.TCPConnector(limit=256, keepalive_timeout=60)
        async with aiohttp.ClientSession(
            self.url,
            connector=connector,
            timeout=timeout,
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        ) as session:
            self._session = session
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._session is not None
        query = scope["query_string"].decode("latin-1")
        path = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        trail = scope["linli.trail"]
        headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"] if k not in _HOP_BY_HOP]
        headers += [("x-request-id", trail.request_id), ("traceparent", trail.traceparent)]
        body = None if scope["method"] in _SAFE else _body(receive)
        try:
            async with self._session.request(
                scope["method"], _exactly(path), headers=headers, data=body, allow_redirects=False
            ) as answer:
                await _pass_on(answer, send)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unavailable(self.name) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            # It had begun: a read brought nothing, but a write may have been carried out.
            raise (Unavailable if scope["method"] in _SAFE else Interrupted)(self.name) from error


def _exactly(path: str) -> "aiohttp.typedefs.StrOrURL":
    """The path as it came, without aiohttp's own idea of what needs quoting."""
    from yarl import URL

    return URL(path, encoded=True)


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise aiohttp.ClientConnectionError
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def _pass_on(answer: aiohttp.ClientResponse, send: Send) -> None:
    headers = [(k.lower(), v) for k, v in answer.raw_headers if k.lower() not in _HOP_BY_HOP]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    async for chunk in answer.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def call_in_time(
    upstream: Upstream, scope: Scope, receive: Receive, send: Send, *, read_seconds: float, write_seconds: float
) -> None:
    """Passes a request on and waits for it, but not for ever."""
    if scope["method"] in _SAFE:
        try:
            async with asyncio.timeout(read_seconds):
                return await upstream(scope, receive, send)
        except TimeoutError as error:
            raise GatewayTimeout from error
    abandoned = False
    loop = asyncio.get_running_loop()
    heard = loop.time()

    async def hearing() -> Message:
        nonlocal heard
        message = await receive()
        heard = loop.time()
        return message

    async def unless_abandoned(message: Message) -> None:
        if not abandoned:
            await send(message)

    task = asyncio.create_task(upstream(scope, hearing, unless_abandoned))
    # Time runs from the last bytes that came: a photo on a slow line may take its while.
    while not task.done() and (left := heard + write_seconds - loop.time()) > 0:
        await asyncio.wait({task}, timeout=left)
    if not task.done():
        abandoned = True
        _KEPT.add(task)
        task.add_done_callback(_KEPT.discard)
        raise GatewayTimeout
    task.result()


#: Writes that outlive their request; without a reference the loop might drop them.
_KEPT: set[asyncio.Task[None]] = set()


def nobody() -> Scope:
    """The scope of a question that the gateway asks for itself."""
    scope: Scope = {"type": "http", "http_version": "1.1", "scheme": "http", "root_path": "", "headers": []}
    scope["linli.trail"] = Trail(scope)
    return scope


async def ask(upstream: Upstream, caller: Scope, path: str, query: str = "") -> tuple[int, bytes]:
    """A read on the caller's behalf: the status and the body of the answer."""
    status = 0
    body = bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body.extend(message.get("body", b""))

    kept = (b"authorization", b"accept-language")
    scope = {
        **caller,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(k, v) for k, v in caller["headers"] if k in kept],
        "linli.trail": caller["linli.trail"].child(),
    }
    await upstream(scope, receive, send)
    return status, bytes(body)
