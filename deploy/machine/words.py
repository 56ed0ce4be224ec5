"""How the runner speaks: one calm line per step, in both languages, with the time it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.markup import escape

_console = Console(highlight=False, soft_wrap=True)


def say(chinese: str, english: str, note: str = "") -> None:
    """Say it if anybody listens: a closed terminal must not keep the runner from stopping in order."""
    aside = f"  [dim]{escape(note)}[/dim]" if note else ""
    with suppress(OSError):
        _console.print(f"  {escape(chinese)} · {escape(english)}{aside}")


@contextmanager
def step(chinese: str, english: str) -> Iterator[list[str]]:
    """Say a step when it is done; what is put into the list is said with it."""
    notes: list[str] = []
    started = time.monotonic()
    yield notes
    say(chinese, english, " · ".join([*notes, f"{time.monotonic() - started:.1f} s"]))
