"""Files that somebody might upload to do harm, each made in code: what it is, and what is to become of it.

`SECRET` stands in all metadata; nothing of it may come out again.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

SECRET = b"25.0431N-121.5654E"
_HTML = b"<html><script>alert('" + SECRET + b"')</script></html>"


@dataclass(frozen=True, slots=True)
class File:
    """A file, the type it claims, and the outcome: (width, height) when it is accepted, else the status."""

    name: str
    make: Callable[[], bytes]
    outcome: tuple[int, int] | int
    kind: str = "image/jpeg"


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (80, 60), **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, how.pop("colour", 0)).save(out, form, **how)
    return out.getvalue()


def segment(code: int, content: bytes) -> bytes:
    """A JPEG segment."""
    return b"\xff" + bytes([code]) + struct.pack(">H", len(content) + 2) + content


def with_segment(code: int, content: bytes, times: int = 1) -> bytes:
    whole = picture("JPEG")
    return whole[:2] + segment(code, content) * times + whole[2:]


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, rows: bytes, between: bytes = b"", depth: int = 8, colour: int = 2) -> bytes:
    """A PNG that says it has that size, whatever its rows are."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + head + between + body + chunk(b"IEND", b"")


_SMALL_ROWS = b"\x00" * (10 * 31)


def many_scans(side: int, scans: int) -> bytes:
    """A progressive JPEG that goes over all its blocks again and again: each scan takes some 80 bytes."""
    blocks = (-(-side // 8)) ** 2
    tables = segment(0xC4, b"\x00" + bytes([1] + [0] * 15) + b"\x00")
    tables += segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\xe0")
    frame = segment(0xC2, struct.pack(">BHHB", 8, side, side, 1) + bytes([1, 0x11, 0]))
    first = segment(0xDA, bytes([1, 1, 0, 0, 0, 0])) + bytes(-(-blocks // 8))
    bits = ("0" + "1" * 14) * -(-blocks // 32767)  # runs of 32,767 empty blocks
    bits += "1" * (-len(bits) % 8)
    runs = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)).replace(b"\xff", b"\xff\x00")
    again = segment(0xDA, bytes([1, 1, 0, 1, 63, 0])) + runs
    return b"\xff\xd8" + segment(0xDB, b"\x00" + b"\x01" * 64) + frame + tables + first + again * scans + b"\xff\xd9"


def _size_lie(content: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame claims another size."""
    at = content.index(b"\xff\xc0")
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


def _zip(size: int = 100) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd", b"\x00" * size)
    return out.getvalue()


def _exif(form: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x010F] = exif[0x9286] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (25.0, 2.0, 35.0), 3: "E", 4: (121.0, 33.0, 55.0), 29: SECRET.decode()})
    exif.get_ifd(0x8769)[0x9286] = SECRET
    return picture(form, exif=exif)


def _xmp(form: str) -> bytes:
    return picture(form, xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>")


def _texts() -> bytes:
    texts = PngInfo()
    texts.add_text("Comment", SECRET.decode())
    texts.add_text("Comment2", SECRET.decode(), zip=True)
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return picture("PNG", pnginfo=texts)


def _with_profile(form: str, profile: bytes) -> bytes:
    return picture(form, icc_profile=profile)


def _frames(form: str) -> bytes:
    others = [Image.new("RGB", (80, 60), colour) for colour in ("red", "green", "blue")]
    return picture(form, save_all=True, append_images=others)


def _webp_claiming(width: int, height: int) -> bytes:
    """The head of a lossless WebP: 14 bits each for the size, then nothing."""
    bits = (width - 1) | (height - 1) << 14
    body = b"VP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", bits) + b"\x00" * 5
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


KEPT = (80, 60)
FILES = [
    # What is no photo, whatever it says
    File("nothing at all", lambda: b"", 415),
    File("zero bytes of a photo's length", lambda: bytes(5_000), 415),
    File("text", lambda: b"hello", 415),
    File("a web page", lambda: _HTML, 415),
    File("a web page that says it is one", lambda: _HTML, 415, "text/html"),
    File("SVG with a script", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", 415),
    File("SVG that says so", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "image/svg+xml"),
    File(
        "SVG with outer entities", lambda: b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>", 415
    ),
    File("GIF", lambda: picture("GIF"), 415, "image/gif"),
    File("GIF that says it is a JPEG", lambda: picture("GIF"), 415),
    File("animated GIF", lambda: _frames("GIF"), 415, "image/gif"),
    File("GIF of 65,535 × 65,535", lambda: b"GIF89a\xff\xff\xff\xff\xf7\x00\x00" + bytes(800), 415, "image/gif"),
    File("GIF that is a script too", lambda: b"GIF89a/*" + bytes(50) + b"*/=1;alert(1)", 415),
    File("BMP", lambda: picture("BMP"), 415, "image/bmp"),
    File("TIFF", lambda: picture("TIFF"), 415, "image/tiff"),
    File("ICO", lambda: picture("ICO", size=(32, 32)), 415),
    File("PDF", lambda: picture("PDF"), 415, "application/pdf"),
    File("EPS, which a decoder would run", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", 415),
    File("AVIF", lambda: picture("AVIF"), 415, "image/avif"),
    File("zip", lambda: _zip(), 415),
    File("a zip of 50 MB of zeros", lambda: _zip(50_000_000), 415),
    File("a photo in gzip", lambda: gzip.compress(picture("JPEG")), 415),
    File("a photo with a byte order mark", lambda: b"\xef\xbb\xbf" + picture("JPEG"), 415),
    # Types that lie
    File("PNG that says it is a JPEG", lambda: picture("PNG"), 415, "image/jpeg"),
    File("JPEG that says it is a WebP", lambda: picture("JPEG"), 415, "image/webp"),
    File("JPEG that says it is anything", lambda: picture("JPEG"), KEPT, "application/octet-stream"),
    File("JPEG that says it is a web page", lambda: picture("JPEG"), KEPT, "text/html; charset=utf-7"),
    # Torn and bent
    File("JPEG cut in its picture", lambda: picture("JPEG", size=(800, 600), colour=9)[:2000], 415),
    File("JPEG cut in its head", lambda: picture("JPEG")[:100], 415),
    File("PNG cut", lambda: picture("PNG", size=(800, 600))[:-600], 415, "image/png"),
    File("WebP cut", lambda: picture("WEBP", size=(800, 600))[:100], 415, "image/webp"),
    File("JPEG of its first two bytes", lambda: b"\xff\xd8", 415),
    File("JPEG without tables", lambda: picture("JPEG").replace(b"\xff\xdb", b"\xff\xee"), 415),
    File("JPEG with a segment that is too long", lambda: picture("JPEG")[:2] + b"\xff\xe1\xff\xff", 415),
    File("JPEG with a segment of length 0", lambda: b"\xff\xd8\xff\xe1\x00\x00" + picture("JPEG")[2:], KEPT),
    File("JPEG of 0 × 0", lambda: _size_lie(picture("JPEG"), 0, 0), 415),
    File("PNG of 0 × 0", lambda: png(0, 0, b""), 415, "image/png"),
    File("PNG with a wrong checksum", lambda: picture("PNG")[:30] + b"XX" + picture("PNG")[32:], 415, "image/png"),
    File("PNG with a chunk of 4 GB", lambda: picture("PNG")[:33] + b"\xff\xff\xff\xffIDAT", 415, "image/png"),
    # Bombs
    File("PNG of 30,000 × 30,000", lambda: png(30_000, 30_000, bytes(9_000_000)), 413, "image/png"),
    File("PNG of 2³¹ × 2³¹", lambda: png(2**31 - 1, 2**31 - 1, b""), 413, "image/png"),
    File("JPEG that claims 65,500 × 65,500", lambda: _size_lie(picture("JPEG"), 65_500, 65_500), 413),
    File("WebP that claims 16,383 × 16,383", lambda: _webp_claiming(16_383, 16_383), 413, "image/webp"),
    File("PNG whose rows never end", lambda: png(10, 10, bytes(100_000_000)), (10, 10), "image/png"),
    File(
        "PNG with a text of 100 MB",
        lambda: png(10, 10, _SMALL_ROWS, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000)))),
        415,
        "image/png",
    ),
    File(
        "PNG with a colour profile of 100 MB",
        lambda: png(10, 10, _SMALL_ROWS, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100_000_000)))),
        415,
        "image/png",
    ),
    File("JPEG with 5,000 scans", lambda: many_scans(7_000, 5_000), 413),
    File("JPEG with two million empty segments", lambda: with_segment(0xE1, b"", 2_000_000), 413),
    File("JPEG with nine million fill bytes", lambda: b"\xff\xd8" + b"\xff" * 9_000_000 + picture("JPEG")[2:], 413),
    File("PNG with 600,000 texts", lambda: png(10, 10, _SMALL_ROWS, chunk(b"tEXt", b"a\0b") * 600_000), 413),
    File("more than 10 MB", lambda: picture("JPEG") + bytes(10_000_000), 413),
    # Two things at once, and what is said beside the picture
    File("JPEG that is a zip too", lambda: picture("JPEG") + _zip() + SECRET, KEPT),
    File("JPEG that is a web page too", lambda: with_segment(0xFE, _HTML) + _HTML, KEPT),
    File("PNG that is a program too", lambda: picture("PNG") + b"<?php system('" + SECRET + b"');", KEPT, "image/png"),
    File("PDF that is a JPEG too", lambda: b"%PDF-1.7\n" + picture("JPEG"), 415, "application/pdf"),
    File("JPEG with a place in EXIF", lambda: _exif("JPEG"), KEPT),
    File("PNG with a place in EXIF", lambda: _exif("PNG"), KEPT, "image/png"),
    File("WebP with a place in EXIF", lambda: _exif("WEBP"), KEPT, "image/webp"),
    File("JPEG with a place in XMP", lambda: _xmp("JPEG"), KEPT),
    File("WebP with a place in XMP", lambda: _xmp("WEBP"), KEPT, "image/webp"),
    File("JPEG with a place in IPTC", lambda: with_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04" + SECRET), KEPT),
    File("PNG with places in texts", _texts, KEPT, "image/png"),
    File("JPEG with EXIF that points at itself", lambda: with_segment(0xE1, _EXIF_LOOP), KEPT),
    # Odd, and good
    File("JPEG with a profile of 5 MB", lambda: _with_profile("JPEG", SECRET * 280_000), KEPT),
    File("JPEG with a profile", lambda: _with_profile("JPEG", _srgb()), KEPT),
    File("progressive JPEG", lambda: picture("JPEG", progressive=True), KEPT),
    File("JPEG in shades of grey", lambda: picture("JPEG", "L"), KEPT),
    File("JPEG in CMYK", lambda: picture("JPEG", "CMYK"), KEPT),
    File("PNG of 1 bit", lambda: picture("PNG", "1"), KEPT, "image/png"),
    File("PNG of 16 bits", lambda: picture("PNG", "I;16", colour=32_768), KEPT, "image/png"),
    File("PNG of 16 bits with alpha", lambda: png(10, 10, bytes(10 * 81), depth=16, colour=6), (10, 10), "image/png"),
    File("PNG with alpha", lambda: picture("PNG", "RGBA"), KEPT, "image/png"),
    File("PNG in grey with alpha", lambda: picture("PNG", "LA"), KEPT, "image/png"),
    File("PNG with a palette and a clear colour", lambda: picture("PNG", "P", transparency=0), KEPT, "image/png"),
    File("animated PNG", lambda: _frames("PNG"), KEPT, "image/png"),
    File("animated WebP", lambda: _frames("WEBP"), KEPT, "image/webp"),
    File("one pixel", lambda: picture("JPEG", size=(1, 1)), (1, 1)),
    File("a line", lambda: picture("JPEG", size=(60_000, 1)), (2048, 1)),
]
_EXIF_LOOP = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"
