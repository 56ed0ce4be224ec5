"""Councils: of the areas in the caller's view, with whether they keep their rhythms."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.councils import Rhythm, kept
from services.directory.domain.permissions import KEEPERS
from services.directory.domain.scope import Scope, scope_of
from services.directory.domain.ties import ORGANISERS, role_in
from services.directory.queries.parts import NAME, TENANTS
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

#: Meetings that a detail names; the rhythm counts all.
MOST_MEETINGS = 20

_START = UUID(int=0)
#: Which kind of meeting was held last on which day.
_LAST = """
(select coalesce(json_object_agg(x.kind, x.held_on), '{}')
   from (select kind, max(held_on) as held_on from council_meeting
          where tenant_id = c.tenant_id and council_id = c.id group by kind) x)::text
"""
_BRIEF = """
'id', c.id, 'name', o.name, 'area', json_build_object('id', t.id, 'kind', t.kind, 'name', t.name),
'starts_on', c.starts_on, 'closed', o.closed,
'organisation_count', (select count(*) from council_member m
                        where m.tenant_id = c.tenant_id and m.council_id = c.id
                          and m.starts_on <= {day} and (m.ends_on is null or m.ends_on > {day})),
'committee_count', (select count(*) from membership m
                     where m.tenant_id = c.tenant_id and m.organisation_id = c.id
                       and m.starts_on <= {day} and (m.ends_on is null or m.ends_on > {day}))
"""
_FROM = """
  join organisation o on o.tenant_id = c.tenant_id and o.id = c.id
  join area t on t.tenant_id = c.tenant_id and t.id = c.tenant_id
"""
_LIST = f"""
with {TENANTS}
select c.id, json_build_object({_BRIEF.format(day="$4")})::text as body, c.rhythms::text as rhythms, {_LAST} as last
  from tenants x join council c on c.tenant_id = x.tenant_id {_FROM}
 where c.id > $5 and not o.closed and ($6::uuid is null or $6 = any(t.ancestors || t.id))
 order by c.id limit $7
"""
_DETAIL = f"""
with {TENANTS}
select json_build_object(
         {_BRIEF.format(day="$4")},
         'organisations', (
           select coalesce(json_agg(json_build_object(
                    'id', u.id, 'kind', u.kind, 'name', u.name, 'starts_on', m.starts_on, 'ends_on', m.ends_on)
                    order by m.starts_on, m.id), '[]')
             from council_member m join organisation u on u.id = m.organisation_id
            where m.tenant_id = c.tenant_id and m.council_id = c.id and (m.ends_on is null or m.ends_on > $4)),
         'committee', (
           select coalesce(json_agg(json_build_object(
                    'membership_id', m.id, 'kind', m.kind, 'person', {NAME.format(it="p")},
                    'on_behalf_of', (select {NAME.format(it="s")} from organisation s where s.id = m.on_behalf_of_id),
                    'starts_on', m.starts_on) order by k.position, m.starts_on, m.id), '[]')
             from membership m join person p on p.id = m.person_id and not p.erased
             left join membership_kind k on k.key = m.kind
            where m.tenant_id = c.tenant_id and m.organisation_id = c.id
              and m.starts_on <= $4 and (m.ends_on is null or m.ends_on > $4)),
         'meetings', (
           select coalesce(json_agg(json_build_object('id', x.id, 'kind', x.kind, 'held_on', x.held_on)
                                    order by x.held_on desc, x.id desc), '[]')
             from (select * from council_meeting where tenant_id = c.tenant_id and council_id = c.id
                    order by held_on desc, id desc limit {MOST_MEETINGS}) x)
       )::text as body, c.version, c.rhythms::text as rhythms, {_LAST} as last, o.closed, t.ancestors || t.id as path
  from council c {_FROM}
 where c.id = $5 and c.tenant_id in (select tenant_id from tenants)
"""
_VISIBLE = (
    f"with {TENANTS} select true from council c where c.id = $4 and c.tenant_id in (select tenant_id from tenants)"
)


async def councils(
    pool: asyncpg.Pool, scope: Scope, area: UUID | None, limit: int, cursor: str | None, day: date
) -> bytes:
    """One page of the councils in the caller's view, or of those in an area and below it."""
    after = cursors.decode(cursor) if cursor is not None else _START
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    rows = await pool.fetch(_LIST, *whose, day, after, area, limit + 1)
    items = [_with_rhythms(row, day).decode() for row in rows]
    return cursors.page(items, [row["id"] for row in rows], limit)


async def detail(pool: asyncpg.Pool, actor: Actor, id: UUID, day: date) -> tuple[bytes, int]:
    """One council and its version; raises NotFound."""
    scope = scope_of(actor)
    row = await pool.fetchrow(_DETAIL, scope.root_ids, scope.home_ids, scope.organisation_ids, day, id)
    if row is None:
        raise NotFound
    return _with_rhythms(row, day, allowed_actions=_actions(actor, row)), row["version"]


async def is_visible(connection: Any, actor: Actor, id: UUID) -> bool:
    """Whether the council exists for the caller."""
    scope = scope_of(actor)
    whose = scope.root_ids, scope.home_ids, scope.organisation_ids
    return bool(await connection.fetchval(_VISIBLE, *whose, id))


def _with_rhythms(row: Any, day: date, **more: Any) -> bytes:
    """The body, with where each rhythm stands on the day, which only the rule can say."""
    last = {kind: date.fromisoformat(held) for kind, held in orjson.loads(row["last"]).items()}
    given = (Rhythm(r["kind"], r["months"], date.fromisoformat(r["since"])) for r in orjson.loads(row["rhythms"]))
    found = [kept(rhythm, last.get(rhythm.kind), day) for rhythm in given]
    more |= {"rhythms": [asdict(one) for one in found], "behind": any(one.behind for one in found)}
    body: str = row["body"]
    return body[:-1].encode() + b"," + orjson.dumps(more)[1:]


def _actions(actor: Actor, row: Any) -> list[str]:
    """What the caller may do with the council."""
    if row["closed"]:
        return []
    actions = ["update", "seat", "unseat"] if role_in(actor, KEEPERS, row["path"]) else []
    return [*actions, "note_meeting"] if role_in(actor, ORGANISERS, row["path"]) else actions
