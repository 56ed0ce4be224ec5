"""What the organisations of a council do together: agreements, resources, needs, and the projects that join them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint

from services.directory.tables.base import Base, day, version
from shared.infra.schema import KEPT, json_column, uuid, uuids, word


def _of_council(*more: Any) -> tuple[Any, ...]:
    """Listed by council, looked up by id and by the key of the source that it was loaded from."""
    return (
        ForeignKeyConstraint(["tenant_id", "council_id"], ["council.tenant_id", "council.id"]),
        UniqueConstraint("tenant_id", "external_key"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        Index(None, "id"),
        Index(None, "council_id", "id"),
        *more,
        {"info": KEPT},
    )


class Agreement(Base, table=True):
    """共驻共建协议书: what the parties have promised for a term.

    `clauses` are read and written with it: [{id, field, text, organisation_id, fulfilled_on, note}].
    """

    __tablename__ = "agreement"
    __table_args__ = _of_council()

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    council_id: UUID = uuid()
    title: str = word()
    party_ids: list[UUID] = uuids()
    clauses: list[dict[str, Any]] = json_column()
    starts_on: date = day()
    ends_on: date = day()
    external_key: str | None = word(null=True)


class Resource(Base, table=True):
    """资源: what an organisation can give, where (nowhere said: in the whole area of the council) and when."""

    __tablename__ = "resource"
    __table_args__ = _of_council(Index(None, "council_id", "kind"), Index(None, "organisation_id"))

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    council_id: UUID = uuid()
    organisation_id: UUID = uuid()
    area_id: UUID | None = uuid(null=True)
    kind: str = word()
    title: str = word()
    state: str = word()
    starts_on: date = day()
    ends_on: date | None = day(null=True)
    external_key: str | None = word(null=True)


class Need(Base, table=True):
    """需求: what a place wishes for, and when; `organisation_id`: who asks for it, when it is an organisation."""

    __tablename__ = "need"
    __table_args__ = _of_council(Index(None, "council_id", "kind"), Index(None, "organisation_id"))

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    council_id: UUID = uuid()
    organisation_id: UUID | None = uuid(null=True)
    area_id: UUID | None = uuid(null=True)
    kind: str = word()
    title: str = word()
    state: str = word()
    starts_on: date = day()
    ends_on: date | None = day(null=True)
    external_key: str | None = word(null=True)


class Project(Base, table=True):
    """项目: needs and the resources that meet them. The ids are those of rows of the same council."""

    __tablename__ = "project"
    __table_args__ = _of_council()

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    council_id: UUID = uuid()
    title: str = word()
    state: str = word()
    need_ids: list[UUID] = uuids()
    resource_ids: list[UUID] = uuids()
    starts_on: date = day()
    ends_on: date | None = day(null=True)
    note: str | None = word(null=True)
    external_key: str | None = word(null=True)
