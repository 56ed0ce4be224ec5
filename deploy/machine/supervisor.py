"""The processes of Linli itself, web and worker: started, started again when they die, stopped in order."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from deploy.machine import processes
from deploy.machine.folder import fresh_log, read_json, remember
from deploy.machine.orphan import PIPE
from deploy.machine.words import say, step

PROGRAM = (sys.executable, "-m", "deploy")
STOP_SECONDS = 20
DELAYS = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
# A process that lived this long was well; its next failure counts as the first.
WELL_SECONDS = 60


@dataclass
class Child:
    """One process and how often it died lately."""

    name: str
    command: tuple[str, ...]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float | None = None

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Web and worker of one data folder."""

    folder: Path
    port: int
    environment: dict[str, str]
    program: tuple[str, ...] = PROGRAM
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.children = [
            Child("web", (*self.program, "serve", "--port", str(self.port)), self.folder / "web.log"),
            Child("worker", (*self.program, "work"), self.folder / "worker.log"),
        ]
        # Only we hold the writing end, so the children notice when we are gone.
        self._reading, self._writing = os.pipe()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        for child in self.children:
            self._start(child)

    def tend(self) -> None:
        """Start again what died, each time a little later; called again and again."""
        now = time.monotonic()
        for child in self.children:
            if child.alive():
                continue
            if child.due is None:
                self._note_death(child, now)
            elif now >= child.due:
                self._start(child)

    def stop(self) -> None:
        """Web first, so that nothing new comes in; then the worker."""
        for child in self.children:
            if child.process is None:
                continue
            with step(f"{child.name} 已停止", f"{child.name} stopped"):
                self._stop(child.process)
        os.close(self._writing)
        os.close(self._reading)
        remember(self.folder, children={})

    def _start(self, child: Child) -> None:
        # One pool of memory for all threads of a process: with glibc's one for each, 20 MB lay unused.
        ours = {PIPE: str(self._reading), "LINLI_DATA": str(self.folder), "MALLOC_ARENA_MAX": "1"}
        with open(fresh_log(child.log), "ab") as log:
            child.process = subprocess.Popen(
                child.command,
                env={**os.environ, **self.environment, **ours},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(self._reading,),
                start_new_session=True,
            )
        child.started, child.due = time.monotonic(), None
        remember(self.folder, children={one.name: one.process.pid for one in self.children if one.process})

    def _note_death(self, child: Child, now: float) -> None:
        if now - child.started > WELL_SECONDS:
            child.failures = 0
        delay = DELAYS[min(child.failures, len(DELAYS) - 1)]
        child.failures += 1
        child.due = now + delay
        code = child.process.returncode if child.process else "?"
        say(
            f"{child.name} 已退出（{code}），{delay:g} 秒后重新启动，日志：{child.log}",
            f"{child.name} ended ({code}); it starts again in {delay:g} s, log: {child.log}",
        )

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stop_leftovers(folder: Path) -> None:
    """End web and worker of a runner that was killed; they end by themselves, but we need the port now."""
    for pid in read_json(folder / "state.json").get("children", {}).values():
        process = processes.find(pid)
        if process and processes.belongs_to(process, folder):
            processes.stop(process, (signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 5))
