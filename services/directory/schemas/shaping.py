"""What people send to make and change areas."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.directory.actions.reshaping import Part
from services.directory.actions.shaping import Outline
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Count, Day, Line, Location, Whole

_Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
_Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
_Ring = Annotated[list[tuple[_Lon, _Lat]], Field(min_length=4, max_length=2000)]
_Name = Annotated[Line, Field(min_length=1, max_length=100)]
_Code = Annotated[Line, Field(min_length=1, max_length=64)]

_POLYGONS: list[Any] = [
    [[[84.8730, 45.5931], [84.8739, 45.5931], [84.8739, 45.5933], [84.8730, 45.5933], [84.8730, 45.5931]]]
]


class Described(Body):
    """How an area is described. `polygons`: the coordinates of a GeoJSON MultiPolygon, in WGS-84, without holes."""

    name: _Name = Field(examples=["3号楼"])
    code: _Code | None = Field(default=None, examples=["650203002003-02-03"])
    centre: Location | None = None
    polygons: list[list[_Ring]] = Field(default=[], max_length=20, examples=[_POLYGONS])
    households: Count | None = Field(default=None, examples=[48])
    residents: Count | None = Field(default=None, examples=[117])

    @model_validator(mode="after")
    def _no_holes(self) -> Self:
        if any(len(polygon) != 1 for polygon in self.polygons):
            raise Bilingual("polygon_hole", "边界不能有内环（洞）", "an outline has exactly one ring: no holes")
        return self

    def outline(self) -> Outline:
        """The same, latitude first, as the rules want it."""
        centre = self.centre.wgs84() if self.centre else None
        return Outline(
            name=self.name,
            code=self.code,
            centre=(centre.lat, centre.lon) if centre else None,
            polygons=tuple(tuple((lat, lon) for lon, lat in polygon[0]) for polygon in self.polygons),
            households=self.households,
            residents=self.residents,
        )


class NewArea(Described):
    """A new area below another one."""

    parent_id: UUID
    kind: Line = Field(max_length=64, examples=["building"])
    opened_on: Day | None = Field(default=None, description="Today, unless it is said.")


class ChangedArea(Described):
    """The whole description of an area as it shall be; what is left out is empty afterwards."""


class MoveArea(Body):
    """Where an area shall lie."""

    parent_id: UUID


class MergeAreas(Body):
    """The areas that this one takes in; they are closed."""

    area_ids: list[UUID] = Field(min_length=1, max_length=20)


class AreaPart(Described):
    """One of the areas that take the place of another, and those right below it that come with it."""

    child_ids: list[UUID] = Field(default=[], max_length=10_000)


class SplitArea(Body):
    """The areas that take the place of this one. What is named nowhere goes to the part number `rest`, from 0."""

    parts: list[AreaPart] = Field(min_length=2, max_length=20)
    rest: Whole = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _rest_is_a_part(self) -> Self:
        if self.rest >= len(self.parts):
            raise Bilingual("rest_unknown", "rest 应为某一部分的序号", "`rest` is the number of a part")
        return self

    def split_into(self) -> list[Part]:
        return [Part(part.outline(), tuple(part.child_ids)) for part in self.parts]


class CloseArea(Body):
    """Nothing needs to be said."""
