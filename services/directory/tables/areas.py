"""Areas: the tree, its boundaries, what became of it, and the kinds that there are."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKeyConstraint, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.directory.domain.kinds import OFFICE_ROLES
from services.directory.tables.base import Base, by_key, day
from shared.infra.directory_tables import AreaColumns, AreaPolygonColumns
from shared.infra.schema import APPEND_ONLY, ERASABLE, KEPT, READ_ONLY, json_column, moment, uuid, word


class Area(AreaColumns, Base, table=True):
    """District, street, community… building. `lat`, `lon` are its centre in WGS-84."""

    __tablename__ = "area"
    __table_args__ = (
        *by_key(
            # Children in the order in which they came.
            Index(None, "parent_id", "id"),
            # A code names one open area of a tenant; a closed one may leave its code to its successor.
            Index("area_code_key", "tenant_id", "code", unique=True, postgresql_where=text("not closed")),
            Index(None, "code"),
            Index("area_ancestors_idx", "ancestors", postgresql_using="gin"),
            # The few areas that are tenants, by what stands above them: "all communities of this street".
            Index(
                "area_tenants_idx",
                "ancestors",
                postgresql_using="gin",
                postgresql_where=text("id = tenant_id"),
            ),
        ),
        {"info": KEPT},
    )

    households: int | None = Field(sa_type=Integer, nullable=True)
    residents: int | None = Field(sa_type=Integer, nullable=True)
    external_key: str | None = word(null=True)
    opened_on: date | None = day(null=True)
    closed_on: date | None = day(null=True)


class AreaPolygon(AreaPolygonColumns, Base, table=True):
    """The rings of an area; `depth` is the number of its ancestors, so that the deepest one is found without a join."""

    __tablename__ = "area_polygon"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"]),
        Index("area_polygon_ring_idx", "ring", postgresql_using="gist"),
        {"info": ERASABLE},
    )


class AreaHistory(Base, table=True):
    """What was done to an area, once, for ever. `facts` are ids and figures, and the outline that it lost."""

    __tablename__ = "area_history"
    __table_args__ = (Index(None, "area_id", "id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    area_id: UUID = uuid()
    version: int = Field(sa_type=Integer, nullable=False)
    at: datetime = moment()
    action: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    facts: dict[str, Any] = json_column()


class AreaSuccession(Base, table=True):
    """What took the place of an area that was merged or split, so that its id still leads somewhere."""

    __tablename__ = "area_succession"
    __table_args__ = (Index(None, "area_id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    area_id: UUID = uuid(key=True)
    successor_id: UUID = uuid(key=True)
    reason: str = word()
    at: datetime = moment()


class AreaKind(Base, table=True):
    """A kind of area. `rank` grows from the top of the tree down; an area of a `tenant` kind keeps what lies in it."""

    __tablename__ = "area_kind"
    __table_args__ = ({"info": READ_ONLY},)

    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    rank: int = Field(sa_type=SmallInteger, nullable=False)
    tenant: bool = Field(sa_type=Boolean, nullable=False)


class OfficeKind(Base, table=True):
    """A kind of office. `exclusive`: one holder at a time; `required_in`: kinds of areas that must have a holder.

    `role` begins and ends with the office; one that runs a community or more is none that may.
    """

    __tablename__ = "office_kind"
    __table_args__ = (
        CheckConstraint("role in ({})".format(", ".join(f"'{role}'" for role in OFFICE_ROLES)), name="role"),
        {"info": READ_ONLY},
    )

    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    position: int = Field(sa_type=SmallInteger, nullable=False)
    exclusive: bool = Field(sa_type=Boolean, nullable=False)
    required_in: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    role: str | None = word(null=True)
