"""A neighbourhood whose people write marks wherever they can: in the main journey, on its side paths, by mistake."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import httpx
from PIL import Image

from services.directory.domain.seed import (
    AreaSeed,
    DirectorySeed,
    GrantSeed,
    MembershipSeed,
    OfficeSeed,
    OrganisationSeed,
    PersonSeed,
)
from shared.kernel.actor import Role
from tests.security.marks import Marks

_KEYS = count(1)
_SINCE = date(2026, 1, 1)
PEOPLE: dict[str, tuple[Role, str]] = {
    "resident": (Role.RESIDENT, "here"),
    "volunteer": (Role.VOLUNTEER, "here"),
    "volunteer2": (Role.VOLUNTEER, "here"),
    "officer": (Role.GRID_OFFICER, "grid"),
    "staff": (Role.COMMUNITY_STAFF, "here"),
    "worker": (Role.ORGANISATION_STAFF, "property"),
    "leader": (Role.TEAM_LEADER, "here"),
}


def seed(mark: Marks, prefix: str) -> DirectorySeed:
    """A street, a community, a grid and a house, and its people; all of them are called by marks."""
    lat, lon = place(mark)

    def square(side: float) -> tuple[tuple[tuple[float, float], ...], ...]:
        s, n, w, e = lat - side, lat + side, lon - side, lon + side
        return (((s, w), (s, e), (n, e), (n, w), (s, w)),)

    areas, above = [], None
    for key, side in (("street", 0.02), ("here", 0.01), ("grid", 0.005), ("building", 0.001)):
        kind = {"here": "community"}.get(key, key)
        name = mark("address") if key == "building" else f"{key} {prefix}"
        areas.append(AreaSeed(f"{prefix}{key}", above, kind, name, None, (lat, lon), square(side)))
        above = f"{prefix}{key}"
    tenant, home = f"{prefix}here", f"{prefix}building"
    return DirectorySeed(
        areas=areas,
        organisations=[
            OrganisationSeed(f"{prefix}property", tenant, "property_company", mark("shop"), serves_keys=(tenant,))
        ],
        people=[
            PersonSeed(
                f"{prefix}{name}",
                tenant,
                mark(f"name-of-{name}"),
                home,
                phone=mark.phone(f"phone-of-{name}"),
                id_number=mark.id_number(f"id-number-of-{name}"),
                address=mark(f"address-of-{name}"),
            )
            for name in PEOPLE
        ],
        offices=[OfficeSeed(f"{prefix}officer", "grid_officer", f"{prefix}grid", _SINCE)],
        memberships=[MembershipSeed(f"{prefix}worker", f"{prefix}property", "staff", _SINCE)],
        grants=[
            GrantSeed(f"{prefix}{name}", role, **{where(root): f"{prefix}{root}"})
            for name, (role, root) in PEOPLE.items()
        ],
    )


def where(root: str) -> str:
    return "organisation_key" if root == "property" else "area_key"


async def until(happened: Callable[[], Awaitable[object]]) -> None:
    """Waits for it, half a minute at most."""
    async with asyncio.timeout(30):
        while True:
            if await happened():
                return
            await asyncio.sleep(0.05)


def place(mark: Marks) -> tuple[float, float]:
    return 60.0 + mark.run * 0.1, 100.0


@dataclass
class Life:
    """Speaks for the people, and keeps every refusal as it came."""

    client: httpx.AsyncClient
    mark: Marks
    tokens: dict[str, str]
    ids: dict[str, str]
    refusals: list[bytes] = field(default_factory=list)

    async def call(self, who: str, method: str, path: str, status: int, **how: Any) -> Any:
        headers = {"authorization": f"Bearer {self.tokens[who]}", "user-agent": self.mark.ascii("user-agent")}
        headers["referer"] = f"http://linli/{self.mark.ascii('referer')}"
        headers |= how.pop("headers", {})
        answer = await self.client.request(method, f"/api/v1{path}", headers=headers, **how)
        assert answer.status_code == status, f"{who} {method} {path}: {answer.status_code} {answer.text}"
        if status >= 400:
            self.refusals.append(answer.content + str(answer.headers).encode())
        return answer.json()

    async def act(self, who: str, path: str, status: int = 200, **body: Any) -> Any:
        key = {"idempotency-key": self.mark.ascii(f"key{next(_KEYS)}")}
        return await self.call(who, "POST", path, status, json=body, headers=key)

    async def photo(self, who: str) -> str:
        """A photo with marks in its name and in what the camera wrote."""
        exif = Image.Exif()
        exif[0x010E], exif[0x013B] = self.mark.ascii("exif-description"), self.mark.ascii("exif-artist")
        out = io.BytesIO()
        Image.new("RGB", (64, 48), "teal").save(out, "JPEG", exif=exif, comment=self.mark("jpeg-comment").encode())
        form = {"file": (f"{self.mark('file-name')}.jpg", out.getvalue(), "image/jpeg")}
        uploaded = await self.call(who, "POST", "/attachments", 201, files=form)
        self.mark.keep("photo-link", uploaded["url"].split("signature=")[1])
        return str(uploaded["id"])

    def report(self, **more: Any) -> dict[str, Any]:
        """A petition full of marks."""
        lat, lon = place(self.mark)
        text = f"{self.mark('text')}，电话 {self.mark.phone('phone-in-text')}，住 {self.mark('address-in-text')}"
        location = {"lat": lat, "lon": lon, "coord_sys": "wgs84"}
        return {"title": self.mark("title"), "text": text, "location": location} | more

    async def journey(self) -> None:
        """The main journey; then rejecting, withdrawing, disputing and cancelling."""
        mark, at = self.mark, "/petitions/{}".format
        petition = await self.act(
            "resident", "/petitions", 201, **self.report(attachments=[await self.photo("resident")])
        )
        path = at(petition["id"])
        await self.call("officer", "GET", f"/petitions?scope=held&q={mark('search-words')}", 200)
        await self.act("officer", f"{path}/accept")
        lead = {"type": "organisation", "id": self.ids["property"]}
        await self.act("staff", f"{path}/dispatch", lead=lead, note=f"{mark('note')} {mark.phone('phone-in-note')}")
        await self.act("worker", f"{path}/start", note=mark("start-note"))
        await self._volunteer(petition["id"])
        for _ in range(2):
            await self.act("worker", f"{path}/resolve", outcome="solved", text=mark("outcome"))
            if not (await self.call("resident", "GET", path, 200))["round"] > 1:
                await self.act("resident", f"{path}/dispute", solved="no", text=mark("dispute"))
                await self.act("worker", f"{path}/start", 409)
        await self.act("resident", f"{path}/confirm", rating=5, contacted=True)
        for action, who, body in (
            ("reject", "staff", {"reason": "no_facts", "text": mark("rejection")}),
            ("withdraw", "resident", {"text": mark("withdrawal")}),
        ):
            other = await self.call("resident", "POST", "/petitions", 201, json=self.report())
            await self.act(who, f"{at(other['id'])}/{action}", **body)
        await self.call("resident", "GET", "/home", 200)
        await self.call("resident", "GET", f"{path}/history", 200)

    async def _volunteer(self, petition_id: str) -> None:
        mark, now = self.mark, datetime.now(UTC)
        times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
        offer = {"kind": "task", "title": mark("task-title"), "text": mark("task-text"), "capacity": 2, "points": 20}
        opening = await self.act("staff", "/openings", 201, petition_id=petition_id, **offer, **times)
        path = f"/openings/{opening['id']}"
        records = {}
        for who in ("volunteer", "volunteer2"):
            records[who] = f"/service-records/{(await self.call(who, 'POST', f'{path}/claim', 201, json={}))['id']}"
        await self.act("volunteer2", f"{records['volunteer2']}/cancel", text=mark("cancellation"))
        for action in ("check-in", "check-out"):
            code = (await self.call("staff", "GET", f"{path}/check-in-code", 200))["code"]
            await self.act("volunteer", f"{records['volunteer']}/{action}", code=code)
        photo = await self.photo("volunteer")
        await self.act("volunteer", f"{records['volunteer']}/submit", text=mark("work-done"), attachments=[photo])
        await self.act("leader", f"{records['volunteer']}/approve")

        async def awarded() -> bool:
            return bool((await self.call("volunteer", "GET", "/points/me", 200))["balance"] == 20)

        await until(awarded)

    async def register(self) -> None:
        """Somebody is entered, looked up, corrected, shown in full and imported; and corrects what is theirs."""
        mark, home = self.mark, self.ids["building"]
        body = {"name": mark("entered"), "home_id": home, "door": mark("door"), "address": mark("entered-address")}
        body |= {"phone": mark.phone("entered-phone"), "id_number": mark.id_number("entered-id-number")}
        person = await self.act("staff", "/people", 201, **body)
        await self.call("staff", "POST", "/people/look-up", 200, json={"phone": mark.phone("entered-phone")})
        reveal = {"fields": ["phone", "id_number", "address", "door"], "reason": "service", "note": mark("reveal-note")}
        shown = await self.act("staff", f"/people/{person['id']}/reveal", **reveal)
        assert shown["phone"] == mark.phone("entered-phone")
        await self.call("staff", "GET", f"/people/{person['id']}/access-log", 200)
        changed = body | {"name": mark("renamed"), "skills": [mark("skill")]}
        headers = {"if-match": '"1-0"'}
        await self.call("staff", "PUT", f"/people/{person['id']}", 200, json=changed, headers=headers)
        twin = await self.act("staff", "/people", 201, **changed | {"name": mark("twin")})
        await self.act("staff", f"/people/{person['id']}/merge", person_ids=[twin["id"]])
        own = {"phone": mark.phone("own-phone"), "address": mark("own-address")}
        await self.call("resident", "PUT", "/me/contact", 200, json=own, headers=headers)
        await self.act("staff", f"/areas/{home}/households", 201, door=mark("second-door"))

    async def mistakes(self) -> None:
        """Refusals that could quote what was sent, in both languages."""
        for language in ("zh-CN", "en"):
            for method, path, status, how in self._wrong():
                headers = how.pop("headers", {}) | {"accept-language": language}
                await self.call("resident", method, path, status, headers=headers, **how)

    def _wrong(self) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
        mark = self.mark
        wrong = mark("wrong-value")
        for member in ("category", "location", "attachments", "anonymity"):
            yield "POST", "/petitions", 422, {"json": self.report(**{member: wrong})}
        lat = {"lat": wrong, "lon": mark.phone("phone-as-longitude"), "coord_sys": wrong}
        yield "POST", "/petitions", 422, {"json": self.report(location=lat)}
        yield "POST", "/petitions", 422, {"json": self.report(title=wrong * 50, text=mark("too-long") * 500)}
        yield "POST", "/petitions", 422, {"json": self.report(text=f"{mark('control-character')}\x01")}
        yield "POST", "/petitions", 400, {"content": f'{{"text": "{mark("broken-json")}',
                                          "headers": {"content-type": "application/json"}}  # fmt: skip
        yield "POST", "/petitions", 415, {"content": mark("wrong-kind"),
                                          "headers": {"content-type": f"text/{mark.ascii('kind')}"}}  # fmt: skip
        yield "POST", "/attachments", 415, {"files": {"file": (mark("no-photo"), mark("no-photo").encode(), "a/b")}}
        for query in ("status", "category", "cursor", "limit", "scope", "with"):
            yield "GET", f"/petitions?{query}={mark('wrong-query')}", 400 if query == "cursor" else 422, {}
        yield "GET", f"/openings?near={mark('wrong-near')}&status={mark('wrong-query')}", 422, {}
        yield "GET", f"/service-records?status={mark('wrong-query')}", 422, {}
        yield "GET", f"/areas/locate?lat={mark('wrong-query')}&lon=1&coord_sys={mark('wrong-query')}", 422, {}
        yield "PUT", "/me/contact", 422, {"json": {"phone": wrong, "address": wrong * 30},
                                          "headers": {"if-match": '"1-0"'}}  # fmt: skip
        yield "POST", "/people/look-up", 403, {"json": {"phone": mark.phone("phone-to-look-up")}}
        yield "GET", f"/petitions/{mark('no-id')}", 404, {}
        yield "GET", f"/{mark('no-address')}/{mark.phone('phone-in-path')}", 404, {}
        yield "PUT", f"/petitions?q={mark('wrong-method')}", 405, {}
        yield "GET", "/me", 401, {"headers": {"authorization": f"Bearer {mark.ascii('token')}"}}
        yield "GET", "/me", 200, {"headers": {"x-request-id": mark.phone("phone-as-request-id")}}
        yield "POST", "/petitions", 400, {"json": self.report(), "headers": {"idempotency-key": mark("key").encode()}}
