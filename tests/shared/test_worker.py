"""Jobs end together, whatever one of them makes of its cancellation."""

import asyncio
import contextlib
from asyncio import Event

from shared.infra.worker import Job, running


async def test_a_job_that_misses_a_cancellation_is_ended_by_the_next() -> None:
    begun, missed, ended = Event(), Event(), Event()

    async def deaf() -> None:
        begun.set()
        with contextlib.suppress(asyncio.CancelledError):
            await Event().wait()
        missed.set()  # as `wait_for` does below Python 3.12: the work goes on
        try:
            await Event().wait()
        finally:
            ended.set()

    async with asyncio.timeout(10):
        async with running([Job("deaf", deaf)]):
            await begun.wait()
    assert missed.is_set() and ended.is_set()


async def test_a_job_that_fails_runs_again() -> None:
    runs = 0
    again = Event()

    async def failing() -> None:
        nonlocal runs
        runs += 1
        if runs > 1:
            again.set()
        raise RuntimeError("does not work")

    async with asyncio.timeout(10), running([Job("failing", failing)]):
        await again.wait()
