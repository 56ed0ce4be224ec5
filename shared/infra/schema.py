"""What the tables of all services have in common: the frame's own tables, column shorthands, grants.

Each service has its own SQLModel registry (three services share one process, and each has an `outbox`). A table says
in `info` what the service's role may do with it; `migrate.py` turns that into GRANTs, and into a check for drift.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, MetaData, Text, text
from sqlalchemy import Uuid as SaUuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

#: The role may only read: what `linli migrate` fills.
READ_ONLY = {"grants": ("select",)}
#: The role may read and add, nothing else: history and ledger.
APPEND_ONLY = {"grants": ("select", "insert")}
#: The role may read, add and change, never delete.
KEPT = {"grants": ("select", "insert", "update")}
#: The role may also delete: caches, queues, erasable personal data.
ERASABLE = {"grants": ("select", "insert", "update", "delete")}

_NAMES = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}


def new_registry() -> registry:
    """For a service's base class: `class Base(SQLModel, registry=new_registry())`."""
    return registry(metadata=MetaData(naming_convention=_NAMES))


def uuid(*, key: bool = False, null: bool = False) -> Any:
    """A UUID column."""
    return Field(sa_type=SaUuid, primary_key=key, nullable=null, default=None if null else ...)


def word(*, null: bool = False) -> Any:
    """Text of any length (PostgreSQL gains nothing from a limit; the schemas set limits)."""
    return Field(sa_type=Text, nullable=null, default=None if null else ...)


def moment(*, null: bool = False) -> Any:
    """A point in time, stored in UTC."""
    return Field(sa_type=TIMESTAMP(timezone=True), nullable=null, default=None if null else ...)


def uuids() -> Any:
    """A list of ids."""
    return Field(sa_type=ARRAY(SaUuid), nullable=False)


def json_column(*, null: bool = False) -> Any:
    """A JSON document."""
    return Field(sa_type=JSONB, nullable=null, default=None if null else ...)


class OutboxColumns(SQLModel):
    """Events that committed with their change and wait to be published. Rows stay for 7 days."""

    # Not `sa_column`: one Column object cannot stand in the outboxes of three services.
    seq: int = Field(sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)])
    tenant_id: UUID = uuid()
    id: UUID = uuid()
    type: str = word()
    aggregate_id: UUID = uuid()
    aggregate_version: int = Field(sa_type=BigInteger)
    at: datetime = moment()
    traceparent: str | None = word(null=True)
    payload: dict[str, Any] = json_column()
    published_at: datetime | None = moment(null=True)


def outbox_args() -> tuple[Any, ...]:
    return (
        Index("outbox_waiting_idx", "seq", postgresql_where=text("published_at is null")),
        Index("outbox_published_idx", "published_at"),
        {"info": ERASABLE},
    )


class InboxColumns(SQLModel):
    """Events that a consumer has carried out; recorded in the same transaction as their effect."""

    consumer: str = Field(sa_type=Text, primary_key=True)
    event_id: UUID = uuid(key=True)
    at: datetime = moment()


def inbox_args() -> tuple[Any, ...]:
    return (Index(None, "at"), {"info": ERASABLE})


class IdempotencyColumns(SQLModel):
    """The first answer to each Idempotency-Key, as the id of what it made or changed. Kept 24 hours."""

    tenant_id: UUID = uuid(key=True)
    caller_id: UUID = uuid(key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    fingerprint: bytes = Field(sa_type=LargeBinary, nullable=False)
    resource_id: UUID = uuid()
    at: datetime = moment()


def idempotency_args() -> tuple[Any, ...]:
    return (Index(None, "caller_id", "key"), Index(None, "at"), {"info": ERASABLE})


class LeaseColumns(SQLModel):
    """Who does what only one may do at a time; another takes over when the holder stops renewing."""

    name: str = Field(sa_type=Text, primary_key=True)
    holder: UUID = uuid()
    until: datetime = moment()


class FeedPositionColumns(SQLModel):
    """How far a projection has followed a feed."""

    feed: str = Field(sa_type=Text, primary_key=True)
    position: str = word()


def grants_of(metadata: MetaData) -> dict[str, Sequence[str]]:
    """What the service's role may do, table by table; a table that does not say is an error."""
    return {table.name: table.info["grants"] for table in metadata.sorted_tables}
