"""What was done to memberships, enrolments, councils and what belongs to them; and the words that they use."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, SmallInteger, Text
from sqlmodel import Field

from services.directory.tables.base import Base
from shared.infra.schema import APPEND_ONLY, READ_ONLY, json_column, moment, uuid, word


class RecordHistory(Base, table=True):
    """What was done to a record, once, for ever: `noun` is its table. `facts` are ids, days and figures."""

    __tablename__ = "record_history"
    __table_args__ = (Index(None, "record_id", "id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    noun: str = word()
    record_id: UUID = uuid()
    version: int = Field(sa_type=Integer, nullable=False)
    at: datetime = moment()
    action: str = word()
    actor_id: UUID = uuid()
    actor_role: str = word()
    facts: dict[str, Any] = json_column()


class MembershipKind(Base, table=True):
    """A kind of membership (domain/ties.py says what its marks mean)."""

    __tablename__ = "membership_kind"
    __table_args__ = ({"info": READ_ONLY},)

    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    position: int = Field(sa_type=SmallInteger, nullable=False)
    exclusive: bool = Field(sa_type=Boolean, nullable=False)
    delegated: bool = Field(sa_type=Boolean, nullable=False)
    own: bool = Field(sa_type=Boolean, nullable=False)


class ListWord(Base, table=True):
    """A word of a short list: kinds of meetings, fields of joint work, kinds of resources and needs."""

    __tablename__ = "list_word"
    __table_args__ = ({"info": READ_ONLY},)

    list: str = Field(sa_type=Text, primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    position: int = Field(sa_type=SmallInteger, nullable=False)
