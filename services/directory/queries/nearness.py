"""What is near a place, nearest first: pieces that the lists of facilities and services share.

The index gives what is nearest in order of the straight line through the Earth (domain/walking.py); a page begins after
the distance and the id of the last row, so what is new nearer by moves nothing. Nothing farther away than `within`
metres is looked for: a neighbourhood ends somewhere, and so does the work.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from struct import error as StructError
from typing import Any
from uuid import UUID

import orjson

from services.directory.domain.hours import opening, read
from services.directory.domain.walking import Walk, along, in_space, through
from shared.kernel.errors import BadRequest, FieldProblem
from shared.kernel.geo import CoordSys, Point, convert

#: What lies in the circle ($1 the place in space, $2 its radius through the Earth). `{x}` has a `spot`.
IN_CIRCLE = """
{x}.spot <@ cube_enlarge($1::text::cube, $2, 3) and {x}.spot <-> $1::text::cube <= $2
"""

_PLACE = Struct(">d16s")


@dataclass(frozen=True, slots=True)
class Near:
    """A place and how far around it is looked, in metres."""

    point: Point
    within: float

    def circle(self) -> tuple[str, float]:
        """The first two arguments of a statement about what is near."""
        return in_space(self.point), through(self.within)


def encode(distance: float, id: UUID) -> str:
    return urlsafe_b64encode(_PLACE.pack(distance, id.bytes)).decode().rstrip("=")


def decode(cursor: str | None) -> tuple[float, UUID]:
    """The distance and the id after which a page begins; 400 when the cursor is none of these lists."""
    if cursor is None:
        return -1.0, UUID(int=0)
    try:
        distance, id = _PLACE.unpack(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not 0 <= distance < 1e8:
            raise ValueError
    except (ValueError, StructError) as error:
        zh, en = "请使用上一页给出的 next_cursor", "use the next_cursor of the page before"
        raise BadRequest(fields=[FieldProblem("cursor", "cursor_form", zh, en)]) from error
    return distance, UUID(bytes=id)


def walk(chord: float | None) -> dict[str, Any] | None:
    """The way on foot over a distance that the database has measured."""
    return Walk.over(along(chord)).told() if chord is not None else None


def opening_of(schedule: str | None, now: datetime) -> dict[str, Any] | None:
    """Whether it is open now, by the schedule as it is kept; None where nobody has said."""
    return opening(read(orjson.loads(schedule)), now).told() if schedule else None


def shown(lat: float, lon: float, out: CoordSys) -> dict[str, Any]:
    """The place in the system that was asked for."""
    point = convert(Point(lat, lon), out)
    return {"lat": point.lat, "lon": point.lon, "coord_sys": out}


def joined(body: str, more: dict[str, Any]) -> bytes:
    """An object out of the database with members that it cannot compute."""
    return body[:-1].encode() + b"," + orjson.dumps(more)[1:]


def page(items: list[bytes], following: str | None) -> bytes:
    """The list answer."""
    end = f'"{following}"' if following is not None else "null"
    return b'{"items":[' + b",".join(items) + b'],"next_cursor":' + end.encode() + b"}"
