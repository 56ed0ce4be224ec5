"""Enrolments: as rows, as the organisation sees its own, and by unit as a community and those above it see them.

A name is shown to the person, to staff of the organisation, and to those who work in the community or above it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.enrolments import EnrolmentState, enrolling_as
from services.directory.domain.errors import NotYours
from services.directory.domain.ties import READERS
from services.directory.queries.parts import NAME
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

#: $1 the caller, $2 the organisations that they work for, $3 the areas in which they work.
_SEEN = "(e.person_id = $1 or e.organisation_id = any($2::uuid[]) or (c.ancestors || c.id) && $3)"
_FROM = """
  from enrolment e
  join area c on c.tenant_id = e.tenant_id and c.id = e.tenant_id
  join organisation o on o.id = e.organisation_id
  left join person p on p.id = e.person_id
"""


def _state(day: str) -> str:
    return f"(case when e.ends_on <= {day} then 'ended' when e.starts_on is null then 'told' else 'enrolled' end)"


def _item(day: str) -> str:
    return f"""
json_build_object(
  'id', e.id, 'community', {NAME.format(it="c")}, 'organisation', {NAME.format(it="o")},
  'person', case when p.id is not null then {NAME.format(it="p")} end,
  'told_on', e.told_on, 'starts_on', e.starts_on, 'ends_on', e.ends_on, 'state', {_state(day)})
"""


def _counts(day: str) -> str:
    """Of those told, who has done it and who not; the enrolled; what has ended. People, not their organisations."""
    return f"""
json_build_object(
  'told', count(*) filter (where e.told_on is not null and e.person_id is not null),
  'done', count(*) filter (where e.told_on is not null and e.starts_on is not null and e.person_id is not null),
  'not_yet', count(*) filter (where {_state(day)} = 'told' and e.person_id is not null),
  'enrolled', count(*) filter (where {_state(day)} = 'enrolled' and e.person_id is not null),
  'ended', count(*) filter (where {_state(day)} = 'ended' and e.person_id is not null))
"""


_LIST = f"""
select e.id, {_item("$4")}::text as item {_FROM}
 where {{whose}} and e.id < $6 and {_SEEN}
   and ($7::uuid is null or e.organisation_id = $7) and ($8::text is null or {_state("$4")} = $8)
 order by e.id desc limit $9
"""
_LISTS = {"community": _LIST.format(whose="e.tenant_id = $5"), "own": _LIST.format(whose="e.person_id = $5")}
_DETAIL = f"""
select {_item("$4")}::text as body, e.version, e.organisation_id, e.person_id, e.ends_on <= $4 as ended,
       c.ancestors || c.id as path
  {_FROM} where e.id = $5 and {_SEEN}
"""
_IS_SEEN = f"select true {_FROM} where e.id = $4 and {_SEEN}"

_OF_ORGANISATION = f"""
with o as (
  select o.* from organisation o join area t on t.tenant_id = o.tenant_id and t.id = o.tenant_id
   where o.id = $4 and (o.id = any($1::uuid[]) or (t.ancestors || t.id) && $2::uuid[])
), page as (
  select e.id, {_item("$3")} as item
    from o join enrolment e on e.organisation_id = o.id
    join area c on c.tenant_id = e.tenant_id and c.id = e.tenant_id left join person p on p.id = e.person_id
   where e.id < $5 and ($6::text is null or {_state("$3")} = $6)
   order by e.id desc limit $7
)
select {NAME.format(it="o")}::text as organisation,
       (select {_counts("$3")} from enrolment e where e.organisation_id = o.id)::text as counts,
       array(select page.item::text from page order by page.id desc) as items,
       array(select page.id from page order by page.id desc) as ids
  from o
