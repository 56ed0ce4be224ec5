"""How often somebody may call: per caller and per address, told in RateLimit headers (IETF httpapi draft)."""

import hashlib
import time
from typing import Any

from limits import RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import storage_from_string
from starlette.types import Scope

from gateway.settings import Settings
from shared.infra.web.problems import header
from shared.kernel.errors import TooManyRequests

Headers = list[tuple[bytes, bytes]]


class Limits:
    """Counts requests in windows of a minute."""

    def __init__(self, settings: Settings) -> None:
        storage: Any = storage_from_string(settings.limits_url)
        self._limiter = FixedWindowRateLimiter(storage)
        self._caller = RateLimitItemPerMinute(settings.caller_per_minute)
        self._address = RateLimitItemPerMinute(settings.address_per_minute)
        self._policy = b'"caller";q=%d;w=60' % settings.caller_per_minute

    async def admit(self, scope: Scope) -> Headers:
        """The headers that tell the caller what is left; raises TooManyRequests."""
        address = scope["client"][0] if scope.get("client") else ""
        token = header(scope["headers"], b"authorization")
        # Only a digest is kept: a token has no place in a store of counts.
        caller = hashlib.blake2b(token, digest_size=12).hexdigest() if token else f"address {address}"
        if not await self._limiter.hit(self._address, "address", address):
            raise TooManyRequests(await self._wait(self._address, "address", address))
        if not await self._limiter.hit(self._caller, "caller", caller):
            raise TooManyRequests(await self._wait(self._caller, "caller", caller))
        reset, remaining = await self._limiter.get_window_stats(self._caller, "caller", caller)
        left = b'"caller";r=%d;t=%d' % (remaining, max(0, reset - time.time()))
        return [(b"ratelimit-policy", self._policy), (b"ratelimit", left)]

    async def _wait(self, item: Any, *key: str) -> int:
        stats = await self._limiter.get_window_stats(item, *key)
        return max(1, int(stats.reset_time - time.time()) + 1)
