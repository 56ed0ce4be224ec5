"""Counts the parts of a picture file, before a decoder works through them one by one.

Pixels alone do not bound the work: a JPEG of a hundred kilobytes can hold thousands of scans, each of which goes over
the whole picture again, and ten megabytes of empty segments or chunks keep Pillow busy for half a minute. Cameras and
editors make a dozen scans, and a few hundred parts at most.
"""

import re
import struct

from shared.kernel.errors import TooLarge

LIMIT_JPEG_SCANS = 100
LIMIT_JPEG_PARTS = 2_000
LIMIT_PNG_PARTS = 20_000

#: A marker with its fill bytes (T.81, B.1.1.2). Not those without work: stuffed zeros and restarts within a scan.
_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
_SCAN, _END, _WITHOUT_LENGTH = 0xDA, 0xD9, (0x01, 0xD8, 0xD9)


def check_parts(content: bytes) -> None:
    """Raises TooLarge for a JPEG or PNG of more parts than any photo has."""
    if content.startswith(b"\xff\xd8"):
        _check_jpeg(content)
    elif content.startswith(b"\x89PNG"):
        _check_png(content)


def _check_jpeg(content: bytes) -> None:
    parts = scans = 0
    at = 2
    while found := _MARKER.search(content, at):
        at = found.end()
        parts += at - found.start() - 1  # fill bytes count: Pillow reads them one by one
        code = found[1][0]
        scans += code == _SCAN
        if scans > LIMIT_JPEG_SCANS or parts > LIMIT_JPEG_PARTS:
            raise TooLarge(limit=f"{LIMIT_JPEG_SCANS} scans, {LIMIT_JPEG_PARTS} segments")
        if code == _END and scans:
            return  # what follows is not decoded: a phone's second picture, or its film
        if code not in _WITHOUT_LENGTH:
            at += max(2, int.from_bytes(content[at : at + 2]))


def _check_png(content: bytes) -> None:
    at = 8
    for _ in range(LIMIT_PNG_PARTS):
        if at + 4 > len(content):
            return
        at += 12 + struct.unpack_from(">I", content, at)[0]
    raise TooLarge(limit=f"{LIMIT_PNG_PARTS} chunks")
