"""The tables of a service's copy of the directory (see directory_copy.py); the directory's own are built on them.

Apart from the copy itself, because only migrations need tables: web and worker run without SQLAlchemy.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Float, Index, Integer, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

from shared.infra.schema import ERASABLE, uuid, uuids, word


class PolygonType(UserDefinedType[str]):
    """PostgreSQL's own polygon: one ring of (lon, lat) points."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "polygon"


ischema_names["polygon"] = PolygonType


class AreaColumns(SQLModel):
    """One area; `ancestors` from the root to the parent."""

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, nullable=False)
    parent_id: UUID | None = uuid(null=True)
    ancestors: list[UUID] = uuids()
    kind: str = word()
    name: str = word()
    code: str | None = word(null=True)
    lat: float | None = Field(sa_type=Float, nullable=True)
    lon: float | None = Field(sa_type=Float, nullable=True)
    closed: bool = Field(sa_type=Boolean, nullable=False)


class AreaPolygonColumns(SQLModel):
    """One ring of an area."""

    tenant_id: UUID = uuid(key=True)
    area_id: UUID = uuid(key=True)
    position: int = Field(sa_type=Integer, primary_key=True)
    depth: int = Field(sa_type=Integer, nullable=False)
    ring: str = Field(sa_type=PolygonType, nullable=False)


class OrganisationColumns(SQLModel):
    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, nullable=False)
    kind: str = word()
    name: str = word()
    serves: list[UUID] = uuids()
    closed: bool = Field(sa_type=Boolean, nullable=False)


class PersonColumns(SQLModel):
    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, nullable=False)
    display_name: str = word()
    home_id: UUID | None = uuid(null=True)
    erased: bool = Field(sa_type=Boolean, nullable=False)


class OfficeColumns(SQLModel):
    """An office held: who answers for an area, as what."""

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, nullable=False)
    person_id: UUID = uuid()
    area_id: UUID = uuid()
    kind: str = word()
    ended: bool = Field(sa_type=Boolean, nullable=False)


def copy_args(*indexes: str) -> tuple[Any, ...]:
    """Indexes by id (references come without a tenant) and what else is asked for."""
    return (*(Index(None, column) for column in indexes), {"info": ERASABLE})


def area_args() -> tuple[Any, ...]:
    return (
        Index(None, "id"),
        Index(None, "parent_id"),
        Index(None, "lat", "lon"),
        Index("area_ancestors_idx", "ancestors", postgresql_using="gin"),
        # A street has few tenants below it, and thousands of buildings.
        Index("area_tenants_idx", "ancestors", postgresql_using="gin", postgresql_where=text("id = tenant_id")),
        {"info": ERASABLE},
    )


def polygon_args() -> tuple[Any, ...]:
    return (Index("area_polygon_ring_idx", "ring", postgresql_using="gist"), {"info": ERASABLE})
