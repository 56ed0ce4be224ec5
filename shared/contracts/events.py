"""The envelope around every event on the bus."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class Envelope(BaseModel):
    """What every event carries. `type` is its subject on the bus ("petition.submitted" on stream "petitions").

    `aggregate_version` orders the events of one thing: a consumer that has seen a newer one ignores older ones.
    """

    id: UUID
    type: str
    tenant_id: UUID
    aggregate_id: UUID
    aggregate_version: int
    at: datetime
    traceparent: str | None = None
    payload: dict[str, Any]
