"""Somebody offers a task or an activity: out of a petition, or for an area that they look after."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.volunteers.actions.petitions import ask_state
from services.volunteers.domain.errors import NotYours, UnknownReference
from services.volunteers.domain.openings import ENDED_PETITIONS, RULE_VERSION, Status
from services.volunteers.domain.permissions import ORGANISERS, Holding, may_turn_into_task, opening_as, organises
from services.volunteers.domain.windows import FARTHEST
from services.volunteers.house import House
from services.volunteers.queries import openings
from shared.infra.directory_copy import WAY
from shared.infra.idempotency import Once, first_answer, was_repeated
from shared.kernel.actor import Actor, Role
from shared.kernel.clock import SystemClock
from shared.kernel.errors import FieldProblem, Invalid, Unavailable
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody offers. With a petition the place is the petition's."""

    kind: str
    petition_id: UUID | None
    area_id: UUID | None
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    points: int


#: The centre of the area `a`, or of the smallest area around it that has one.
_CENTRE = """
left join lateral (select c.lat, c.lon from area c where c.id = any(a.ancestors || a.id) and c.lat is not null
                    order by cardinality(c.ancestors) desc limit 1) centre on true
"""
_OF_PETITION = f"""
select p.tenant_id, p.status, p.holder_type, p.holder_id, p.area_id, a.ancestors || a.id as area_path,
       centre.lat, centre.lon
  from petition p left join area a on a.tenant_id = p.tenant_id and a.id = p.area_id {_CENTRE}
 where p.id = $1
"""
#: The area $3 when it lies in one of the roots; without $3 the roots themselves. A team's root is what keeps the team.
_OF_ROOTS = f"""
with roots as (
  select unnest($1::uuid[]) as id
  union select tenant_id from organisation where id = any($2::uuid[]) and not closed
)
select a.tenant_id, a.id as area_id, a.ancestors || a.id as area_path, centre.lat, centre.lon
  from area a {_CENTRE}
 where not a.closed and (a.ancestors || a.id) && array(select id from roots)
   and a.id = any(case when $3::uuid is null then array(select id from roots) else array[$3::uuid] end)
 limit 2
"""


async def open_opening(house: House, actor: Actor, offer: Offer, once: Once, traceparent: str | None) -> bytes:
    """Stores the opening and gives its detail; the same call again gives the same one."""
    known = await first_answer(house.pool, actor.person_id, once)
    now = house.clock.now()
    if known is not None:
        body, _ = await openings.read(house.pool, actor, known, now, "wgs84")
        return body
    _check_time(offer, now)
    if offer.petition_id is not None:
        place = await _place_of_petition(house, actor, offer.petition_id)
    else:
        place = await _place_of_area(house, actor, offer.area_id)
    role = opening_as(actor, frozenset(place["area_path"]))
    row = _row(actor, offer, place, now)
    frame = [offer.title, offer.text, role, new_id(), traceparent, once.key, once.fingerprint, SystemClock().now()]
    try:
        written = await house.pool.fetchrow(_create_statement(tuple(row)), actor.person_id, *frame, *row.values())
    except asyncpg.UniqueViolationError as error:
        if not was_repeated(error):
            raise
        return await open_opening(house, actor, offer, once, traceparent)
    return openings.render(written, actor, now, "wgs84")


def _check_time(offer: Offer, now: datetime) -> None:
    if offer.ends_at <= now:
        zh, en = "结束时间已经过去", "the end is in the past"
        raise Invalid(fields=[FieldProblem("/ends_at", "past", zh, en)])
    if offer.starts_at > now + FARTHEST:
        zh, en = "最多提前一年发布", "at most a year ahead"
        raise Invalid(fields=[FieldProblem("/starts_at", "too_far", zh, en)])


