"""The frame around every app, as pure ASGI: request id, problems for what was not foreseen, access log, metrics.

When a service runs inside the gateway's process the gateway's frame is already there; the service's own then only
renders problems, so that a request is logged and counted once.
"""

import re
import time
from contextvars import ContextVar
from copy import copy
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from shared.infra.metrics import REQUESTS
from shared.infra.web.problems import as_problem, header, language_of, problem_response

log = structlog.get_logger()

#: A client's own id is logged, so one with a telephone or identity number in it is not taken over.
_NUMBER_OF_A_PERSON = rb"(?<![0-9A-Za-z])(?:1\d{10}|\d{17}[\dXx])(?![0-9A-Za-z])"
_REQUEST_ID = re.compile(rb"(?!.*" + _NUMBER_OF_A_PERSON + rb")[A-Za-z0-9._-]{8,64}")
_WATCHED = frozenset(("/healthz", "/readyz", "/metrics"))
_TRACEPARENT = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


#: The trail of the request that runs in this context, for calls to other services on its behalf.
CURRENT: ContextVar["Trail | None"] = ContextVar("trail", default=None)


class Trail:
    """What is known of a request while it runs; shared by the frames it passes through."""

    __slots__ = ("request_id", "route", "status", "traceparent")

    def __init__(self, scope: Scope) -> None:
        given = header(scope["headers"], b"x-request-id")
        self.request_id = given.decode() if given and _REQUEST_ID.fullmatch(given) else str(uuid7())
        trace = header(scope["headers"], b"traceparent")
        if trace and _TRACEPARENT.fullmatch(trace):
            self.traceparent = trace.decode()
        else:  # one of our own, so that a trace that starts here can be followed through events
            own = uuid7().hex
            self.traceparent = f"00-{own}-{own[16:]}-01"
        self.route = ""
        self.status = 0

    def child(self) -> "Trail":
        """For a question asked on the request's behalf: the same ids, a route and status of its own."""
        child = copy(self)
        child.route, child.status = "", 0
        return child


class Frame:
    """Wraps an ASGI app. `name` is the service's name in logs and metrics."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self.app = app
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if "linli.trail" in scope:
            return await self._guarded(scope, receive, send, scope["linli.trail"])
        trail = scope["linli.trail"] = Trail(scope)
        context = CURRENT.set(trail)
        started = time.perf_counter()
        try:
            await self._guarded(scope, receive, send, trail, (b"x-request-id", trail.request_id.encode()))
        finally:
            CURRENT.reset(context)
            seconds = time.perf_counter() - started
            route = trail.route or "none"
            REQUESTS.labels(self.name, scope["method"], route, trail.status).observe(seconds)
            say = log.debug if _is_routine(scope, trail) else log.info
            say(
                "request",
                app=self.name,
                request_id=trail.request_id,
                method=scope["method"],
                route=route,
                status=trail.status,
                ms=round(seconds * 1000, 2),
            )

    async def _guarded(
        self, scope: Scope, receive: Receive, send: Send, trail: Trail, *stamp: tuple[bytes, bytes]
    ) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                trail.status = message["status"]
                message["headers"] = [*message["headers"], *stamp]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if started:
                raise
            await render(error, scope, receive, watched)


def _is_routine(scope: Scope, trail: Trail) -> bool:
    """What programs ask every second or so, and got: it would bury what people do. It is counted all the same."""
    path = scope["path"]
    asked = path in _WATCHED or path.startswith("/internal/")
    return asked and scope["method"] in ("GET", "HEAD") and 200 <= trail.status < 400


async def render(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the problem that the error stands for, and logs what nobody foresaw (by type, without its text)."""
    trail: Trail = scope["linli.trail"]
    problem = as_problem(error)
    if problem.status >= 500:
        log.error("problem", code=problem.code, request_id=trail.request_id, error=where(error))
    accept = header(scope["headers"], b"accept-language")
    response = problem_response(problem, language=language_of(accept), request_id=trail.request_id)
    await response(scope, receive, send)


def where(error: BaseException) -> dict[str, Any]:
    """Type and place of an error. Its text may quote what a person wrote, so it never reaches a log."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"type": type(error).__name__, "at": " < ".join(reversed(frames[-6:]))}
