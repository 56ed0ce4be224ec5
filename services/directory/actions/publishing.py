"""Events, committed with what they tell of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.kernel.ids import new_id

_EVENT = """
insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def publish(
    connection: Any,
    kind: str,
    tenant_id: UUID,
    id: UUID,
    version: int,
    payload: str,
    at: datetime,
    traceparent: str | None = None,
) -> None:
    """An event about the thing `id` as it is in this version; `payload` is JSON, as shared/contracts has it."""
    await connection.execute(_EVENT, tenant_id, new_id(at), kind, id, version, at, traceparent, payload)
