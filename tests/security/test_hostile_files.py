"""Every file somebody might upload is a photo again afterwards, and nothing but one, or is refused with a reason."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.security.hostile_files import FILES, SECRET, File, many_scans, picture, png
from tests.support.world import World

_WORDS = {413: "too_large", 415: "unsupported_media"}
#: All that a JPEG of ours is made of: head, tables, frame, scan and end (T.81, table B.1).
_PLAIN = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}


async def _upload(world: World, content: bytes, kind: str, name: str = "a.jpg") -> httpx.Response:
    return await world.resident.post("/attachments", files={"file": (name, content, kind)})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_a_file_is_made_a_plain_photo_or_refused_with_a_reason(world: World, file: File) -> None:
    answer = await _upload(world, file.make(), file.kind)
    if isinstance(file.outcome, int):
        assert (answer.status_code, answer.json()["code"]) == (file.outcome, _WORDS[file.outcome]), answer.text
        return
    assert answer.status_code == 201, answer.text
    assert (answer.json()["width"], answer.json()["height"]) == file.outcome
    for link in (answer.json()["url"], answer.json()["thumbnail_url"]):
        shown = await world.resident.client.get(link)
        assert shown.headers["content-type"] == "image/jpeg" and shown.headers["x-content-type-options"] == "nosniff"
        assert SECRET not in shown.content and b"<script" not in shown.content
        assert set(_markers(shown.content)) <= _PLAIN


def _markers(content: bytes) -> list[int]:
    """The codes of a JPEG's markers, up to and with its scan, and of what stands at its end."""
    codes, at = [content[1]], 2
    while codes[-1] != 0xDA:
        codes.append(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    rest = re.findall(rb"\xff([^\x00\xd0-\xd7])", content[at:])
    assert content.endswith(b"\xff\xd9")
    return codes + [found[0] for found in rest]


async def test_what_16_bits_show_is_not_lost(world: World) -> None:
    answer = await _upload(world, picture("PNG", "I;16", colour=32_768), "image/png")
    shown = await world.resident.client.get(answer.json()["url"])
    with Image.open(io.BytesIO(shown.content)) as opened:
        assert all(abs(value - 128) <= 2 for value in opened.getpixel((40, 30)))


_MEASURE = """
import re, sys, time
from pathlib import Path
from shared.infra.images import read_photo
def peak(): return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
content = Path(sys.argv[1]).read_bytes()
Path("/proc/self/clear_refs").write_text("5")
before, started = peak(), time.process_time()
try: read_photo(content, None); became = 201
except Exception as error: became = error.status
print(became, peak() - before, round(time.process_time() - started, 2))
"""


async def measured(folder: Path, content: bytes) -> tuple[int, int, float]:
    """What became of a file, by how many megabytes decoding raised the peak, and the seconds of processor it took."""
    (folder / "photo").write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE, folder / "photo"], capture_output=True, text=True, check=True, timeout=60
    )
    became, megabytes, seconds = run.stdout.split()
    return int(became), int(megabytes), float(seconds)


async def test_a_bomb_of_30000_by_30000_pixels_takes_neither_memory_nor_time(tmp_path: Path) -> None:
    bomb = png(30_000, 30_000, bytes(30_000 * 3_751), depth=1, colour=0)
    became, megabytes, seconds = await measured(tmp_path, bomb)
    assert became == 413 and len(bomb) < 200_000
    assert megabytes < 10 and seconds < 0.5, (megabytes, seconds)


LARGEST: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: png(4_000, 4_000, bytes(4_000 * 16_001), colour=6),
    "PNG of one column": lambda: png(1, 16_000_000, bytes(80_000_000), colour=6),
    "JPEG of 90 scans": lambda: many_scans(7_000, 90),
    "progressive JPEG": lambda: picture("JPEG", size=(7_000, 7_000), progressive=True, subsampling=0),
    "WebP": lambda: picture("WEBP", "RGBA", size=(4_000, 4_000), lossless=True),
}


@pytest.mark.parametrize("make", LARGEST.values(), ids=LARGEST)
async def test_the_largest_that_is_accepted_stays_within_bounds(tmp_path: Path, make: Callable[[], bytes]) -> None:
    became, megabytes, seconds = await measured(tmp_path, make())
    assert became == 201
    assert megabytes < 450 and seconds < 10, (megabytes, seconds)
