"""A worker: jobs that run for ever, each restarted with a growing delay when it fails, all ended together."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from shared.infra.web.frame import where

log = structlog.get_logger()

_LONGEST_DELAY = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs until it is cancelled."""

    name: str
    run: Callable[[], Awaitable[None]]


async def keep_running(job: Job) -> None:
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


async def run_jobs(jobs: list[Job], stop: asyncio.Event) -> None:
    """Runs all jobs until `stop` is set; each ends at its next wait (what it had half done is rolled back)."""
    tasks = [asyncio.create_task(keep_running(job), name=job.name) for job in jobs]
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    return stop