async def _place_of_petition(house: House, actor: Actor, petition_id: UUID) -> Any:
    """The petition with its place. The projection may be a moment old: where it says no, and of who holds a petition
    now, petitions has the last word. (What the organisers of a place may do hangs on the place, which never changes.)
    """
    found = await house.pool.fetchrow(_OF_PETITION, petition_id)
    if found is None or not organises(actor, _holding(found)) or found["status"] in ENDED_PETITIONS:
        await ask_state(house, petition_id)
        found = await house.pool.fetchrow(_OF_PETITION, petition_id)
    if found is not None and found["area_path"] is None:
        await house.directory.catch_up_soon()
        found = await house.pool.fetchrow(_OF_PETITION, petition_id)
        if found["area_path"] is None:
            raise Unavailable("directory")
    if found is None or not may_turn_into_task(actor, _holding(found)):
        zh, en = "没有这个诉求，或它不由您办理", "no such petition, or it is not yours to handle"
        raise UnknownReference(fields=[FieldProblem("/petition_id", "unknown_petition", zh, en)])
    if found["status"] in ENDED_PETITIONS:
        zh, en = "这个诉求已经结束", "the petition has ended"
        raise UnknownReference(fields=[FieldProblem("/petition_id", "petition_ended", zh, en)])
    return found


def _holding(found: Any) -> Holding:
    return Holding(found["holder_type"], found["holder_id"], frozenset(found["area_path"] or ()))


async def _place_of_area(house: House, actor: Actor, area_id: UUID | None) -> Any:
    """The area that was named, or the caller's only root."""
    if not actor.has(ORGANISERS):
        raise NotYours(who=sorted(ORGANISERS))
    roots = list(actor.area_roots(ORGANISERS)), list(actor.organisations(frozenset({Role.TEAM_LEADER})))
    found = await house.pool.fetch(_OF_ROOTS, *roots, area_id)
    if not found:
        await house.directory.catch_up_soon()
        found = await house.pool.fetch(_OF_ROOTS, *roots, area_id)
    if len(found) == 1:
        return found[0]
    if area_id is not None:
        code, zh, en = "unknown_area", "没有这个区域，或它不在您的范围内", "no such area, or it is outside of yours"
        raise UnknownReference(fields=[FieldProblem("/area_id", code, zh, en)])
    zh, en = "您负责多个区域，请选择一个", "you look after several areas; name one"
    raise Invalid(fields=[FieldProblem("/area_id", "missing", zh, en)])


def _row(actor: Actor, offer: Offer, place: Any, now: datetime) -> dict[str, Any]:
    return {
        "tenant_id": place["tenant_id"],
        "id": new_id(now),
        "version": 1,
        "kind": offer.kind,
        "status": Status.OPEN,
        "petition_id": offer.petition_id,
        "area_id": place["area_id"],
        "lat": place["lat"],
        "lon": place["lon"],
        "leader_id": actor.person_id,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "capacity": offer.capacity,
        "taken": 0,
        "points": offer.points,
        "rule_version": RULE_VERSION,
        "secret": secrets.token_bytes(32),
        "created_at": now,
        "updated_at": now,
    }


_FIRST = 10


def _create_statement(columns: tuple[str, ...]) -> str:
    values = ", ".join(f"${_FIRST + i}" for i in range(len(columns)))
    way = WAY.format(**{column: f"${_FIRST + columns.index(column)}" for column in ("tenant_id", "area_id")})
    return f"""
with o as (
  insert into opening ({", ".join(columns)}, area_path) values ({values}, {way}) returning *
), x as (
  insert into opening_text (tenant_id, opening_id, title, text)
  select tenant_id, id, $2::text, $3::text from o returning title, text
), history as (
  insert into opening_history (tenant_id, opening_id, version, at, action, from_status, to_status, actor_id,
                               actor_role, facts)
  select tenant_id, id, version, created_at, 'open', null, status, leader_id, $4::text, '{{}}' from o
), event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
  select tenant_id, $5::uuid, 'opening.opened', id, version, created_at, $6::text,
         jsonb_build_object('kind', kind, 'status', status, 'petition_id', petition_id) from o
), key as (
  insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at)
  select $1::uuid, $1::uuid, $7::text, $8::bytea, id, $9::timestamptz from o where $7::text is not null
)
{openings.SHAPE} from o, x left join (select null::uuid as id, null::text as status) own on true
"""
