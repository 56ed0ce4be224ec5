"""Openings and service records: who offers what when, who takes part, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKeyConstraint, Index, Integer, LargeBinary, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from services.volunteers.tables.base import Base
from shared.infra.schema import APPEND_ONLY, ERASABLE, KEPT, json_column, moment, uuid, uuids, word


class Opening(Base, table=True):
    """Something to take part in. `taken` counts places; only the statement that gives or returns one changes it.

    `area_path` is the area and its ancestors, root first. `lat`, `lon` are the centre of the area when the opening was
    made: lists sort by them, and must not shift under a cursor. `version` counts changes of the opening itself, not of
    `taken`. `secret` makes the rotating code and never leaves the service.
    """

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("capacity between 1 and 1000", name="capacity"),
        CheckConstraint("taken between 0 and capacity", name="taken"),
        CheckConstraint("points between 0 and 1000", name="points"),
        CheckConstraint("ends_at > starts_at", name="window"),
        Index(None, "id"),
        Index(None, "tenant_id", "area_id", "id"),
        Index(None, "tenant_id", "status", "id"),
        Index("opening_led_idx", "leader_id", postgresql_where=text("status in ('open', 'full')")),
        Index("opening_due_idx", "ends_at", postgresql_where=text("status in ('open', 'full')")),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, nullable=False)
    kind: str = word()
    status: str = word()
    petition_id: UUID | None = uuid(null=True)
    area_id: UUID = uuid()
    area_path: list[UUID] = uuids()
    lat: float | None = Field(sa_type=Float, nullable=True)
    lon: float | None = Field(sa_type=Float, nullable=True)
    leader_id: UUID = uuid()
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    capacity: int = Field(sa_type=Integer, nullable=False)
    taken: int = Field(sa_type=Integer, nullable=False)
    points: int = Field(sa_type=Integer, nullable=False)
    rule_version: int = Field(sa_type=Integer, nullable=False)
    secret: bytes = Field(sa_type=LargeBinary, nullable=False)
    created_at: datetime = moment()
    updated_at: datetime = moment()


def _of_opening() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "opening_id"], ["opening.tenant_id", "opening.id"])


class OpeningText(Base, table=True):
    """What people wrote about it, apart from what must be kept: it can be erased."""

    __tablename__ = "opening_text"
    __table_args__ = (_of_opening(), {"info": ERASABLE})

    tenant_id: UUID = uuid(key=True)
    opening_id: UUID = uuid(key=True)
    title: str = word()
    text: str = word()


class OpeningHistory(Base, table=True):
    """Every change of an opening, once, for ever. Codes and ids only."""

    __tablename__ = "opening_history"
    __table_args__ = (_of_opening(), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    opening_id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    at: datetime = moment()
    action: str = word()
    from_status: str | None = word(null=True)
    to_status: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    facts: dict[str, Any] = json_column()


class ServiceRecord(Base, table=True):
    """One person in one opening, from the claim to the award.

    Its window is the opening's, but begins with the claim when the opening runs already. `busy_until` is its end until
    the check-out, which frees the rest: PostgreSQL itself refuses two records whose busy times overlap.

    `leader_id` is the opening's, for the list of those that somebody leads.

    `recorded_by` is who recorded the presence; that person may not approve. Grade, points and rule version are fixed
    by the approval. `attachment_ids` are photos that petitions keeps.
    """

    __tablename__ = "service_record"
    __table_args__ = (
        _of_opening(),
        ExcludeConstraint(
            ("tenant_id", "="),
            ("person_id", "="),
            (text("tstzrange(starts_at, busy_until)"), "&&"),
            name="service_record_overlap_excl",
            using="gist",
            where=text("status <> 'cancelled' and status <> 'rejected'"),
        ),
        Index(
            "service_record_once_key",
            "tenant_id",
            "opening_id",
            "person_id",
            unique=True,
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index(None, "id"),
        Index(None, "person_id", "id"),
        Index(None, "leader_id", "status", "id"),
        Index(None, "tenant_id", "area_id", "id"),
        Index(None, "tenant_id", "opening_id", "id"),
        Index(None, "tenant_id", "status", "id"),
        Index("service_record_approved_idx", "tenant_id", "id", postgresql_where=text("status = 'approved'")),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, nullable=False)
    status: str = word()
    opening_id: UUID = uuid()
    petition_id: UUID | None = uuid(null=True)
    person_id: UUID = uuid()
    leader_id: UUID = uuid()
    area_id: UUID = uuid()
    area_path: list[UUID] = uuids()
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    busy_until: datetime = moment()
    recorded_by: UUID | None = uuid(null=True)
    checked_in_at: datetime | None = moment(null=True)
    checked_out_at: datetime | None = moment(null=True)
    minutes: int | None = Field(sa_type=Integer, nullable=True)
    evidence_grade: str | None = word(null=True)
    attachment_ids: list[UUID] = uuids()
    points: int = Field(sa_type=Integer, nullable=False)
    rule_version: int = Field(sa_type=Integer, nullable=False)
    transfer_id: UUID | None = uuid(null=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()


def _of_record() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "service_record_id"], ["service_record.tenant_id", "service_record.id"])


class ServiceRecordHistory(Base, table=True):
    """Every change of a service record, once, for ever: who, in which role, what. Codes, ids and digests only."""

    __tablename__ = "service_record_history"
    __table_args__ = (_of_record(), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    service_record_id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    at: datetime = moment()
    action: str = word()
    from_status: str | None = word(null=True)
    to_status: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    facts: dict[str, Any] = json_column()
    note_digest: bytes | None = Field(sa_type=LargeBinary, nullable=True)


class ServiceRecordNote(Base, table=True):
    """The words of a history row: what was done, why it was refused or cancelled."""

    __tablename__ = "service_record_note"
    __table_args__ = (_of_record(), {"info": ERASABLE})

    tenant_id: UUID = uuid(key=True)
    service_record_id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    salt: bytes = Field(sa_type=LargeBinary, nullable=False)
    note: str = word()
