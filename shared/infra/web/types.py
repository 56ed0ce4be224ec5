"""Field types that every schema shares, so that one rule stands in one place."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import PydanticKnownError

from shared.infra.web.problems import Bilingual
from shared.kernel.geo import CoordSys, Point, to_wgs84

#: Rows of each list on the first screen.
FIRST_SCREEN_ROWS = 5

#: What no text may hold: control characters but tab and line feed (PostgreSQL stores no NUL), and the marks that turn
#: the direction of what follows (Unicode UAX 9), because a name could hide behind them.
_UNPRINTABLE = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SEARCH_UNPRINTABLE = re.compile(f"[{_UNPRINTABLE}]")


class _Pattern:
    """A pattern for the document; the rule itself says more than "does not match"."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": self.pattern}


def several_of(names: type[StrEnum]) -> _Pattern:
    """For the document: these names, separated by commas."""
    one = f"({'|'.join(names)})?"
    return _Pattern(f"^{one}(,{one})*$")


def _printable(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    text = given.replace("\r\n", "\n").replace("\r", "\n")
    if _SEARCH_UNPRINTABLE.search(text):
        raise Bilingual("control_character", "不能包含控制字符", "must not contain control characters")
    return text


def _one_line(text: str) -> str:
    if any(end in text for end in "\n\u2028\u2029"):
        raise Bilingual("one_line", "只能有一行", "must be one line")
    return text


def _whole(given: Any) -> Any:
    return int(given) if isinstance(given, float) and given.is_integer() else given


#: Text with line breaks; trimmed.
Prose = Annotated[
    str,
    BeforeValidator(_printable),
    StringConstraints(strip_whitespace=True),
    _Pattern(f"^[^{_UNPRINTABLE}]*$"),
]
#: Text of one line; trimmed.
Line = Annotated[Prose, AfterValidator(_one_line)]
#: An integer, also as 5.0: JSON knows no difference. With bounds: Annotated[int, Field(ge=0), AsWhole], in this order,
#: for the document knows none that stand behind the validator.
AsWhole = BeforeValidator(_whole)
Whole = Annotated[int, AsWhole]


def _within_living_memory(day: date) -> date:
    if not 1900 <= day.year < 2200:
        raise Bilingual("day_out_of_range", "应在 1900 年到 2199 年之间", "must lie between 1900 and 2199")
    return day


def _written_as_a_day(given: Any) -> Any:
    """In an address "0" would be taken for the seconds since 1970.

    A day comes out, not its text: a strict body behind a validator takes no text for a day any more.
    """
    if not isinstance(given, str):
        return given
    if not _DAY.fullmatch(given):
        raise Bilingual("day_form", "应为 2026-03-01 这样的日期", "a day is written as 2026-03-01")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise PydanticKnownError("date_parsing", {"error": "there is no such day"}) from None


#: A day that somebody can mean; beyond these years it is a slip of the pen.
Day = Annotated[date, BeforeValidator(_written_as_a_day), AfterValidator(_within_living_memory)]
#: How many there are.
Count = Annotated[int, Field(ge=0, le=10_000_000), AsWhole]
#: A day of the week: 1 Monday … 7 Sunday (ISO 8601).
Weekday = Annotated[int, Field(ge=1, le=7), AsWhole]


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a misspelt one is noticed, and "5" is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Location(Body):
    """A place. `coord_sys`: gcj02 from WeChat's chooseLocation, wgs84 from getLocation."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, examples=[45.5932])
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False, examples=[84.8731])
    coord_sys: CoordSys = Field(examples=["gcj02"])

    def wgs84(self) -> Point:
        return to_wgs84(self.lat, self.lon, self.coord_sys)


class ListQuery(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=20, ge=1, le=100, description="Rows a page.")
    cursor: str | None = Field(default=None, max_length=200, description="`next_cursor` of the page before.")


class Named(BaseModel):
    """Something with a name, as other things refer to it."""

    id: UUID
    name: str | None
