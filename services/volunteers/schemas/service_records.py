"""Service records as clients send and see them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, RootModel, ValidationInfo, field_validator

from services.volunteers.domain.evidence import Grade
from services.volunteers.domain.openings import Kind
from services.volunteers.domain.states import Action, Status
from services.volunteers.schemas.openings import check_statuses
from services.volunteers.schemas.points import MyPoints
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Line, ListQuery, Named, Prose, several_of


class ShowCode(Body):
    """The code from the leader's screen, scanned or typed; small letters, spaces and look-alikes do no harm."""

    code: Annotated[Line, Field(min_length=1, max_length=20)] = Field(examples=["7K2P X94D"])


class SubmitRecord(Body):
    """What was done: at least one of text and photos."""

    text: Annotated[Prose, Field(min_length=1, max_length=2000)] | None = Field(
        default=None, examples=["晚上七点到九点值守，帮六位老人开了门。"]
    )
    attachments: Annotated[list[UUID], Field(max_length=9)] = Field(
        default=[], description="Ids from POST /attachments, each used once.", validate_default=True
    )

    @field_validator("attachments")
    @classmethod
    def _says_something(cls, given: list[UUID], info: ValidationInfo) -> list[UUID]:
        if len(set(given)) != len(given):
            raise Bilingual("repeated", "同一张照片不能重复", "the same photo is named twice")
        if not given and info.data.get("text", "") is None:
            raise Bilingual("text_or_photo", "请写一句话或附一张照片", "write a sentence or attach a photo")
        return given


class RejectRecord(Body):
    """Why it does not count."""

    text: Annotated[Prose, Field(min_length=1, max_length=1000)] = Field(examples=["签到后就离开了，没有参加服务。"])


class CancelRecord(Body):
    """Giving the place back."""

    text: Annotated[Prose, Field(max_length=1000)] | None = Field(default=None, examples=["临时有事，来不了了。"])


class RecordQuery(ListQuery):
    """Which service records."""

    scope: Literal["mine", "led", "area"] = Field(
        default="mine", description="mine; led: of openings that I lead; area: of the areas I look after."
    )
    status: Annotated[str, several_of(Status)] | None = Field(default=None, max_length=200, examples=["submitted"])
    opening: UUID | None = Field(default=None, description="Of this opening only.")
    with_: Literal["allowed_actions"] | None = Field(default=None, alias="with")

    def statuses(self) -> tuple[str, ...]:
        return tuple(part for part in (self.status or "").split(",") if part)

    @field_validator("status")
    @classmethod
    def _known_statuses(cls, given: str | None) -> str | None:
        check_statuses(given, Status)
        return given


class OpeningName(BaseModel):
    """The opening that a record belongs to."""

    id: UUID
    kind: Kind
    title: str | None
    starts_at: datetime
    ends_at: datetime


class OverseenRecordRow(BaseModel):
    """A service record in a list, for whoever only oversees: not whose it is."""

    id: UUID
    version: int
    status: Status
    opening: OpeningName
    petition_id: UUID | None
    area: Named
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    minutes: int | None
    evidence_grade: Grade | None
    points: int
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[Action] | None = None


class RecordRow(OverseenRecordRow):
    """A service record in a list, for its volunteer and those who handle it."""

    person: Named


class RecordList(BaseModel):
    items: list[RecordRow | OverseenRecordRow]
    next_cursor: str | None


class HomeTasks(BaseModel):
    """The newest five service records of the caller, and their points."""

    tasks: list[RecordRow]
    points: MyPoints


class OverseenHistoryRow(BaseModel):
    """One change, for whoever only oversees: without people's words."""

    version: int
    at: datetime
    action: str
    from_: Status | None = Field(alias="from")
    to: Status
    actor_role: str
    facts: dict[str, Any]


class RecordHistoryRow(OverseenHistoryRow):
    """One change, for the volunteer and those who handle the record."""

    note: str | None


class RecordPhoto(BaseModel):
    """A photo; its links open it for an hour or two."""

    id: UUID
    url: str
    thumbnail_url: str


class _ServiceRecord(BaseModel):
    """What everybody sees of a service record that exists for them. `minutes` lie within the opening's window."""

    id: UUID
    version: int
    status: Status
    opening: OpeningName
    petition_id: UUID | None
    area: Named
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    minutes: int | None
    evidence_grade: Grade | None
    points: int
    rule_version: int
    transfer_id: UUID | None
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[Action]


class ServiceRecordInFull(_ServiceRecord):
    """As its volunteer sees it, and those who handle it: the leader, team leaders and staff of the place."""

    view: Literal["full"]
    person: Named
    text: str | None
    attachments: list[RecordPhoto]
    history: list[RecordHistoryRow]


class OverseenServiceRecord(_ServiceRecord):
    """As those see it who only oversee: what happened, not to whom, and nobody's words or photos."""

    view: Literal["overseen"]
    history: list[OverseenHistoryRow]


class ServiceRecord(RootModel[Annotated[ServiceRecordInFull | OverseenServiceRecord, Field(discriminator="view")]]):
    """A service record. `view` says how much of it the caller sees."""
