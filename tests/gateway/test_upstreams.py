"""A service at an address that goes away: what the caller may conclude from the answer."""

import asyncio

import httpx
import pytest

from gateway.main import create_app
from gateway.upstreams import Remote
from tests.support.processes import free_port


async def _answers(port: int) -> list[tuple[int, str, str]]:
    """To a read and to a write: status, code, Retry-After."""
    app = create_app({"petitions": Remote("petitions", f"http://127.0.0.1:{port}")})
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://linli") as client,
    ):
        answers = [await client.get("/api/v1/petitions"), await client.post("/api/v1/petitions", json={})]
    return [(answer.status_code, answer.json()["code"], answer.headers["retry-after"]) for answer in answers]


@pytest.mark.usefixtures("environment")
async def test_a_write_that_was_broken_off_is_told_as_one_that_may_have_been_carried_out() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        answers = await _answers(server.sockets[0].getsockname()[1])
    assert answers == [(503, "unavailable", "2"), (503, "interrupted", "2")]


@pytest.mark.usefixtures("environment")
async def test_a_write_that_never_reached_the_service_stored_nothing() -> None:
    assert await _answers(free_port()) == [(503, "unavailable", "2"), (503, "unavailable", "2")]
