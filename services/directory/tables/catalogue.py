"""The catalogue: facilities, services, and the places where each service is to be had.

`spot` is the place in space (domain/walking.py): what is nearest is found by it. A service is given at a facility, or
somewhere in an area (a repairer in the yard of a compound); both are one row with a schedule of its own.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Float, ForeignKeyConstraint, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field

from services.directory.tables.base import Base, by_key, day, version
from shared.infra.schema import APPEND_ONLY, ERASABLE, KEPT, READ_ONLY, json_column, moment, uuid, word


class CubeType(UserDefinedType[str]):
    """A point in space, of the extension `cube`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "cube"


ischema_names["cube"] = CubeType
_OPEN = text("not closed")


class Facility(Base, table=True):
    """A place that people can go to. `given_*` is what was said of where it lies, before it became WGS-84."""

    __tablename__ = "facility"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"]),
        *by_key(
            Index("facility_spot_idx", "spot", postgresql_using="gist", postgresql_where=_OPEN),
            # The nearest of a kind, for the circles of 15 minutes.
            Index("facility_kind_spot_idx", "kind", "spot", postgresql_using="gist", postgresql_where=_OPEN),
            Index(None, "organisation_id"),
        ),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    kind: str = word()
    name: str = word()
    name_en: str | None = word(null=True)
    area_id: UUID = uuid()
    organisation_id: UUID | None = uuid(null=True)
    lat: float = Field(sa_type=Float, nullable=False)
    lon: float = Field(sa_type=Float, nullable=False)
    spot: str = Field(sa_type=CubeType, nullable=False)
    given_lat: float = Field(sa_type=Float, nullable=False)
    given_lon: float = Field(sa_type=Float, nullable=False)
    coord_sys: str = word()
    address: str | None = word(null=True)
    phone: str | None = word(null=True)
    access: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    text: str | None = word(null=True)
    schedule: dict[str, Any] | None = json_column(null=True)
    closed: bool = Field(sa_type=Boolean, nullable=False)
    closed_on: date | None = day(null=True)
    external_key: str | None = word(null=True)


class Service(Base, table=True):
    """Something that people can get. `area_id` is the area that it is for; `documents` and `costs` are lists."""

    __tablename__ = "service"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"]),
        *by_key(Index(None, "organisation_id")),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    category: str = word()
    name: str = word()
    name_en: str | None = word(null=True)
    aliases: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    text: str | None = word(null=True)
    area_id: UUID = uuid()
    organisation_id: UUID | None = uuid(null=True)
    phone: str | None = word(null=True)
    documents: list[Any] = json_column()
    costs: list[Any] = json_column()
    eligibility: str | None = word(null=True)
    minimum_age: int | None = Field(sa_type=SmallInteger, nullable=True)
    maximum_age: int | None = Field(sa_type=SmallInteger, nullable=True)
    application: str | None = word(null=True)
    working_days: int | None = Field(sa_type=Integer, nullable=True)
    errand: bool = Field(sa_type=Boolean, nullable=False)
    closed: bool = Field(sa_type=Boolean, nullable=False)
    closed_on: date | None = day(null=True)
    external_key: str | None = word(null=True)


class ServicePlace(Base, table=True):
    """Where a service is to be had: at a facility, or in an area. Without a schedule the facility's hours hold.

    The facility may be kept by a tenant below the service's own. `last_on` is the last day of a timetable that ends.
    """

    __tablename__ = "service_place"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "service_id"], ["service.tenant_id", "service.id"]),
        Index(None, "tenant_id", "service_id", "id"),
        Index(None, "facility_id"),
        Index("service_place_spot_idx", "spot", postgresql_using="gist", postgresql_where=_OPEN),
        {"info": ERASABLE},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = version()
    service_id: UUID = uuid()
    facility_id: UUID | None = uuid(null=True)
    area_id: UUID = uuid()
    lat: float = Field(sa_type=Float, nullable=False)
    lon: float = Field(sa_type=Float, nullable=False)
    spot: str = Field(sa_type=CubeType, nullable=False)
    schedule: dict[str, Any] | None = json_column(null=True)
    last_on: date | None = Field(sa_type=Date, nullable=True)
    phone: str | None = word(null=True)
    note: str | None = word(null=True)
    closed: bool = Field(sa_type=Boolean, nullable=False)


class CatalogueHistory(Base, table=True):
    """What was done to a facility or a service, once, for ever. `facts` hold what it said before."""

    __tablename__ = "catalogue_history"
    __table_args__ = (Index(None, "entry_id", "id"), {"info": APPEND_ONLY})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    entry_id: UUID = uuid()
    version: int = Field(sa_type=Integer, nullable=False)
    at: datetime = moment()
    action: str = word()
    actor_id: UUID | None = uuid(null=True)
    actor_role: str = word()
    facts: dict[str, Any] = json_column()


class CircleKind(Base, table=True):
    """A circle of 15 minutes."""

    __tablename__ = "circle_kind"
    __table_args__ = ({"info": READ_ONLY},)

    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    position: int = Field(sa_type=SmallInteger, nullable=False)


class FacilityKind(Base, table=True):
    """A kind of facility, and the circles to which it counts."""

    __tablename__ = "facility_kind"
    __table_args__ = ({"info": READ_ONLY},)

    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    position: int = Field(sa_type=SmallInteger, nullable=False)
    circles: list[str] = Field(sa_type=ARRAY(Text), nullable=False)


class ServiceCategory(Base, table=True):
    """A category of services."""

    __tablename__ = "service_category"
    __table_args__ = ({"info": READ_ONLY},)

    key: str = Field(sa_type=Text, primary_key=True)
    name_zh: str = word()
    name_en: str = word()
    position: int = Field(sa_type=SmallInteger, nullable=False)
