"""What people send to enter and change organisations."""

from datetime import time
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.directory.actions.organisation_rows import Description
from services.directory.domain.organisations import Contact, FormationStatus, Hours, Responsibility
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Day, Line, Weekday

_Name = Annotated[Line, Field(min_length=1, max_length=100)]
_Time = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["09:00"])]


class OpenHours(Body):
    """Days of the week (1 Monday … 7 Sunday, ISO 8601) and two times of the day in Beijing."""

    days: list[Weekday] = Field(min_length=1, max_length=7, examples=[[1, 2, 3, 4, 5]])
    opens: _Time
    closes: _Time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise Bilingual("closes_before", "关门应晚于开门", "it closes after it opens")
        if len(set(self.days)) < len(self.days):
            raise Bilingual("duplicate", "同一天出现了两次", "the same day twice")
        return self


class PublicContact(Body):
    """How everybody reaches it. What is left out is empty afterwards."""

    phone: Annotated[str, Field(pattern=r"^[0-9+ -]{3,30}$")] | None = Field(default=None, examples=["0990-6666666"])
    address: Line | None = Field(default=None, max_length=200, examples=["长征新村 1 号楼 101"])
    opening_times: list[OpenHours] = Field(default=[], max_length=14)

    def contact(self) -> Contact:
        hours = (
            Hours(tuple(sorted(one.days)), time.fromisoformat(one.opens), time.fromisoformat(one.closes))
            for one in self.opening_times
        )
        return Contact(self.phone, self.address, tuple(hours))


class ChangedOrganisation(Body):
    """The whole description of an organisation as it shall be; what is left out is empty afterwards."""

    kind: Line = Field(max_length=64, examples=["property_company"])
    name: _Name = Field(examples=["安居物业服务中心"])
    aliases: list[_Name] = Field(default=[], max_length=50, examples=[["安居物业"]])
    parent_id: UUID | None = None
    serves: list[UUID] = Field(default=[], max_length=500, description="Areas.")
    credit_code: Line | None = Field(default=None, max_length=40, examples=["91350100M000100Y43"])
    formation_status: FormationStatus | None = Field(
        default=None, description="For kinds that have to be formed; `formed` unless it is said."
    )
    contact: PublicContact = Field(default_factory=PublicContact)

    def description(self) -> Description:
        return Description(
            kind=self.kind,
            name=self.name,
            aliases=tuple(name for name in dict.fromkeys(self.aliases) if name != self.name),
            parent_id=self.parent_id,
            serves=tuple(dict.fromkeys(self.serves)),
            credit_code=self.credit_code,
            formation_status=self.formation_status,
            contact=self.contact.contact(),
        )


class NewOrganisation(ChangedOrganisation):
    """A new organisation. `tenant_id`: the community, street or district that keeps it."""

    tenant_id: UUID
    confirm_new: bool = Field(default=False, description="Somebody has looked at those with similar names.")


class MergeOrganisations(Body):
    """The organisations that this one takes in; they are closed."""

    organisation_ids: list[UUID] = Field(min_length=1, max_length=20)


class CloseOrganisation(Body):
    """Nothing needs to be said."""


class AssignedResponsibility(Body):
    """A category by its key, with those below it, and the level: a kind of area."""

    category: Annotated[Line, Field(min_length=1, max_length=200)] = Field(examples=["property.lift"])
    level: Annotated[Line, Field(min_length=1, max_length=64)] = Field(examples=["compound"])


class AssignedResponsibilities(Body):
    """The whole list 职责清单."""

    responsibilities: list[AssignedResponsibility] = Field(max_length=500)

    def wanted(self) -> list[Responsibility]:
        return [Responsibility(one.category, one.level) for one in self.responsibilities]


class NewSupport(Body):
    """Which area the organisation supports; from today on, unless it is said."""

    area_id: UUID
    starts_on: Day | None = None


class EndSupport(Body):
    """The first day on which it no longer supports the area; today, unless it is said."""

    ends_on: Day | None = None
