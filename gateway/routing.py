"""Which service answers for which address. Internal routes are in no row, so nobody reaches them from outside."""

from collections.abc import Sequence

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.limits import Headers, Limits
from gateway.settings import Settings
from gateway.upstreams import Upstream, call_in_time

#: The word after /api/v1/ and the service that owns it; figures are told by the second word.
OWNERS = {
    "statistics/directory": "directory",
    "petitions": "petitions",
    "categories": "petitions",
    "attachments": "petitions",
    "openings": "volunteers",
    "service-records": "volunteers",
    "points": "volunteers",
    "areas": "directory",
    "kinds": "directory",
    "offices": "directory",
    "grants": "directory",
    "organisations": "directory",
    "people": "directory",
    "households": "directory",
    "care": "directory",
    "responsibilities": "directory",
    "memberships": "directory",
    "enrolments": "directory",
    "councils": "directory",
    "agreements": "directory",
    "resources": "directory",
    "needs": "directory",
    "projects": "directory",
    "facilities": "directory",
    "services": "directory",
    "circles": "directory",
    "me": "directory",
}
_PREFIX = "/api/v1/"


def owner_of(words: Sequence[str]) -> str | None:
    """The service that answers for an address, by its words after /api/v1/."""
    return OWNERS.get("/".join(words[:2])) or OWNERS.get(words[0])


class Front:
    """Counts the request, finds its owner, and passes it on; what no service owns is the gateway's own."""

    def __init__(self, own: ASGIApp, upstreams: dict[str, Upstream], settings: Settings) -> None:
        self.own = own
        self.upstreams = upstreams
        self.settings = settings
        self.limits = Limits(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
            return await self.own(scope, receive, send)
        counted = await self.limits.admit(scope)
        words = scope["path"][len(_PREFIX) :].split("/")
        # A proxy that resolves dots would leave the owner's addresses, and find the internal ones.
        owner = None if {".", ".."} & set(words) else owner_of(words)
        if owner is not None:
            scope["linli.trail"].route = _PREFIX + words[0]  # until the service knows better
        with_headers = _adding(counted, send)
        if owner is None:
            return await self.own(scope, receive, with_headers)
        try:
            await call_in_time(
                self.upstreams[owner],
                scope,
                receive,
                with_headers,
                read_seconds=self.settings.read_seconds,
                write_seconds=self.settings.write_seconds,
            )
        except ClientDisconnect:
            return


def _adding(headers: Headers, send: Send) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return adding
