"""Puts the house together: which services run in this process, and how each reaches the others.

`LINLI_PETITIONS_URL=` empty means "in this process"; an address means "over there". Only this module knows all three
services and the gateway; they do not know each other.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.services import SERVICES
from gateway.main import create_app as create_gateway
from gateway.upstreams import InProcess, Remote, Upstream, ask, nobody
from services.directory import main as directory
from services.directory import worker as directory_worker
from services.petitions import consumers as petitions_consumers
from services.petitions import main as petitions
from services.petitions import worker as petitions_worker
from services.volunteers import consumers as volunteers_consumers
from services.volunteers import main as volunteers
from services.volunteers import worker as volunteers_worker
from shared.contracts.events import Envelope
from shared.infra import bus
from shared.infra.settings import CommonSettings
from shared.infra.web.service import ServiceApp
from shared.infra.worker import Job
from shared.kernel.clock import Clock, SystemClock

#: Who takes what, by the name of the consumer, with the service whose house it needs.
HANDLERS: dict[str, tuple[str, Callable[[Any, Envelope], Awaitable[None]]]] = {
    heard.durable: (heard.service, handle)
    for consumers in (petitions_consumers, volunteers_consumers)
    for heard, handle in consumers.HANDLERS.items()
}
_JOBS: dict[str, Callable[..., list[Job]]] = {
    "directory": directory_worker.jobs,
    "petitions": petitions_worker.jobs,
    "volunteers": volunteers_worker.jobs,
}


@dataclass
class Assembly:
    """The apps of one process. Each is made once, when it is first asked for."""

    clock: Clock = field(default_factory=SystemClock)
    common: CommonSettings = field(default_factory=CommonSettings)
    _apps: dict[str, ServiceApp] = field(default_factory=dict)

    def app(self, service: str) -> ServiceApp:
        """The service's app."""
        if service not in self._apps:
            self._apps[service] = self._make(service)
        return self._apps[service]

    def _make(self, service: str) -> ServiceApp:
        if service == "directory":
            return directory.create_app(clock=self.clock)
        if service == "petitions":
            return petitions.create_app(self.internal("directory"), clock=self.clock)
        return volunteers.create_app(self.internal("directory"), self.internal("petitions"), clock=self.clock)

    def url(self, service: str) -> str:
        return str(getattr(self.common, f"{service}_url"))

    def internal(self, service: str) -> httpx.AsyncClient:
        """How another service calls this one's internal routes."""
        url = self.url(service)
        if url:
            return httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(5, connect=1), trust_env=False)
        here = httpx.ASGITransport(app=self.app(service), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=here, base_url=f"http://{service}")

    @cached_property
    def gateway(self) -> FastAPI:
        """The gateway before all services, wherever they are."""
        upstreams: dict[str, Upstream] = {}
        for service in SERVICES:
            url = self.url(service)
            upstreams[service] = Remote(service, url) if url else InProcess(service, self.app(service))
        return create_gateway(upstreams)

    def without_gateway(self, services: tuple[str, ...]) -> FastAPI:
        """Some services behind one port, each at its own addresses; the others must be named by theirs."""
        apps = [self.app(service) for service in services]
        for called in self._apps:
            if called not in services:
                raise OSError(
                    f"单独运行 {'、'.join(services)} 需要 LINLI_{called.upper()}_URL。\n"
                    f"To serve {', '.join(services)} alone, LINLI_{called.upper()}_URL must say where {called} is."
                )
        return apps[0] if len(apps) == 1 else Together(apps)

    @asynccontextmanager
    async def opened(self, services: tuple[str, ...] = SERVICES) -> AsyncIterator[dict[str, Any]]:
        """The houses of services that run in this process without serving HTTP: workers, imports, the demo."""
        for service in services:
            self.app(service)  # and with it the apps that it calls in this process
        async with AsyncExitStack() as stack:
            for service in SERVICES:
                if service in services or (not self.url(service) and service in self._apps):
                    app = self.app(service)
                    await stack.enter_async_context(app.router.lifespan_context(app))
            yield {service: self._apps[service].state.house for service in services}

    @asynccontextmanager
    async def jobs(self, services: tuple[str, ...] = SERVICES) -> AsyncIterator[list[Job]]:
        """All jobs of the services, connected to the bus."""
        async with AsyncExitStack() as stack:
            houses = await stack.enter_async_context(self.opened(services))
            found: list[Job] = []
            for service in services:
                url = houses[service].settings.bus_url
                client = await stack.enter_async_context(bus.connect(url, service))
                found += _JOBS[service](houses[service], client)
            yield found


class Together(FastAPI):
    """Several services on one port: a request goes to the one whose routes know its path."""

    def __init__(self, apps: list[ServiceApp]) -> None:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                for app in apps:
                    await stack.enter_async_context(app.router.lifespan_context(app))
                yield

        super().__init__(lifespan=lifespan, openapi_url=None, docs_url=None)
        self.apps = apps

    def build_middleware_stack(self) -> ASGIApp:
        return self._route

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.router(scope, receive, send)
        owner = await self._least_ready() if scope["path"] == "/readyz" else self._owner(scope)
        await owner(scope, receive, send)

    async def _least_ready(self) -> ServiceApp:
        """One that is not ready speaks for all."""
        for app in self.apps:
            status, _ = await ask(InProcess(app.name, app), nobody(), "/readyz")
            if status != 200:
                return app
        return self.apps[0]

    def _owner(self, scope: Scope) -> ServiceApp:
        for app in self.apps:
            if any(route.matches(dict(scope))[0] is not Match.NONE for route in app.routes):
                return app
        return self.apps[0]
