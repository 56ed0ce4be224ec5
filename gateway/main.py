"""The gateway as an ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway import docs, home, problems
from gateway.document import MergedDocument
from gateway.house import House, open_house
from gateway.routing import Front
from gateway.settings import Settings
from gateway.upstreams import Upstream, ask, nobody
from shared.infra.web.frame import Frame
from shared.infra.web.service import ServiceApp
from shared.kernel.errors import Unavailable

NOUNS = [home.routes]


class Gateway(ServiceApp):
    """A service app with a front before its own routes."""

    def __init__(self, upstreams: dict[str, Upstream], settings: Settings) -> None:
        @asynccontextmanager
        async def opened() -> AsyncIterator[House]:
            async with open_house(settings, upstreams) as house:
                yield house

        super().__init__("gateway", opened, NOUNS, self._all_ready)
        self.upstreams = upstreams
        self.settings = settings
        self.router.routes.append(Route("/metrics", _metrics))
        self.router.routes.append(Route("/.well-known/jwks.json", self._jwks))
        self.router.routes += [*docs.routes, *problems.routes]
        self._merged = MergedDocument(self.openapi(), upstreams)

    def build_middleware_stack(self) -> ASGIApp:
        return Frame(Front(self.router, self.upstreams, self.settings), self.name)

    async def _all_ready(self, house: House) -> None:
        for name, upstream in house.upstreams.items():
            status, _ = await ask(upstream, nobody(), "/readyz")
            if status != 200:
                raise Unavailable(name)

    async def _document(self, request: Any) -> Response:
        return (await self._merged.page(request.scope)).answer(request)

    async def _jwks(self, request: Request) -> Response:
        keys = (self.settings.keys / "jwks.json").read_bytes()
        return Response(keys, headers={"cache-control": "public, max-age=300"}, media_type="application/json")


async def _metrics(request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def create_app(upstreams: dict[str, Upstream], settings: Settings | None = None) -> Gateway:
    """Builds the gateway before the given upstreams."""
    return Gateway(upstreams, settings or Settings())
