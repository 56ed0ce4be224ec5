"""Field types that every schema shares, so that one rule stands in one place."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from shared.infra.web.problems import Bilingual
from shared.kernel.geo import CoordSys, Point, to_wgs84

#: DEL, and the marks that turn the direction of what follows (Unicode UAX 9): a name could hide behind them.
_HIDDEN = frozenset("\x7f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _printable(text: str) -> str:
    """PostgreSQL stores no NUL, and no other control character belongs into what a person wrote."""
    if any((ord(char) < 32 and char not in "\n\t") or char in _HIDDEN for char in text):
        raise Bilingual("control_character", "不能包含控制字符", "must not contain control characters")
    return text


def _newlines(text: Any) -> Any:
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise Bilingual("one_line", "只能有一行", "must be one line")
    return text


#: Text with line breaks; trimmed.
Prose = Annotated[str, BeforeValidator(_newlines), StringConstraints(strip_whitespace=True), AfterValidator(_printable)]
#: Text of one line; trimmed.
Line = Annotated[Prose, AfterValidator(_one_line)]


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")


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
