"""Memberships as clients send and see them."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.directory.actions.memberships import NewMembership
from services.directory.domain.ties import Standing
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Day, Line, ListQuery, Named


class MembershipItem(BaseModel):
    """A person belongs to an organisation as `kind`, sent by another or by nobody; `ends_on` is the first day after."""

    id: UUID
    kind: str
    person: Named
    organisation: Named
    on_behalf_of: Named | None
    starts_on: date
    ends_on: date | None
    state: Standing


class Membership(MembershipItem):
    """One membership, and what the caller may do with it (`end`)."""

    allowed_actions: list[str]


class MembershipList(BaseModel):
    """A page of memberships, newest first."""

    items: list[MembershipItem]
    next_cursor: str | None


class MembershipQuery(ListQuery):
    """Whose memberships: of an organisation or of a person."""

    organisation: UUID | None = Field(default=None, description="Who belongs to this organisation.")
    person: UUID | None = Field(default=None, description="To what this person belongs.")
    kind: Line | None = Field(default=None, max_length=64, examples=["part_time_committee_member"])
    state: Standing = Field(default=Standing.CURRENT, description="Those that hold today, unless it is said.")

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.organisation is None) == (self.person is None):
            raise Bilingual("one_of", "organisation 和 person 须用且只能用一个", "use either organisation or person")
        return self


class JoinOrganisation(Body):
    """Who shall belong to which organisation. Today, unless a day is said."""

    organisation_id: UUID
    person_id: UUID
    kind: Line = Field(max_length=64, examples=["part_time_committee_member"])
    on_behalf_of_id: UUID | None = Field(default=None, description="The organisation that sends them.")
    starts_on: Day | None = None
    ends_on: Day | None = Field(default=None, description="The first day on which it no longer holds.")

    def meant(self) -> NewMembership:
        return NewMembership(**self.model_dump())


class EndOn(Body):
    """The first day on which it no longer holds: today, unless it is said."""

    ends_on: Day | None = None
