"""Services as clients see and send them."""

from datetime import date
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.directory.actions.services import PlaceDraft, ServiceDraft
from services.directory.domain.catalogue import Curating, DocumentForm
from services.directory.schemas.areas import AreaStep, Centre
from services.directory.schemas.facilities import Name, NearListQuery, NearQuery, Phone, Text
from services.directory.schemas.schedules import Note, OpenNow, Schedule, Walking
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import AsWhole, Body, Line, Location, Named

_Age = Annotated[int, Field(ge=0, le=150), AsWhole]
_WorkingDays = Annotated[int, Field(ge=0, le=365), AsWhole]


class RequiredDocument(Body):
    """A document to bring 所需材料: its name, in which form, how many copies."""

    name: Name = Field(examples=["居民身份证"])
    form: DocumentForm = DocumentForm.ORIGINAL
    copies: Annotated[int, Field(ge=0, le=20), AsWhole] = Field(default=0, description="Copies to hand in.")
    note: Note | None = None


class CostOption(Body):
    """What it costs, in fen 分 (1/100 yuan); null where it depends, and the note says on what."""

    name: Name = Field(examples=["工本费"])
    amount_fen: Annotated[int, Field(ge=0, le=100_000_000), AsWhole] | None = Field(default=None, examples=[1000])
    note: Note | None = None


class FacilityBrief(BaseModel):
    """A facility by name."""

    id: UUID
    kind: str
    name: str


class PlaceItem(BaseModel):
    """Where a service is to be had: at a facility, or in an area. `opening` is null where nobody said when."""

    id: UUID
    facility: FacilityBrief | None
    area: AreaStep
    address: str | None
    phone: str | None
    note: str | None
    location: Centre
    opening: OpenNow | None
    walking: Walking | None


class PlaceDetail(PlaceItem):
    """A place with its hours; without hours of its own those of the facility."""

    schedule: Schedule | None


class ServiceItem(BaseModel):
    """One service in a list, at the place that matters: the nearest, or else the one that is open or opens first."""

    id: UUID
    category: str
    name: str
    name_en: str | None
    aliases: list[str]
    errand: bool
    costs: list[CostOption]
    organisation: Named | None
    tenant: AreaStep
    place: PlaceItem | None


class ServiceList(BaseModel):
    """A page of services."""

    items: list[ServiceItem]
    next_cursor: str | None


class ServiceListQuery(NearListQuery):
    """Which services."""

    q: Line | None = Field(default=None, max_length=64, description="Part of a name or alias.", examples=["低保"])
    category: Line | None = Field(default=None, max_length=64, examples=["civil_affairs"])
    area: UUID | None = Field(default=None, description="What is for this area, one around it, or a part of it.")
    errand: bool | None = Field(default=None, description="Whether somebody does it for you 代办.")
    open_now: bool = Field(default=False, description="Only what is open at this moment.")


class ServiceDetail(BaseModel):
    """One service, with everything that one needs before leaving the house. No costs: it is free."""

    id: UUID
    category: str
    name: str
    name_en: str | None
    aliases: list[str]
    text: str | None
    organisation: Named | None
    phone: str | None
    area: AreaStep
    tenant: AreaStep
    documents: list[RequiredDocument]
    costs: list[CostOption]
    eligibility: str | None
    minimum_age: int | None
    maximum_age: int | None
    application: str | None
    working_days: int | None
    errand: bool
    closed: bool
    closed_on: date | None
    places: list[PlaceDetail]
    allowed_actions: list[Curating]


class DescribedPlace(Body):
    """Where: at a facility of this community or of one below, or in an area, at `location` or else in its middle."""

    facility_id: UUID | None = None
    area_id: UUID | None = None
    location: Location | None = None
    schedule: Schedule | None = Field(default=None, description="Left out at a facility: its own hours.")
    phone: Phone | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.facility_id is None) == (self.area_id is None):
            raise Bilingual(
                "one_of", "facility_id 和 area_id 须且只能用一个", "use exactly one of facility_id, area_id"
            )
        if self.facility_id is not None and self.location is not None:
            raise Bilingual("one_of", "设施自有位置，不能另给 location", "a facility has a location of its own")
        if self.area_id is not None and self.schedule is None:
            raise Bilingual(
                "schedule_missing", "不在设施里的服务需要写明时间", "a place without a facility needs a schedule"
            )
        return self

    def draft(self) -> PlaceDraft:
        schedule = self.schedule.model_dump(mode="json") if self.schedule else None
        point = self.location.wgs84() if self.location else None
        more = (schedule, self.phone, self.note)
        if self.area_id is not None:
            return PlaceDraft("area", self.area_id, point, *more)
        return PlaceDraft("facility", cast(UUID, self.facility_id), None, *more)


class DescribedService(Body):
    """The whole description of a service, with all places where it is to be had."""

    category: Line = Field(max_length=64, examples=["civil_affairs"])
    name: Name = Field(examples=["最低生活保障申请"])
    name_en: Name | None = Field(default=None, examples=["Subsistence allowance"])
    aliases: list[Name] = Field(default=[], max_length=20, examples=[["低保"]])
    text: Text | None = None
    area_id: UUID = Field(description="The area whose people it is for.")
    organisation_id: UUID | None = Field(default=None, description="Who gives it.")
    phone: Phone | None = None
    documents: list[RequiredDocument] = Field(default=[], max_length=50)
    costs: list[CostOption] = Field(default=[], max_length=20)
    eligibility: Text | None = None
    minimum_age: _Age | None = None
    maximum_age: _Age | None = None
    application: Text | None = Field(default=None, description="How one applies.")
    working_days: _WorkingDays | None = Field(default=None, description="How long it takes.")
    errand: bool = Field(default=False, description="Somebody comes and does it for you 代办.")
    places: list[DescribedPlace] = Field(default=[], max_length=200)

    @model_validator(mode="after")
    def _ages(self) -> Self:
        if self.minimum_age is not None and self.maximum_age is not None and self.maximum_age < self.minimum_age:
            raise Bilingual("age_order", "最大年龄小于最小年龄", "the greatest age is below the least")
        return self

    def draft(self) -> ServiceDraft:
        said = self.model_dump(exclude={"area_id", "places", "documents", "costs"}) | {
            "documents": [one.model_dump(mode="json") for one in self.documents],
            "costs": [one.model_dump(mode="json") for one in self.costs],
            "aliases": list(dict.fromkeys(self.aliases)),
        }
        return ServiceDraft(said, self.area_id, [place.draft() for place in self.places])


class ServiceQuery(NearQuery):
    """How the service is wanted."""
