"""A service as a FastAPI app: its house opened by the lifespan, its declared routes, the frame around it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version as version_of
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.infra.web.call import dumps
from shared.infra.web.document import Names, describe
from shared.infra.web.frame import Frame
from shared.infra.web.routes import DeclaredRoute, Routes, tell_words_from_ids

OpenHouse = Callable[[], AbstractAsyncContextManager[Any]]
#: Raises when something that the service needs does not answer; gets the house.
Ready = Callable[[Any], Awaitable[None]]


#: Every address that is served without a declaration, and why anybody may read it. No app opens with any other.
UNDECLARED = {
    "/healthz": "whether the process is alive",
    "/readyz": "whether all that it needs answers",
    "/openapi.json": "the API's document",
    "/docs": "the document as a page",
    "/docs/{tag}/{name}": "what that page is made of",
    "/problems": "what each problem means, for people",
    "/problems.json": "and for machines",
    "/problems/{code}": "what one problem means",
    "/metrics": "counts and times, nothing of anybody; keep it to the monitoring by the proxy in front",
    "/.well-known/jwks.json": "the public keys that tokens are verified with",
}


class ServiceApp(FastAPI):
    """FastAPI without its middleware stack: the frame alone stands around the router."""

    def __init__(
        self, name: str, open_house: OpenHouse, nouns: list[Routes], ready: Ready, names: Names | None = None
    ) -> None:
        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            check_declared(app.routes)
            async with open_house() as house:
                app.state.house = house
                yield

        super().__init__(
            title=f"Linli {name}",
            version=version_of("linli"),
            lifespan=lifespan,
            openapi_url=None,
            docs_url=None,
            redirect_slashes=False,
        )
        self.name = name
        self.names = names or {}
        for noun in nouns:
            noun.add_to(self)
        tell_words_from_ids(self.routes)
        self.router.routes.append(Route("/healthz", _alive))
        self.router.routes.append(Route("/readyz", _readiness(self, ready)))
        self.router.routes.append(Route("/openapi.json", self._document))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Past FastAPI's own telemetry, which reads the environment with every request: the frame counts and logs."""
        await Starlette.__call__(self, scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        return Frame(Nouns(self.router), self.name)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document of the service's own routes."""
        if self.openapi_schema is None:
            self.openapi_schema = describe(self.title, self.version, self.routes, self.names)
        return self.openapi_schema

    async def _document(self, request: Any) -> Response:
        return Response(dumps(self.openapi()), media_type="application/json")


class Nouns:
    """The routes by the noun that their address begins with (/api/v1/petitions): a request is matched against those.

    Against all in turn it took a quarter of a short request's way through the house, and more with every noun.
    """

    def __init__(self, router: Router) -> None:
        nouns: dict[str, list[Any]] = {}
        for route in router.routes:
            nouns.setdefault(_noun(getattr(route, "path", "")), []).append(route)
        self._routers = {noun: Router(routes, redirect_slashes=False) for noun, routes in nouns.items()}
        self._others: Router = router  # says that there is no such address, and opens and closes the house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        noun = _noun(scope["path"]) if scope["type"] == "http" else ""
        await self._routers.get(noun, self._others)(scope, receive, send)


def _noun(path: str) -> str:
    return "/".join(path.split("/", 4)[:4])


def check_declared(routes: list[Any]) -> None:
    """Raises when a route says neither who may call it nor stands in UNDECLARED, however it was added."""
    for route in routes:
        plain = type(route) is Route and route.path in UNDECLARED and route.methods == {"GET", "HEAD"}
        if not plain and type(route) is not DeclaredRoute:
            name = f"{type(route).__name__} {getattr(route, 'path', '')}"
            raise RuntimeError(f"{name} does not declare who may call it")


async def _alive(request: Any) -> Response:
    return Response(b'{"status":"alive"}', media_type="application/json")


def _readiness(app: FastAPI, ready: Ready) -> Callable[[Any], Awaitable[Response]]:
    async def readyz(request: Request) -> Response:
        await ready(app.state.house)
        return Response(b'{"status":"ready"}', media_type="application/json")

    return readyz
