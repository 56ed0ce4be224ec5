"""Organisations as clients see them."""

from uuid import UUID

from pydantic import BaseModel, Field

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
