"""A headless Chromium that reaches this machine only, driven over its DevTools protocol."""

import asyncio
import base64
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

_PATIENCE_SECONDS = 30.0
_FLAGS = (
    "--headless",
    "--no-sandbox",  # a container's root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "--window-size=1280,1400",
    "--lang=zh-CN",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def chromium() -> str:
    """Where it is; without it the test is skipped, but not in CI, which must see the page."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        words = "no Chromium here: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("LINLI_CI") == "1":
            pytest.fail(words)
        pytest.skip(words)
    return found


@dataclass
class Tab:
    """One page. Remembers every request that it made and everything that it complained about."""

    socket: aiohttp.ClientWebSocketResponse
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _last: int = 0

    async def call(self, method: str, **how: Any) -> dict[str, Any]:
        """One command; what happens in the page meanwhile is noted."""
        self._last += 1
        await self.socket.send_json({"id": self._last, "method": method, "params": how})
        while True:
            message = await self.socket.receive_json(timeout=_PATIENCE_SECONDS)
            if message.get("id") == self._last:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        what = message.get("params", {})
        if message["method"] == "Network.requestWillBeSent":
            self.requested.append(what["request"]["url"])
        elif message["method"] == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{what['entry']['text']} {what['entry'].get('url', '')}")
        elif message["method"] == "Runtime.exceptionThrown":
            self.complaints.append(str(what["exceptionDetails"]))

    async def open(self, url: str) -> None:
        for domain in ("Page", "Network", "Log", "Runtime"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=url)

    async def say(self, script: str) -> Any:
        """What a script in the page gives."""
        answer = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, script: str) -> Any:
        """Waits until the script gives something."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while not (found := await self.say(script)):
            assert asyncio.get_running_loop().time() < deadline, (script, self.complaints)
            await asyncio.sleep(0.05)
        return found

    async def click(self, selector: str) -> None:
        await self.until(f"document.querySelector({selector!r}) !== null")
        await self.say(f"document.querySelector({selector!r}).click()")

    async def picture(self, file: Path) -> None:
        """What is seen now, as PNG."""
        shot = await self.call("Page.captureScreenshot", format="png")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(shot["data"]))


@asynccontextmanager
async def tab(folder: Path) -> AsyncIterator[Tab]:
    """A fresh Chromium with one empty tab; `folder` is its own."""
    profile = folder / "chromium"
    started = await asyncio.create_subprocess_exec(
        chromium(),
        *_FLAGS,
        f"--user-data-dir={profile}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as session:
            port = await _port(profile / "DevToolsActivePort", started)
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [page for page in await answer.json() if page["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Tab(socket)
    finally:
        started.terminate()
        await started.wait()


async def _port(file: Path, started: asyncio.subprocess.Process) -> int:
    deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while not (file.exists() and file.read_text().count("\n")):
        assert started.returncode is None, "Chromium ended at once"
        assert asyncio.get_running_loop().time() < deadline, "Chromium did not start"
        await asyncio.sleep(0.05)
    return int(file.read_text().split("\n")[0])
