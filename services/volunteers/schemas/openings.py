"""Openings as clients send and see them."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from services.volunteers.domain.openings import Action, Kind, Status
from services.volunteers.domain.states import Status as RecordStatus
from services.volunteers.domain.windows import LONGEST
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Line, ListQuery, Location, Named, Prose, Whole, several_of
from shared.kernel.geo import CoordSys, Point, to_wgs84

_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def _rfc_3339(given: Any) -> Any:
    """Pydantic also takes seconds since 1970 and times without an offset: neither is a time of day anywhere."""
    if not isinstance(given, str) or not _RFC_3339.fullmatch(given):
        zh = "应为带时区的 RFC 3339 时间，例如 2026-03-01T09:00:00+08:00"
        raise Bilingual("rfc3339", zh, "must be an RFC 3339 time with an offset, like 2026-03-01T09:00:00+08:00")
    return given


#: Read from text though bodies are strict: behind a validator of ours Pydantic no longer knows that it came as JSON.
Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_rfc_3339)]


#: Degrees from -90 to 90 and from -180 to 180.
_LAT_LON = r"-?([0-8]?[0-9](\.[0-9]+)?|90(\.0+)?),-?((1[0-7][0-9]|[0-9]?[0-9])(\.[0-9]+)?|180(\.0+)?)"


class OpenOpening(Body):
    """Something to take part in. With a petition it happens where the petition is; else in one of your areas."""

    kind: Kind = Field(examples=["task"])
    petition_id: UUID | None = Field(default=None, description="The petition that it comes from.")
    area_id: UUID | None = Field(
        default=None, description="Where; without it the area you look after, when there is one only."
    )
    title: Annotated[Line, Field(min_length=1, max_length=60)] = Field(examples=["修门期间帮忙看门"])
    text: Annotated[Prose, Field(min_length=1, max_length=2000)] = Field(
        examples=["门禁修好之前，晚饭后在单元门口值守两小时，帮老人开门。"]
    )
    starts_at: Moment = Field(examples=["2026-03-01T19:00:00+08:00"])
    ends_at: Moment = Field(description="At most 31 days after the start.", examples=["2026-03-01T21:00:00+08:00"])
    capacity: Whole = Field(ge=1, le=1000, examples=[2])
    points: Whole = Field(ge=0, le=1000, description="For each approved service record.", examples=[15])

    @field_validator("area_id")
    @classmethod
    def _one_place(cls, given: UUID | None, info: ValidationInfo) -> UUID | None:
        if given is not None and info.data.get("petition_id") is not None:
            raise Bilingual("place_of_petition", "地点由诉求决定，不能另选", "the petition says where; leave it out")
        return given

    @field_validator("ends_at")
    @classmethod
    def _window(cls, ends_at: datetime, info: ValidationInfo) -> datetime:
        starts_at = info.data.get("starts_at")
        if starts_at is not None and ends_at <= starts_at:
            raise Bilingual("before_start", "结束时间应晚于开始时间", "must be after starts_at")
        if starts_at is not None and ends_at - starts_at > LONGEST:
            raise Bilingual("too_long", f"最长 {LONGEST.days} 天", f"at most {LONGEST.days} days after starts_at")
        return ends_at


class Nothing(Body):
    """An action that needs no more than its address."""


class Out(BaseModel):
    """How places are shown."""

    model_config = {"extra": "forbid"}

    out: CoordSys = Field(default="wgs84", description="The coordinate system of places in the answer.")


class OpeningQuery(ListQuery):
    """Which openings."""

    near: str | None = Field(
        default=None,
        max_length=60,
        description="lat,lon: nearest first, of those that are not over.",
        examples=["45.59,84.87"],
        json_schema_extra={"pattern": f"^{_LAT_LON}$"},
    )
    coord_sys: CoordSys = Field(default="wgs84", description="The coordinate system of `near`.")
    status: Annotated[str, several_of(Status)] | None = Field(default=None, max_length=100, examples=["open"])
    with_: Literal["allowed_actions"] | None = Field(default=None, alias="with")
    out: CoordSys = Field(default="wgs84", description="The coordinate system of places in the answer.")

    def statuses(self) -> tuple[str, ...]:
        return tuple(part for part in (self.status or "").split(",") if part)

    def point(self) -> Point | None:
        """The place of `near` in WGS-84."""
        if self.near is None:
            return None
        lat, lon = (float(part) for part in self.near.split(","))
        return to_wgs84(lat, lon, self.coord_sys)

    @field_validator("near")
    @classmethod
    def _is_a_place(cls, given: str | None) -> str | None:
        if given is not None and not re.fullmatch(_LAT_LON, given):
            raise Bilingual("near", "应为“纬度,经度”，例如 45.59,84.87", "must be lat,lon, like 45.59,84.87")
        return given

    @field_validator("status")
    @classmethod
    def _known_statuses(cls, given: str | None) -> str | None:
        check_statuses(given, Status)
        return given

    @field_validator("status")
    @classmethod
    def _near_is_to_come(cls, given: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("near") is not None and Status.DONE in (given or "").split(","):
            raise Bilingual("near_done", "按距离只能找还没结束的", "nearest first is for what is not over yet")
        return given


def check_statuses(given: str | None, known: type[Status] | type[RecordStatus]) -> None:
    """Raises when a comma-separated list names a status that does not exist."""
    if {part for part in (given or "").split(",") if part} - set(known):
        names = ", ".join(known)
        raise Bilingual("status", f"只能是：{names}", f"known: {names}")


class PetitionName(BaseModel):
    """The petition that an opening comes from. The number is null for a moment when it is very new."""

    id: UUID
    number: str | None


class OwnRecord(BaseModel):
    """My service record in it."""

    id: UUID
    status: RecordStatus


class OpeningRow(BaseModel):
    """An opening in a list. `distance_m` comes with `near`: from there to the middle of the area."""

    id: UUID
    version: int
    kind: Kind
    status: Status
    title: str | None
    petition: PetitionName | None
    area: Named
    tenant: Named
    leader: Named
    location: Location | None
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    points: int
    distance_m: int | None = None
    allowed_actions: list[Action] | None = None


class OpeningList(BaseModel):
    items: list[OpeningRow]
    next_cursor: str | None


class Opening(BaseModel):
    """An opening. `location` is the middle of its area; `own_record` is mine, when I take part."""

    id: UUID
    version: int
    kind: Kind
    status: Status
    title: str | None
    text: str | None
    petition: PetitionName | None
    area: Named
    tenant: Named
    leader: Named
    location: Location | None
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    points: int
    rule_version: int
    own_record: OwnRecord | None
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[Action]


class CheckInCode(BaseModel):
    """What the leader shows. It changes every 30 seconds; the one before is accepted once more as long."""

    code: str = Field(min_length=8, max_length=8, examples=["7K2PX94D"])
    expires_at: datetime
