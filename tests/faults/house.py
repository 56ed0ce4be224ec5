"""A Linli to be killed: its own PostgreSQL and NATS, web process and worker, started again after each kill."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
import psutil

from deploy.machine import processes
from deploy.machine.servers import Servers, start_servers
from deploy.migrating import migrate_all
from deploy.services import SERVICES
from shared.infra.database import open_pool
from tests.faults.places import FOLDER
from tests.support.processes import free_port

_PROJECT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 60
GENEROUS = {"LINLI_GATEWAY_CALLER_PER_MINUTE": "1000000", "LINLI_GATEWAY_ADDRESS_PER_MINUTE": "1000000"}


@dataclass
class House:
    """`pools` read and check as owners; they find PostgreSQL again by themselves."""

    folder: Path
    servers: Servers
    environment: dict[str, str]
    pools: dict[str, asyncpg.Pool]
    port: int
    commands: dict[str, list[str]]
    processes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.places"],
            cwd=_PROJECT,
            env=os.environ | self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str) -> None:
        """Starts a process by its name; its output is in a log of that name."""
        assert self._nursery.stdin and self._nursery.stdout
        order = {"arguments": self.commands[name], "log": str(self.folder / f"{name}.log")}
        print(json.dumps(order), file=self._nursery.stdin, flush=True)
        self.processes[name] = int(self._nursery.stdout.readline())

    def end(self) -> None:
        """Kills all of Linli's processes, and what starts them."""
        for pid in self.processes.values():
            if psutil.pid_exists(pid):
                os.kill(pid, signal.SIGKILL)
        self._nursery.kill()
        self._nursery.communicate()

    async def ready(self) -> None:
        """Waits until the front door answers and finds all that is behind it."""
        deadline = time.monotonic() + _READY_SECONDS
        async with httpx.AsyncClient(base_url=self.address, trust_env=False, timeout=2) as client:
            while True:
                try:
                    if (await client.get("/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                assert time.monotonic() < deadline, [log.read_text()[-2000:] for log in self.folder.glob("*.log")]
                await asyncio.sleep(0.02)

    def pid(self, victim: str) -> int:
        """The process to kill: one of Linli's own, nats, postgres (all goes with its head), backend (one of it)."""
        if victim in self.processes:
            return self.processes[victim]
        if victim == "nats":
            return _running(self.servers.nats.process()).pid
        head = _running(self.servers.postgres.process())
        if victim == "postgres":
            return head.pid
        backends = [child for child in head.children() if "_app linli_" in " ".join(child.cmdline())]
        return backends[0].pid if backends else head.pid

    def arm(self, place: str, victims: Iterable[str], delay: float = 0.002) -> None:
        """From now on the first to pass there kills them. Written aside first: half a file must not be read."""
        self.disarm(place)
        fresh = self.folder / "places" / f".{place}"
        fresh.write_text(json.dumps({"victims": [self.pid(victim) for victim in victims], "delay": delay}))
        fresh.rename(self.folder / "places" / place)

    def disarm(self, place: str) -> None:
        for name in (place, f"{place}.struck"):
            (self.folder / "places" / name).unlink(missing_ok=True)

    async def struck(self, place: str, seconds: float) -> bool:
        """Waits for somebody to pass the armed place; False when nobody came."""
        deadline = time.monotonic() + seconds
        sign = self.folder / "places" / f"{place}.struck"
        while not sign.exists():
            if time.monotonic() > deadline:
                self.disarm(place)
                return False
            await asyncio.sleep(0.005)
        return True

    async def gone(self, pids: Iterable[int]) -> None:
        """Waits until what was killed is gone."""
        for pid in pids:
            # Of our own nothing is left at the end; for NATS whoever started it again has to look.
            ours = pid in self.processes.values()
            await asyncio.to_thread(_wait_until_gone, pid, ours)

    async def revive(self) -> None:
        """What a supervisor does: starts again what died, all at once."""
        reviving = asyncio.create_task(asyncio.to_thread(self.servers.revive))
        for name, pid in list(self.processes.items()):
            if not psutil.pid_exists(pid):
                self.start(name)
        await reviving


def _wait_until_gone(pid: int, wholly: bool) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):  # it went between the two looks
        while psutil.pid_exists(pid) and (wholly or not processes.gone(psutil.Process(pid))):
            time.sleep(0.005)


def _running(process: psutil.Process | None) -> psutil.Process:
    assert process is not None
    return process


@asynccontextmanager
async def open_house(folder: Path, *, apart: bool = False) -> AsyncIterator[House]:
    """Everything started and migrated; all of it ended and removed at the end.

    One web process and a worker; or `apart`: each service in a process of its own behind the gateway's.
    """
    servers = await asyncio.to_thread(start_servers, folder / "data")
    try:
        environment = servers.environment() | GENEROUS | {FOLDER: str(folder / "places")}
        (folder / "places").mkdir()
        await migrate_all(environment)
        front = free_port()
        commands = {"web": ["serve", "--port", str(front)], "worker": ["work"]}
        for service in SERVICES if apart else ():
            port = free_port()
            environment[f"LINLI_{service.upper()}_URL"] = f"http://127.0.0.1:{port}"
            commands[service] = ["serve", service, "--port", str(port)]
        async with AsyncExitStack() as stack:
            pools = {
                service: await stack.enter_async_context(
                    open_pool(environment[f"LINLI_{service.upper()}_OWNER_DATABASE_URL"], 2)
                )
                for service in SERVICES
            }
            house = House(folder, servers, environment, pools, front, commands)
            stack.callback(house.end)
            for name in commands:
                house.start(name)
            await house.ready()
            yield house
    finally:
        await asyncio.to_thread(servers.remove)
