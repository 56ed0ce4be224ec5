"""The base class of all tables of volunteers."""

from sqlmodel import SQLModel

from shared.infra import schema


class Base(SQLModel, registry=schema.new_registry()):
    """What all tables of volunteers are built on."""
