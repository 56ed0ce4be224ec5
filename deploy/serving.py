"""The long-running processes: a web process and a worker."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from deploy.assemble import SERVICES, Assembly
from deploy.machine.orphan import watch_parent
from shared.infra import logs
from shared.infra.auth import TokenVerifier
from shared.infra.settings import CommonSettings
from shared.infra.worker import run_jobs, stop_on_signals


def refuse_demo_in_production(settings: CommonSettings) -> None:
    """A production setting does not start where the demo's key is accepted."""
    if settings.production:
        demo = [kid for kid in TokenVerifier(settings.keys / "jwks.json").key_ids() if kid.startswith("demo-")]
        if demo:
            raise OSError(
                f"生产环境不接受演示密钥 {', '.join(demo)}，请从 jwks.json 中删除。\n"
                f"Production does not accept the demo's key {', '.join(demo)}; remove it from jwks.json."
            )


def serve(services: tuple[str, ...], host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT."""
    watch_parent()
    logs.set_up()
    assembly = Assembly()
    refuse_demo_in_production(assembly.common)
    app = assembly.without_gateway(services) if services else assembly.gateway
    _freeze_after_start(app)
    uvicorn.run(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
    )


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


def work(services: tuple[str, ...]) -> None:
    """Works until SIGTERM or SIGINT."""
    watch_parent()
    logs.set_up()
    assembly = Assembly()
    refuse_demo_in_production(assembly.common)

    async def working() -> None:
        stop = stop_on_signals()
        async with assembly.jobs(services or SERVICES) as jobs:
            await run_jobs(jobs, stop)

    asyncio.run(working())
