"""Areas as clients see them."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.directory.domain.organisations import FormationStatus
from services.directory.domain.shaping import Shaping
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Line, ListQuery, Named
from shared.kernel.actor import Role
from shared.kernel.geo import CoordSys, Point, to_wgs84


class AreaStep(BaseModel):
    """One area on the way from the root."""

    id: UUID
    kind: str
    name: str


class AreaBrief(BaseModel):
    """An area; `code` is the 12-digit statistical code down to the community, the community's own below it."""

    id: UUID
    name: str
    kind: str
    code: str | None


class KindName(BaseModel):
    """What an office is called, for people."""

    zh: str
    en: str


class Officer(BaseModel):
    """Who answers for an area, and as what (`grid_officer`, `building_head`…)."""

    kind: str
    kind_name: KindName
    person: Named
    area: Named


class Supporter(BaseModel):
    """An organisation that supports an area 包联, and since when."""

    organisation: Named
    area: Named
    starts_on: date


class Place(BaseModel):
    """An area and the way to it from the root, itself included."""

    area: AreaBrief
    path: list[AreaStep]


class Located(Place):
    """Where a point lies. `tenant` is the community, street or district that keeps the area; nearest officers first."""

    tenant: AreaStep
    officers: list[Officer]


class Centre(BaseModel):
    """A point in the coordinate system that the client asked for."""

    lat: float
    lon: float
    coord_sys: CoordSys


#: [lon, lat], as in GeoJSON.
Corner = tuple[float, float]


class AreaDetail(AreaBrief):
    """One area. `polygons` are the coordinates of a GeoJSON MultiPolygon: longitude first, rings closed, no holes.

    A closed area says what took its place (`succeeded_by`), and lies below that in the tree.
    """

    closed: bool
    opened_on: date | None
    closed_on: date | None
    households: int | None
    residents: int | None
    path: list[AreaStep]
    tenant: AreaStep
    officers: list[Officer]
    supported_by: list[Supporter]
    succeeded_by: list[AreaStep]
    centre: Centre | None
    polygons: list[list[list[Corner]]]
    outside_parent: bool = Field(description="It leaves the outline of the area above: look at both.")
    allowed_actions: list[Shaping]


class LocateQuery(BaseModel):
    """A point. `coord_sys`: gcj02 from WeChat's chooseLocation, wgs84 from getLocation."""

    model_config = ConfigDict(extra="forbid")

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, examples=[45.5932])
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False, examples=[84.8731])
    coord_sys: CoordSys = Field(examples=["gcj02"])

    def wgs84(self) -> Point:
        return to_wgs84(self.lat, self.lon, self.coord_sys)


class AreaQuery(BaseModel):
    """How the area is wanted."""

    model_config = ConfigDict(extra="forbid")

    out: CoordSys = Field(default="wgs84", description="Coordinate system of centre and polygons.")


class AreaItem(AreaBrief):
    """One area in a list."""

    parent_id: UUID | None
    closed: bool
    households: int | None
    residents: int | None


class AreaList(BaseModel):
    """A page of areas, in the order in which they came to the directory."""

    items: list[AreaItem]
    next_cursor: str | None


