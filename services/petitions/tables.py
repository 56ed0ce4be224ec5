"""The tables of petitions: the one definition of the schema. Migrations are generated from it, grants follow `info`."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy import Sequence as SqlSequence
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from shared.infra import directory_tables as directory
from shared.infra import schema
from shared.infra.migrate import Schema
from shared.infra.schema import APPEND_ONLY, ERASABLE, KEPT, json_column, moment, uuid, uuids, word


class Base(SQLModel, registry=schema.new_registry()):
    """What all tables of petitions are built on."""


#: Where the numbers of petitions come from; see domain/numbers.py.
NUMBERS = SqlSequence("petition_number", metadata=Base.metadata)


class Category(Base, table=True):
    """One node of a tenant's category tree; its communities use it too. Never deleted: petitions name it."""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("tenant_id", "key"), Index(None, "id"), Index(None, "parent_id"), {"info": KEPT})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    parent_id: UUID | None = uuid(null=True)
    key: str = word()
    name: str = word()
    name_en: str = word()
    urgency: str = word()
    position: int = Field(sa_type=Integer, nullable=False)


class Petition(Base, table=True):
    """What the rules and lists need of a petition; what people wrote stands in petition_text.

    `area_path` is the area and its ancestors, root first: scope and permission need no join.
    """

    __tablename__ = "petition"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("rating between 1 and 5", name="rating"),
        CheckConstraint("version > 0", name="version"),
        Index(None, "id"),
        Index(None, "reporter_id", "id"),
        Index(None, "holder_id", "status", "id"),
        Index("petition_co_handlers_idx", "co_handler_ids", postgresql_using="gin"),
        Index(None, "tenant_id", "area_id", "id"),
        Index(None, "tenant_id", "status", "id"),
        Index(None, "tenant_id", "category_id", "id"),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, nullable=False)
    number: str = word()
    kind: str = word()
    status: str = word()
    category_id: UUID | None = uuid(null=True)
    urgency: str = word()
    area_id: UUID = uuid()
    area_path: list[UUID] = uuids()
    level_area_id: UUID = uuid()
    reporter_id: UUID | None = uuid(null=True)
    anonymity: str = word()
    channel: str = word()
    holder_type: str | None = word(null=True)
    holder_id: UUID | None = uuid(null=True)
    co_handlers: list[Any] = json_column()
    co_handler_ids: list[UUID] = uuids()
    round: int = Field(sa_type=SmallInteger, nullable=False)
    respond_by: datetime | None = moment(null=True)
    resolve_by: datetime | None = moment(null=True)
    responded_at: datetime | None = moment(null=True)
    resolved_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)
    outcome: str | None = word(null=True)
    rating: int | None = Field(sa_type=SmallInteger, nullable=True)
    contacted: bool | None = Field(sa_type=Boolean, nullable=True)
    in_time: bool | None = Field(sa_type=Boolean, nullable=True)
    lat: float | None = Field(sa_type=Float, nullable=True)
    lon: float | None = Field(sa_type=Float, nullable=True)
    given_location: dict[str, Any] | None = json_column(null=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()


def _of_petition() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "petition_id"], ["petition.tenant_id", "petition.id"])


class PetitionText(Base, table=True):
    """What people wrote, apart from what must be kept: it can be erased."""

    __tablename__ = "petition_text"
    __table_args__ = (
        _of_petition(),
        Index("petition_text_search_idx", "tenant_id", "search", postgresql_using="gin"),
        {"info": ERASABLE},
    )

    tenant_id: UUID = uuid(key=True)
    petition_id: UUID = uuid(key=True)
    title: str | None = word(null=True)
    text: str | None = word(null=True)
    search: str = Field(sa_type=TSVECTOR, nullable=False)


class PetitionHistory(Base, table=True):
    """Every change, once, for ever: who, in which role, what, from where to where. Codes, ids and digests only."""

    __tablename__ = "petition_history"
    __table_args__ = (_of_petition(), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    petition_id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    at: datetime = moment()
    action: str = word()
    from_status: str | None = word(null=True)
    to_status: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    facts: dict[str, Any] = json_column()
    note_digest: bytes | None = Field(sa_type=LargeBinary, nullable=True)


class PetitionNote(Base, table=True):
    """The words of a history row: `public_note` for the reporter too, `internal_note` for those who handle it."""

    __tablename__ = "petition_note"
    __table_args__ = (_of_petition(), {"info": ERASABLE})

    tenant_id: UUID = uuid(key=True)
    petition_id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    salt: bytes = Field(sa_type=LargeBinary, nullable=False)
    public_note: str | None = word(null=True)
    internal_note: str | None = word(null=True)


class ExternalRef(Base, table=True):
    """The number that another system gave; taking the same order in twice finds it here."""

    __tablename__ = "external_ref"
    __table_args__ = (_of_petition(), Index(None, "tenant_id", "petition_id"), {"info": KEPT})

    tenant_id: UUID = uuid(key=True)
    system: str = Field(sa_type=Text, primary_key=True)
    number: str = Field(sa_type=Text, primary_key=True)
    petition_id: UUID = uuid()


class Upload(Base, table=True):
    """A photo that belongs to its uploader alone, until something takes it."""

    __tablename__ = "upload"
    __table_args__ = (Index(None, "created_at"), {"info": ERASABLE})

    uploader_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    width: int = Field(sa_type=Integer, nullable=False)
    height: int = Field(sa_type=Integer, nullable=False)
    created_at: datetime = moment()


class Attachment(Base, table=True):
    """A photo that was taken: by a petition (`version` of the change that took it) or by a service record."""

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "tenant_id", "owner_id"), {"info": ERASABLE})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    owner_id: UUID = uuid()
    version: int = Field(sa_type=Integer, nullable=False)
    position: int = Field(sa_type=Integer, nullable=False)
    width: int = Field(sa_type=Integer, nullable=False)
    height: int = Field(sa_type=Integer, nullable=False)


class Area(directory.AreaColumns, Base, table=True):
    __tablename__ = "area"
    __table_args__ = directory.area_args()


class AreaPolygon(directory.AreaPolygonColumns, Base, table=True):
    __tablename__ = "area_polygon"
    __table_args__ = directory.polygon_args()


class Organisation(directory.OrganisationColumns, Base, table=True):
    __tablename__ = "organisation"
    __table_args__ = directory.copy_args("id")


class Person(directory.PersonColumns, Base, table=True):
    __tablename__ = "person"
    __table_args__ = directory.copy_args("id")


class Office(directory.OfficeColumns, Base, table=True):
    __tablename__ = "office"
    __table_args__ = directory.copy_args("area_id", "person_id")


class Outbox(schema.OutboxColumns, Base, table=True):
    __tablename__ = "outbox"
    __table_args__ = schema.outbox_args()


class Inbox(schema.InboxColumns, Base, table=True):
    __tablename__ = "inbox"
    __table_args__ = schema.inbox_args()


class Idempotency(schema.IdempotencyColumns, Base, table=True):
    __tablename__ = "idempotency"
    __table_args__ = schema.idempotency_args()


class Lease(schema.LeaseColumns, Base, table=True):
    __tablename__ = "lease"
    __table_args__ = ({"info": ERASABLE},)


class FeedPosition(schema.FeedPositionColumns, Base, table=True):
    __tablename__ = "feed_position"
    __table_args__ = ({"info": ERASABLE},)


SCHEMA = Schema("petitions", Base.metadata, Path(__file__).parent / "migrations")
