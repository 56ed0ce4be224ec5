"""The change feed: what changed since a place in it, in an order that never skips a change that commits late.

Each changed thing has one row in `change`: the transaction that changed it last, and its place therein. The feed gives
them in that order, but only below the oldest transaction that still runs (`pg_snapshot_xmin`): a number below it can
no longer commit, so nothing can appear before a place that was handed out. Changing a thing again moves its row to the
end, so every thing stands once in the feed, and reading it from the start costs as much as there is, not as has been.

Numbers of transactions mean something in one database server only, and only until it is set back. So a place names the
feed it belongs to: the server, its timeline (which a promoted stand-by or a return to an earlier point in time begins
anew) and the table (which a restored dump makes anew). With the place of another feed one has to start over.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from hashlib import blake2b
from struct import Struct
from typing import Any

import asyncpg

from services.directory.domain.errors import FeedRestarted
from shared.kernel.errors import BadRequest, FieldProblem

PAGE = 1000

#: The feed's name, the transaction, the place therein.
_PLACE = Struct(">8sQQ")
_LENGTH = 32
#: How long a place was before it named its feed; whoever still has one starts over.
_NAMELESS = 22
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
), last as (
  select xid, seq from page order by xid desc, seq desc limit 1
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
       (select xid::text from last) as last_xid, (select seq from last) as last_seq,
       (select count(*) from noted) > (select count(*) from page) as more,
       coalesce((select (xid, seq) <= (coalesce((select xid from last), $1::text::xid8),
                                       coalesce((select seq from last), $2))
                   from change order by xid desc, seq desc limit 1), true) as complete,
       server.system_identifier as server, history.timeline_id as timeline, 'change'::regclass::oid as made
  from pg_control_system() server, pg_control_checkpoint() history
"""


async def changes(pool: asyncpg.Pool, after: str, limit: int, day: date) -> bytes:
    """One page of the feed (contracts.directory.Changes) after the place `after`; offices as they stand on `day`.

    Raises FeedRestarted when the place belongs to another feed.
    """
    feed, xid, seq = _decode(after)
    row = await pool.fetchrow(_CHANGES, str(xid), seq, limit, day)
    here = _feed(row)
    if after and feed != here:
        raise FeedRestarted
    following = after if row["last_xid"] is None else _encode(here, int(row["last_xid"]), row["last_seq"])
    parts = [f'"{name}":{row[name]}' for name in ("areas", "organisations", "people", "offices")]
    parts += [f'"{name}":{"true" if row[name] else "false"}' for name in ("more", "complete")]
    return f'{{{",".join(parts)},"next":"{following}"}}'.encode()


def _feed(row: Any) -> bytes:
    return blake2b(f"{row['server']} {row['timeline']} {row['made']}".encode(), digest_size=8).digest()


def _encode(feed: bytes, xid: int, seq: int) -> str:
    return urlsafe_b64encode(_PLACE.pack(feed, xid, seq)).decode()


def _decode(place: str) -> tuple[bytes, int, int]:
    """The feed, the transaction and the place therein; 400 when it is none of ours."""
    if not place:
        return b"", 0, 0
    try:
        if len(place) == _NAMELESS:
            return b"", 0, 0
        if len(place) != _LENGTH:
            raise ValueError
        feed, xid, seq = _PLACE.unpack(urlsafe_b64decode(place))
        if seq > _GREATEST_SEQ:
            raise ValueError
    except ValueError as error:
        zh, en = "请使用上一页给出的 next", "use the `next` of the page before"
        raise BadRequest(fields=[FieldProblem("after", "cursor_form", zh, en)]) from error
    return feed, xid, seq
