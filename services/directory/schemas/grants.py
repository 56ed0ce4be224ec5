"""Roles as clients see them, and what people send to give and end them."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.directory.actions.grants import NewRole
from services.directory.domain.granting import Granting
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Day, ListQuery, Named
from shared.kernel.actor import Role


class GrantItem(BaseModel):
    """Somebody has a role in an area or for an organisation, from `starts_on` (null: since ever) until the day before
    `ends_on` (null: until it is ended)."""

    id: UUID
    role: Role
    person: Named
    area: Named | None
    organisation: Named | None
    starts_on: date | None
    ends_on: date | None


class GrantList(BaseModel):
    """A page of roles."""

    items: list[GrantItem]
    next_cursor: str | None


class GrantDetail(GrantItem):
    """One role, and what the caller may do with it."""

    allowed_actions: list[Granting]


class GrantListQuery(ListQuery):
    """Which roles: of a person, in an area, or for an organisation. Filters combine with AND."""

    person: UUID | None = Field(default=None, description="Only those of this person.")
    area: UUID | None = Field(default=None, description="Only those that count in this very area.")
    organisation: UUID | None = Field(default=None, description="Only those that count for this organisation.")
    role: Role | None = Field(default=None, examples=["community_staff"])
    on: Day | None = Field(default=None, description="Those had on that day, past or to come; today unless said.")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.person is None and self.area is None and self.organisation is None:
            raise Bilingual("one_of", "请给出 person、area 或 organisation", "say person, area or organisation")
        return self


class NewGrant(Body):
    """Who is to have which role, in exactly one of an area or an organisation."""

    person_id: UUID
    role: Role = Field(examples=["community_staff"])
    area_id: UUID | None = None
    organisation_id: UUID | None = None
    starts_on: Day | None = Field(default=None, description="Today, unless it is said.")
    ends_on: Day | None = Field(default=None, description="The first day on which it is had no longer.")

    @model_validator(mode="after")
    def _one_root(self) -> Self:
        if (self.area_id is None) == (self.organisation_id is None):
            raise Bilingual("one_root", "须且只能给出 area_id 或 organisation_id 之一", "area_id or organisation_id")
        return self

    def new_role(self) -> NewRole:
        return NewRole(**self.model_dump())


class EndGrant(Body):
    """From which day on it is had no longer."""

    on: Day | None = Field(default=None, description="Today, unless it is said.")


class GrantEvent(BaseModel):
    """One thing that was done to a role (`granted`), by whom and in which `role` of their own."""

    at: datetime
    action: str
    grant_id: UUID
    version: int
    granted: Role
    role: str
    person: Named | None
    by: Named | None
    facts: dict[str, Any]


class GrantHistory(BaseModel):
    """A page of what was done to roles, newest first."""

    items: list[GrantEvent]
    next_cursor: str | None
