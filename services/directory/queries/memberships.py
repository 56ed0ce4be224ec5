"""Who belongs to which organisation: of one organisation, or of one person.

Seen by the person, by staff of the organisation and of the one that sent them, and by those who work in the tenant
that keeps the organisation, or above it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.errors import NotYours
from services.directory.domain.ties import READERS, Standing, recording_as
from services.directory.queries.parts import NAME, STANDING
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

#: $1 the caller, $2 the organisations that they work for, $3 the areas in which they work.
_SEEN = """
(m.person_id = $1 or m.organisation_id = any($2::uuid[]) or m.on_behalf_of_id = any($2) or (t.ancestors || t.id) && $3)
"""
_FROM = """
  from membership m
  join organisation o on o.tenant_id = m.tenant_id and o.id = m.organisation_id
  join area t on t.tenant_id = m.tenant_id and t.id = m.tenant_id
  join person p on p.id = m.person_id
"""
_ITEM = f"""
json_build_object(
  'id', m.id, 'kind', m.kind, 'person', {NAME.format(it="p")}, 'organisation', {NAME.format(it="o")},
  'on_behalf_of', (select {NAME.format(it="s")} from organisation s where s.id = m.on_behalf_of_id),
  'starts_on', m.starts_on, 'ends_on', m.ends_on, 'state', {STANDING.format(it="m", day="$4")})
"""
_LIST = f"""
select m.id, {_ITEM}::text as item {_FROM}
 where m.{{by}} = $5 and m.id < $6 and {_SEEN} and ($7::text is null or m.kind = $7)
   and {STANDING.format(it="m", day="$4")} = $8
 order by m.id desc limit $9
"""
_LISTS = {by: _LIST.format(by=by) for by in ("organisation_id", "person_id")}
_DETAIL = f"""
select {_ITEM}::text as body, m.version, m.organisation_id, t.ancestors || t.id as path,
       coalesce((select k.own from membership_kind k where k.key = m.kind), false) as own, m.ends_on <= $4 as ended
  {_FROM} where m.id = $5 and {_SEEN}
"""
_IS_SEEN = f"select true {_FROM} where m.id = $4 and {_SEEN}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose memberships: those of an `organisation`, or of a `person`."""

    limit: int
    cursor: str | None
    organisation: UUID | None
    person: UUID | None
    kind: str | None
    state: Standing


async def memberships(pool: asyncpg.Pool, actor: Actor, wanted: Wanted, day: date) -> bytes:
    """One page, newest first, of those that the caller sees."""
    by = "organisation_id" if wanted.organisation else "person_id"
    whose = wanted.organisation or wanted.person
    after = cursors.decode(wanted.cursor)
    more = wanted.kind, wanted.state, wanted.limit + 1
    rows = await pool.fetch(_LISTS[by], *_view(actor), day, whose, after, *more)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], wanted.limit)


async def detail(pool: asyncpg.Pool, actor: Actor, id: UUID, day: date) -> tuple[bytes, int]:
    """One membership and its version; raises NotFound."""
    row = await pool.fetchrow(_DETAIL, *_view(actor), day, id)
    if row is None:
        raise NotFound
    actions = ["end"] if not row["ended"] and _may_record(actor, row) else []
    body: str = row["body"]
    return body[:-1].encode() + b"," + orjson.dumps({"allowed_actions": actions})[1:], row["version"]


async def is_seen(connection: Any, actor: Actor, id: UUID) -> bool:
    """Whether the membership exists for the caller."""
    return bool(await connection.fetchval(_IS_SEEN, *_view(actor), id))


def _may_record(actor: Actor, row: Any) -> bool:
    try:
        recording_as(actor, row["path"], row["organisation_id"], own=row["own"])
    except NotYours:
        return False
    return True


def _view(actor: Actor) -> tuple[UUID, list[UUID], list[UUID]]:
    return actor.person_id, list(actor.organisations()), list(actor.area_roots(READERS))
