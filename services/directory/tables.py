"""The directory's tables: the one definition of its schema.

Each row belongs to a tenant, which stands first in every key. References inside a tenant are foreign keys; those that
may lead to another tenant (a parent area, a home, the person who holds an office) are not, since tenants may one day
live on different machines; they go by id, which is unique everywhere.
"""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

from shared.infra.directory_copy import AreaColumns, AreaPolygonColumns, OrganisationColumns
from shared.infra.migrate import Schema
from shared.infra.schema import (
    ERASABLE,
    KEPT,
    IdempotencyColumns,
    InboxColumns,
    LeaseColumns,
    OutboxColumns,
    idempotency_args,
    inbox_args,
    new_registry,
    outbox_args,
    uuid,
    uuids,
    word,
)


class Base(SQLModel, registry=new_registry()):
    """What all tables of the directory are built on."""


class Xid8Type(UserDefinedType[str]):
    """The number of a transaction, which never wraps around."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


ischema_names["xid8"] = Xid8Type


def _day(*, null: bool = False) -> Any:
    return Field(sa_type=Date, nullable=null, default=None if null else ...)


def _version() -> Any:
    return Field(sa_type=Integer, nullable=False)


def _by_key(*more: Any) -> tuple[Any, ...]:
    """Looked up by id, and by the key of the source that it was loaded from."""
    return (
        Index(None, "id"),
        UniqueConstraint("tenant_id", "external_key"),
        Index(None, "external_key"),
        *more,
    )


_OPEN = text("ends_on is null")


class Area(AreaColumns, Base, table=True):
    """District, street, community… building. `lat`, `lon` are its centre in WGS-84."""

    __tablename__ = "area"
    __table_args__ = (
        *_by_key(
            Index(None, "parent_id"),
            Index("area_ancestors_idx", "ancestors", postgresql_using="gin"),
            # The few areas that are tenants, by what stands above them: "all communities of this street".
            Index(
                "area_tenants_idx",
                "ancestors",
                postgresql_using="gin",
                postgresql_where=text("id = tenant_id"),
            ),
        ),
        {"info": KEPT},
    )

    households: int | None = Field(sa_type=Integer, nullable=True)
    residents: int | None = Field(sa_type=Integer, nullable=True)
    external_key: str | None = word(null=True)


class AreaPolygon(AreaPolygonColumns, Base, table=True):
    """The rings of an area; `depth` is the number of its ancestors, so that the deepest one is found without a join."""

    __tablename__ = "area_polygon"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"]),
        Index("area_polygon_ring_idx", "ring", postgresql_using="gist"),
        {"info": ERASABLE},
    )


class Organisation(OrganisationColumns, Base, table=True):
    """`serves` are areas anywhere; `serves_tenants` are their tenants, kept beside so that one index finds them."""

    __tablename__ = "organisation"
    __table_args__ = (
        *_by_key(Index("organisation_serves_tenants_idx", "serves_tenants", postgresql_using="gin")),
        {"info": KEPT},
    )

    serves_tenants: list[UUID] = uuids()
    aliases: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    parent_id: UUID | None = uuid(null=True)
    external_key: str | None = word(null=True)


class Person(Base, table=True):
    """A person, kept by one tenant; `home_id` is the area where they live, if they live in one.

    `birth_year` is for counting and for rules about age (the old who are looked after, minors). It is personal: no
    answer, feed or event carries it.
    """

    __tablename__ = "person"
    __table_args__ = (*_by_key(), {"info": KEPT})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = _version()
    name: str = word()
    home_id: UUID | None = uuid(null=True)
    birth_year: int | None = Field(sa_type=SmallInteger, nullable=True)
    erased: bool = Field(sa_type=Boolean, nullable=False)
    external_key: str | None = word(null=True)


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
    version: int = _version()
    person_id: UUID = uuid()
    area_id: UUID = uuid()
    kind: str = word()
    starts_on: date = _day()
    ends_on: date | None = _day(null=True)


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
    version: int = _version()
    person_id: UUID = uuid()
    organisation_id: UUID = uuid()
    kind: str = word()
    starts_on: date = _day()
    ends_on: date | None = _day(null=True)


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
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = _version()
    person_id: UUID = uuid()
    role: str = word()
    area_id: UUID | None = uuid(null=True)
    organisation_id: UUID | None = uuid(null=True)
    starts_on: date | None = _day(null=True)
    ends_on: date | None = _day(null=True)


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


#: What `linli migrate` needs to know.
SCHEMA = Schema("directory", Base.metadata, Path(__file__).parent / "migrations")
