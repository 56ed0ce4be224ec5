"""Who is looked after, as those see it whom it concerns."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.domain import care
from shared.infra.web.types import Body, Line, Named

_Kind = Annotated[Line, Field(min_length=1, max_length=64)]


class Helper(Named):
    """Somebody who looks after the person."""

    since: date


class PersonCare(Named):
    """For what a person is looked after (`GET /kinds`), and by whom today."""

    kinds: list[str]
    helpers: list[Helper]


class CaredFor(Named):
    """Somebody whom the caller looks after."""

    kinds: list[str]
    home: Named | None
    since: date


class CaredForList(BaseModel):
    """A page of them, newest first."""

    items: list[CaredFor]
    next_cursor: str | None


class ChangedCare(Body):
    """For what somebody is looked after and by whom, as it shall be. Nothing and nobody: no longer."""

    kinds: list[_Kind] = Field(max_length=20, examples=[["lives_alone", "over_70"]])
    helper_ids: list[UUID] = Field(max_length=20)

    def care(self) -> care.Care:
        return care.Care(tuple(self.kinds), tuple(self.helper_ids))
