"""Households as staff see and send them."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from shared.infra.web.types import Body, Line, Named

_Door = Annotated[Line, Field(min_length=1, max_length=40)]


class Household(BaseModel):
    """A household: the area, the door (masked: 5**) and who lives behind it."""

    id: UUID
    area: Named
    door: str | None
    closed: bool
    people: list[Named]


class HouseholdList(BaseModel):
    """A page of households, in the order in which they came."""

    items: list[Household]
    next_cursor: str | None


class NewHousehold(Body):
    """What stands on the door."""

    door: _Door = Field(examples=["501"])


class ChangedHousehold(Body):
    """A household as it shall be."""

    door: _Door | None = Field(default=None, description="Left out: it stays as it is.", examples=["502"])
    closed: bool = Field(default=False, description="Nobody can live there any more.")
