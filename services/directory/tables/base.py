"""What all tables of the directory are built on."""

from typing import Any

from sqlalchemy import Date, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from shared.infra.schema import new_registry


class Base(SQLModel, registry=new_registry()):
    """What all tables of the directory are built on."""


def day(*, null: bool = False) -> Any:
    """A day of Beijing time."""
    return Field(sa_type=Date, nullable=null, default=None if null else ...)


def version() -> Any:
    """How often a row was changed."""
    return Field(sa_type=Integer, nullable=False)


def by_key(*more: Any) -> tuple[Any, ...]:
    """Looked up by id, and by the key of the source that it was loaded from."""
    return (
        Index(None, "id"),
        UniqueConstraint("tenant_id", "external_key"),
        Index(None, "external_key"),
        *more,
    )
