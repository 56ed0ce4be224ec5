"""Lists of openings: newest first, or nearest first when the caller says where they are.

Newest first takes the first N rows of each tenant by index and merges them (LATERAL). Nearest first sorts what matches
by its distance, which nobody can index for every caller; so it is for what is open, of which a community has few. Its
cursor is the distance and the id of the last row: the place of an opening never changes, so pages neither skip nor
repeat.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.volunteers.queries.openings import FACTS, MEMBERS, OWN, render
from services.volunteers.queries.viewer import SEEN, Viewer
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import BadRequest, FieldProblem
from shared.kernel.geo import CoordSys, Point

#: What is open in the table but over by the clock waits for the worker's next look; a list does not show it as open.
_WANTED = "($5::text[] is null or o.status = any($5::text[]) and (o.status = 'done' or o.ends_at > $6::timestamptz))"
_FROM = f"""
  left join opening_text x on x.tenant_id = o.tenant_id and x.opening_id = o.id
  left join lateral {OWN} own on true
"""
_NEWEST = f"""
with {SEEN}
select json_build_object({MEMBERS})::text as body, {FACTS}
  from (select o.* from seen cross join lateral (
          select o.* from opening o where o.tenant_id = seen.tenant_id and o.id < $8::uuid
             and {_WANTED} order by o.id desc limit $7
        ) o order by o.id desc limit $7) o {_FROM}
 order by o.id desc
"""
#: Degrees of latitude, with those of longitude shortened to the same length; far enough for "nearest".
_FAR = "coalesce(sqrt((o.lat - $10::float8) ^ 2 + ((o.lon - $11::float8) * cosd($10::float8)) ^ 2), 'infinity')"
_NEAREST = f"""
with {SEEN}
select json_build_object({MEMBERS},
         'distance_m', case when o.far < 'infinity' then round(o.far * 111195) end)::text as body, {FACTS}, o.far
  from (select o.*, {_FAR} as far from opening o
         where o.tenant_id in (select tenant_id from seen) and {_WANTED}
           and ({_FAR}, o.id) > ($9::float8, $8::uuid)
         order by far, o.id limit $7) o {_FROM}
 order by o.far, o.id
"""
_FIRST = struct.pack("!d", -1.0) + UUID(int=0).bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for."""

    limit: int
    cursor: str | None = None
    statuses: tuple[str, ...] = ()
    near: Point | None = None
    with_actions: bool = False
    out: CoordSys = "wgs84"


async def read(pool: Any, actor: Actor, wanted: Wanted, now: datetime) -> bytes:
    """The page as JSON."""
    common = (*Viewer.of(actor).of_openings, list(wanted.statuses) or None, now, wanted.limit + 1)
    if wanted.near is None:
        rows = await pool.fetch(_NEWEST, *common, cursors.decode(wanted.cursor))
    else:
        far, last = _decode(wanted.cursor)
        rows = await pool.fetch(_NEAREST, *common, last, far, wanted.near.lat, wanted.near.lon)
    items = [render(row, actor, now, wanted.out, with_actions=wanted.with_actions).decode() for row in rows]
    if wanted.near is None:
        return cursors.page(items, [row["id"] for row in rows], wanted.limit)
    return _page(items, rows, wanted.limit)


def _decode(cursor: str | None) -> tuple[float, UUID]:
    try:
        raw = urlsafe_b64decode(cursor + "==") if cursor is not None else _FIRST
        (far,) = struct.unpack("!d", raw[:8])
        return far, UUID(bytes=raw[8:])
    except (ValueError, struct.error) as error:
        zh, en = "请使用上一页给出的 next_cursor", "use the next_cursor of the page before"
        raise BadRequest(fields=[FieldProblem("cursor", "cursor_form", zh, en)]) from error


def _page(items: list[str], rows: list[Any], limit: int) -> bytes:
    following = "null"
    if len(items) > limit:
        last = rows[limit - 1]
        packed = struct.pack("!d", last["far"]) + last["id"].bytes
        following = f'"{urlsafe_b64encode(packed).decode().rstrip("=")}"'
    return f'{{"items":[{",".join(items[:limit])}],"next_cursor":{following}}}'.encode()
