"""People, their households and homes, and what leads to their door (sealed)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, LargeBinary, SmallInteger, Text, false, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.directory.tables.base import Base, by_key, version
from shared.infra.schema import APPEND_ONLY, ERASABLE, KEPT, json_column, moment, uuid, word


class Person(Base, table=True):
    """A person, kept by one tenant; `home_id` is the area where they live, if they live in one.

    `birth_year` is for counting and for rules about age (the old who are looked after, minors). It is personal: no
    list, feed or event carries it. `party_member` is told to those who work with the party's members alone. A merged
    person leads to `merged_into` and has nothing of its own any more but the name that others know it by.
    """

    __tablename__ = "person"
    __table_args__ = (
        *by_key(
            Index(None, "home_id", "id"),
            Index(None, "household_id"),
            Index(None, "work_organisation_id"),
            Index("person_merged_into_idx", "merged_into", postgresql_where=text("merged_into is not null")),
            # How a name begins, letter by letter in any collation.
            Index("person_name_idx", "tenant_id", "name", postgresql_ops={"name": "text_pattern_ops"}),
        ),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    name: str = word()
    home_id: UUID | None = uuid(null=True)
    household_id: UUID | None = uuid(null=True)
    birth_year: int | None = Field(sa_type=SmallInteger, nullable=True)
    party_member: bool = Field(sa_type=Boolean, nullable=False, sa_column_kwargs={"server_default": false()})
    skills: list[str] = Field(sa_type=ARRAY(Text), nullable=False, sa_column_kwargs={"server_default": "{}"})
    work_organisation_id: UUID | None = uuid(null=True)
    erased: bool = Field(sa_type=Boolean, nullable=False)
    merged_into: UUID | None = uuid(null=True)
    external_key: str | None = word(null=True)


class Household(Base, table=True):
    """A door in an area. What stands on it is sealed, as part of an address."""

    __tablename__ = "household"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"]),
        *by_key(Index(None, "area_id", "id")),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    area_id: UUID = uuid()
    closed: bool = Field(sa_type=Boolean, nullable=False)
    external_key: str | None = word(null=True)


class SealedValue(Base, table=True):
    """One sealed text of a person, a household or a line of the access log (domain/contact.Field, or `note`).

    `blind` is its blind index (shared/infra/sealing); a note has none, because nobody looks notes up.
    """

    __tablename__ = "sealed_value"
    __table_args__ = (
        Index(None, "owner_id"),
        Index(None, "blind"),
        Index(None, "key_id"),  # rotation finds what an old key sealed
        {"info": ERASABLE},
    )

    tenant_id: UUID = uuid(key=True)
    owner_id: UUID = uuid(key=True)
    field: str = Field(sa_type=Text, primary_key=True)
    key_id: str = word()
    value: bytes = Field(sa_type=LargeBinary, nullable=False)
    blind: bytes | None = Field(sa_type=LargeBinary, nullable=True, default=None)


class PersonHistory(Base, table=True):
    """What was done to a person's record, once, for ever. `facts` are ids and the names of fields, never what stood
    in them."""

    __tablename__ = "person_history"
    __table_args__ = (Index(None, "person_id", "id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    person_id: UUID = uuid()
    version: int = version()
    at: datetime = moment()
    action: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    facts: dict[str, Any] = json_column()


class AccessLog(Base, table=True):
    """Who was given which sealed fields of whom, and why. What they wrote about it lies sealed, and can be erased."""

    __tablename__ = "access_log"
    __table_args__ = (Index(None, "person_id", "id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    person_id: UUID = uuid()
    at: datetime = moment()
    actor_id: UUID = uuid()
    actor_role: str = word()
    reason: str = word()
    fields: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
