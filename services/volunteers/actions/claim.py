"""A volunteer claims a place: first come, first served, never above capacity however many race for it.

One statement looks, takes the place and writes all that belongs to it. Those who race meet at the opening's row, one
after the other, and each finds it as the one before left it. PostgreSQL itself refuses a second place in the same
opening and two at overlapping times; the statement then runs once more and finds the reason.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.volunteers.actions.writing import COMPANION_COUNT, COMPANIONS, OPENING_COMPANIONS, Step, companions
from services.volunteers.domain.openings import Action, Claims, Status, refusal
from services.volunteers.domain.windows import Window
from services.volunteers.house import House
from services.volunteers.queries import openings, records
from services.volunteers.queries.viewer import Viewer, visible
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor, Role
from shared.kernel.errors import NotFound, Unavailable
from shared.kernel.ids import new_id

_TRIES = 5
_N = COMPANION_COUNT + 1
_OPENING, _RECORD = f"${_N + 3}::uuid", f"${_N + 4}::uuid"

#: The race errors of PostgreSQL after which looking again tells more: somebody, perhaps the same person, was first.
_RACES = (asyncpg.UniqueViolationError, asyncpg.ExclusionViolationError, asyncpg.DeadlockDetectedError)

_CLAIM = f"""
with found as (
  select o.* from opening o where o.id = {_OPENING} and {visible(_N)}
), once as (
  select fingerprint, resource_id from idempotency where caller_id = $1 and key = $14::text
), own as (
  select r.id, r.status from service_record r, found f
   where r.tenant_id = f.tenant_id and r.opening_id = f.id and r.person_id = $1 and r.status <> 'cancelled'
), overlapping as (
  select r.id from service_record r, found f
   where r.person_id = $1 and r.status not in ('cancelled', 'rejected') and r.opening_id <> f.id
     and tstzrange(r.starts_at, r.busy_until) && tstzrange(least(greatest(f.starts_at, $3::timestamptz), f.ends_at),
                                                           f.ends_at)
   order by r.id limit 1
), o as (
  update opening o set taken = o.taken + 1, status = case when o.taken + 1 = o.capacity then 'full' else o.status end,
         version = o.version + (o.taken + 1 = o.capacity)::int,
         updated_at = case when o.taken + 1 = o.capacity then $3::timestamptz else o.updated_at end
    from found f
   where o.tenant_id = f.tenant_id and o.id = f.id and o.status = 'open' and o.taken < o.capacity
     and o.ends_at > $3::timestamptz and not exists (select from once) and not exists (select from own)
     and not exists (select from overlapping)
  returning o.*, old.status as was
), r as (
  insert into service_record (tenant_id, id, version, status, opening_id, petition_id, person_id, leader_id, area_id,
                              area_path, starts_at, ends_at, busy_until, attachment_ids, points, rule_version,
                              created_at, updated_at)
  select tenant_id, {_RECORD}, 1, 'confirmed', id, petition_id, $1::uuid, leader_id, area_id, area_path,
         greatest(starts_at, $3::timestamptz), ends_at, ends_at, '{{}}', 0, rule_version,
         $3::timestamptz, $3::timestamptz from o
  returning *
), {COMPANIONS}, {OPENING_COMPANIONS}, hist as (select history.*, $11::text as note from history),
made as ({records.SHAPE})
select made.*, f.status as opening_status, f.leader_id as led_by, f.area_path as place, f.starts_at as starts,
       f.ends_at as ends, once.fingerprint, once.resource_id, own.id as own_id,
       (select id from overlapping) as overlapping_id
  from found f left join made on true left join once on true left join own on true
"""


async def claim(house: House, actor: Actor, opening_id: UUID, once: Once, traceparent: str | None) -> bytes:
    """Gives the new service record; the same call again gives the same one. Raises the reason when there is none."""
    viewer = Viewer.of(actor)
    now = house.clock.now()
    step = Step("claim", now, actor.person_id, Role.VOLUNTEER, traceparent=traceparent)
    for _ in range(_TRIES):
        arguments = [viewer.me, viewer.handled, *companions(step, None, once), *viewer.of_openings[1:]]
        try:
            found = await house.pool.fetchrow(_CLAIM, *arguments, opening_id, new_id(now))
        except _RACES:
            continue
        if found is None:
            raise NotFound
        if found["id"] is not None:
            return records.render(found, house.links, actor, now)
        if found["fingerprint"] is not None:
            once.same(found["fingerprint"])
            body, _ = await records.read(house.pool, house.links, actor, found["resource_id"], now)
            return body
        _refuse(actor, found, now)
    raise Unavailable("database")


def _refuse(actor: Actor, found: Any, now: datetime) -> None:
    """Raises the reason. None is left when the last place went in the very moment: then looking again finds it."""
    status, window = Status(found["opening_status"]), Window(found["starts"], found["ends"])
    seen = {
        "status": status,
        "leader_id": found["led_by"],
        "area_path": found["place"],
        "starts_at": found["starts"],
        "ends_at": found["ends"],
        "own_id": found["own_id"],
    }
    allowed = [action for action in openings.allowed(seen, actor, now) if action is not Action.CLAIM]
    problem = refusal(status, window, now, Claims(found["own_id"], found["overlapping_id"]), allowed)
    if problem is not None:
        raise problem
