"""Who is killed and where: a seeded plan, carried out under load, with what it took to be well again."""

import asyncio
import os
import signal
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random

from tests.faults.house import House
from tests.faults.load import Load
from tests.faults.log import Log
from tests.faults.town import PLACE

_PASSING_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Kill:
    """`place` is None for any moment; else a name of places.py."""

    victims: tuple[str, ...]
    place: str | None = None

    def __str__(self) -> str:
        return f"{' + '.join(self.victims):<32} {WORDS[self.place]}"


WORDS = {
    None: "at any moment",
    "write.before": "a change before its statement is sent",
    "write.within": "a change within its statement",
    "write.after": "a change committed, not yet answered",
    "publish.within": "an event on its way to the bus",
    "mark.before": "an event on the bus, not yet marked",
    "mark.after": "an event marked in the outbox",
    "effect.before": "an effect before its commit",
    "effect.within": "an effect within its commit",
    "effect.after": "an effect committed, event not acknowledged",
    "effect.points.after": "an award committed, its event not acknowledged",
    "effect.service_records.after": "a task noted, its event not acknowledged",
    "seal.before": "a seal before its commit",
    "follow.before": "a page of the directory before its commit",
}
AIMED = [
    Kill((victim,), place)
    for victim, places in {
        "web": "write.before write.within write.after",
        "worker": "publish.within mark.before mark.after effect.before effect.within effect.points.after "
        "effect.service_records.after seal.before follow.before",
        "postgres": "write.within write.after mark.before effect.within effect.after seal.before",
        "nats": "publish.within mark.before effect.after",
    }.items()
    for place in places.split()
]
ANY_MOMENT = [Kill((victim,)) for victim in ("web", "worker", "postgres", "backend", "nats")]
EVERYTHING = Kill(("web", "worker", "postgres", "nats"))
ALL = [*AIMED, *ANY_MOMENT, EVERYTHING]


def plan(kills: int, random: Random, kinds: list[Kill]) -> list[Kill]:
    """Every kind as often as the others, in a random order."""
    rounds = [random.sample(kinds, len(kinds)) for _ in range(-(-kills // len(kinds)))]
    return [kill for one in rounds for kill in one][:kills]


@dataclass
class Result:
    """What happened, for people to read."""

    done: list[Kill] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)  # seconds until a change was acknowledged again
    effective: list[float] = field(default_factory=list)  # seconds until its event had its effect, too

    def lines(self) -> list[str]:
        kinds = Counter(map(str, self.done))
        return [
            f"{len(self.done)} kills -9",
            *(f"  {kinds[kind]:>4} × {kind}" for kind in sorted(kinds)),
            f"a change acknowledged again after {_spread(self.answered)}",
            f"its event had its effect after {_spread(self.effective)}",
        ]


def _spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} s (median), {max(seconds):.1f} s (longest), {len(seconds)} times"


async def carry_out(
    kills: list[Kill], house: House, load: Load, random: Random, say: Callable[[str], None] = print, calm: int = 5
) -> Result:
    """One kill after the other, as soon as changes are acknowledged again; each `calm`-th waits for effects too."""
    result = Result()
    for number, kill in zip(count(1), kills):
        await asyncio.sleep(random.random() * 0.3)
        struck = await strike(house, kill, random)
        started = time.monotonic()
        await house.revive()
        petition = await _report(load.log)
        result.done.append(struck)
        result.answered.append(time.monotonic() - started)
        if number % calm == 0:
            await until_known(house, petition)
            result.effective.append(time.monotonic() - started)
        acknowledged = sum(request.acknowledged for request in load.log.requests)
        say(f"{number:>4}/{len(kills)}  {struck!s:<76} {result.answered[-1]:5.1f} s  {acknowledged:>7,} acknowledged")
    return result


async def strike(house: House, kill: Kill, random: Random) -> Kill:
    """Carries out one kill. When nobody passes the place it is done at any moment, and counted as such."""
    pids = [house.pid(victim) for victim in kill.victims]
    if kill.place is not None:
        house.arm(kill.place, kill.victims, delay=random.choice((0.0, 0.001, 0.003, 0.01)))
        if await house.struck(kill.place, _PASSING_SECONDS):
            await house.gone(pids)
            return kill
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    await house.gone(pids)
    return Kill(kill.victims)


async def _report(log: Log) -> str:
    body = {"text": "还在吗", "location": PLACE}
    return str((await log.ask(log.prepare("resident1", "submit", "/petitions", body)))["id"])


async def until_known(house: House, petition: str) -> None:
    """Waits until volunteers knows the petition: the outbox, the relay, the bus and a consumer have done their part."""
    deadline = time.monotonic() + 60
    while not await house.pools["volunteers"].fetchval("select true from petition where id = $1::text::uuid", petition):
        assert time.monotonic() < deadline, petition
        await asyncio.sleep(0.02)
