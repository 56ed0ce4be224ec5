"""Offices held as clients see them, and what people send to fill, end and hand them over."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.actions.offices import Appointment
from services.directory.domain.offices import Filling
from services.directory.schemas.areas import Officer
from shared.infra.web.types import Body, Day, Line, ListQuery


class OfficeItem(Officer):
    """Somebody holds an office from `starts_on` until the day before `ends_on` (null: until it is ended).

    Days are days of Beijing time. `follows` is the office that was handed over to this one.
    """

    id: UUID
    starts_on: date
    ends_on: date | None
    follows: UUID | None


class OfficeList(BaseModel):
    """A page of offices."""

    items: list[OfficeItem]
    next_cursor: str | None


class OfficeDetail(OfficeItem):
    """One office, and what the caller may do with it."""

    allowed_actions: list[Filling]


class OfficeListQuery(ListQuery):
    """Which offices. Filters combine with AND."""

    area: UUID | None = Field(default=None, description="Only those of this very area.")
    kind: Line | None = Field(default=None, max_length=64, examples=["grid_officer"])
    person: UUID | None = Field(default=None, description="Only those that this person holds.")
    on: Day | None = Field(default=None, description="Those held on that day, past or to come; today unless said.")


class NewOffice(Body):
    """Who is to hold which office in which area. It brings the role of its kind (`GET /kinds`), in that area."""

    person_id: UUID
    kind: Line = Field(max_length=64, examples=["building_head"])
    area_id: UUID
    starts_on: Day | None = Field(default=None, description="Today, unless it is said.")
    ends_on: Day | None = Field(default=None, description="The first day on which it is held no longer.")

    def appointment(self) -> Appointment:
        return Appointment(**self.model_dump())


class EndOffice(Body):
    """From which day on it is held no longer."""

    on: Day | None = Field(default=None, description="Today, unless it is said.")


class HandOver(Body):
    """Who holds it from which day on."""

    person_id: UUID
    on: Day | None = Field(default=None, description="Today, unless it is said.")
