"""Councils of communities, streets and districts: their rhythms, the organisations in them, the meetings held.

A council is an organisation (Popolo), so its committee and its secretary are memberships like all others.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text

from services.directory.tables.base import Base, day, version
from shared.infra.schema import APPEND_ONLY, KEPT, json_column, uuid, word


def _council() -> Any:
    return ForeignKeyConstraint(["tenant_id", "council_id"], ["council.tenant_id", "council.id"])


class Council(Base, table=True):
    """What an organisation of kind `council` has besides: the council of the area `tenant_id`.

    `rhythms` are read and written as one: [{kind, months, since}].
    """

    __tablename__ = "council"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "id"], ["organisation.tenant_id", "organisation.id"]),
        Index(None, "id"),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    starts_on: date = day()
    rhythms: list[dict[str, Any]] = json_column()


class CouncilMember(Base, table=True):
    """An organisation sits in a council, from `starts_on` until the day before `ends_on`."""

    __tablename__ = "council_member"
    __table_args__ = (
        _council(),
        CheckConstraint("ends_on >= starts_on", name="days"),
        Index(
            "council_member_open_key",
            "tenant_id",
            "council_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("ends_on is null"),
        ),
        Index(None, "organisation_id"),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    council_id: UUID = uuid()
    organisation_id: UUID = uuid()
    starts_on: date = day()
    ends_on: date | None = day(null=True)


class CouncilMeeting(Base, table=True):
    """A meeting was held. One of a kind a day."""

    __tablename__ = "council_meeting"
    __table_args__ = (
        _council(),
        UniqueConstraint("tenant_id", "council_id", "kind", "held_on"),
        {"info": APPEND_ONLY},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    council_id: UUID = uuid()
    kind: str = word()
    held_on: date = day()
