"""Floor and system by turns, the median of each, and how much processor time a request took."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import median

import psutil

from tests.bench.load import Sent
from tests.bench.targets import TARGETS, Target

#: Sends for a while and says how much; how many seconds is its own affair.
Send = Callable[[], Awaitable[Sent]]
Tell = Callable[[str], None]


@dataclass(slots=True)
class Side:
    """The floor or the system: how to load it, and the processes that do its work beside PostgreSQL's."""

    send: Send
    processes: list[psutil.Process]
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return median(self.rates)

    @property
    def cost(self) -> float:
        """Microseconds of processor time a request, PostgreSQL included."""
        return median(self.costs)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result; what it is and how good it must be stands in targets.py under its name."""

    name: str
    unit: str
    floor: float
    system: float
    floor_cost: float | None = None
    system_cost: float | None = None

    @property
    def target(self) -> Target:
        return TARGETS[self.name]

    @property
    def ratio(self) -> float:
        return self.system / self.floor

    @property
    def reached(self) -> bool:
        return self.target.reached(self.ratio)


async def by_turns(name: str, floor: Side, system: Side, *, rounds: int, postgres: psutil.Process, tell: Tell) -> None:
    """Warms both up, then measures them by turns; who comes first changes, so that neither gains by it."""
    await asyncio.gather(floor.send(), system.send())
    for number in range(1, rounds + 1):
        for side in (floor, system) if number % 2 else (system, floor):
            before = _used(postgres, side)
            sent = await side.send()
            side.rates.append(sent.requests / sent.seconds)
            side.costs.append((_used(postgres, side) - before) / sent.requests * 1e6)
        last = f"{floor.rates[-1]:>7,.0f} {system.rates[-1]:>7,.0f}  {system.rates[-1] / floor.rates[-1]:.2f}"
        tell(f"{name:<20} {number}/{rounds} {last}")


async def compare(
    name: str, unit: str, floor: Side, system: Side, *, rounds: int, postgres: psutil.Process, tell: Tell
) -> Row:
    """The row of how many requests a second each of the two can take."""
    await by_turns(name, floor, system, rounds=rounds, postgres=postgres, tell=tell)
    return Row(name, unit, floor.rate, system.rate, floor.cost, system.cost)


def _used(postgres: psutil.Process, side: Side) -> float:
    """Processor seconds of the side's processes and all of PostgreSQL's so far, those of ended children included."""
    total = 0.0
    for process in (postgres, *postgres.children(), *side.processes):
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return total
