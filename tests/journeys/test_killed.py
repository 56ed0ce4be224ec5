"""`linli run` killed -9 in the middle of a load: what was acknowledged is there, once, also after retries."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from deploy.demo.changzheng import JOURNEY_PLACE
from deploy.machine.servers import open_servers
from tests.support.processes import answers, free_port

_SUBMITTERS = 4


@asynccontextmanager
async def runner(data: Path, port: int) -> AsyncIterator[subprocess.Popen[bytes]]:
    """`linli run` on a data folder, until it is told to stop, or is gone."""
    log = data.parent / "run.log"
    with log.open("ab") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "deploy", "run", "--port", str(port)],
            env=os.environ | {"LINLI_DATA": str(data)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        await answers(f"http://127.0.0.1:{port}/readyz", running, log)
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            await asyncio.to_thread(running.wait, 30)


class Client:
    """A resident who reports again and again, with a log of what was tried and what was acknowledged."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self.http, self.token = http, token
        self.tried: dict[str, dict] = {}
        self.acknowledged: dict[str, str] = {}

    async def submit(self, key: str) -> None:
        lat, lon = JOURNEY_PLACE
        body = {"text": f"第 {key} 次", "location": {"lat": lat, "lon": lon, "coord_sys": "wgs84"}}
        self.tried[key] = body
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": key}
        answer = await self.http.post("/api/v1/petitions", json=self.tried[key], headers=headers)
        assert answer.status_code == 201, answer.text
        self.acknowledged[key] = answer.json()["id"]

    async def submit_until_gone(self, name: int, enough: asyncio.Event) -> None:
        try:
            for number in range(10_000):
                await self.submit(f"load-{name}-{number}")
                if len(self.acknowledged) > 40:
                    enough.set()
        except httpx.TransportError:
            return

    async def all_mine(self) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            headers = {"authorization": f"Bearer {self.token}"}
            page = (await self.http.get(f"/api/v1/petitions?limit=100{cursor}", headers=headers)).json()
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"


async def test_killed_in_the_middle_nothing_acknowledged_is_lost_and_nothing_happens_twice(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    try:
        async with runner(data, port) as running:
            file = data / "demo.json"
            while not (data / "journey.json").exists():
                assert running.poll() is None, (tmp_path / "run.log").read_text()
                await asyncio.sleep(0.1)
            token = json.loads(file.read_text())["people"]["neighbour"]["access_token"]
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
                client = Client(http, token)
                before = set(await client.all_mine())
                enough = asyncio.Event()
                load = [asyncio.create_task(client.submit_until_gone(n, enough)) for n in range(_SUBMITTERS)]
                await asyncio.wait_for(enough.wait(), 30)
                for line in _children(running.pid):
                    os.kill(line, signal.SIGKILL)
                running.kill()
                await asyncio.gather(*load)
        async with (
            runner(data, port),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
        ):
            client.http = http
            after = set(await client.all_mine()) - before
            assert set(client.acknowledged.values()) <= after
            assert len(after) <= len(client.tried)
            acknowledged = dict(client.acknowledged)
            for key in client.tried:
                await client.submit(key)
            assert acknowledged.items() <= client.acknowledged.items()
            assert set(await client.all_mine()) - before == set(client.acknowledged.values())
            assert len(set(client.acknowledged.values())) == len(client.tried)
    finally:
        open_servers(data).remove()


def _children(pid: int) -> list[int]:
    """Web and worker of a runner; PostgreSQL and NATS live on."""
    import psutil

    return [child.pid for child in psutil.Process(pid).children() if "deploy" in " ".join(child.cmdline())]