"""
_OF_AREA = f"""
with root as (
  select a.* from area a where a.id = $3 and (a.ancestors || a.id) && $2::uuid[]
), inside as (
  select tenant_id from root where id = tenant_id
  union select b.id from root join area b on b.ancestors @> array[root.id] where b.id = b.tenant_id
), found as materialized (
  select e.* from inside cross join lateral (select * from enrolment where tenant_id = inside.tenant_id offset 0) e
), unit as (
  select organisation_id,
         min(starts_on) filter (where person_id is null and {_state("$1")} = 'enrolled') as itself_since,
         count(*) filter (where person_id is not null and told_on is not null) as told,
         count(*) filter (where person_id is not null and {_state("$1")} = 'enrolled') as enrolled,
         count(*) filter (where person_id is not null and {_state("$1")} = 'told') as not_yet
    from found e group by organisation_id
)
select json_build_object(
         'area', {NAME.format(it="root")}, 'counts', (select {_counts("$1")} from found e),
         'units', (select coalesce(json_agg(json_build_object(
                            'organisation', {NAME.format(it="o")}, 'itself_since', u.itself_since,
                            'told', u.told, 'enrolled', u.enrolled, 'not_yet', u.not_yet)
                            order by u.enrolled desc, o.id), '[]')
                     from unit u join organisation o on o.id = u.organisation_id))::text
  from root
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which enrolments: those in a community, or without one the caller's own."""

    limit: int
    cursor: str | None
    community: UUID | None
    organisation: UUID | None
    state: EnrolmentState | None


async def enrolments(pool: asyncpg.Pool, actor: Actor, wanted: Wanted, day: date) -> bytes:
    """One page, newest first, of those that the caller sees."""
    place = ("community", wanted.community) if wanted.community else ("own", actor.person_id)
    which = cursors.decode(wanted.cursor), wanted.organisation, wanted.state, wanted.limit + 1
    rows = await pool.fetch(_LISTS[place[0]], *_view(actor), day, place[1], *which)
    return cursors.page([row["item"] for row in rows], [row["id"] for row in rows], wanted.limit)


async def detail(pool: asyncpg.Pool, actor: Actor, id: UUID, day: date) -> tuple[bytes, int]:
    """One enrolment and its version; raises NotFound."""
    row = await pool.fetchrow(_DETAIL, *_view(actor), day, id)
    if row is None:
        raise NotFound
    actions = ["end"] if not row["ended"] and _may_end(actor, row) else []
    body: str = row["body"]
    return body[:-1].encode() + b"," + orjson.dumps({"allowed_actions": actions})[1:], row["version"]


async def is_seen(connection: Any, actor: Actor, id: UUID) -> bool:
    """Whether the enrolment exists for the caller."""
    return bool(await connection.fetchval(_IS_SEEN, *_view(actor), id))


async def of_organisation(
    pool: asyncpg.Pool,
    actor: Actor,
    id: UUID,
    state: EnrolmentState | None,
    limit: int,
    cursor: str | None,
    day: date,
) -> bytes:
    """Who of the organisation enrolled where and since when, one page, with the counts of all; raises NotFound."""
    _, organisations, roots = _view(actor)
    which = id, cursors.decode(cursor), state, limit + 1
    row = await pool.fetchrow(_OF_ORGANISATION, organisations, roots, day, *which)
    if row is None:
        raise NotFound
    page = cursors.page(row["items"], row["ids"], limit)
    return f'{{"organisation":{row["organisation"]},"counts":{row["counts"]},'.encode() + page[1:]


async def of_area(pool: asyncpg.Pool, actor: Actor, area_id: UUID, day: date) -> bytes:
    """Which units have enrolled in the area and below it, with how many members each; raises NotFound."""
    found: str | None = await pool.fetchval(_OF_AREA, day, list(actor.area_roots(READERS)), area_id)
    if found is None:
        raise NotFound
    return found.encode()


def _may_end(actor: Actor, row: Any) -> bool:
    try:
        enrolling_as(actor, row["path"], row["organisation_id"], row["person_id"], EnrolmentState.ENDED)
    except NotYours:
        return False
    return True


def _view(actor: Actor) -> tuple[UUID, list[UUID], list[UUID]]:
    return actor.person_id, list(actor.organisations()), list(actor.area_roots(READERS))
