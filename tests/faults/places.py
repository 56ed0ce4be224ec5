"""Linli's own processes, `linli serve` and `linli work`, with places within a step where a kill -9 can strike.

The product has no hooks for this. Before it starts, the few calls whose middle matters are wrapped here: the statement
that writes a change, the bus taking an event, the mark in the outbox, the commit of a consumer's effect, of a seal, of
a page of the directory's feed. A test arms a place with a file of its name that says whom to kill; the first passage
takes the file away and kills them, this process or another.

Run as a module it has everything imported once and forks a process for each line of arguments that it is given: two
hundred restarts would otherwise spend most of their time with importing.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import deploy.serving  # noqa: F401 what the commands import when they run
from deploy.cli import main
from shared.infra import bus, database

FOLDER = "LINLI_FAULT_PLACES"
#: A statement, or what was done in the transaction that commits, and the name of its place.
_STATEMENTS = {"insert into idempotency": "write", "update outbox set published_at = $2": "mark"}
_COMMITS = {"insert into inbox": "effect", "insert into chain": "seal", "update feed_position": "follow"}


class Places:
    """Those of one process; its tests arm them from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def around(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:
        """Carries the call out, with a place before it, one within it and one after it."""
        self.pass_by(f"{name}.before")
        within = self.folder / f"{name}.within"
        if not within.exists():
            result = await call()
        else:
            running = asyncio.ensure_future(call())
            await asyncio.sleep(json.loads(within.read_text())["delay"])
            self.pass_by(within.name)
            result = await running
        self.pass_by(f"{name}.after")
        return result

    def pass_by(self, place: str) -> None:
        """Kills, once, when the place is armed."""
        armed = self.folder / place
        if armed.exists():
            victims = json.loads(armed.read_text())["victims"]
            armed.rename(self.folder / f"{place}.struck")
            for victim in sorted(victims, key=os.getpid().__eq__):  # ourselves last
                os.kill(victim, signal.SIGKILL)

    def install(self) -> None:
        places = self

        class Watched(database._Connection):
            """Knows which statement is which."""

            commits: str | None = None
            consumer: str | None = None

            async def execute(self, query: str, *args: Any, **how: Any) -> Any:
                if query == "COMMIT;" and self.commits is not None:
                    name, self.commits = self.commits, None
                    result = await places.around(name, partial(super().execute, query))
                    if name == "effect":
                        places.pass_by(f"effect.{self.consumer}.after")
                    return result
                if "insert into inbox" in query:
                    self.consumer = args[0]
                self.commits = None if query.startswith(("BEGIN", "ROLLBACK")) else self._noted(query)
                return await self._watched(query, partial(super().execute, query, *args, **how))

            async def fetchrow(self, query: str, *args: Any, **how: Any) -> Any:
                return await self._watched(query, partial(super().fetchrow, query, *args, **how))

            async def fetchval(self, query: str, *args: Any, **how: Any) -> Any:
                self.commits = self._noted(query)
                return await self._watched(query, partial(super().fetchval, query, *args, **how))

            def _noted(self, query: str) -> str | None:
                return next((name for words, name in _COMMITS.items() if words in query), self.commits)

            async def _watched(self, query: str, call: Callable[[], Awaitable[Any]]) -> Any:
                name = next((name for words, name in _STATEMENTS.items() if words in query), None)
                # The transactions of consumers use the frame of a client's write, without a key.
                return await (call() if name is None or self.is_in_transaction() else places.around(name, call))

        publish = bus.publish

        async def watched(*args: Any) -> None:
            await places.around("publish", partial(publish, *args))

        database._Connection = Watched
        bus.publish = watched


def fork(arguments: list[str], log: str) -> int:
    """`linli ARGUMENTS` in a process and a session of its own; its output goes to `log`."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output), (2, output)):
            os.dup2(source, descriptor)
        sys.argv[1:] = arguments
        main()
        os._exit(0)
    return pid


if __name__ == "__main__":
    Places(Path(os.environ[FOLDER])).install()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    for line in sys.stdin:
        print(fork(**json.loads(line)), flush=True)
