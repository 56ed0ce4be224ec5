"""Agreements, resources, needs and projects as clients send and see them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.actions.agreements import Promised
from services.directory.actions.joint_work import Offered
from services.directory.domain.joint_work import Clause, ListState
from services.directory.domain.ties import Standing
from shared.infra.web.types import Body, Day, Line, ListQuery, Named, Prose

_Title = Annotated[Line, Field(min_length=1, max_length=100)]
_Kind = Annotated[Line, Field(min_length=1, max_length=64)]


class AgreementItem(BaseModel):
    """共驻共建协议书 in a list. `ends_on` is the first day after its term."""

    id: UUID
    council: Named
    title: str
    starts_on: date
    ends_on: date
    state: Standing
    clause_count: int
    fulfilled_count: int


class AgreementClause(BaseModel):
    """What is promised in a field of joint work 六联, by one party or by all, and whether it is done."""

    id: UUID
    field: str
    text: str
    organisation: Named | None
    fulfilled_on: date | None
    note: str | None


class Agreement(AgreementItem):
    """One agreement; `share` of its clauses is fulfilled, 0 to 1."""

    parties: list[Named]
    clauses: list[AgreementClause]
    share: float | None
    allowed_actions: list[str]


class AgreementList(BaseModel):
    """A page of agreements, newest first."""

    items: list[AgreementItem]
    next_cursor: str | None


class AgreementQuery(ListQuery):
    """Which agreements of a council."""

    council: UUID
    state: Standing | None = None


class ClauseOf(Body):
    """A clause; with its id it is one that was there before, and keeps whether it is fulfilled."""

    id: UUID | None = None
    field: _Kind = Field(examples=["activities"])
    text: Prose = Field(min_length=1, max_length=1000)
    organisation_id: UUID | None = Field(default=None, description="The party that promises it; all, without one.")


class ChangedAgreement(Body):
    """The whole of an agreement."""

    title: _Title
    starts_on: Day
    ends_on: Day
    party_ids: list[UUID] = Field(min_length=1, max_length=100)
    clauses: list[ClauseOf] = Field(min_length=1, max_length=100)

    def meant(self) -> Promised:
        clauses = [Clause(c.id, c.field, c.text, c.organisation_id) for c in self.clauses]
        return Promised(self.title, self.starts_on, self.ends_on, self.party_ids, clauses)


class NewAgreement(ChangedAgreement):
    """An agreement of organisations that sit in a council."""

    council_id: UUID


class Fulfilled(Body):
    """A clause is fulfilled: how, and when (today, unless a day is said)."""

    clause_id: UUID
    note: Prose = Field(min_length=1, max_length=1000)
    fulfilled_on: Day | None = None


class Listed(BaseModel):
    """A resource that an organisation gives, or a need; without an area, in the council's whole area."""

    id: UUID
    council: Named
    kind: str
    title: str
    organisation: Named | None
    area: Named | None
    state: ListState
    starts_on: date
    ends_on: date | None


class ListedPage(BaseModel):
    """A page of resources or needs, newest first."""

    items: list[Listed]
    next_cursor: str | None


class Need(Listed):
    """A need, with the open resources of the same kind that are there at the time and in the place (the first 50)."""

    matches: list[Listed]


class ListedQuery(ListQuery):
    """Which resources or needs of a council."""

    council: UUID
    kind: Line | None = Field(default=None, max_length=64, examples=["room"])


class _Entered(Body):
    council_id: UUID
    kind: _Kind = Field(examples=["room"])
    title: _Title
    area_id: UUID | None = None
    starts_on: Day | None = Field(default=None, description="Today, unless it is said.")
    ends_on: Day | None = None


class NewResource(_Entered):
    """What an organisation gives."""

    organisation_id: UUID

    def meant(self) -> Offered:
        return Offered(**self.model_dump())


class NewNeed(_Entered):
    """What a place, or an organisation, wishes for."""

    organisation_id: UUID | None = None

    def meant(self) -> Offered:
        return Offered(**self.model_dump())


class Withdrawn(Body):
    """Nothing needs to be said."""


class Project(BaseModel):
    """A project, the needs that it meets and the resources that it uses."""

    id: UUID
    council: Named
    title: str
    state: ListState
    starts_on: date
    ends_on: date | None
    note: str | None
    needs: list[Named]
    resources: list[Named]


class ProjectList(BaseModel):
    """A page of projects, newest first."""

    items: list[Project]
    next_cursor: str | None


class ProjectQuery(ListQuery):
    """Which projects of a council."""

    council: UUID
    state: ListState | None = None


class NewProject(Body):
    """A project joins needs and resources of one council."""

    council_id: UUID
    title: _Title
    need_ids: list[UUID] = Field(min_length=1, max_length=50)
    resource_ids: list[UUID] = Field(default=[], max_length=50)
    starts_on: Day | None = None


class Finished(Body):
    """What came of it."""

    note: Prose = Field(min_length=1, max_length=1000)
