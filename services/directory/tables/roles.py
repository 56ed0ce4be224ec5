"""What people hold: offices in areas, memberships in organisations, roles; and what was done to offices and roles."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKeyConstraint, Index, Integer, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from services.directory.tables.base import Base, day, version
from shared.infra.schema import APPEND_ONLY, KEPT, json_column, moment, uuid, uuids, word

_OPEN = text("ends_on is null")
_DAYS = text("daterange(starts_on, ends_on)")


class Office(Base, table=True):
    """A person answers for an area as `kind`, from `starts_on` until the day before `ends_on`.

    PostgreSQL itself refuses that somebody holds the same office twice at a time, and an `exclusive` one (as its kind
    was when it began) that two hold at a time. `turns_on` is the next day on which it begins or ends: then the change
    feed owes its readers a change. `follows` is the office that was handed over to this one.
    """

    __tablename__ = "office"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"]),
        CheckConstraint("ends_on >= starts_on", name="days"),
        ExcludeConstraint(
            ("tenant_id", "="),
            ("area_id", "="),
            ("kind", "="),
            ("person_id", "="),
            (_DAYS, "&&"),
            name="office_twice_excl",
            using="gist",
        ),
        ExcludeConstraint(
            ("tenant_id", "="),
            ("area_id", "="),
            ("kind", "="),
            (_DAYS, "&&"),
            name="office_exclusive_excl",
            using="gist",
            where=text("exclusive"),
        ),
        Index(None, "id"),
        Index(None, "area_id"),
        Index(None, "person_id"),
        Index(None, "tenant_id", "kind", "id"),
        Index("office_turns_idx", "turns_on", postgresql_where=text("turns_on is not null")),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    person_id: UUID = uuid()
    area_id: UUID = uuid()
    kind: str = word()
    starts_on: date = day()
    ends_on: date | None = day(null=True)
    exclusive: bool = Field(sa_type=Boolean, nullable=False)
    turns_on: date | None = day(null=True)
    follows: UUID | None = uuid(null=True)


class OfficeHistory(Base, table=True):
    """What was done to an office, once, for ever. `facts` are ids and days."""

    __tablename__ = "office_history"
    __table_args__ = (Index(None, "office_id", "id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    office_id: UUID = uuid()
    version: int = Field(sa_type=Integer, nullable=False)
    at: datetime = moment()
    action: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    facts: dict[str, Any] = json_column()


class Membership(Base, table=True):
    """A person belongs to an organisation as `kind`. Kept by the organisation's tenant.

    `on_behalf_of_id` is the organisation that has sent them there; nobody has, where it is null.
    """

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "organisation_id"], ["organisation.tenant_id", "organisation.id"]),
        CheckConstraint("ends_on >= starts_on", name="days"),
        Index(
            "membership_held_key",
            "tenant_id",
            "organisation_id",
            "kind",
            "person_id",
            unique=True,
            postgresql_where=_OPEN,
        ),
        Index(None, "id"),
        Index(None, "organisation_id", "id"),
        Index(None, "person_id"),
        Index(None, "on_behalf_of_id"),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    person_id: UUID = uuid()
    organisation_id: UUID = uuid()
    on_behalf_of_id: UUID | None = uuid(null=True)
    kind: str = word()
    starts_on: date = day()
    ends_on: date | None = day(null=True)


class RoleGrant(Base, table=True):
    """A person has a role in an area, or for an organisation. Kept by the person's tenant. No day: since ever."""

    __tablename__ = "role_grant"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "person_id"], ["person.tenant_id", "person.id"]),
        CheckConstraint("num_nonnulls(area_id, organisation_id) = 1", name="one_root"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        Index(
            "role_grant_held_key",
            "tenant_id",
            "person_id",
            "role",
            "area_id",
            "organisation_id",
            unique=True,
            postgresql_where=_OPEN,
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "person_id"),
        # Those of an area, newest first: nearly all of a community's are its residents', so also by role.
        Index(None, "area_id", "id"),
        Index(None, "area_id", "role", "id"),
        Index(None, "organisation_id", "id", postgresql_where=text("organisation_id is not null")),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    person_id: UUID = uuid()
    role: str = word()
    area_id: UUID | None = uuid(null=True)
    organisation_id: UUID | None = uuid(null=True)
    starts_on: date | None = day(null=True)
    ends_on: date | None = day(null=True)


class RoleGrantHistory(Base, table=True):
    """What was done to a role, once, for ever: the audit. Kept by the tenant in which the role counts.

    `path` is where it counted then, root first: the area, or what keeps the organisation, with all above it.
    """

    __tablename__ = "role_grant_history"
    __table_args__ = (Index(None, "grant_id", "id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    grant_id: UUID = uuid()
    version: int = Field(sa_type=Integer, nullable=False)
    at: datetime = moment()
    action: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    person_id: UUID = uuid()
    role: str = word()
    path: list[UUID] = uuids()
    facts: dict[str, Any] = json_column()
