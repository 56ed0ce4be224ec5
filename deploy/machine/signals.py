"""Ctrl-C and SIGTERM, turned into one exception at a moment that suits us."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from deploy.machine.words import say


class Stop(KeyboardInterrupt):
    """Somebody asked the runner to stop; of this kind because event loops let nothing else through."""


class Signals:
    """The first signal raises `Stop` wherever the runner is; later ones are answered and change nothing."""

    def __init__(self) -> None:
        self._held = False
        self._asked = False

    @contextmanager
    def caught(self) -> Iterator[None]:
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """A step that is short and must not be left half-way: the signal counts at its end."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._asked:
            raise Stop

    def over(self) -> None:
        """From here on everything is being stopped, and nothing interrupts that."""
        self._asked = True

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            say("正在停止，请稍候", "already stopping, one moment")
            return
        self._asked = True
        if not self._held:
            raise Stop
