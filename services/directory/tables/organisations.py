"""Organisations, the areas that they serve and support, what became of them, and the kinds that there are."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKeyConstraint, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.directory.tables.base import Base, by_key, day, version
from shared.infra.directory_tables import OrganisationColumns
from shared.infra.schema import APPEND_ONLY, KEPT, READ_ONLY, json_column, moment, uuid, uuids, word


def _list() -> Any:
    """A JSON list; empty unless something is said."""
    return Field(sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": text("'[]'")})


class Organisation(OrganisationColumns, Base, table=True):
    """`serves` are areas anywhere; `serves_tenants` are their tenants, kept beside so that one index finds them.

    `search_keys` are the keys under which somebody may look for it (domain/unit_names.py). `responsibilities` is a list
    of {category, level}, `opening_times` of {days, opens, closes}; both are read and written as a whole.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        *by_key(
            Index("organisation_serves_tenants_idx", "serves_tenants", postgresql_using="gin"),
            Index("organisation_serves_idx", "serves", postgresql_using="gin"),
            Index("organisation_search_keys_idx", "search_keys", postgresql_using="gin"),
            Index(None, "parent_id"),
            Index(None, "credit_code"),
            Index(
                "organisation_credit_code_key",
                "tenant_id",
                "credit_code",
                unique=True,
                postgresql_where=text("not closed"),
            ),
        ),
        CheckConstraint(
            "formation_status in ('none', 'preparing', 'formed', 'could_not_be_formed', 'term_ended')",
            name="formation_status",
        ),
        {"info": KEPT},
    )

    serves_tenants: list[UUID] = uuids()
    aliases: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    parent_id: UUID | None = uuid(null=True)
    external_key: str | None = word(null=True)
    search_keys: list[str] = Field(
        sa_type=ARRAY(Text), nullable=False, sa_column_kwargs={"server_default": text("'{}'")}
    )
    credit_code: str | None = word(null=True)
    phone: str | None = word(null=True)
    address: str | None = word(null=True)
    opening_times: list[Any] = _list()
    formation_status: str | None = word(null=True)
    responsibilities: list[Any] = _list()
    closed_on: date | None = day(null=True)


class Support(Base, table=True):
    """Assigned support 包联: the organisation looks after an area from `starts_on` until the day before `ends_on`.

    Kept by the area's tenant, which is where it is looked for.
    """

    __tablename__ = "support"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"]),
        Index(
            "support_held_key",
            "tenant_id",
            "area_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("ends_on is null"),
        ),
        Index(None, "id"),
        Index(None, "area_id"),
        Index(None, "organisation_id", "id"),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    organisation_id: UUID = uuid()
    area_id: UUID = uuid()
    starts_on: date = day()
    ends_on: date | None = day(null=True)


class OrganisationHistory(Base, table=True):
    """What was done to an organisation, once, for ever. `facts` are ids, codes and lists, nothing about people."""

    __tablename__ = "organisation_history"
    __table_args__ = (Index(None, "organisation_id", "id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    organisation_id: UUID = uuid()
    version: int = Field(sa_type=Integer, nullable=False)
    at: datetime = moment()
    action: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    facts: dict[str, Any] = json_column()


class OrganisationSuccession(Base, table=True):
    """Which organisation took in another, so that the old id still leads somewhere."""

    __tablename__ = "organisation_succession"
    __table_args__ = (Index(None, "organisation_id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    organisation_id: UUID = uuid(key=True)
    successor_id: UUID = uuid()
    at: datetime = moment()


class OrganisationKind(Base, table=True):
    """A kind of organisation. One that is `formed` may not be there yet, and has a formation status."""

    __tablename__ = "organisation_kind"
    __table_args__ = ({"info": READ_ONLY},)

    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    position: int = Field(sa_type=SmallInteger, nullable=False)
    formed: bool = Field(sa_type=Boolean, nullable=False)
