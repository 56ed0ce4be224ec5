"""The change feed: what changed since a place in it, in an order that never skips a change that commits late.

Each changed thing has one row in `change`: the transaction that changed it last, and its place therein. The feed gives
them in that order, but only below the oldest transaction that still runs (`pg_snapshot_xmin`): a number below it can
no longer commit, so nothing can appear before a place that was handed out. Changing a thing again moves its row to the
end, so every thing stands once in the feed, and reading it from the start costs as much as there is, not as has been.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from struct import Struct

import asyncpg

from shared.kernel.errors import BadRequest, FieldProblem

PAGE = 1000

_PLACE = Struct(">QQ")
_GREATEST_SEQ = 2**63 - 1

#: Each thing of a page is looked up by its key (LATERAL): PostgreSQL cannot know of which kind a page is full, and a
#: join would read the whole table of a kind for the few of it.
_CHANGES = """
with noted as materialized (
  select xid, seq, kind, tenant_id, entity_id from change
   where (xid, seq) > ($1::text::xid8, $2) and xid < pg_snapshot_xmin(pg_current_snapshot())
   order by xid, seq limit $3 + 1
), page as materialized (
  select * from noted order by xid, seq limit $3
), areas as (
  select json_agg(json_build_object(
           'tenant_id', a.tenant_id, 'id', a.id, 'version', a.version, 'parent_id', a.parent_id,
           'ancestors', a.ancestors, 'kind', a.kind, 'name', a.name, 'code', a.code, 'lat', a.lat, 'lon', a.lon,
           'polygons', coalesce(
             (select json_agg(translate(p.ring::text, '()', '[]')::json order by p.position) from area_polygon p
               where p.tenant_id = a.tenant_id and p.area_id = a.id), '[]'),
           'closed', a.closed)) as rows
    from page cross join lateral (
      select * from area where tenant_id = page.tenant_id and id = page.entity_id offset 0) a where page.kind = 'area'
), organisations as (
  select json_agg(json_build_object(
           'tenant_id', o.tenant_id, 'id', o.id, 'version', o.version, 'kind', o.kind, 'name', o.name,
           'serves', o.serves, 'closed', o.closed,
           'succeeded_by', case when o.closed then (
             select s.successor_id from organisation_succession s
              where s.tenant_id = o.tenant_id and s.organisation_id = o.id) end)) as rows
    from page cross join lateral (
      select * from organisation where tenant_id = page.tenant_id and id = page.entity_id offset 0) o
   where page.kind = 'organisation'
), people as (
  select json_agg(json_build_object(
           'tenant_id', p.tenant_id, 'id', p.id, 'version', p.version, 'display_name', p.name,
           'home_id', p.home_id, 'erased', p.erased, 'merged_into', p.merged_into)) as rows
    from page cross join lateral (
      select * from person where tenant_id = page.tenant_id and id = page.entity_id offset 0) p
   where page.kind = 'person'
), offices as (
  select json_agg(json_build_object(
           'tenant_id', o.tenant_id, 'id', o.id, 'version', o.version, 'person_id', o.person_id,
           'area_id', o.area_id, 'kind', o.kind, 'ended', o.starts_on > $4 or coalesce(o.ends_on <= $4, false))) as rows
    from page cross join lateral (
      select * from office where tenant_id = page.tenant_id and id = page.entity_id offset 0) o
   where page.kind = 'office'
)
select coalesce((select rows from areas), '[]')::text as areas,
       coalesce((select rows from organisations), '[]')::text as organisations,
       coalesce((select rows from people), '[]')::text as people,
       coalesce((select rows from offices), '[]')::text as offices,
       (select p.xid::text from page p order by p.xid desc, seq desc limit 1) as last_xid,  -- numbers: 1000 > 999
       (select seq from page order by xid desc, seq desc limit 1) as last_seq,
       (select count(*) from noted) > (select count(*) from page) as more
"""


async def changes(pool: asyncpg.Pool, after: str, limit: int, day: date) -> bytes:
    """One page of the feed (contracts.directory.Changes) after the place `after`; offices as they stand on `day`."""
    xid, seq = _decode(after)
    row = await pool.fetchrow(_CHANGES, str(xid), seq, limit, day)
    following = after if row["last_xid"] is None else _encode(int(row["last_xid"]), row["last_seq"])
    parts = (f'"{name}":{row[name]}' for name in ("areas", "organisations", "people", "offices"))
    return f'{{{",".join(parts)},"next":"{following}","more":{"true" if row["more"] else "false"}}}'.encode()


def _encode(xid: int, seq: int) -> str:
    return urlsafe_b64encode(_PLACE.pack(xid, seq)).decode().rstrip("=")


def _decode(place: str) -> tuple[int, int]:
    """The transaction and the place therein; 400 when it is none of ours."""
    if not place:
        return 0, 0
    try:
        if len(place) != 22:
            raise ValueError
        xid, seq = _PLACE.unpack(urlsafe_b64decode(place + "=="))
        if seq > _GREATEST_SEQ:
            raise ValueError
    except ValueError as error:
        zh, en = "请使用上一页给出的 next", "use the `next` of the page before"
        raise BadRequest(fields=[FieldProblem("after", "cursor_form", zh, en)]) from error
    return xid, seq
