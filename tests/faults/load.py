"""The load: people who report, handle, offer, claim, serve and approve, and a directory that changes, all at once."""

import asyncio
import io
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
from PIL import Image

from services.directory.actions.load import load
from shared.kernel.clock import SystemClock
from tests.faults.house import House
from tests.faults.log import GaveUp, Log
from tests.faults.town import PLACE, RESIDENTS, VOLUNTEERS, seed

_POINTS = 5


class Load:
    """Runs until it is told to stop; each person finishes what they are at."""

    def __init__(self, house: House, log: Log, random: Random) -> None:
        self.house, self.log, self.random = house, log, random
        self.stopping = False
        self.in_progress: list[str] = []  # petitions that a task can be made of
        self.offered: list[str] = []  # openings that seem to have room
        self.revision = 0

    async def run(self) -> None:
        people: list[Coroutine[Any, Any, None]] = [self._report(resident) for resident in RESIDENTS]
        people += [self._serve(volunteer) for volunteer in VOLUNTEERS]
        async with asyncio.TaskGroup() as group:
            for person in [*people, self._offer(), self._change_directory()]:
                group.create_task(person)

    async def _pause(self, seconds: float = 0.04) -> None:
        """People read before they press the next button."""
        await asyncio.sleep(self.random.expovariate(1 / seconds))

    async def _report(self, resident: str) -> None:
        while not self.stopping:
            with suppress(GaveUp):
                await self._life_of_a_petition(resident)

    async def _life_of_a_petition(self, resident: str) -> None:
        """One petition from the report to its end; at any step the person may leave without having had an answer."""
        photos = []
        if self.random.random() < 0.1:
            photos = [(await self._do(self.log.prepare_photo(resident, a_photo())))["id"]]
        body = {"text": f"门禁坏了 {len(self.log.requests)}", "location": PLACE, "attachments": photos}
        petition = (await self._do(self.log.prepare(resident, "submit", "/petitions", body)))["id"]
        if self.random.random() < 0.15:
            await self._act(resident, petition, "withdraw", {})
            return
        company = {"type": "organisation", "id": str(self.log.town.ids["company"])}
        await self._act("staff", petition, "accept", {"urgency": "utility"})
        await self._act("staff", petition, "dispatch", {"lead": company})
        await self._act("property", petition, "start", {})
        self.in_progress = [*self.in_progress[-3:], petition]
        await self._act("property", petition, "resolve", {"outcome": "solved", "text": "修好了"})
        if self.random.random() < 0.3:
            await self._act(resident, petition, "dispute", {"solved": "no", "text": "还是坏的"})
            await self._act("property", petition, "resolve", {"outcome": "solved", "text": "又修了"})
        await self._act(resident, petition, "confirm", {"rating": 5, "contacted": True})

    async def _act(self, person: str, petition: str, action: str, body: dict[str, Any]) -> None:
        await self._do(self.log.prepare(person, action, f"/petitions/{petition}/{action}", body, petition))

    async def _do(self, request: Any) -> dict[str, Any]:
        await self._pause()
        answer = await self.log.ask(request, patient=self.random.random() < 0.6)
        assert request.acknowledged, request
        return answer

    async def _offer(self) -> None:
        """The team leader sees to it that there are openings, some of them tasks that come from a petition."""
        while not self.stopping:
            await self._pause()
            if len(self.offered) >= 3:
                continue
            now = datetime.now(UTC)
            body: dict[str, Any] = {
                "kind": "task",
                "title": "看门",
                "text": "值守一小时",
                "starts_at": now.isoformat(),
                "ends_at": (now + timedelta(hours=2)).isoformat(),
                "capacity": self.random.randint(1, 3),
                "points": _POINTS,
            }
            if self.in_progress and self.random.random() < 0.6:
                body["petition_id"] = self.random.choice(self.in_progress)
            with suppress(GaveUp):
                request = self.log.prepare("leader", "open", "/openings", body)
                opening = await self.log.ask(request, patient=self.random.random() < 0.6)
                if request.acknowledged:
                    self.offered.append(opening["id"])
                else:  # the petition was closed meanwhile
                    assert request.status == 422, request

    async def _serve(self, volunteer: str) -> None:
        while not self.stopping:
            await self._pause()
            if self.offered:
                await self._one_service(volunteer, self.random.choice(self.offered[:2]))

    async def _one_service(self, volunteer: str, opening: str) -> None:
        """Claims race for the places of an opening; who has one sees it through, with patience."""
        claim = self.log.prepare(volunteer, "claim", f"/openings/{opening}/claim", target=opening)
        record = await self.log.ask(claim)
        if not claim.acknowledged:
            assert claim.status == 409, claim
            if opening in self.offered:
                self.offered.remove(opening)
            return
        for action in ("check-in", "check-out"):
            while True:
                code = (await self.log.look("leader", f"/openings/{opening}/check-in-code"))["code"]
                if await self._record(volunteer, record["id"], action, {"code": code}):
                    break  # else the code was too old when the house was up again
        await self._record(volunteer, record["id"], "submit", {"text": "值守了"})
        await self._record("staff", record["id"], "approve", {})

    async def _record(self, person: str, record: str, action: str, body: dict[str, Any]) -> bool:
        await self._pause()
        request = self.log.prepare(person, action, f"/service-records/{record}/{action}", body, record)
        await self.log.ask(request)
        assert request.acknowledged or (action.startswith("check") and request.status == 422), request
        return request.acknowledged

    async def _change_directory(self) -> None:
        """The next revision again and again; a load that broke off is loaded again."""
        while not self.stopping:
            await self._pause(0.5)
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
                await load(self.house.pools["directory"], SystemClock(), seed(self.revision + 1))
                self.revision += 1


def a_photo() -> bytes:
    """A small one: what photos go through is tested elsewhere."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 120, 90)).save(out, "JPEG")
    return out.getvalue()
