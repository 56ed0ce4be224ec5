"""Lists of openings, newest first, or nearest first when the caller says where they are.

Newest first takes the first N rows of each tenant, and of each status asked for, by index and merges them (LATERAL).
Nearest first sorts what matches by its distance, which nobody can index for every caller; so it is for what is still to
come, of which a community has few. Its cursor is the distance and the id of the last row: the place of an opening never
changes, so pages neither skip nor repeat.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.volunteers.domain.openings import Status
from services.volunteers.queries.openings import FACTS, MEMBERS, OWN, render
from services.volunteers.queries.viewer import SEEN, Viewer
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import BadRequest, FieldProblem
from shared.kernel.geo import CoordSys, Point

_FROM = f"""
  left join opening_text x on x.tenant_id = o.tenant_id and x.opening_id = o.id
  left join lateral {OWN} own on true
"""
#: One leg for each tenant. With `=` the index on the id alone would seem to serve, and the newest of a quiet community
#: would be looked for among those of all others; only the right index has the longer order, which an `any` leaves be.
_ALL = """
seen cross join lateral (
  select o.* from opening o where o.tenant_id = any(array[seen.tenant_id]) and o.id < $6::uuid
   order by o.tenant_id desc, o.id desc limit $5
) o"""
#: One leg for each tenant and status. What is open in the table but over by the clock waits for the worker's next look;
#: a list does not show it as open.
_STANDING = "o.tenant_id = seen.tenant_id and o.status = wanted.status and (o.status = 'done' or o.ends_at > {now})"
_OF_STATUSES = f"""
seen cross join unnest($7::text[]) as wanted(status) cross join lateral (
  select o.* from opening o where {_STANDING.format(now="$8::timestamptz")} and o.id < $6::uuid
   order by o.id desc limit $5
) o"""


def _newest(source: str) -> str:
    return f"""
with {SEEN}
select json_build_object({MEMBERS})::text as body, {FACTS}
  from (select o.* from {source} order by o.id desc limit $5) o {_FROM}
 order by o.id desc
"""


#: Degrees of latitude, with those of longitude shortened to the same length; far enough for "nearest".
_FAR = "coalesce(sqrt((o.lat - $10::float8) ^ 2 + ((o.lon - $11::float8) * cosd($10::float8)) ^ 2), 'infinity')"
_NEAREST = f"""
with {SEEN}, waiting as materialized (
  select o.* from seen cross join unnest($7::text[]) as wanted(status) cross join lateral (
    select o.* from opening o where {_STANDING.format(now="$8::timestamptz")} offset 0
  ) o
)
select json_build_object({MEMBERS},
         'distance_m', case when o.far < 'infinity' then round(o.far * 111195) end)::text as body, {FACTS}, o.far
  from (select o.*, {_FAR} as far from waiting o where ({_FAR}, o.id) > ($9::float8, $6::uuid)
         order by far, o.id limit $5) o {_FROM}
 order by o.far, o.id
"""
_TO_COME = Status.OPEN, Status.FULL
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
    page = (*Viewer.of(actor).of_openings, wanted.limit + 1)
    if wanted.near is not None:
        far, last = _decode(wanted.cursor)
        statuses = list(wanted.statuses or _TO_COME)
        rows = await pool.fetch(_NEAREST, *page, last, statuses, now, far, wanted.near.lat, wanted.near.lon)
    elif wanted.statuses:
        cursor = cursors.decode(wanted.cursor)
        rows = await pool.fetch(_newest(_OF_STATUSES), *page, cursor, list(wanted.statuses), now)
    else:
        rows = await pool.fetch(_newest(_ALL), *page, cursors.decode(wanted.cursor))
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