class AreaListQuery(ListQuery):
    """Which areas. `parent`: right below that area; `within`: anywhere below it. Filters combine with AND."""

    parent: UUID | None = Field(default=None, description="Only areas right below this one.")
    within: UUID | None = Field(default=None, description="Only areas anywhere below this one.")
    kind: Line | None = Field(default=None, max_length=64, examples=["building"])
    q: Line | None = Field(default=None, max_length=64, description="Part of a name, or how a code begins.")
    closed: bool = Field(default=False, description="Closed areas instead of open ones.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.parent is not None and self.within is not None:
            raise Bilingual("one_of", "parent 和 within 只能用一个", "use parent or within, not both")
        return self


class AreaNode(BaseModel):
    """An area in a tree. `areas` counts what lies right below it; `below` is null where that is not shown."""

    id: UUID
    name: str
    kind: str
    code: str | None
    households: int | None
    areas: int
    below: list["AreaNode"] | None


class TreeQuery(BaseModel):
    """How far down."""

    model_config = ConfigDict(extra="forbid")

    depth: int = Field(default=1, ge=1, le=6, description="Levels. Those beyond 2,000 areas are left out.")


class OfficerList(BaseModel):
    """Who answers for an area, nearest first; or a page of those who hold an office in it or below it."""

    items: list[Officer]
    next_cursor: str | None


class OfficerQuery(ListQuery):
    """Which officers."""

    below: bool = Field(default=False, description="Those in the area and below it, instead of above.")
    kind: Line | None = Field(default=None, max_length=64, description="With `below`: only this office.")


class MissingIn(BaseModel):
    """An area in which somebody or something is missing."""

    id: UUID
    kind: str
    name: str
    households: int | None
    parent: Named | None


class OfficeCoverage(BaseModel):
    """An office that areas of a kind must have; the first 100 areas without a holder."""

    kind: str
    area_kind: str
    required: int
    vacant: int
    areas: list[MissingIn]


class HouseholdCoverage(BaseModel):
    """Households by the register, and those for whom nobody answers nearer than the community."""

    counted: int
    without_anybody: int
    areas: list[MissingIn]


class CommitteeCoverage(BaseModel):
    """Compounds, and those without a formed owners' committee 业委会; `by_status` counts all by how far they are."""

    compounds: int
    without: int
    by_status: dict[FormationStatus, int]
    areas: list[MissingIn]


class Coverage(BaseModel):
    """What is missing in an area and below it: 全覆盖、责任到人."""

    area: AreaBrief
    offices: list[OfficeCoverage]
    households: HouseholdCoverage
    owners_committees: CommitteeCoverage


class AreaKind(BaseModel):
    """A kind of area. A parent's `rank` is always smaller; an area of a `tenant` kind keeps what lies in it."""

    key: str
    name_zh: str
    name_en: str
    rank: int
    tenant: bool


class OfficeKind(BaseModel):
    """A kind of office. `exclusive`: one holder at a time; `required_in`: areas of these kinds must have a holder.

    `role` begins and ends with the office, in its area.
    """

    key: str
    name_zh: str
    name_en: str
    position: int
    exclusive: bool
    required_in: list[str]
    role: Role | None


class OrganisationKind(BaseModel):
    """A kind of organisation. One that is `formed` is elected by those it is for, and has a formation status."""

    key: str
    name_zh: str
    name_en: str
    position: int
    formed: bool


class CareKind(BaseModel):
    """A reason to look after somebody."""

    key: str
    name_zh: str
    name_en: str
    position: int


class MembershipKind(BaseModel):
    """A kind of membership. `exclusive`: one person at a time; `delegated`: an organisation may have sent them; `own`:
    the organisation's own staff may record it."""

    key: str
    name_zh: str
    name_en: str
    position: int
    exclusive: bool
    delegated: bool
    own: bool


class ListWord(BaseModel):
    """A word of a short list: `meeting`, `joint_work` 六联, `resource`."""

    list: str
    key: str
    name_zh: str
    name_en: str
    position: int


class CatalogueKind(BaseModel):
    """A circle of 15 minutes, or a category of services."""

    key: str
    name_zh: str
    name_en: str
    position: int


class FacilityKind(CatalogueKind):
    """A kind of facility, and the circles to which it counts."""

    circles: list[str]


class Kinds(BaseModel):
    """The words of this installation."""

    areas: list[AreaKind]
    offices: list[OfficeKind]
    organisations: list[OrganisationKind]
    care: list[CareKind]
    memberships: list[MembershipKind]
    words: list[ListWord]
    circles: list[CatalogueKind]
    facilities: list[FacilityKind]
    services: list[CatalogueKind]
