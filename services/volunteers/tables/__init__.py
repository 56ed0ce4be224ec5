"""The tables of volunteers: the one definition of the schema. Migrations come from it, grants follow `info`."""

from pathlib import Path

from services.volunteers.tables.base import Base
from services.volunteers.tables.frame import (
    Area,
    AreaPolygon,
    FeedPosition,
    Idempotency,
    Inbox,
    Lease,
    Office,
    Organisation,
    Outbox,
    Person,
    Petition,
)
from services.volunteers.tables.ledger import Account, Chain, Entry, Lot, Pending, Transfer
from services.volunteers.tables.openings import (
    Opening,
    OpeningHistory,
    OpeningText,
    ServiceRecord,
    ServiceRecordHistory,
    ServiceRecordNote,
)
from shared.infra.migrate import Schema

__all__ = [
    "SCHEMA",
    "Account",
    "Area",
    "AreaPolygon",
    "Base",
    "Chain",
    "Entry",
    "FeedPosition",
    "Idempotency",
    "Inbox",
    "Lease",
    "Lot",
    "Office",
    "Opening",
    "OpeningHistory",
    "OpeningText",
    "Organisation",
    "Outbox",
    "Pending",
    "Person",
    "Petition",
    "ServiceRecord",
    "ServiceRecordHistory",
    "ServiceRecordNote",
    "Transfer",
]

SCHEMA = Schema("volunteers", Base.metadata, Path(__file__).parent.parent / "migrations")
