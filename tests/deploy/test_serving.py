"""The web process as a server: what it does with a connection that does not behave."""

import asyncio
import contextlib
from pathlib import Path

from tests.support.processes import one_process


async def _answer(port: int, *pieces: bytes) -> bytes:
    """What comes back for these bytes; a server that hangs up in the middle is an answer too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
    answer = b""
    with contextlib.suppress(ConnectionError):
        answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


async def test_a_head_without_end_is_cut_off_and_others_are_served(environment: dict[str, str], tmp_path: Path) -> None:
    async with one_process(tmp_path, environment) as url:
        port = int(url.rsplit(":", 1)[1])
        begun = b"GET /healthz HTTP/1.1\r\nhost: x\r\n"
        flood = await _answer(port, begun + b"x-long: ", *[b"a" * 65_536] * 200)
        assert flood == b"" or flood.startswith(b"HTTP/1.1 431")
        many = await _answer(port, begun, *[b"x-%d: y\r\n" % n * 50 for n in range(1000)])
        assert many == b"" or many.startswith(b"HTTP/1.1 431")
        closing = b"connection: close\r\n\r\n"
        assert (await _answer(port, begun + b"x-long: " + b"a" * 8_000 + b"\r\n" + closing)).startswith(b"HTTP/1.1 200")
        dots = b"GET /api/v1/petitions/../../../internal/v1/changes HTTP/1.1\r\nhost: x\r\n"
        assert (await _answer(port, dots + closing)).startswith(b"HTTP/1.1 404")
