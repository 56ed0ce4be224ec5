"""Councils as clients send and see them."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.directory.actions.councils import NewCouncil
from services.directory.schemas.areas import AreaStep
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Day, Line, ListQuery, Named, Whole

_Name = Annotated[Line, Field(min_length=1, max_length=100)]


class KeptRhythm(BaseModel):
    """How often there is a meeting of a kind, and whether that is kept: `due_by` is the last good day for the next.

    Calendar months: the next is due by the last day of the month that lies `months` after that of the last one.
    """

    kind: str
    months: int
    since: date
    last_held: date | None
    due_by: date
    behind: bool


class CouncilItem(BaseModel):
    """The council of a community, street or district. `behind`: with one of its rhythms."""

    id: UUID
    name: str
    area: AreaStep
    starts_on: date
    closed: bool
    organisation_count: int
    committee_count: int
    rhythms: list[KeptRhythm]
    behind: bool


class CouncilList(BaseModel):
    """A page of councils, in the order in which they were made."""

    items: list[CouncilItem]
    next_cursor: str | None


class SeatedOrganisation(BaseModel):
    """An organisation that sits in the council."""

    id: UUID
    kind: str
    name: str
    starts_on: date
    ends_on: date | None


class CommitteeMember(BaseModel):
    """Somebody in the council (secretary, committee member…), sent by an organisation or by nobody."""

    membership_id: UUID
    kind: str
    person: Named
    on_behalf_of: Named | None
    starts_on: date


class Meeting(BaseModel):
    """A meeting that was held."""

    id: UUID
    kind: str
    held_on: date


class Council(CouncilItem):
    """One council: who sits in it, its committee, the last 20 meetings, and what the caller may do."""

    organisations: list[SeatedOrganisation]
    committee: list[CommitteeMember]
    meetings: list[Meeting]
    allowed_actions: list[str]


class CouncilQuery(ListQuery):
    """Which councils."""

    area: UUID | None = Field(default=None, description="Of this area and of those below it.")


class RhythmOf(Body):
    """Every so many months a meeting of a kind."""

    kind: Line = Field(max_length=64, examples=["council_meeting"])
    months: Whole = Field(ge=1, le=12, examples=[1])


class ChangedCouncil(Body):
    """What a council is called and how often it meets: the whole of it."""

    name: _Name = Field(examples=["四营社区大党委"])
    rhythms: list[RhythmOf] = Field(default=[], max_length=10)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({rhythm.kind for rhythm in self.rhythms}) < len(self.rhythms):
            raise Bilingual("duplicate", "同一种会议只能有一个周期", "a kind of meeting has one rhythm")
        return self

    def by_kind(self) -> dict[str, int]:
        return {rhythm.kind: rhythm.months for rhythm in self.rhythms}


class NewCouncilOf(ChangedCouncil):
    """The council of an area."""

    area_id: UUID
    starts_on: Day | None = Field(default=None, description="Today, unless it is said.")

    def meant(self) -> NewCouncil:
        return NewCouncil(self.area_id, self.name, self.by_kind(), self.starts_on)


class Seat(Body):
    """An organisation takes a seat. Today, unless a day is said."""

    organisation_id: UUID
    starts_on: Day | None = None


class Unseat(Body):
    """An organisation leaves: from today, unless a day is said, it sits there no longer."""

    organisation_id: UUID
    ends_on: Day | None = None


class HeldMeeting(Body):
    """A meeting was held. Today, unless a day is said."""

    kind: Line = Field(max_length=64, examples=["council_meeting"])
    held_on: Day | None = None
