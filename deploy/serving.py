"""The long-running processes: a web process and a worker."""

import asyncio
import contextlib
import gc
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from deploy.assemble import Assembly
from deploy.machine.orphan import watch_parent
from deploy.services import SERVICES
from shared.infra import logs
from shared.infra.auth import TokenVerifier, is_demo
from shared.infra.settings import CommonSettings
from shared.infra.worker import running, stop_on_signals

_LARGEST_HEAD = 64 * 1024
_STOP_SECONDS = 8


def refuse_demo_in_production(settings: CommonSettings) -> None:
    """A production setting does not start where the demo's key is accepted."""
    if settings.production:
        demo = [kid for kid in TokenVerifier(settings.keys / "jwks.json").key_ids() if is_demo(kid)]
        if demo:
            raise OSError(
                f"生产环境不接受演示密钥 {', '.join(demo)}，请从 jwks.json 中删除。\n"
                f"Production does not accept the demo's key {', '.join(demo)}; remove it from jwks.json."
            )


def serve(services: tuple[str, ...], host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT."""
    watch_parent()
    logs.set_up()
    allow_many_connections()
    assembly = Assembly()
    refuse_demo_in_production(assembly.common)
    app = assembly.without_gateway(services) if services else assembly.gateway
    _freeze_after_start(app)
    uvicorn.run(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedHeads,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
    )


def allow_many_connections() -> None:
    """Each is an open file: systems often begin with 1,024 of them for a user, and allow many more when asked."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # macOS names a limit that it does not give
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class BoundedHeads(HttpToolsProtocol):
    """Ends a connection whose request head grows beyond 64 KB: the parser would keep it all, and get slower with it."""

    _head_bytes = 0  # received since the last request ended, while no head was complete

    def on_headers_complete(self) -> None:
        self._head_bytes = -1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._ended = True

    def data_received(self, data: bytes) -> None:
        self._ended = False
        super().data_received(data)
        if self._ended:
            self._head_bytes = 0
        elif self._head_bytes >= 0:
            self._head_bytes += len(data)
            if self._head_bytes > _LARGEST_HEAD and not self.transport.is_closing():
                self.transport.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n")
                self.transport.close()


def _freeze_after_start(app: FastAPI) -> None:
    """What lives from the start on is never garbage: the collector need not look at it with every request."""
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(started: FastAPI) -> AsyncIterator[None]:
        async with inner(started):
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 20, 100)
            yield

    app.router.lifespan_context = lifespan


async def _work(assembly: Assembly, services: tuple[str, ...], stop: asyncio.Event) -> None:
    async with assembly.jobs(services) as jobs, running(jobs):
        await stop.wait()


def work(services: tuple[str, ...]) -> None:
    """Works until SIGTERM or SIGINT."""
    watch_parent()
    logs.set_up()
    assembly = Assembly()
    refuse_demo_in_production(assembly.common)

    async def working() -> None:
        stop = stop_on_signals()
        # Connecting may take as long as the bus is away; told to stop, the worker need not have begun.
        run = asyncio.create_task(_work(assembly, services or SERVICES, stop))
        told = asyncio.create_task(stop.wait())
        await asyncio.wait({run, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        await asyncio.wait({run}, timeout=_STOP_SECONDS)
        run.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await run

    asyncio.run(working())
