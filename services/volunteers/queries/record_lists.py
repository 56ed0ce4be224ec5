"""Lists of service records, newest first: mine, those of openings that I lead, or those of the areas I look after.

The first N rows of each place are taken by index and then merged (LATERAL), so a list costs the same whether a
community has a thousand records or a million.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson

from services.volunteers.queries.records import FACTS, MEMBERS, ROW_VIEW, allowed
from services.volunteers.queries.viewer import Viewer
from shared.infra import cursors
from shared.kernel.actor import Actor

Scope = Literal["mine", "led", "area"]

_FILTERS = """r.id < $4::uuid and ($6::text[] is null or r.status = any($6::text[]))
     and ($7::uuid is null or r.opening_id = $7::uuid)"""
_FIRST = f"and {_FILTERS} order by r.id desc limit $5"

#: Tenants that lie wholly below the caller's roots are read as such, what is smaller by its single areas.
_AREA = f"""
places as (select tenant_id, id from area where id = any($3::uuid[]) or ancestors && $3::uuid[]),
whole as (select tenant_id from places where id = tenant_id),
part as (select tenant_id, id from places where tenant_id not in (select tenant_id from whole)),
found as (
  (select r.* from whole cross join lateral (
     select r.* from service_record r where r.tenant_id = whole.tenant_id {_FIRST}) r)
  union all
  (select r.* from part cross join lateral (
     select r.* from service_record r where r.tenant_id = part.tenant_id and r.area_id = part.id {_FIRST}) r)
)"""
_SOURCES: dict[Scope, str] = {
    "mine": f"found as (select r.* from service_record r where r.person_id = $1 and $3::uuid[] is not null {_FIRST})",
    "led": f"""found as (select r.* from opening o cross join lateral (
        select r.* from service_record r where r.tenant_id = o.tenant_id and r.opening_id = o.id {_FIRST}
        ) r where o.leader_id = $1 and $3::uuid[] is not null)""",
    "area": _AREA,
}


def _statement(scope: Scope) -> str:
    return f"""
with {_SOURCES[scope]}, r as (select * from found order by id desc limit $5)
select json_build_object({MEMBERS})::text as body, {ROW_VIEW}, {FACTS}
  from r join opening o on o.tenant_id = r.tenant_id and o.id = r.opening_id
 order by r.id desc
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for."""

    scope: Scope
    limit: int
    cursor: str | None = None
    statuses: tuple[str, ...] = ()
    opening_id: UUID | None = None
    with_actions: bool = False


async def read(pool: Any, actor: Actor, wanted: Wanted, now: datetime) -> bytes:
    """The page as JSON."""
    rows = await pool.fetch(
        _statement(wanted.scope),
        *Viewer.of(actor).of_records,
        cursors.decode(wanted.cursor),
        wanted.limit + 1,
        list(wanted.statuses) or None,
        wanted.opening_id,
    )
    items = [_item(row, actor, now, with_actions=wanted.with_actions) for row in rows]
    return cursors.page(items, [row["id"] for row in rows], wanted.limit)


def _item(row: Any, actor: Actor, now: datetime, *, with_actions: bool) -> str:
    parts = [row["body"], row["view"]]
    if with_actions:
        parts.append(orjson.dumps({"allowed_actions": allowed(row, actor, now)}).decode())
    return f"{{{','.join(part[1:-1] for part in parts if part != '{}')}}}"
