"""Identifiers: UUIDv7, so that ids sort by the time of what they name (RFC 9562, 5.7)."""

from datetime import datetime
from uuid import UUID

import uuid_utils


def new_id(at: datetime | None = None) -> UUID:
    """A new UUIDv7. `at` puts it in the order of that time: imports and moved clocks keep lists in order."""
    if at is None:
        return UUID(int=uuid_utils.uuid7().int)
    return UUID(int=uuid_utils.uuid7(nanoseconds=int(at.timestamp() * 1_000_000) * 1000).int)
