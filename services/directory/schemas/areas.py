"""Areas as clients see them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.infra.web.types import Named
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


class Officer(BaseModel):
    """Who answers for an area, and as what (`grid_officer`, `building_head`…)."""

    kind: str
    person: Named
    area: Named


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


class AreaDetail(AreaBrief):
    """One area."""

    closed: bool
    households: int | None
    residents: int | None
    path: list[AreaStep]
    tenant: AreaStep
    officers: list[Officer]
    centre: Centre | None


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

    out: CoordSys = Field(default="wgs84", description="Coordinate system of the centre.")
