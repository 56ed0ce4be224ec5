"""What the gateway has open while it runs: its settings, the keys that it publishes, its upstreams."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from gateway.settings import Settings
from gateway.upstreams import Upstream
from shared.infra.auth import TokenVerifier
from shared.infra.web import call


@dataclass(frozen=True, slots=True)
class House:
    """The open resources of the gateway."""

    settings: Settings
    verifier: TokenVerifier
    upstreams: dict[str, Upstream]


class Call(call.Call):
    """A request to the gateway itself."""

    house: House


@asynccontextmanager
async def open_house(settings: Settings, upstreams: dict[str, Upstream]) -> AsyncIterator[House]:
    """Opens every upstream, one after the other, and closes them in the other order."""
    async with AsyncExitStack() as stack:
        for upstream in upstreams.values():
            await stack.enter_async_context(upstream.opened())
        yield House(settings, TokenVerifier(settings.keys / "jwks.json", production=settings.production), upstreams)
