"""Organisations as clients see them."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.directory.domain.organisations import FormationStatus, Keeping
from services.directory.schemas.areas import AreaStep
from shared.infra.web.types import Line, ListQuery, Named


class OrganisationItem(BaseModel):
    """One organisation; `serves` names the areas within the caller's scope that it works for."""

    id: UUID
    kind: str
    name: str
    aliases: list[str]
    tenant: AreaStep
    parent: Named | None
    serves: list[AreaStep]


class OrganisationList(BaseModel):
    """A page of organisations."""

    items: list[OrganisationItem]
    next_cursor: str | None


class OrganisationQuery(ListQuery):
    """Which organisations."""

    kind: Line | None = Field(default=None, max_length=64, examples=["property_company"])
    q: Line | None = Field(default=None, max_length=64, description="Part of a name or alias.", examples=["物业"])
    area: UUID | None = Field(default=None, description="Only those that serve this area, or one around it.")


class OpeningTime(BaseModel):
    """Open on these days of the week (1 Monday … 7 Sunday) between two times of the day in Beijing."""

    days: list[int]
    opens: str
    closes: str


class ContactDetail(BaseModel):
    """How everybody reaches an organisation."""

    phone: str | None
    address: str | None
    opening_times: list[OpeningTime]


class ResponsibilityItem(BaseModel):
    """It handles this category, and those below it, at this level: a kind of area."""

    category: str
    level: str


class SupportItem(BaseModel):
    """It supports the area 包联 from one day until the day before another."""

    id: UUID
    area: AreaStep
    starts_on: date
    ends_on: date | None


class OrganisationDetail(OrganisationItem):
    """One organisation. A merged one is closed and says what took it in (`succeeded_by`)."""

    credit_code: str | None
    formation_status: FormationStatus | None
    contact: ContactDetail
    responsibilities: list[ResponsibilityItem]
    supports: list[SupportItem]
    closed: bool
    closed_on: date | None
    succeeded_by: list[Named]
    allowed_actions: list[Keeping]


class OrganisationBrief(BaseModel):
    """An organisation, so that a person can tell it from others of the same name."""

    id: UUID
    kind: str
    name: str
    tenant: AreaStep
    parent: Named | None


class ResolveQuery(BaseModel):
    """A name as somebody has written it."""

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(min_length=1, max_length=200, examples=["城建办（坑梓街道办事处）"])


class Resolved(BaseModel):
    """Who is meant: `organisation` where it is clear, `items` all who may be (the first 20)."""

    organisation: OrganisationBrief | None
    items: list[OrganisationBrief]


class SupportHistory(BaseModel):
    """A page of the areas that an organisation supports or supported, newest first."""

    items: list[SupportItem]
    next_cursor: str | None


class ResponsibilityQuery(BaseModel):
    """What, and where."""

    model_config = ConfigDict(extra="forbid")

    category: Line = Field(min_length=1, max_length=200, description="Its key.", examples=["property.lift"])
    area: UUID


class ResponsibleOrganisation(BaseModel):
    """An organisation that handles the category at that level."""

    organisation: Named
    level: AreaStep
    category: str


class Responsible(BaseModel):
    """Who handles a category in an area: the deepest level first, at each level whoever serves what lies nearest."""

    items: list[ResponsibleOrganisation]
