"""A service that follows the directory, as far as tests of the feed need one: its tables, in a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from shared.infra import directory_tables
from shared.infra.database import open_pool
from shared.infra.schema import ERASABLE, FeedPositionColumns, new_registry


class Base(SQLModel, registry=new_registry()):
    """The tables of a consumer."""


class Area(directory_tables.AreaColumns, Base, table=True):
    __tablename__ = "area"
    __table_args__ = directory_tables.area_args()


class AreaPolygon(directory_tables.AreaPolygonColumns, Base, table=True):
    __tablename__ = "area_polygon"
    __table_args__ = directory_tables.polygon_args()


class Organisation(directory_tables.OrganisationColumns, Base, table=True):
    __tablename__ = "organisation"
    __table_args__ = directory_tables.copy_args("id")


class Person(directory_tables.PersonColumns, Base, table=True):
    __tablename__ = "person"
    __table_args__ = directory_tables.copy_args("id")


class Office(directory_tables.OfficeColumns, Base, table=True):
    __tablename__ = "office"
    __table_args__ = directory_tables.copy_args("area_id")


class FeedPosition(FeedPositionColumns, Base, table=True):
    __tablename__ = "feed_position"
    __table_args__ = ({"info": ERASABLE},)


@asynccontextmanager
async def consumer_database(admin: str, name: str) -> AsyncIterator[asyncpg.Pool]:
    """A database of its own with a consumer's tables."""
    connection = await asyncpg.connect(admin)
    await connection.execute(f"create database {name}")
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    try:
        async with open_pool(admin.replace("/postgres?", f"/{name}?"), 4) as pool:
            for table in Base.metadata.sorted_tables:
                for made in (CreateTable(table), *(CreateIndex(index) for index in table.indexes)):
                    await pool.execute(str(made.compile(dialect=dialect)))
            yield pool
    finally:
        await connection.execute(f"drop database {name} with (force)")
        await connection.close()
