"""Idempotency-Key: the same caller, key and content do a thing once.

The key's row is inserted by the very statement that does the thing, so either both are there or neither. Two at once:
the second waits for the first inside the database, fails on the key, and is then given the first answer. The answer is
rendered again from the resource (nothing personal is stored beside the key).

A key belongs to its caller wherever the call leads, so the caller stands in for the tenant of its row: keyed by the
tenant that is acted in, one key sent to two communities in the same moment would do two things.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.kernel.errors import IdempotencyKeyReused

#: How a key is looked up.
LOOK_UP = "select fingerprint, resource_id from idempotency where caller_id = $1 and key = $2"


@dataclass(frozen=True, slots=True)
class Once:
    """What makes one call the same as another; None stands for a call without a key."""

    key: str | None
    fingerprint: bytes

    def same(self, fingerprint: bytes) -> None:
        """Raises when the key was used for other content."""
        if fingerprint != self.fingerprint:
            raise IdempotencyKeyReused


async def first_answer(pool: asyncpg.Pool, caller_id: UUID, once: Once) -> UUID | None:
    """The id of what the same call made or changed before; None when it is the first."""
    if once.key is None:
        return None
    row = await pool.fetchrow(LOOK_UP, caller_id, once.key)
    if row is None:
        return None
    once.same(row["fingerprint"])
    found: UUID = row["resource_id"]
    return found


def was_repeated(error: asyncpg.UniqueViolationError) -> bool:
    """Whether a write failed because the same call was carried out at the same moment."""
    return bool(error.constraint_name == "idempotency_pkey")
