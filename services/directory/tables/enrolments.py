"""Enrolments 双向报到: units in the community where they are, their members where they live."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text

from services.directory.tables.base import Base, day, version
from shared.infra.schema import KEPT, uuid


class Enrolment(Base, table=True):
    """An organisation, or (with a person) one of its members, has enrolled in the community `tenant_id`.

    `told_on`: since when they are told to; without `starts_on` they have not done it yet. An organisation may belong to
    another tenant, and so may the person: they go by id.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("num_nonnulls(told_on, starts_on) > 0", name="told_or_done"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        Index(
            "enrolment_open_key",
            "tenant_id",
            "organisation_id",
            "person_id",
            unique=True,
            postgresql_where=text("ends_on is null"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "id"),
        Index(None, "organisation_id", "id"),
        Index(None, "person_id"),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    organisation_id: UUID = uuid()
    person_id: UUID | None = uuid(null=True)
    told_on: date | None = day(null=True)
    starts_on: date | None = day(null=True)
    ends_on: date | None = day(null=True)
