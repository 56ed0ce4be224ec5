"""The first screen beside its parts, asked for one after the other through the same gateway by one caller."""

from functools import partial
from pathlib import Path

import psutil

from gateway.home import PARTS
from tests.bench.data import Town
from tests.bench.load import Generator, Requests
from tests.bench.rounds import Row, Side, Tell, by_turns


async def home(
    url: str, web: psutil.Process, town: Town, folder: Path, *, rounds: int, seconds: int, postgres: psutil.Process,
    tell: Tell,
) -> Row:  # fmt: skip
    """Milliseconds of both."""
    token = town.tokens["resident"]
    in_turn = Generator(Requests("GET", list(PARTS), token), folder / "parts.requests")
    at_once = Generator(Requests("GET", ["/api/v1/home"], token), folder / "home.requests")
    floor, system = (Side(partial(one.send, url, seconds, 1), [web]) for one in (in_turn, at_once))
    await by_turns("home", floor, system, rounds=rounds, postgres=postgres, tell=tell)
    count = len(PARTS)
    return Row("home", "ms", 1000 * count / floor.rate, 1000 / system.rate, floor.cost * count, system.cost)
