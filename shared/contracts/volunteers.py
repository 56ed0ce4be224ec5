"""What volunteers publishes: ids and what changed, no personal data."""

from uuid import UUID

from pydantic import BaseModel


class OpeningChanged(BaseModel):
    """Payload of every `opening.*` event."""

    kind: str
    status: str
    petition_id: UUID | None


class ServiceRecordChanged(BaseModel):
    """Payload of every `service_record.*` event.

    `points` and `rule_version` are fixed when the record is approved; together with the record's id they name the
    transfer, so that an award counts once however often the event arrives.
    """

    opening_id: UUID
    petition_id: UUID | None
    person_id: UUID
    status: str
    evidence_grade: str | None = None
    points: int = 0
    rule_version: int = 1
    scheme: str = "resident"


class PointsTransferred(BaseModel):
    """Payload of `points.transferred`."""

    scheme: str
    debit_account_id: UUID
    credit_account_id: UUID
    amount: int
    kind: str
    reference_id: UUID
