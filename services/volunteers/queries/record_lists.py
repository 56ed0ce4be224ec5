"""Lists of service records, newest first: mine, those of openings that I lead, or those of the areas I look after.

The first N rows of each place, or of each place and status asked for, are taken by index and then merged (LATERAL), so
a list costs the same whether a community has a thousand records or a million. What is asked for decides the statement's
text. Those of one opening are few, and found by it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal
from uuid import UUID

import orjson

from services.volunteers.domain.states import Status
from services.volunteers.queries.points import MINE
from services.volunteers.queries.records import FACTS, MEMBERS, ROW_VIEW, allowed
from services.volunteers.queries.viewer import Viewer
from shared.infra import cursors
from shared.kernel.actor import Actor

Scope = Literal["mine", "led", "area"]

#: $3 the roots: the tenants that lie wholly below them, and the single areas below roots that are smaller.
_PLACES = """
tenants as materialized (
  select id from area where id = tenant_id and (id = any($3::uuid[]) or ancestors && $3::uuid[])
), smaller as materialized (
  select array_agg(id) as ids from area where id = any($3::uuid[]) and tenant_id not in (select id from tenants)
), parts as materialized (
  select a.tenant_id, a.id from smaller, area a where a.id = any(smaller.ids) or a.ancestors && smaller.ids
), """
#: Each leg: what there is one for, which records it has, in which order. With `=` the index on the id alone would seem
#: to serve; only the right one has the longer order, which an `any` of one leaves to be kept.
_Leg = tuple[str, str, str]
_NEWEST = "r.id desc"
_STATUSES = "unnest($6::text[]) as wanted(status)"
_MINE: _Leg = ("(select 1) one", "r.person_id = $1", _NEWEST)
#: Always by status, also when all are wanted: so one index is enough.
_LED: _Leg = (_STATUSES, "r.leader_id = $1 and r.status = wanted.status", _NEWEST)
_TENANTS: _Leg = ("tenants t", "r.tenant_id = any(array[t.id])", "r.tenant_id desc, r.id desc")
_TENANTS_BY_STATUS: _Leg = (
    f"tenants t cross join {_STATUSES}",
    "r.tenant_id = t.id and r.status = wanted.status",
    _NEWEST,
)
_PARTS: _Leg = (
    "parts p",
    "r.tenant_id = any(array[p.tenant_id]) and r.area_id = any(array[p.id])",
    "r.tenant_id desc, r.area_id desc, r.id desc",
)
_CONCERNED: dict[Scope, str] = {"mine": "r.person_id = $1", "led": "r.leader_id = $1", "area": "r.area_path && $3"}


def _legs(scope: Scope, *, by_status: bool) -> str:
    some = " and r.status = any($6::text[])" if by_status else ""
    legs = {
        "mine": [(_MINE, some)],
        "led": [(_LED, "")],
        "area": [(_TENANTS_BY_STATUS if by_status else _TENANTS, ""), (_PARTS, some)],
    }[scope]
    return " union all ".join(
        f"""(select r.* from {places} cross join lateral (select r.* from service_record r
              where {condition}{more} and r.id < $4::uuid order by {order} limit $5) r)"""
        for (places, condition, order), more in legs
    )


def _of_opening(scope: Scope, *, by_status: bool) -> str:
    some = " and r.status = any($6::text[])" if by_status else ""
    return f"""select r.* from opening o cross join lateral (
        select r.* from service_record r where r.tenant_id = o.tenant_id and r.opening_id = o.id offset 0) r
        where o.id = ${7 if by_status else 6}::uuid and {_CONCERNED[scope]} and r.id < $4::uuid{some}"""


@cache
def _statement(scope: Scope, *, by_status: bool, by_opening: bool) -> str:
    places = _PLACES if scope == "area" and not by_opening else ""
    found = (_of_opening if by_opening else _legs)(scope, by_status=by_status)
    return f"""
with {places} found as ({found}),
r as (select * from found where $3::uuid[] is not null order by id desc limit $5)
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
    by_opening = wanted.opening_id is not None
    statuses = wanted.statuses or (tuple(Status) if wanted.scope == "led" and not by_opening else ())
    rows = await pool.fetch(
        _statement(wanted.scope, by_status=bool(statuses), by_opening=by_opening),
        *Viewer.of(actor).of_records,
        cursors.decode(wanted.cursor),
        wanted.limit + 1,
        *([list(statuses)] if statuses else []),
        *([wanted.opening_id] if by_opening else []),
    )
    items = [_item(row, actor, now, with_actions=wanted.with_actions) for row in rows]
    return cursors.page(items, [row["id"] for row in rows], wanted.limit)


#: $6 is now: the points stand on every row, and on one without a record where there is none.
_FIRST_SCREEN = f"""
select p.body as points, t.* from ({MINE.replace("$2", "$6")}) p
  left join ({_statement("mine", by_status=False, by_opening=False)}) t on true order by t.id desc
"""


async def first_screen(pool: Any, actor: Actor, limit: int, now: datetime) -> bytes:
    """The caller's newest records and their points; one trip to the database."""
    rows = await pool.fetch(_FIRST_SCREEN, *Viewer.of(actor).of_records, cursors.START, limit, now)
    tasks = ",".join(_item(row, actor, now, with_actions=False) for row in rows if row["body"] is not None)
    return f'{{"tasks":[{tasks}],"points":{rows[0]["points"]}}}'.encode()


def _item(row: Any, actor: Actor, now: datetime, *, with_actions: bool) -> str:
    parts = [row["body"], row["view"]]
    if with_actions:
        parts.append(orjson.dumps({"allowed_actions": allowed(row, actor, now)}).decode())
    return f"{{{','.join(part[1:-1] for part in parts if part != '{}')}}}"
