"""The circle of 15 minutes around a place: what of each side of life is within reach on foot, and what is missing."""

from typing import Any

import asyncpg
import orjson

from services.directory.domain.walking import CIRCLE_MINUTES, CIRCLE_RADIUS, through
from services.directory.queries import nearness
from services.directory.queries.nearness import Near
from shared.kernel.geo import Point

#: How far away the nearest of what is missing is still named, in metres.
FARTHEST = 20_000

# The nearest of each kind by the index on kind and spot; $2 the radius of the circle, $3 how far it is looked.
_CIRCLES = """
select c.key as circle, c.name_zh as circle_zh, c.name_en as circle_en,
       k.key as kind, k.name_zh, k.name_en, n.id, n.name, n.address, n.distance,
       (select count(*) from facility f where f.kind = k.key and not f.closed
           and f.spot <@ cube_enlarge($1::text::cube, $2, 3) and f.spot <-> $1::text::cube <= $2) as count
  from circle_kind c left join facility_kind k on c.key = any(k.circles)
  left join lateral (
    select f.id, f.name, f.address, f.spot <-> $1::text::cube as distance from facility f
     where f.kind = k.key and not f.closed and f.spot <@ cube_enlarge($1::text::cube, $3, 3)
     order by f.spot <-> $1::text::cube limit 1) n on n.distance <= $3
 order by c.position, c.key, k.position, k.key
"""


async def circles(pool: asyncpg.Pool, point: Point) -> bytes:
    """Every circle around the point, each kind either reachable or missing."""
    spot, radius = Near(point, CIRCLE_RADIUS).circle()
    found: dict[str, dict[str, Any]] = {}
    for row in await pool.fetch(_CIRCLES, spot, radius, through(FARTHEST)):
        names = {"key": row["circle"], "name_zh": row["circle_zh"], "name_en": row["circle_en"]}
        circle = found.setdefault(row["circle"], {**names, "reachable": [], "missing": []})
        if row["kind"] is not None:
            circle["reachable" if row["count"] else "missing"].append(_kind(row))
    answer = {"minutes": CIRCLE_MINUTES, "radius_metres": round(CIRCLE_RADIUS), "circles": list(found.values())}
    return orjson.dumps(answer, default=str)


def _kind(row: Any) -> dict[str, Any]:
    nearest = None
    if row["id"] is not None:
        walking = nearness.walk(row["distance"])
        nearest = {"id": row["id"], "name": row["name"], "address": row["address"], "walking": walking}
    kind = {"kind": row["kind"], "name_zh": row["name_zh"], "name_en": row["name_en"]}
    return kind | {"count": row["count"], "nearest": nearest}
