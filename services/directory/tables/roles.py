"""What people hold: offices in areas, memberships in organisations, roles."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text

from services.directory.tables.base import Base, day, version
from shared.infra.schema import KEPT, uuid, word

_OPEN = text("ends_on is null")


class Office(Base, table=True):
    """A person answers for an area as `kind`, from `starts_on` until the day before `ends_on`."""

    __tablename__ = "office"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"]),
        Index(
            "office_held_key",
            "tenant_id",
            "area_id",
            "kind",
            "person_id",
            unique=True,
            postgresql_where=_OPEN,
        ),
        Index(None, "id"),
        Index(None, "area_id"),
        Index(None, "person_id"),
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


class Membership(Base, table=True):
    """A person belongs to an organisation as `kind`. Kept by the organisation's tenant."""

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "organisation_id"], ["organisation.tenant_id", "organisation.id"]),
        Index(
            "membership_held_key",
            "tenant_id",
            "organisation_id",
            "kind",
            "person_id",
            unique=True,
            postgresql_where=_OPEN,
        ),
        Index(None, "person_id"),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    person_id: UUID = uuid()
    organisation_id: UUID = uuid()
    kind: str = word()
    starts_on: date = day()
    ends_on: date | None = day(null=True)


class RoleGrant(Base, table=True):
    """A person has a role in an area, or for an organisation. Kept by the person's tenant. No day: since ever."""

    __tablename__ = "role_grant"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "person_id"], ["person.tenant_id", "person.id"]),
        CheckConstraint("num_nonnulls(area_id, organisation_id) = 1", name="one_root"),
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
        Index(None, "area_id"),
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
