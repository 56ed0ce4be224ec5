"""How often somebody may call: per caller and per address, told in RateLimit headers (IETF httpapi draft)."""

import hashlib
import time
from functools import lru_cache, partial
from typing import Any

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import storage_from_string
from starlette.types import Scope

from gateway.settings import Settings
from shared.infra.web.problems import header
from shared.kernel.errors import TooManyRequests

#: Callers, and addresses, whose keys are at hand.
_KNOWN = 10_000

Headers = list[tuple[bytes, bytes]]


class Limits:
    """Counts requests in windows of a minute."""

    def __init__(self, settings: Settings) -> None:
        self._storage: Any = storage_from_string(settings.limits_url)
        self._caller = RateLimitItemPerMinute(settings.caller_per_minute)
        self._address = RateLimitItemPerMinute(settings.address_per_minute)
        # Keys are put together letter by letter; those who call come again.
        self._address_key = lru_cache(_KNOWN)(partial(self._address.key_for, "address"))
        self._caller_key = lru_cache(_KNOWN)(partial(self._caller.key_for, "caller"))
        self._policy = b'"caller";q=%d;w=60' % settings.caller_per_minute

    async def admit(self, scope: Scope) -> Headers:
        """The headers that tell the caller what is left; raises TooManyRequests."""
        address = scope["client"][0] if scope.get("client") else ""
        token = header(scope["headers"], b"authorization")
        # Only a digest is kept: a token has no place in a store of counts.
        caller = hashlib.blake2b(token, digest_size=12).hexdigest() if token else f"address {address}"
        await self._count(self._address, self._address_key(address))
        key = self._caller_key(caller)
        remaining = await self._count(self._caller, key)
        reset = await self._storage.get_expiry(key)
        left = b'"caller";r=%d;t=%d' % (remaining, max(0, reset - time.time()))
        return [(b"ratelimit-policy", self._policy), (b"ratelimit", left)]

    async def _count(self, item: RateLimitItem, key: str) -> int:
        """Counts one more and says how many are left. (The library's limiter asks its storage again to say that.)"""
        left: int = item.amount - await self._storage.incr(key, item.get_expiry())
        if left < 0:
            reset = await self._storage.get_expiry(key)
            raise TooManyRequests(max(1, int(reset - time.time()) + 1))
        return left
