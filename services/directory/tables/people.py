"""People and their homes."""

from uuid import UUID

from sqlalchemy import Boolean, Index, SmallInteger
from sqlmodel import Field

from services.directory.tables.base import Base, by_key, version
from shared.infra.schema import KEPT, uuid, word


class Person(Base, table=True):
    """A person, kept by one tenant; `home_id` is the area where they live, if they live in one.

    `birth_year` is for counting and for rules about age (the old who are looked after, minors). It is personal: no
    answer, feed or event carries it.
    """

    __tablename__ = "person"
    __table_args__ = (*by_key(Index(None, "home_id")), {"info": KEPT})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    name: str = word()
    home_id: UUID | None = uuid(null=True)
    birth_year: int | None = Field(sa_type=SmallInteger, nullable=True)
    erased: bool = Field(sa_type=Boolean, nullable=False)
    external_key: str | None = word(null=True)
