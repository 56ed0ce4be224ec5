"""Takes in cases that another system opened and closed: no timers, no events, no durations, once by their number.

What is known is the day, whether it ended in time, and who handled it. The history says so in one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import orjson

from services.petitions.actions.submit import search_vector
from services.petitions.domain.deadlines import Urgency
from services.petitions.domain.numbers import number_of
from services.petitions.domain.seed import ClosedCase
from shared.infra.directory_copy import LOCATE
from shared.kernel.clock import BEIJING
from shared.kernel.geo import CoordSys, to_wgs84
from shared.kernel.ids import new_id

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Keys:
    """Which ids the keys of the cases stand for."""

    areas: dict[str, UUID]
    organisations: dict[str, UUID]
    categories: dict[str, UUID]


_KNOWN = "select system, number from external_ref where system = any($1::text[]) and number = any($2::text[])"
_AREAS = "select id, tenant_id, ancestors || id as path from area where id = any($1::uuid[])"
_URGENCIES = "select id, urgency from category where id = any($1::uuid[])"
_SEQUENCE = "select nextval('petition_number') from generate_series(1, $1)"
_WRITE = """
with given as (
  select * from jsonb_to_recordset($1::jsonb) as g(
    tenant_id uuid, id uuid, number text, kind text, category_id uuid, urgency text, area_id uuid, channel text,
    holder_id uuid, in_time boolean, lat float8, lon float8, given_location jsonb, at timestamptz, title text,
    text text, search text, system text, foreign_number text)
), places as (
  -- As WAY does for one row: areas stay where they are until the cases are stored.
  select tenant_id, id, ancestors || id as path from area where id in (select area_id from given)
   order by id for key share
), petitions as (
  insert into petition (tenant_id, id, version, number, kind, status, category_id, urgency, area_id, area_path,
                        level_area_id, anonymity, channel, holder_type, holder_id, co_handlers, co_handler_ids,
                        round, in_time, lat, lon, given_location, created_at, updated_at)
  select g.tenant_id, g.id, 1, number, kind, 'closed', category_id, urgency, area_id, p.path, g.tenant_id, 'none',
         channel, case when holder_id is not null then 'organisation' end, holder_id, '[]', '{}', 1, in_time, lat, lon,
         given_location, at, at from given g join places p on p.tenant_id = g.tenant_id and p.id = g.area_id
), texts as (
  insert into petition_text (tenant_id, petition_id, title, text, search)
  select tenant_id, id, title, text, search::tsvector from given
), history as (
  insert into petition_history (tenant_id, petition_id, version, at, action, to_status, actor_role, facts)
  select tenant_id, id, 1, at, 'import', 'closed', 'system', jsonb_build_object('in_time', in_time) from given
)
insert into external_ref (tenant_id, system, number, petition_id)
select tenant_id, system, foreign_number, id from given
"""


async def import_closed(pool: Any, cases: Sequence[ClosedCase], keys: Keys, progress: Any = None) -> tuple[int, int]:
    """Stores the cases that are not there yet; how many were new and how many were known."""
    new = 0
    for start in range(0, len(cases), _BATCH):
        new += await _store(pool, cases[start : start + _BATCH], keys)
        if progress is not None:
            progress("petitions", min(start + _BATCH, len(cases)), len(cases))
    return new, len(cases) - new


async def _store(pool: Any, cases: Sequence[ClosedCase], keys: Keys) -> int:
    async with pool.acquire() as connection, connection.transaction():
        # Two imports at once would both find a case missing.
        await connection.execute("select pg_advisory_xact_lock(726180203)")
        found = await connection.fetch(_KNOWN, [c.system for c in cases], [c.number for c in cases])
        known = {(row["system"], row["number"]) for row in found}
        fresh = [case for case in cases if (case.system, case.number) not in known]
        if fresh:
            rows = await _rows(connection, fresh, keys)
            await connection.execute(_WRITE, orjson.dumps(rows, default=str).decode())
        return len(fresh)


async def _rows(connection: Any, cases: Sequence[ClosedCase], keys: Keys) -> list[dict[str, Any]]:
    areas = {row["id"]: row for row in await connection.fetch(_AREAS, list(keys.areas.values()))}
    urgencies = {r["id"]: r["urgency"] for r in await connection.fetch(_URGENCIES, list(keys.categories.values()))}
    sequences = [row[0] for row in await connection.fetch(_SEQUENCE, len(cases))]
    rows = []
    for offset, (case, sequence) in enumerate(zip(cases, sequences, strict=True)):
        area = areas[keys.areas[case.area_key]]
        place = await _place(connection, case, area)
        # Spread over the day in the order they came, so that lists have a stable order.
        at = datetime.combine(case.day, time(), BEIJING) + timedelta(seconds=offset)
        category_id = keys.categories[case.category_key]
        rows.append(
            place
            | {
                "id": new_id(at),
                "number": number_of(sequence),
                "kind": case.kind,
                "category_id": category_id,
                "urgency": urgencies.get(category_id, Urgency.ORDINARY),
                "channel": case.channel,
                "holder_id": keys.organisations.get(case.organisation_key or ""),
                "in_time": case.in_time,
                "at": at.isoformat(),
                "title": case.title,
                "text": case.text,
                "search": search_vector(f"{case.title} {case.text} {case.number}"),
                "system": case.system,
                "foreign_number": case.number,
            }
        )
    return rows


async def _place(connection: Any, case: ClosedCase, area: Any) -> dict[str, Any]:
    """The case's area, or the deepest one below it that holds its point."""
    place: dict[str, Any] = {"tenant_id": area["tenant_id"], "area_id": area["id"]}
    if case.point is None:
        return place
    lat, lon, name = case.point
    system: CoordSys = "gcj02" if name == "gcj02" else "wgs84"
    point = to_wgs84(lat, lon, system)
    deeper = await connection.fetchrow(LOCATE, point.lon, point.lat)
    if deeper is not None:
        found = (await connection.fetch(_AREAS, [deeper["area_id"]]))[0]
        if area["id"] in found["path"]:
            place = {"tenant_id": found["tenant_id"], "area_id": found["id"]}
    return place | {"lat": point.lat, "lon": point.lon, "given_location": {"lat": lat, "lon": lon, "coord_sys": system}}
