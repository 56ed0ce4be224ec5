"""People of the register as staff see and send them: masked, and described."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.directory.domain import contact
from services.directory.domain.people import Doing, Reason, Record, shown_fields
from services.directory.schemas.areas import AreaBrief, AreaStep
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Line, ListQuery, Named, Prose, Whole

_Name = Annotated[Line, Field(min_length=1, max_length=50)]
_Skill = Annotated[Line, Field(min_length=1, max_length=40)]
#: What it really must be, domain/contact says; here only that it is a line.
_Text = Annotated[Line, Field(min_length=1, max_length=200)]
_STAYS = "Left out: it stays as it is. null: it is taken away."


class Contact(BaseModel):
    """What leads to somebody's door, masked: 138****1234."""

    phone: str | None
    id_number: str | None
    address: str | None
    door: str | None


class PersonItem(BaseModel):
    """One person in a list; the telephone is masked."""

    id: UUID
    name: str
    home: Named | None
    phone: str | None


class PersonList(BaseModel):
    """A page of people."""

    items: list[PersonItem]
    next_cursor: str | None


class PersonDetail(Contact):
    """One person. `tenant` is the community that keeps them; `party_member` is null for who has no need to know.

    Somebody who was entered twice leads to the one record that goes on: `merged_into`.
    """

    id: UUID
    name: str
    birth_year: int | None
    skills: list[str]
    tenant: AreaStep
    home: AreaBrief | None
    work_organisation: Named | None
    party_member: bool | None
    merged_into: Named | None
    allowed_actions: list[Doing]


class PersonListQuery(ListQuery):
    """Which people: of all areas in which the caller has a say, or of one of them."""

    area: UUID | None = Field(default=None, description="Only who is at home there, or kept by that community.")
    q: Line | None = Field(default=None, max_length=50, description="How the name begins.", examples=["李秀"])


class LookUp(Body):
    """A telephone or an identity number. It stands in the body, because addresses are written into logs."""

    phone: _Text | None = Field(default=None, examples=["138 0990 1234"])
    id_number: _Text | None = Field(default=None, examples=["11010519491231002X"])

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.phone is None) == (self.id_number is None):
            raise Bilingual("one_of", "phone 和 id_number 只能给一个", "give phone or id_number, one of them")
        return self

    def wanted(self) -> tuple[contact.Field, str]:
        if self.phone is not None:
            return contact.Field.PHONE, self.phone
        return contact.Field.ID_NUMBER, self.id_number or ""


class OwnContact(Body):
    """What somebody may correct about themselves."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    phone: _Text | None = Field(default=None, description=_STAYS, examples=["138 0990 1234"])
    address: _Text | None = Field(default=None, description=_STAYS, examples=["长征新村3号楼2单元501室"])

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise Bilingual("missing", "请给出要更正的内容", "say what is to be corrected")
        return self

    def texts(self) -> dict[contact.Field, str | None]:
        """What was said; what was left out is not there."""
        return {field: getattr(self, field) for field in contact.Field if field in self.model_fields_set}


class DescribedPerson(OwnContact):
    """How a person is described. The year of birth is read from the identity number, where there is one."""

    name: _Name = Field(examples=["李秀英"])
    home_id: UUID | None = Field(default=None, description="The area where they live: an entrance, a building, a grid.")
    door: _Text | None = Field(default=None, description=f"The household there. {_STAYS}", examples=["501"])
    id_number: _Text | None = Field(default=None, description=_STAYS, examples=["11010519491231002X"])
    birth_year: Whole | None = Field(default=None, description="Left out or null: it stays as it is.", examples=[1949])
    party_member: bool | None = Field(default=None, description="Left out or null: it stays as it is.")
    skills: list[_Skill] = Field(default=[], max_length=20, examples=[["理发"]])
    work_organisation_id: UUID | None = None

    def record(self) -> Record:
        return Record(
            name=self.name,
            home_id=self.home_id,
            birth_year=self.birth_year,
            party_member=self.party_member,
            skills=tuple(self.skills),
            work_organisation_id=self.work_organisation_id,
        )


class NewPerson(DescribedPerson):
    """A new person: at home in an area, or living elsewhere and kept by a community all the same."""

    kept_by: UUID | None = Field(default=None, description="The community that keeps somebody without a home here.")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.home_id is None) == (self.kept_by is None):
            raise Bilingual("one_of", "home_id 和 kept_by 给一个且只给一个", "give home_id or kept_by, one of them")
        return self


class ChangedPerson(DescribedPerson):
    """The whole description of a person as it shall be, but for what is masked: that stays when it is left out."""


class MergePeople(Body):
    """The other records of the same person; they lead to this one from then on."""

    person_ids: list[UUID] = Field(min_length=1, max_length=10)


class Alike(Named):
    """Somebody who may be the same person: by telephone, identity number, or `likeness` (name, year of birth, home)."""

    reasons: list[Literal["phone", "id_number", "likeness"]]


class Duplicates(BaseModel):
    """A record, and younger ones that may be of the same person."""

    person: Named
    alike: list[Alike]


class DuplicateList(BaseModel):
    """A page of them, newest first."""

    items: list[Duplicates]
    next_cursor: str | None


class DuplicateQuery(ListQuery):
    """In which community; without one in all of the caller's."""

    area: UUID | None = Field(default=None, description="A community, or a street or district with those in it.")


class Reveal(Body):
    """Which fields are needed in full, and why."""

    fields: list[contact.Field] = Field(min_length=1, max_length=10, examples=[["phone"]])
    reason: Reason = Field(examples=["petition"])
    note: Annotated[Prose, Field(max_length=500)] | None = Field(default=None, examples=["漏水，联系楼上住户"])

    def wanted(self) -> list[contact.Field]:
        return shown_fields(self.fields)


class Revealed(BaseModel):
    """The fields that were asked for, in full; null where nothing is known."""

    person_id: UUID
    phone: str | None = None
    id_number: str | None = None
    address: str | None = None
    door: str | None = None


class Access(BaseModel):
    """One time that fields of a person were given in full: to whom, in which role, which and why."""

    at: datetime
    by: Named | None
    role: str
    reason: Reason
    fields: list[contact.Field]
    note: str | None


class AccessLog(BaseModel):
    """A page of them, newest first."""

    items: list[Access]
    next_cursor: str | None
