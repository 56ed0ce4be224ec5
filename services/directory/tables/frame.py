"""The change feed, and the frame's own tables."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field

from services.directory.tables.base import Base
from shared.infra.schema import (
    KEPT,
    IdempotencyColumns,
    InboxColumns,
    LeaseColumns,
    OutboxColumns,
    idempotency_args,
    inbox_args,
    outbox_args,
    uuid,
)


class Xid8Type(UserDefinedType[str]):
    """The number of a transaction, which never wraps around."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


ischema_names["xid8"] = Xid8Type


class Change(Base, table=True):
    """The change feed: for each thing the transaction that changed it last (see queries/changes.py)."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "xid", "seq"), {"info": KEPT})

    tenant_id: UUID = uuid(key=True)
    kind: str = Field(sa_type=Text, primary_key=True)
    entity_id: UUID = uuid(key=True)
    xid: str = Field(sa_column=Column(Xid8Type, nullable=False, server_default=text("pg_current_xact_id()")))
    seq: int = Field(sa_column=Column(BigInteger, Identity(always=True), nullable=False))


class Outbox(OutboxColumns, Base, table=True):
    __tablename__ = "outbox"
    __table_args__ = outbox_args()


class Inbox(InboxColumns, Base, table=True):
    __tablename__ = "inbox"
    __table_args__ = inbox_args()


class Idempotency(IdempotencyColumns, Base, table=True):
    __tablename__ = "idempotency"
    __table_args__ = idempotency_args()


class Lease(LeaseColumns, Base, table=True):
    __tablename__ = "lease"
    __table_args__ = ({"info": KEPT},)
