"""The last step of a service record: the ledger has posted its points."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.volunteers.actions.writing import COMPANION_COUNT, COMPANIONS, Step, companions
from services.volunteers.domain.states import Status
from shared.infra.idempotency import Once

#: $1 and $2 name the record; the last placeholder of the frame, an event of the opening, is the transfer here.
_AWARD = f"""
with r as (
  update service_record set version = version + 1, status = 'awarded', transfer_id = ${COMPANION_COUNT}::uuid,
         updated_at = $3::timestamptz
   where tenant_id = $1 and id = $2 and status = 'approved'
  returning *
), {COMPANIONS}
select exists (select from r)
"""


async def mark_awarded(
    connection: Any,
    tenant_id: UUID,
    record_id: UUID,
    transfer_id: UUID | None,
    at: datetime,
    traceparent: str | None,
) -> bool:
    """Marks the record within the caller's transaction; False when it was not waiting for its award (any more).

    A record that earned no points is awarded without a transfer.
    """
    facts = {"transfer_id": transfer_id} if transfer_id else {}
    step = Step("award", at, None, "system", facts, traceparent=traceparent)
    frame = companions(step, Status.APPROVED, Once(None, b""))[:-1]
    return bool(await connection.fetchval(_AWARD, tenant_id, record_id, *frame, transfer_id))
