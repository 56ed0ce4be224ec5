"""The main journey with the demo's people, over HTTP: all services in one process, and each in its own."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.demo.changzheng import JOURNEY_PLACE
from deploy.demo.loading import load_demo
from deploy.journey import Journey
from tests.support.processes import many_processes, one_process

PEOPLE = {
    "resident", "neighbour", "volunteer", "volunteer2", "building_head", "grid_officer", "community_staff",
    "street_staff", "property_staff", "team_leader", "oversight", "platform_admin", "stranger",
}  # fmt: skip


@pytest.fixture(params=[one_process, many_processes], ids=["one process", "many processes"])
async def address(request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path) -> AsyncIterator[str]:
    async with request.param(tmp_path, environment) as url:
        yield url


async def test_the_journey(address: str, environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    told: dict[str, tuple[int, int]] = {}
    await load_demo(
        "changzheng",
        file,
        address,
        Path(environment["LINLI_KEYS"]),
        lambda kind, done, of: told.update({kind: (done, of)}),
    )
    assert file.stat().st_mode & 0o777 == 0o600
    demo = json.loads(file.read_text())
    assert demo["base_url"] == address and set(demo["people"]) == PEOPLE
    assert all(done == of for done, of in told.values()), told
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=15) as client:
        journey = Journey(client, demo["people"], JOURNEY_PLACE)
        done = [step async for step in journey.walk()]
        assert len(done) >= 20
        await load_demo("changzheng", file, address, Path(environment["LINLI_KEYS"]), lambda kind, done, of: None)
        again = Journey(client, json.loads(file.read_text())["people"], JOURNEY_PLACE)
        assert len([step async for step in again.walk()]) == len(done)
        headers = {"authorization": f"Bearer {demo['people']['oversight']['access_token']}"}
        listed = await client.get("/api/v1/openings?status=open&limit=100", headers=headers)
        titles = [opening["title"] for opening in listed.json()["items"]]
        assert len({*titles}) >= 10 and max(map(titles.count, {*titles} - {"修门期间帮忙看门"})) == 1
    logs = "".join(log.read_text() for log in tmp_path.glob("*.log"))
    assert '"level":"error"' not in logs, logs
    for person in demo["people"].values():
        assert person["access_token"] not in logs
