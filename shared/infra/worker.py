"""A worker: jobs that run for ever, each restarted with a growing delay when it fails, all ended together."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from shared.infra.web.frame import where

log = structlog.get_logger()

_LONGEST_DELAY = 5.0
#: Seconds after which a job that goes on in spite of its end is ended again.
_CANCELLED_AGAIN = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs until it is cancelled."""

    name: str
    run: Callable[[], Awaitable[None]]


async def _keep_running(job: Job) -> None:
    """Runs the job, and again after it failed: 0.2 s later at first, at most 5 s."""
    loop = asyncio.get_running_loop()
    delay = 0.2
    while True:
        started = loop.time()
        try:
            await job.run()
        except Exception as error:
            log.error("job failed", job=job.name, error=where(error))
        delay = 0.2 if loop.time() - started > 60 else min(delay * 2, _LONGEST_DELAY)
        await asyncio.sleep(delay)


@asynccontextmanager
async def running(jobs: list[Job]) -> AsyncIterator[None]:
    """All jobs run while this is open; each ends at its next wait (what it had half done is rolled back)."""
    tasks = {asyncio.create_task(_keep_running(job), name=job.name) for job in jobs}
    try:
        yield
    finally:
        await _end(tasks)


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    """Cancels until all have ended. Once is not enough: below Python 3.12 `wait_for`, within which nats-py waits for
    messages, forgets a cancellation that comes in the same moment as what it waited for."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=_CANCELLED_AGAIN)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    return stop
