"""Who is looked after, as what, and by whom (domain/care.py). Erasable: it is about health and need."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.directory.tables.base import Base, day, version
from shared.infra.schema import ERASABLE, READ_ONLY, uuid, word


class CareKind(Base, table=True):
    """A reason to look after somebody."""

    __tablename__ = "care_kind"
    __table_args__ = ({"info": READ_ONLY},)

    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    position: int = Field(sa_type=SmallInteger, nullable=False)


class Care(Base, table=True):
    """The kinds for which a person is looked after."""

    __tablename__ = "care"
    __table_args__ = (Index(None, "person_id"), {"info": ERASABLE})

    tenant_id: UUID = uuid(key=True)
    person_id: UUID = uuid(key=True)
    version: int = version()
    kinds: list[str] = Field(sa_type=ARRAY(Text), nullable=False)


class CareHelper(Base, table=True):
    """Somebody looks after a person, from `starts_on` until the day before `ends_on`."""

    __tablename__ = "care_helper"
    __table_args__ = (
        Index(
            "care_helper_held_key",
            "tenant_id",
            "person_id",
            "helper_id",
            unique=True,
            postgresql_where=text("ends_on is null"),
        ),
        Index(None, "person_id"),
        Index(None, "helper_id", "person_id"),
        {"info": ERASABLE},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    person_id: UUID = uuid()
    helper_id: UUID = uuid()
    starts_on: date = day()
    ends_on: date | None = day(null=True)
