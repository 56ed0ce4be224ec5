"""What the document promises, the gateway keeps, whatever is sent: Schemathesis over every operation.

No 5xx; only documented statuses, content types, headers and schemas; what the document forbids is refused, and what it
allows is refused only for what no document can say.
"""

import asyncio
from collections.abc import Callable

import pytest

from shared.kernel.clock import MovedClock
from tests.security.fuzzing import Run, Town, fuzz
from tests.support.world import World

_PHASES = ("examples", "coverage", "fuzzing")


async def _run(world: World, clock: MovedClock, examples: int, say: Callable[[str], None]) -> Run:
    town = await Town.build(world, clock)
    loop = asyncio.get_running_loop()
    return await asyncio.to_thread(fuzz, world.assembly.gateway, town, loop, examples, _PHASES, say)


def _nothing_failed(run: Run) -> None:
    print(run)
    assert not run.failures, "\n".join(f"{where}\n  {what}" for where, what in run.failures.items())
    assert len(run.operations) >= 49 and {200, 201, 403, 404, 409, 422} <= set(run.statuses), run


async def test_every_operation_keeps_what_the_document_promises(world: World, clock: MovedClock) -> None:
    _nothing_failed(await _run(world, clock, 3, lambda words: None))


@pytest.mark.long
async def test_every_operation_keeps_it_in_twenty_thousand_cases(world: World, clock: MovedClock) -> None:
    run = await _run(world, clock, 200, print)
    _nothing_failed(run)
    assert run.cases >= 20_000, run
