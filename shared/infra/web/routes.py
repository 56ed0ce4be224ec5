"""Routes that say who may call them.

A route is declared with its roles, its scope and its answer; there is no way to add one without. FastAPI reads the
same declaration for the documentation. The request itself is parsed by hand with the same Pydantic models, because
FastAPI's own resolution of declared parameters costs half of a hot request (see tests/bench).

In an endpoint's signature `call` is the request, `body` the JSON body, `query` the query model, `file` the uploaded
file; every other name is an id in the path.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from shared.infra.auth import check_service_token
from shared.infra.web.call import Call
from shared.infra.web.frame import render
from shared.kernel.actor import Role
from shared.kernel.errors import (
    BadRequest,
    Forbidden,
    GatewayTimeout,
    IdempotencyKeyReused,
    Interrupted,
    Invalid,
    MethodNotAllowed,
    NotFound,
    PreconditionRequired,
    Problem,
    StaleVersion,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)

Endpoint = Callable[..., Awaitable[Response]]


class Reach(StrEnum):
    """How far a route's caller sees; the queries behind it enforce it."""

    OWN = "own"  # what belongs to the caller, wherever it is
    AREA = "area"  # what lies in or below the areas in which the caller has a role
    CONCERNED = "concerned"  # own, in the caller's areas, or held by the caller or the caller's organisation
    TENANT = "tenant"  # what the caller's community, and the street and district above it, keep
    ANYWHERE = "anywhere"  # the same for everybody who is signed in
    PUBLIC = "public"  # no sign-in needed
    INTERNAL = "internal"  # other services only, by service token


@dataclass(frozen=True, slots=True)
class Declaration:
    """Who may call a route, what they send and what comes back.

    `roles` admits (else 403), `reach` decides what exists for the caller (else 404), and `who` names what must tie the
    caller to a thing that exists for them (else 403); without `who` whoever sees it may.
    """

    method: str
    path: str
    endpoint: Endpoint
    roles: frozenset[Role]
    reach: Reach
    answer: type[BaseModel] | None
    status: int
    summary: str  # in Chinese and English, for the documentation
    raises: tuple[type[Problem], ...]  # beyond those that follow from what the route takes
    sends: Any  # an example of the body
    example: Any  # an example of the answer
    who: frozenset[StrEnum] = frozenset()
    asks: bool = False  # a POST that only reads: what it asks with must not stand in an address

    @property
    def changes(self) -> bool:
        """Whether a call can change anything."""
        return self.method != "GET" and not self.asks

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class Routes:
    """The routes of one noun, collected by decorators and added to an app by `add_to`."""

    def __init__(self, tag: str, prefix: str = "/api/v1") -> None:
        self.tag = tag
        self.prefix = prefix
        self.declared: list[Declaration] = []

    def _declare(self, method: str, path: str, **how: Any) -> Callable[[Endpoint], Endpoint]:
        def keep(endpoint: Endpoint) -> Endpoint:
            self.declared.append(Declaration(method, self.prefix + path, endpoint, **how))
            return endpoint

        return keep

    def get(
        self,
        path: str,
        *,
        roles: frozenset[Role],
        reach: Reach,
        answer: type[BaseModel] | None,
        summary: str = "",
        raises: tuple[type[Problem], ...] = (),
        example: Any = None,
        who: frozenset[Any] = frozenset(),
    ) -> Callable[[Endpoint], Endpoint]:
        """A read."""
        return self._declare(
            "GET",
            path,
            roles=roles,
            reach=reach,
            answer=answer,
            status=200,
            summary=summary,
            raises=raises,
            sends=None,
            example=example,
            who=who,
        )

    def post(
        self,
        path: str,
        *,
        roles: frozenset[Role],
        reach: Reach,
        answer: type[BaseModel],
        status: int = 200,
        summary: str = "",
        raises: tuple[type[Problem], ...] = (),
        sends: Any = None,
        example: Any = None,
        who: frozenset[Any] = frozenset(),
        method: str = "POST",
        asks: bool = False,
    ) -> Callable[[Endpoint], Endpoint]:
        """A creation (201) or an action (200)."""
        return self._declare(
            method,
            path,
            roles=roles,
            reach=reach,
            answer=answer,
            status=status,
            summary=summary,
            raises=raises,
            sends=sends,
            example=example,
            who=who,
            asks=asks,
        )

    def ask(self, path: str, **how: Any) -> Callable[[Endpoint], Endpoint]:
        """A read by POST, for what must not stand in an address. Declared like a `post`."""
        return self.post(path, asks=True, **how)

    def put(self, path: str, **how: Any) -> Callable[[Endpoint], Endpoint]:
        """A change of a shared record: the whole of it, guarded by `If-Match`. Declared like a `post`."""
        return self.post(path, method="PUT", **how)

    def add_to(self, app: FastAPI) -> None:
        for declared in self.declared:
            app.router.routes.append(DeclaredRoute(declared, self.tag, app))


