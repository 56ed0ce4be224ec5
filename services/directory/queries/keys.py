"""Which keys the sealed values need."""

from typing import Any

_IN_USE = "select key_id, count(*) as sealed from sealed_value group by key_id order by key_id"


async def keys_in_use(connection: Any) -> dict[str, int]:
    """How many values each data key seals."""
    return {row["key_id"]: row["sealed"] for row in await connection.fetch(_IN_USE)}
