"""The main journey over HTTP: a report with a photo becomes a task, the task becomes points, the petition is closed.

Each step is a person who does something and must get the right answer; `linli journey` prints them, tests run them.
"""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from PIL import Image, ImageDraw

from deploy.machine.problems import CommandFailed
from shared.kernel.ids import new_id

_POINTS = 20
_PATIENCE_SECONDS = 10.0


class JourneyFailed(CommandFailed):
    """A step did not get the answer that it must get."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it went."""

    who: str
    what: str
    status: int
    milliseconds: float
    note: str = ""


@dataclass
class Journey:
    """Walks the journey with the people of `demo.json` (name → access_token, organisation_id)."""

    client: httpx.AsyncClient
    people: dict[str, dict[str, Any]]
    place: tuple[float, float]
    steps: list[Step] = field(default_factory=list)

    async def walk(self) -> AsyncIterator[Step]:
        """Yields each step when it is done; raises JourneyFailed with what came instead."""
        for chapter in (self._report, self._handle, self._volunteer, self._close, self._others):
            async for step in chapter():
                self.steps.append(step)
                yield step

    async def _report(self) -> AsyncIterator[Step]:
        photo = {"file": ("门禁.jpg", photo_of("3号楼2单元"), "image/jpeg")}
        step, uploaded = await self._call(
            "resident", "上传照片 · upload a photo", "POST", "/attachments", 201, files=photo
        )
        yield step
        step, found = await self._call("resident", "看类别 · read the categories", "GET", "/categories", 200)
        yield step
        lat, lon = self.place
        report = {
            "title": "单元门禁坏了",
            "text": "2单元门禁坏了三天，晚上陌生人可以随意进出，楼里老人很担心。",
            "location": {"lat": lat, "lon": lon, "coord_sys": "wgs84"},
            "attachments": [uploaded["id"]],
            "category": _leaf(found["items"]),
        }
        step, self.petition = await self._call(
            "resident", "提交诉求 · report it", "POST", "/petitions", 201, json=report
        )
        yield self._noted(step, f"{self.petition['number']} → {self.petition['holder']['name']}")

    async def _handle(self) -> AsyncIterator[Step]:
        step, held = await self._call("grid_officer", "看待办 · what waits for me", "GET", "/petitions?scope=held", 200)
        if self.petition["id"] not in [item["id"] for item in held["items"]]:
            raise JourneyFailed("the petition did not reach the officer of its place")
        yield step
        path = f"/petitions/{self.petition['id']}"
        yield (await self._call("grid_officer", "受理 · accept", "POST", f"{path}/accept", 200, json={}))[0]
        lead = {"type": "organisation", "id": self.people["property_staff"]["organisation_id"]}
        dispatch = {"lead": lead, "co_handlers": [], "note": "请今天先派人看现场。"}
        step, after = await self._call(
            "community_staff", "派单 · dispatch", "POST", f"{path}/dispatch", 200, json=dispatch
        )
        yield self._noted(step, after["holder"]["name"])
        start = {"note": "已电话联系，今天下午上门。"}
        yield (await self._call("property_staff", "开始办理 · start", "POST", f"{path}/start", 200, json=start))[0]

    async def _volunteer(self) -> AsyncIterator[Step]:
        now = datetime.now(UTC)
        opening = {
            "kind": "task",
            "petition_id": self.petition["id"],
            "title": "修门期间帮忙看门",
            "text": "门禁修好之前，晚饭后在单元门口值守一小时，帮老人开门。",
            "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(hours=2)).isoformat(),
            "capacity": 2,
            "points": _POINTS,
        }
        step, self.opening = await self._call(
            "community_staff", "发布任务 · open a task", "POST", "/openings", 201, json=opening
        )
        yield step
        lat, lon = self.place
        near = f"/openings?near={lat},{lon}&status=open"
        step, found = await self._call("volunteer", "看附近任务 · tasks near me", "GET", near, 200)
        if self.opening["id"] not in [item["id"] for item in found["items"]]:
            raise JourneyFailed("the task is not among those near the volunteer")
        yield step
        path = f"/openings/{self.opening['id']}"
        _, before = await self._call("volunteer", "", "GET", "/points/me", 200)
        step, record = await self._call("volunteer", "认领 · claim", "POST", f"{path}/claim", {200, 201}, json={})
        yield step
        async for step in self._work(path, f"/service-records/{record['id']}"):
            yield step
        yield await self._points(before["balance"])

    async def _work(self, opening: str, record: str) -> AsyncIterator[Step]:
        for action, words in (("check-in", "签到 · check in"), ("check-out", "签退 · check out")):
            step, code = await self._call(
                "community_staff", "出示签到码 · show the code", "GET", f"{opening}/check-in-code", 200
            )
            yield step
            shown = {"code": code["code"]}
            yield (await self._call("volunteer", words, "POST", f"{record}/{action}", 200, json=shown))[0]
        photo = {"file": ("值守.png", photo_of("值守", "PNG"), "image/png")}
        _, uploaded = await self._call("volunteer", "", "POST", "/attachments", 201, files=photo)
        done = {"text": "晚上七点到九点值守，帮六位老人开了门。", "attachments": [uploaded["id"]]}
        yield (await self._call("volunteer", "提交记录 · hand in", "POST", f"{record}/submit", 200, json=done))[0]
        yield (await self._call("team_leader", "审核通过 · approve", "POST", f"{record}/approve", 200, json={}))[0]

    async def _points(self, before: int) -> Step:
        """The points come by way of the bus: a moment later."""
        started = time.perf_counter()
        while True:
            step, points = await self._call("volunteer", "积分到账 · points arrive", "GET", "/points/me", 200)
            waited = time.perf_counter() - started
            if points["balance"] == before + _POINTS:
                note = f"{before} → {points['balance']}"
                return Step(step.who, step.what, step.status, waited * 1000, note)
            if waited > _PATIENCE_SECONDS:
                raise JourneyFailed(f"the points did not arrive within {_PATIENCE_SECONDS:.0f} s; does the worker run?")
            await asyncio.sleep(0.05)

    async def _close(self) -> AsyncIterator[Step]:
        path = f"/petitions/{self.petition['id']}"
        photo = {"file": ("修好.webp", photo_of("修好了", "WEBP"), "image/webp")}
        _, uploaded = await self._call("property_staff", "", "POST", "/attachments", 201, files=photo)
        resolve = {"outcome": "solved", "text": "门禁电源已更换，现在可以正常刷卡。", "attachments": [uploaded["id"]]}
        yield (await self._call("property_staff", "办结 · resolve", "POST", f"{path}/resolve", 200, json=resolve))[0]
        confirm = {"rating": 5, "contacted": True}
        step, after = await self._call("resident", "确认 · confirm", "POST", f"{path}/confirm", 200, json=confirm)
        if after["status"] != "closed":
            raise JourneyFailed(f"the petition is {after['status']}, not closed")
        yield step
        step, history = await self._call("resident", "看全过程 · read its history", "GET", f"{path}/history", 200)
        yield self._noted(step, " → ".join(row["action"] for row in history["items"]))

    async def _others(self) -> AsyncIterator[Step]:
        path = f"/petitions/{self.petition['id']}"
        yield (await self._call("stranger", "外社区看不到 · another community: no", "GET", path, 404))[0]
        step, home = await self._call("resident", "首页 · first screen", "GET", "/home", 200)
        if home["missing"]:
            raise JourneyFailed(f"the first screen lacks {', '.join(home['missing'])}")
        yield step

    async def _call(
        self, who: str, what: str, method: str, path: str, expected: int | set[int], **body: Any
    ) -> tuple[Step, Any]:
        headers = {"authorization": f"Bearer {self.people[who]['access_token']}"}
        if method == "POST":
            headers["idempotency-key"] = str(new_id())
        started = time.perf_counter()
        answer = await self.client.request(method, f"/api/v1{path}", headers=headers, **body)
        milliseconds = (time.perf_counter() - started) * 1000
        if answer.status_code not in ({expected} if isinstance(expected, int) else expected):
            raise JourneyFailed(f"{who}: {method} {path} → {answer.status_code} {answer.text}")
        return Step(who, what or f"{method} {path}", answer.status_code, milliseconds), answer.json()

    @staticmethod
    def _noted(step: Step, note: str) -> Step:
        return Step(step.who, step.what, step.status, step.milliseconds, note)


def _leaf(categories: list[dict[str, Any]]) -> str:
    """A category that has none below it."""
    parents = {category["parent_id"] for category in categories}
    return next(str(category["id"]) for category in categories if category["id"] not in parents)


def photo_of(words: str, form: str = "JPEG") -> bytes:
    """A photo as a phone would send it, with the place in its EXIF where the format has one."""
    picture = Image.effect_noise((1600, 1200), 60).convert("RGB")
    ImageDraw.Draw(picture).rectangle((500, 300, 1100, 1100), fill=(len(words) * 9 % 255, 120, 90))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by 90°
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (45.0, 35.0, 36.0)
    out = io.BytesIO()
    picture.save(out, form, exif=exif)
    return out.getvalue()
