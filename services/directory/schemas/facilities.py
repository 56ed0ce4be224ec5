"""Facilities and circles as clients see and send them."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from services.directory.actions.facilities import FacilityDraft
from services.directory.domain import rings
from services.directory.domain.catalogue import Curating, FacilityAccess
from services.directory.queries.nearness import Near
from services.directory.schemas.areas import AreaStep, Centre, LocateQuery
from services.directory.schemas.schedules import OpenNow, Schedule, Walking
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Line, ListQuery, Location, Named, Prose
from shared.kernel.geo import CoordSys, to_wgs84

Name = Annotated[Line, Field(min_length=1, max_length=100)]
#: A number that is printed on the door: landlines, extensions, hotlines.
Phone = Annotated[Line, Field(min_length=3, max_length=40, examples=["0990-6221234"])]
Text = Annotated[Prose, Field(min_length=1, max_length=2000)]
_PAIR = r"^-?[0-9]{1,2}(\.[0-9]{1,20})?,-?[0-9]{1,3}(\.[0-9]{1,20})?$"


class NearQuery(BaseModel):
    """A place to look from: `near=lat,lon`, in the coordinate system that `coord_sys` names."""

    model_config = ConfigDict(extra="forbid")

    near: str | None = Field(default=None, pattern=_PAIR, description="`lat,lon`", examples=["45.5932,84.8731"])
    coord_sys: CoordSys | None = Field(default=None, description="The system of `near`; needed with it.")
    out: CoordSys = Field(default="wgs84", description="The system of the places in the answer.")

    @field_validator("near")
    @classmethod
    def _not_swapped(cls, near: str | None) -> str | None:
        if near is not None:
            lat, lon = (float(part) for part in near.split(","))
            if not rings.on_earth(lat, lon):
                raise Bilingual("degrees", "坐标超出范围（顺序为纬度、经度）", "no degrees (latitude first)")
            if rings.swapped(lat, lon):
                raise Bilingual("swapped", "经纬度写反了（先纬度，后经度）", "latitude and longitude are swapped")
        return near

    @model_validator(mode="after")
    def _system(self) -> Self:
        if self.near is not None and self.coord_sys is None:
            raise Bilingual("coord_sys_missing", "near 需要同时给出 coord_sys", "near needs coord_sys too")
        return self

    def place(self, within: float = 0) -> Near | None:
        """The place in WGS-84, with how far around it is looked."""
        if self.near is None or self.coord_sys is None:
            return None
        lat, lon = (float(part) for part in self.near.split(","))
        return Near(to_wgs84(lat, lon, self.coord_sys), within)


class NearListQuery(ListQuery, NearQuery):
    """A list around a place."""

    within: int = Field(default=3000, ge=100, le=5000, description="With `near`: how far, in metres as the crow flies.")


class FacilityListQuery(NearListQuery):
    """Which facilities."""

    kind: Line | None = Field(default=None, max_length=64, examples=["library"])
    q: Line | None = Field(default=None, max_length=64, description="Part of a name.")


class FacilityItem(BaseModel):
    """One facility in a list. `opening` is null where nobody has said when it opens, `walking` without `near`."""

    id: UUID
    kind: str
    name: str
    name_en: str | None
    address: str | None
    phone: str | None
    access: list[FacilityAccess]
    area: AreaStep
    tenant: AreaStep
    location: Centre
    opening: OpenNow | None
    walking: Walking | None


class FacilityList(BaseModel):
    """A page of facilities."""

    items: list[FacilityItem]
    next_cursor: str | None


class ServiceHere(BaseModel):
    """A service that is given at a facility."""

    id: UUID
    category: str
    name: str


class FacilityDetail(FacilityItem):
    """One facility, with what is to be had there."""

    text: str | None
    closed: bool
    closed_on: date | None
    schedule: Schedule | None
    organisation: Named | None
    services: list[ServiceHere]
    allowed_actions: list[Curating]


class DescribedFacility(Body):
    """The whole description of a facility. Without `area_id` it lies in the deepest area around its location."""

    kind: Line = Field(max_length=64, examples=["library"])
    name: Name = Field(examples=["长征社区图书阅览室"])
    name_en: Name | None = None
    area_id: UUID | None = None
    organisation_id: UUID | None = Field(default=None, description="Who runs it.")
    location: Location
    address: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    phone: Phone | None = None
    access: list[FacilityAccess] = Field(default=[], max_length=len(FacilityAccess))
    text: Text | None = None
    schedule: Schedule | None = None

    def draft(self) -> FacilityDraft:
        said = self.model_dump(exclude={"area_id", "location", "schedule"}) | {
            "access": [word.value for word in dict.fromkeys(self.access)],
            "schedule": self.schedule.model_dump(mode="json") if self.schedule else None,
        }
        place = self.location
        return FacilityDraft(said, self.area_id, place.lat, place.lon, place.coord_sys)


class CloseEntry(Body):
    """Nothing needs to be said."""


class CirclesQuery(LocateQuery):
    """The place in the middle."""

    @model_validator(mode="after")
    def _not_swapped(self) -> Self:
        if rings.swapped(self.lat, self.lon):
            raise Bilingual("swapped", "经纬度写反了", "latitude and longitude are swapped")
        return self


class Nearest(BaseModel):
    """The nearest facility of a kind."""

    id: UUID
    name: str
    address: str | None
    walking: Walking


class KindAround(BaseModel):
    """A kind of facility: how many are within the circle, and the nearest one, which may lie outside of it."""

    kind: str
    name_zh: str
    name_en: str
    count: int
    nearest: Nearest | None


class Circle(BaseModel):
    """One side of life: which kinds are within reach on foot, and which are missing."""

    key: str
    name_zh: str
    name_en: str
    reachable: list[KindAround]
    missing: list[KindAround]


class Circles(BaseModel):
    """The circle of so many minutes on foot; `radius_metres` is how far that reaches as the crow flies."""

    minutes: int
    radius_metres: int
    circles: list[Circle]
