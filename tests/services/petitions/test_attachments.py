"""Photos: re-encoded without EXIF, shown by signed links only, and lies refused."""

import io
import struct
import zlib

import pytest
from PIL import Image

from deploy.journey import photo_of
from tests.support.world import World


async def upload(person, content: bytes, kind: str = "image/jpeg", name: str = "a.jpg"):
    return await person.post("/attachments", files={"file": (name, content, kind)})


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
async def test_a_photo_comes_back_upright_without_exif(world: World, form: str, kind: str) -> None:
    answer = await upload(world.resident, photo_of("门", form), kind)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    # Taken as 1600 × 1200 with an orientation that turns it.
    assert (shown["width"], shown["height"]) == (1200, 1600)
    for link, longest in ((shown["url"], 1600), (shown["thumbnail_url"], 320)):
        picture = await world.resident.client.get(link)
        assert picture.status_code == 200 and picture.headers["content-type"] == "image/jpeg"
        with Image.open(io.BytesIO(picture.content)) as opened:
            assert max(opened.size) == longest
            assert not opened.getexif() and "exif" not in opened.info


async def test_a_link_is_no_good_for_another_photo_nor_changed_nor_without_signature(world: World) -> None:
    mine = (await upload(world.resident, photo_of("a"))).json()
    other = (await upload(world.resident, photo_of("b"))).json()
    client = world.resident.client
    query = mine["url"].split("?")[1]
    for link in (
        other["url"].split("?")[0] + "?" + query,
        mine["url"].replace("expires=1", "expires=2"),
        mine["url"][:-1] + ("0" if mine["url"][-1] != "0" else "1"),
        mine["thumbnail_url"].split("?")[0] + "?" + query,
    ):
        assert (await client.get(link)).status_code == 404
    assert (await client.get(mine["url"].split("?")[0])).status_code == 422
    assert (await client.get(mine["url"].split("&")[0] + "&signature=" + "中" * 12)).status_code == 404


def _bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unpacks to width × height pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


async def test_what_is_no_photo_or_lies_about_it_is_refused(world: World) -> None:
    good = photo_of("门")
    cases = [
        (b"", "image/jpeg", 415),
        (b"hello", "image/jpeg", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415),
        (b"GIF89a" + b"\x00" * 50, "image/gif", 415),
        (good[: len(good) // 2], "image/jpeg", 415),
        (good, "image/png", 415),
        (b"%PDF-1.7 " + good, "application/pdf", 415),
        (_bomb(30_000, 30_000), "image/png", 413),
        (b"\xff\xd8\xff" + b"x" * 10_000_001, "image/jpeg", 413),
    ]
    for content, kind, status in cases:
        refused = await upload(world.resident, content, kind)
        assert refused.status_code == status, f"{kind} {content[:12]!r}: {refused.text}"


async def test_a_portrait_with_two_pictures_in_it_is_a_photo(world: World) -> None:
    out = io.BytesIO()
    second = Image.new("RGB", (40, 30), "red")
    Image.new("RGB", (80, 60), "blue").save(out, "MPO", save_all=True, append_images=[second])
    answer = await upload(world.resident, out.getvalue())
    assert answer.status_code == 201 and (answer.json()["width"], answer.json()["height"]) == (80, 60)


async def test_broken_metadata_is_dropped_not_stumbled_over(world: World) -> None:
    picture = Image.new("RGB", (40, 30), "blue")
    for tag, value in ((0x0112, 0), (0x0112, 77), (0x0110, b"\xff" * 50), (0x010E, "x" * 9000)):
        exif = Image.Exif()
        exif[tag] = value
        out = io.BytesIO()
        picture.save(out, "JPEG", exif=exif)
        whole = out.getvalue()
        for content in (
            whole,
            whole.replace(b"Exif\x00\x00MM", b"Exif\x00\x00II"),
            whole.replace(b"Exif\x00\x00II", b"Exif\x00\x00MM"),
        ):
            answer = await upload(world.resident, content)
            assert answer.status_code == 201, answer.text


async def test_the_form_must_hold_one_file(world: World) -> None:
    missing = await world.resident.post("/attachments", files={"photo": ("a.jpg", photo_of("a"), "image/jpeg")})
    assert missing.status_code == 422 and missing.json()["errors"][0]["pointer"] == "/file"
    text = await world.resident.post("/attachments", {"file": "x"})
    assert text.status_code == 415
    torn = await world.resident.post(
        "/attachments", content=b"--x\r\nbroken", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert torn.status_code in (400, 422)
