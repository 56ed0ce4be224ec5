"""Enrolments as clients send and see them."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.actions.enrolments import NewEnrolment
from services.directory.domain.enrolments import EnrolmentState
from shared.infra.web.types import Body, Day, ListQuery, Named


class EnrolmentItem(BaseModel):
    """An organisation, or one of its members, in a community. `told_on`: since when they are told to."""

    id: UUID
    community: Named
    organisation: Named
    person: Named | None
    told_on: date | None
    starts_on: date | None
    ends_on: date | None
    state: EnrolmentState


class Enrolment(EnrolmentItem):
    """One enrolment, and what the caller may do with it (`end`)."""

    allowed_actions: list[str]


class EnrolmentList(BaseModel):
    """A page of enrolments, newest first."""

    items: list[EnrolmentItem]
    next_cursor: str | None


class EnrolmentCounts(BaseModel):
    """People: told to enrol, and of these done and not yet; enrolled today, told or not; ended."""

    told: int
    done: int
    not_yet: int
    enrolled: int
    ended: int


class EnrolmentsOfOrganisation(EnrolmentList):
    """The organisation's view: the figures of all, and a page of who enrolled where and since when."""

    organisation: Named
    counts: EnrolmentCounts


class EnrolledUnit(BaseModel):
    """A unit in a community, or in all those of a street or district. `itself_since`: the unit's own enrolment."""

    organisation: Named
    itself_since: date | None
    told: int
    enrolled: int
    not_yet: int


class EnrolmentsOfArea(BaseModel):
    """The community's view: which units, with how many members each."""

    area: Named
    counts: EnrolmentCounts
    units: list[EnrolledUnit]


class EnrolmentQuery(ListQuery):
    """Which enrolments: those in a community; without one the caller's own."""

    community: UUID | None = Field(default=None, description="In this community; without it: one's own.")
    organisation: UUID | None = Field(default=None, description="Only of this organisation and its members.")
    state: EnrolmentState | None = None


class UnitQuery(ListQuery):
    """Which of the organisation's enrolments."""

    state: EnrolmentState | None = None


class Enrol(Body):
    """Who enrols where: an organisation itself, or (with a person) a member of it."""

    community_id: UUID
    organisation_id: UUID
    person_id: UUID | None = Field(default=None, description="A member; without one the organisation itself.")
    state: Literal["told", "enrolled"] = Field(default="enrolled", description="Only told to, or done.")
    on: Day | None = Field(default=None, description="Today, unless it is said.")

    def meant(self) -> NewEnrolment:
        state = EnrolmentState(self.state)
        return NewEnrolment(self.community_id, self.organisation_id, self.person_id, state, self.on)