class DeclaredRoute(APIRoute):
    """A FastAPI route for the documentation whose request handling is ours."""

    def __init__(self, declared: Declaration, tag: str, app: FastAPI) -> None:
        self.declared = declared
        signature = inspect.signature(declared.endpoint).parameters
        self._call_type: type[Call] = signature["call"].annotation
        self._body_type = signature["body"].annotation if "body" in signature else None
        self._query_type = _query_model(signature["query"].annotation) if "query" in signature else None
        self._takes_file = "file" in signature
        self._ids = [name for name in signature if name not in ("call", "body", "query", "file")]
        public = declared.reach is Reach.PUBLIC
        super().__init__(
            declared.path,
            declared.endpoint,
            methods=[declared.method],
            response_model=declared.answer,
            status_code=declared.status,
            tags=[tag],
            summary=declared.summary,
            operation_id=declared.endpoint.__name__,
            include_in_schema=declared.reach is not Reach.INTERNAL,
            openapi_extra={
                "security": [] if public else [{"bearer": []}],
                "x-roles": sorted(declared.roles),
                "x-reach": declared.reach.value,
                **({"x-who": sorted(declared.who)} if declared.who else {}),
            },
        )
        self.app = self._run
        self._house = app.state

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """HEAD is served wherever GET is (RFC 9110, 9.3.2)."""
        return super().matches({**scope, "method": "GET"} if scope["method"] == "HEAD" else scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Another method of this address may be served by a route after this one, so all are named."""
        asked = scope["method"]
        if asked == "HEAD" and self.declared.method == "GET":
            return await self._run({**scope, "method": "GET"}, receive, _without_body(send))
        if asked == self.declared.method:
            return await self._run(scope, receive, send)
        here = (route for route in scope["app"].routes if isinstance(route, DeclaredRoute))
        methods = {r.declared.method for r in here if r.path_regex.match(scope["path"])}
        allow = ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
        if asked != "OPTIONS":
            raise MethodNotAllowed(allowed_methods=allow, headers={"allow": allow})
        await Response(status_code=204, headers={"allow": allow})(scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["linli.trail"].route = self.declared.path
        call = self._call_type(scope, receive)
        try:
            call.house = self._house.house
            self._admit(call)
            response = await self.declared.endpoint(**await self._arguments(call))
        except Exception as error:
            return await render(error, scope, receive, send)
        finally:
            if self._takes_file:
                await call.close()
        await response(scope, receive, send)

    def _admit(self, call: Call) -> None:
        """Lets the caller in by token and role, before anything of the request is read."""
        if self.declared.reach is Reach.PUBLIC:
            return
        token = call.head(b"authorization")
        if self.declared.reach is Reach.INTERNAL:
            check_service_token(call.house.settings.service_token_key, token)
            return
        call.actor = call.house.verifier.actor(token)
        if not call.actor.has(self.declared.roles):
            raise Forbidden(needed_roles=sorted(self.declared.roles))

    @property
    def body_may_be_left_out(self) -> bool:
        """Whether nothing need be said: no body then stands for an empty object."""
        if self._body_type is None:
            return False
        try:
            self._body_type.model_validate_json(b"{}")
        except ValidationError:
            return False
        return True

    def problems(self) -> list[type[Problem]]:
        """Every problem that can come instead of the answer: those of what the route takes, and those it names."""
        found: list[type[Problem]] = [BadRequest, TooManyRequests, Problem, Unavailable, Interrupted, GatewayTimeout]
        if self.declared.reach is not Reach.PUBLIC:
            found += [Unauthenticated, Forbidden]
        if self._ids:
            found.append(NotFound)
        if self._query_type or self._body_type or self._takes_file:
            found.append(Invalid)
        if self._body_type or self._takes_file:
            found += [TooLarge, UnsupportedMedia]
        if self.declared.changes and (self._body_type or self._takes_file):
            found.append(IdempotencyKeyReused)
        if self.declared.method == "PUT":
            found += [PreconditionRequired, StaleVersion]
        return found + [problem for problem in self.declared.raises if problem not in found]

    async def _arguments(self, call: Call) -> dict[str, Any]:
        if self.declared.method != "GET":
            call.check_key()
        arguments: dict[str, Any] = {"call": call}
        for name in self._ids:
            arguments[name] = call.path_id(name)
        query = call.read_query(self._query_type)
        if self._query_type is not None:
            arguments["query"] = query
        if self._body_type is not None:
            arguments["body"] = await call.read_json(self._body_type)
        if self._takes_file:
            arguments["file"] = await call.read_file("file", 10_000_000, "10 MB")
        return arguments


def tell_words_from_ids(routes: Iterable[Any]) -> None:
    """An address that is declared as it stands, like /areas/locate, is nobody's id: routes with ids leave it alone."""
    declared = [route for route in routes if isinstance(route, DeclaredRoute)]
    words = [route.path for route in declared if "{" not in route.path]
    for route in declared:
        taken = [re.escape(word) for word in words if "{" in route.path and route.path_regex.match(word)]
        if taken:
            route.path_regex = re.compile(f"(?!(?:{'|'.join(taken)})$){route.path_regex.pattern}")


def _without_body(send: Send) -> Send:
    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


def _query_model(annotation: Any) -> type[BaseModel]:
    """The model inside `Annotated[Model, Query()]`."""
    model: type[BaseModel] = annotation.__origin__
    return model
