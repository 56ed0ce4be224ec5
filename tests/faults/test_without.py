"""What works without the others: each row of the table in gateway/README.md, with every service in its own process."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from services.directory.actions.load import load
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from tests.faults.house import House, open_house
from tests.faults.load import a_photo
from tests.faults.town import PLACE, Town, found_town, seed

_RECOVERED_SECONDS = 10.0


class Street:
    """The people of the town at the front door."""

    def __init__(self, house: House, town: Town, http: httpx.AsyncClient) -> None:
        self.house, self.town, self.http = house, town, http

    async def get(self, person: str, path: str) -> httpx.Response:
        return await self.http.get(f"/api/v1{path}", headers=self._headers(person))

    async def post(self, person: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = self._headers(person) | {"idempotency-key": key or str(new_id())}
        return await self.http.post(f"/api/v1{path}", json=body or {}, headers=headers)

    async def upload(self, person: str) -> httpx.Response:
        file = {"file": ("a.jpg", a_photo(), "image/jpeg")}
        return await self.http.post("/api/v1/attachments", files=file, headers=self._headers(person))

    def _headers(self, person: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.town.tokens[person]}"}

    async def done(self, person: str, path: str, body: Any = None) -> dict[str, Any]:
        """A change that must work."""
        answer = await self.post(person, path, body)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    async def reported(self) -> str:
        """A petition that the property company has started on."""
        petition = (await self.done("resident1", "/petitions", {"text": "门禁坏了", "location": PLACE}))["id"]
        company = {"type": "organisation", "id": str(self.town.ids["company"])}
        await self.done("staff", f"/petitions/{petition}/accept")
        await self.done("staff", f"/petitions/{petition}/dispatch", {"lead": company})
        await self.done("property", f"/petitions/{petition}/start")
        return str(petition)

    async def closed(self, petition: str) -> None:
        await self.done("property", f"/petitions/{petition}/resolve", {"outcome": "solved", "text": "修好了"})
        await self.done("resident1", f"/petitions/{petition}/confirm", {"rating": 5, "contacted": True})

    def offer(self, **more: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        window = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
        return {"kind": "task", "title": "看门", "text": "值守", "capacity": 1, "points": 5, **window, **more}

    async def served(self, opening: str) -> str:
        """A service record of the opening, approved."""
        record = (await self.done("volunteer1", f"/openings/{opening}/claim"))["id"]
        for action in ("check-in", "check-out"):
            code = (await self.get("leader", f"/openings/{opening}/check-in-code")).json()["code"]
            await self.done("volunteer1", f"/service-records/{record}/{action}", {"code": code})
        await self.done("volunteer1", f"/service-records/{record}/submit", {"text": "值守了"})
        await self.done("staff", f"/service-records/{record}/approve")
        return str(record)

    async def status(self, record: str) -> str:
        return str((await self.get("volunteer1", f"/service-records/{record}")).json()["status"])

    async def missing(self) -> list[str]:
        """What the first screen names as missing; it always comes."""
        answer = await self.get("resident1", "/home")
        assert answer.status_code == 200
        return list(answer.json()["missing"])

    async def actions(self, petition: str) -> list[str]:
        answer = await self.get("resident1", f"/petitions/{petition}/history")
        return [row["action"] for row in answer.json()["items"]]


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("faults"), apart=True) as opened:
        yield opened


@pytest.fixture(scope="module")
async def street(house: House) -> AsyncIterator[Street]:
    town = await found_town(house)
    async with httpx.AsyncClient(base_url=house.address, trust_env=False, timeout=30) as http:
        street = Street(house, town, http)
        await within_ten_seconds(lambda: _is(street.get("staff", f"/areas/{town.ids['here']}"), 200))
        await within_ten_seconds(lambda: _is(street.post("resident1", "/petitions", _REPORT), 201))
        await within_ten_seconds(lambda: _is(street.post("leader", "/openings", street.offer()), 201))
        yield street


_REPORT = {"text": "门禁坏了", "location": PLACE}


async def _is(answering: Awaitable[httpx.Response], status: int) -> bool:
    return (await answering).status_code == status


async def within_ten_seconds(recovered: Callable[[], Awaitable[bool]]) -> None:
    started = time.monotonic()
    while not await recovered():
        assert time.monotonic() - started < _RECOVERED_SECONDS
        await asyncio.sleep(0.05)


@asynccontextmanager
async def without(house: House, name: str) -> AsyncIterator[None]:
    """Killed, and started again at the end; nobody else is touched."""
    pid = house.pid(name)
    os.kill(pid, signal.SIGKILL)
    await house.gone([pid])
    try:
        yield
    finally:
        await house.revive()


@contextmanager
def without_storage(folder: Path) -> Iterator[None]:
    """Where the files were is something that holds none."""
    aside = folder.rename(folder.with_name("aside"))
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


def unavailable(answer: httpx.Response, part: str) -> bool:
    """The 503 that says what is away, that nothing was stored, and when to try again."""
    problem = answer.json()
    told = (answer.status_code, problem["code"], problem["part"], answer.headers["retry-after"])
    assert told == (503, "unavailable", part, "2"), answer.text
    return "没有任何内容被保存" in problem["detail"]


async def test_without_the_bus_everything_works_and_what_follows_from_it_comes_later(street: Street) -> None:
    async with without(street.house, "nats"):
        petition = await street.reported()
        # Volunteers has not heard of the petition, and asks.
        opening = (await street.done("leader", "/openings", street.offer(petition_id=petition)))["id"]
        record = await street.served(opening)
        assert await street.missing() == []
        assert await street.status(record) == "approved"
        assert "task_done" not in await street.actions(petition)
        await load(street.house.pools["directory"], SystemClock(), seed(2))
    await within_ten_seconds(lambda: _awarded_and_told(street, record, petition))
    for service in ("petitions", "volunteers"):
        await within_ten_seconds(lambda pool=street.house.pools[service]: _knows_revision(pool, 2))
    await street.closed(petition)


async def _awarded_and_told(street: Street, record: str, petition: str) -> bool:
    return await street.status(record) == "awarded" and (await street.actions(petition)).count("task_done") == 1


async def test_without_the_worker_everything_works_and_what_follows_from_it_comes_later(street: Street) -> None:
    async with without(street.house, "worker"):
        petition = await street.reported()
        opening = (await street.done("leader", "/openings", street.offer(petition_id=petition)))["id"]
        record = await street.served(opening)
        assert await street.status(record) == "approved"
    await within_ten_seconds(lambda: _awarded_and_told(street, record, petition))


async def test_without_the_storage_only_photos_are_missing(street: Street) -> None:
    photo = (await street.upload("resident1")).json()
    with without_storage(street.house.folder / "data" / "files"):
        assert unavailable(await street.upload("resident1"), "storage")
        assert unavailable(await street.http.get(photo["url"]), "storage")
        petition = (await street.done("resident1", "/petitions", _REPORT | {"attachments": [photo["id"]]}))["id"]
    await within_ten_seconds(lambda: _is(street.upload("resident1"), 201))
    shown = (await street.get("resident1", f"/petitions/{petition}")).json()["attachments"]
    assert [await _is(street.http.get(each["url"]), 200) for each in shown] == [True]


async def test_without_the_directory_the_others_go_on_with_their_copies(street: Street) -> None:
    async with without(street.house, "directory"):
        for path in ("/me", "/areas", "/organisations"):
            assert unavailable(await street.get("resident1", path), "directory")
        assert await street.missing() == ["me"]
        await street.closed(await street.reported())
        opening = (await street.done("leader", "/openings", street.offer()))["id"]
        record = await street.served(opening)
        await within_ten_seconds(lambda: _has_status(street, record, "awarded"))
        await load(street.house.pools["directory"], SystemClock(), seed(1))
    await within_ten_seconds(lambda: _is(street.get("resident1", "/me"), 200))
    for service in ("petitions", "volunteers"):
        await within_ten_seconds(lambda pool=street.house.pools[service]: _knows_revision(pool, 1))


async def _has_status(street: Street, record: str, status: str) -> bool:
    return await street.status(record) == status


async def _knows_revision(pool: asyncpg.Pool, revision: int) -> bool:
    return bool(await pool.fetchval("select true from organisation where name like $1", f"% {revision}"))


async def test_without_petitions_volunteers_goes_on(street: Street) -> None:
    petition = await street.reported()
    await within_ten_seconds(lambda: _is_known(street, petition))
    photo = (await street.upload("volunteer1")).json()["id"]
    key = str(new_id())
    async with without(street.house, "petitions"):
        assert unavailable(await street.post("resident1", "/petitions", _REPORT, key), "petitions")
        for path in ("/petitions", f"/petitions/{petition}", "/categories"):
            assert unavailable(await street.get("resident1", path), "petitions")
        assert await street.missing() == ["petitions", "held"]
        # What is not known here can only be asked for there: a petition, and photos.
        unknown = street.offer(petition_id=str(new_id()))
        assert unavailable(await street.post("leader", "/openings", unknown), "petitions")
        opening = (await street.done("leader", "/openings", street.offer(petition_id=petition)))["id"]
        record = await street.served(opening)
        with_photo = await _up_to_check_out(street)
        handed_in = {"text": "值守了", "attachments": [photo]}
        submit = f"/service-records/{with_photo}/submit"
        assert unavailable(await street.post("volunteer1", submit, handed_in), "petitions")
        assert await street.status(with_photo) == "checked_out"
        await within_ten_seconds(lambda: _has_status(street, record, "awarded"))
    await within_ten_seconds(lambda: _is(street.post("resident1", "/petitions", _REPORT, key), 201))
    assert (await street.post("volunteer1", submit, handed_in)).status_code == 200
    assert await street.actions(petition) == ["submit", "accept", "dispatch", "start", "task_done"]


async def _is_known(street: Street, petition: str) -> bool:
    """Whether volunteers has heard that it was started."""
    found = "select true from petition where id = $1::text::uuid and status = 'in_progress'"
    return bool(await street.house.pools["volunteers"].fetchval(found, petition))


async def _up_to_check_out(street: Street) -> str:
    opening = (await street.done("leader", "/openings", street.offer()))["id"]
    record = (await street.done("volunteer1", f"/openings/{opening}/claim"))["id"]
    for action in ("check-in", "check-out"):
        code = (await street.get("leader", f"/openings/{opening}/check-in-code")).json()["code"]
        await street.done("volunteer1", f"/service-records/{record}/{action}", {"code": code})
    return str(record)


async def test_without_volunteers_petitions_goes_on(street: Street) -> None:
    async with without(street.house, "volunteers"):
        for path in ("/openings", "/service-records", "/points/me"):
            assert unavailable(await street.get("volunteer1", path), "volunteers")
        assert unavailable(await street.post("leader", "/openings", street.offer()), "volunteers")
        assert await street.missing() == ["tasks", "points"]
        assert (await street.upload("resident1")).status_code == 201
        petition = await street.reported()
        await street.closed(petition)
    await within_ten_seconds(lambda: _is(street.get("volunteer1", "/openings"), 200))
    assert (await street.post("leader", "/openings", street.offer(petition_id=petition))).status_code == 422


async def test_without_the_database_the_answer_says_so_and_the_same_request_succeeds_later(street: Street) -> None:
    key = str(new_id())
    async with without(street.house, "postgres"):
        for path in ("/petitions", "/openings", "/me"):
            assert (await street.get("resident1", path)).status_code == 503
        assert unavailable(await street.get("resident1", "/petitions"), "database")
        assert unavailable(await street.post("resident1", "/petitions", _REPORT, key), "database")
        assert sorted(await street.missing()) == ["held", "me", "petitions", "points", "tasks"]
        assert (await street.http.get("/healthz")).status_code == 200
        assert (await street.http.get("/readyz")).status_code == 503
        assert (await street.http.get("/.well-known/jwks.json")).status_code == 200
        assert (await street.http.get("/openapi.json")).status_code == 200
    await within_ten_seconds(lambda: _is(street.post("resident1", "/petitions", _REPORT, key), 201))
    opening = (await street.done("leader", "/openings", street.offer()))["id"]
    record = await street.served(opening)
    await within_ten_seconds(lambda: _has_status(street, record, "awarded"))
