"""A service as a FastAPI app: its house opened by the lifespan, its declared routes, the frame around it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.infra.web.call import dumps
from shared.infra.web.frame import Frame
from shared.infra.web.routes import ProblemDetails, Routes

OpenHouse = Callable[[], AbstractAsyncContextManager[Any]]
#: Raises when something that the service needs does not answer; gets the house.
Ready = Callable[[Any], Awaitable[None]]


class ServiceApp(FastAPI):
    """FastAPI without its middleware stack: the frame alone stands around the router."""

    def __init__(self, name: str, open_house: OpenHouse, nouns: list[Routes], ready: Ready):
        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            async with open_house() as house:
                app.state.house = house
                yield

        super().__init__(
            title=f"Linli {name}",
            version="1",
            lifespan=lifespan,
            openapi_url=None,
            docs_url=None,
            redirect_slashes=False,
        )
        self.name = name
        for noun in nouns:
            noun.add_to(self)
        self.router.routes.append(Route("/healthz", _alive))
        self.router.routes.append(Route("/readyz", _readiness(self, ready)))
        self.router.routes.append(Route("/openapi.json", self._document))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Past FastAPI's own telemetry, which reads the environment with every request: the frame counts and logs."""
        await Starlette.__call__(self, scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        return Frame(self.router, self.name)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document of the service's own routes."""
        if self.openapi_schema is None:
            document = get_openapi(title=self.title, version=self.version, routes=self.routes)
            parts = document.setdefault("components", {})
            parts.setdefault("schemas", {})["ProblemDetails"] = ProblemDetails.model_json_schema()
            parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
            self.openapi_schema = document
        return self.openapi_schema

    async def _document(self, request: Any) -> Response:
        return Response(dumps(self.openapi()), media_type="application/json")


async def _alive(request: Any) -> Response:
    return Response(b'{"status":"alive"}', media_type="application/json")


def _readiness(app: FastAPI, ready: Ready) -> Callable[[Any], Awaitable[Response]]:
    async def readyz(request: Request) -> Response:
        await ready(app.state.house)
        return Response(b'{"status":"ready"}', media_type="application/json")

    return readyz
