"""Petitions as clients send and see them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, RootModel, model_validator

from services.petitions.domain.deadlines import Urgency
from services.petitions.domain.states import Action, Status
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Line, ListQuery, Location, Named, Prose, Whole, several_of
from shared.kernel.geo import CoordSys

Attachments = Annotated[list[UUID], Field(max_length=9, description="Ids from POST /attachments, each used once.")]


def _no_repeats(ids: list[UUID]) -> None:
    if len(set(ids)) != len(ids):
        raise Bilingual("repeated", "同一张照片不能重复", "the same photo is named twice")


class SubmitPetition(Body):
    """A report: a place and at least one of text and photos. The rest may be left to the staff."""

    category: UUID | None = Field(default=None, description="One of GET /categories, the more exact the better.")
    title: Annotated[Line, Field(min_length=1, max_length=60)] | None = Field(
        default=None, examples=["3号楼单元门禁坏了"]
    )
    text: Annotated[Prose, Field(min_length=1, max_length=2000)] | None = Field(
        default=None, examples=["3号楼2单元门禁已经坏了三天，晚上陌生人可以随意进出。"]
    )
    location: Location
    attachments: Attachments = Field(default_factory=list)
    anonymity: Literal["none", "public"] = Field(
        default="none", description="public: the name is hidden wherever the petition is shown publicly."
    )

    @model_validator(mode="after")
    def _says_something(self) -> "SubmitPetition":
        if not self.text and not self.attachments:
            raise Bilingual("text_or_photo", "请写一句话或附一张照片", "write a sentence or attach a photo")
        _no_repeats(self.attachments)
        return self


class AcceptPetition(Body):
    """It is ours. What is given replaces what the reporter chose."""

    category: UUID | None = None
    urgency: Urgency | None = Field(default=None, examples=["utility"])


class RejectPetition(Body):
    """It is not ours: why, and in words where else to turn."""

    reason: Literal["not_within_scope", "private_dispute", "in_legal_process", "already_answered", "no_facts"]
    text: Annotated[Prose, Field(min_length=1, max_length=1000)] = Field(
        examples=["这段路由市交警支队管理，已替您转告；也可拨打 122。"]
    )


class Handler(Body):
    """Who handles it."""

    type: Literal["organisation", "person"]
    id: UUID


class DispatchPetition(Body):
    """The lead becomes the holder and must start and resolve it."""

    lead: Handler
    co_handlers: list[Handler] = Field(default_factory=list, max_length=10)
    note: Annotated[Prose, Field(max_length=1000)] | None = Field(default=None, examples=["请今天先派人看现场。"])

    @model_validator(mode="after")
    def _each_once(self) -> "DispatchPetition":
        named = [self.lead.id, *(handler.id for handler in self.co_handlers)]
        if len(set(named)) != len(named):
            raise Bilingual("repeated", "同一个承办人不能出现两次", "the same handler is named twice")
        return self


class StartPetition(Body):
    """The holder has been in touch with the reporter."""

    note: Annotated[Prose, Field(max_length=1000)] | None = Field(default=None, examples=["已电话联系，今天下午上门。"])


class ResolvePetition(Body):
    """What came of it."""

    outcome: Literal["solved", "partly", "explained", "not_possible"]
    text: Annotated[Prose, Field(min_length=1, max_length=2000)] = Field(
        examples=["门禁电源已更换，现在可以正常刷卡。"]
    )
    attachments: Attachments = Field(default_factory=list)

    @model_validator(mode="after")
    def _each_once(self) -> "ResolvePetition":
        _no_repeats(self.attachments)
        return self


class ConfirmPetition(Body):
    """The reporter agrees that it is done."""

    rating: Whole = Field(ge=1, le=5, examples=[5])
    contacted: bool = Field(description="Whether the holder really got in touch.", examples=[True])


class DisputePetition(Body):
    """The reporter does not agree."""

    solved: Literal["no", "partly"]
    text: Annotated[Prose, Field(min_length=1, max_length=1000)] = Field(examples=["晚上又坏了。"])


class WithdrawPetition(Body):
    """The reporter takes it back."""

    text: Annotated[Prose, Field(max_length=1000)] | None = Field(default=None, examples=["物业已经修好了。"])


class Out(BaseModel):
    """How places are shown."""

    model_config = {"extra": "forbid"}

    out: CoordSys = Field(default="wgs84", description="The coordinate system of places in the answer.")


class PetitionQuery(ListQuery):
    """Which petitions."""

    scope: Literal["mine", "held", "area"] = Field(
        default="mine",
        description="mine: reported by me; held: waits for me, or I help with it; area: of the areas I look after.",
    )
    status: Annotated[str, several_of(Status)] | None = Field(
        default=None, max_length=200, examples=["submitted,accepted"]
    )
    category: UUID | None = Field(default=None, description="This category and all below it.")
    q: str | None = Field(
        default=None, min_length=1, max_length=50, description="Words or characters in title and text."
    )
    with_: Literal["allowed_actions"] | None = Field(default=None, alias="with")

    def statuses(self) -> tuple[str, ...]:
        return tuple(part for part in (self.status or "").split(",") if part)

    @model_validator(mode="after")
    def _known_statuses(self) -> "PetitionQuery":
        if set(self.statuses()) - set(Status):
            known = ", ".join(Status)
            raise Bilingual("status", f"只能是：{known}", f"known: {known}")
        return self


class CategoryName(BaseModel):
    id: UUID
    name: str
    name_en: str | None


class Holder(BaseModel):
    """Who holds it now."""

    type: Literal["organisation", "person"]
    id: UUID
    name: str | None


class PetitionRow(BaseModel):
    """A petition in a list."""

    id: UUID
    number: str
    version: int
    status: Status
    kind: str
    category: CategoryName | None
    urgency: Urgency
    title: str | None
    area: Named
    holder: Holder | None
    round: int
    respond_by: datetime | None
    resolve_by: datetime | None
    responded_at: datetime | None
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[Action] | None = None


class PetitionList(BaseModel):
    items: list[PetitionRow]
    next_cursor: str | None


class HomePetitions(BaseModel):
    """The newest five that the caller reported, and the newest five that wait for them or their organisation."""

    petitions: list[PetitionRow]
    held: list[PetitionRow]


class HistoryRow(BaseModel):
    """One change, as its reporter and onlookers see it."""

    version: int
    at: datetime
    action: str
    from_: Status | None = Field(alias="from")
    to: Status
    actor_role: str
    facts: dict[str, Any]
    public_note: str | None


class HandlersHistoryRow(HistoryRow):
    """One change, as those who handle the petition see it."""

    internal_note: str | None


class HistoryList(BaseModel):
    items: list[HandlersHistoryRow] | list[HistoryRow]
    next_cursor: None


class Photo(BaseModel):
    """A photo; its links open it for an hour or two. `action_version` is the change that brought it."""

    id: UUID
    url: str
    thumbnail_url: str
    width: int
    height: int
    action_version: int


class _Petition(BaseModel):
    """What everybody sees of a petition for whom it exists."""

    id: UUID
    number: str
    version: int
    kind: str
    status: Status
    channel: str
    category: CategoryName | None
    urgency: Urgency
    title: str | None
    text: str | None
    location: Location | None
    area: Named
    tenant: Named
    level: str | None
    anonymity: str
    holder: Holder | None
    co_handlers: list[Handler]
    round: int
    respond_by: datetime | None
    resolve_by: datetime | None
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    in_time: bool | None
    created_at: datetime
    updated_at: datetime
    attachments: list[Photo]
    allowed_actions: list[Action]


class PetitionForReporter(_Petition):
    """As its reporter sees it."""

    view: Literal["reporter"]
    reporter: Named | None
    history: list[HistoryRow]


class PetitionForHandler(_Petition):
    """As those see it who handle it: who holds it, and staff of the place."""

    view: Literal["handler"]
    reporter: Named | None
    history: list[HandlersHistoryRow]


class PetitionForOnlooker(_Petition):
    """As those see it who look after the place or help, or handled it before: not who reported it."""

    view: Literal["onlooker"]
    history: list[HistoryRow]


class Petition(
    RootModel[Annotated[PetitionForReporter | PetitionForHandler | PetitionForOnlooker, Field(discriminator="view")]]
):
    """A petition. `view` says as whom the caller sees it."""


class CategoryNode(BaseModel):
    """One node of the tree."""

    id: UUID
    parent_id: UUID | None
    name: str
    name_en: str | None
    urgency: Urgency


class CategoryList(BaseModel):
    items: list[CategoryNode]
    next_cursor: None


class Uploaded(BaseModel):
    """A photo that now belongs to its uploader."""

    id: UUID
    url: str
    thumbnail_url: str
    width: int
    height: int


class Signed(BaseModel):
    """What a signed link carries."""

    model_config = {"extra": "forbid"}

    expires: int
    signature: str = Field(min_length=10, max_length=100)


class Done(BaseModel):
    """Nothing more to say."""

    done: Literal[True] = True
