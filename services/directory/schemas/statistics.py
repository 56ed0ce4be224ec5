"""The figures of an area, and what each counts."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.directory.schemas.areas import AreaBrief
from shared.infra.web.types import Named


class StatisticsQuery(BaseModel):
    """Of which area."""

    model_config = ConfigDict(extra="forbid")

    area: UUID = Field(description="The area; everything below it counts too.")


class KindCount(BaseModel):
    """How many there are of a kind."""

    kind: str
    count: int


class HouseholdFigures(BaseModel):
    """`stated`: the sum of what areas say of themselves, each household where it is counted deepest (a building before
    its community), as in the coverage report; null when none says anything. `registered`: doors entered one by one."""

    stated: int | None
    registered: int


class PeopleFigures(BaseModel):
    """People whose home is the area or lies below it, each once. `registered`: all of them. `over_60`: those who turn
    60 this year or have before. `party_members`: those entered as members of the party.

    The last two are null when they, or what is left of all, would be one or two people, who could then be told.
    """

    registered: int
    over_60: int | None
    party_members: int | None


class OfficeFigures(BaseModel):
    """One kind of office. `held`: how many hold it today, somebody who holds it in two areas twice. `areas`: in how
    many areas it is held. `required`: areas that must have a holder; `vacant`: those of them that have none."""

    kind: str
    held: int
    areas: int
    required: int
    vacant: int


class Enrolled(BaseModel):
    """`told`: those who are told to enrol, done or not; `enrolled`: those who have, told or not."""

    told: int
    enrolled: int


class EnrolmentFigures(BaseModel):
    """双向报到 at the communities, streets and districts inside, as it stands today.

    `units`: organisations, each once, by themselves or by at least one of their members. `members`: enrolments of
    people; somebody who enrols for two organisations counts twice.
    """

    units: Enrolled
    members: Enrolled


class RhythmFigure(BaseModel):
    """A kind of meeting, held every so many months."""

    kind: str
    months: int


class CouncilFigures(BaseModel):
    """One council (大党委, 大工委). `organisations`: those that sit in it today. `committee_members`: who belongs to it
    today, its secretary included."""

    id: UUID
    name: str
    area: Named
    organisations: int
    committee_members: int
    rhythms: list[RhythmFigure]


class ServiceFigures(BaseModel):
    """Services of the catalogue that the communities, streets and districts inside keep, each once however many places
    it is to be had at. `by_volunteers`: given by a volunteer station or team. `by_facility_kind`: those to be had at a
    facility of the kind (a service hall, a library); one that is given at two kinds counts at both."""

    total: int
    by_volunteers: int
    by_category: list[KindCount]
    by_facility_kind: list[KindCount]


class Statistics(BaseModel):
    """What there is in an area and below it today. Nothing is stored: each figure is counted when it is asked for.

    `areas`: open areas by kind, the area itself included. `residents`: the sum of what areas say of themselves, counted
    deepest like the households, or null. `organisations`: those kept by the communities, streets and districts inside,
    and those that serve an area inside, by kind, each once; closed ones are not counted. `councils`: those of the areas
    inside, at most 100, of the largest areas first. `facilities`: those that lie inside, by kind.
    """

    area: AreaBrief
    areas: list[KindCount]
    households: HouseholdFigures
    residents: int | None
    people: PeopleFigures
    organisations: list[KindCount]
    offices: list[OfficeFigures]
    enrolments: EnrolmentFigures
    councils: list[CouncilFigures]
    facilities: list[KindCount]
    services: ServiceFigures
