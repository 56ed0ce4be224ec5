"""What happens to a service record after the claim: one way to carry out every action.

Each action reads the record with its version, asks the state table and the permissions, works out what changes, and
writes it guarded by that version. Whoever comes second gets a 409 with the new state, and nothing of theirs is kept.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.volunteers.actions.writing import Known, Step, change
from services.volunteers.domain.errors import FourEyes, NotNow, NotYours
from services.volunteers.domain.permissions import Relation, acting_as, relations
from services.volunteers.domain.states import MOVES, Action, Status
from services.volunteers.domain.windows import Window
from services.volunteers.house import House
from services.volunteers.queries import records
from services.volunteers.queries.viewer import RECORD_VISIBLE, Viewer
from shared.infra.idempotency import Once, was_repeated
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict, NotFound

_READ = f"""
select {records.FACTS}, r.opening_id, r.checked_in_at, r.evidence_grade, o.secret, o.points as points_offered,
       o.rule_version as rule, k.fingerprint
  from service_record r join opening o on o.tenant_id = r.tenant_id and o.id = r.opening_id
  left join idempotency k on k.caller_id = $1 and k.key = $5
 where r.id = $4 and {RECORD_VISIBLE} and $2::uuid[] is not null
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does to the record besides its move: columns, facts and words for the history."""

    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What an action decides on: the record as it was read, who acts, as what, and when."""

    record: Any
    actor: Actor
    mine: frozenset[Relation]
    now: datetime


#: Works out an action's effect; raises when the body says what it may not.
Decide = Callable[[Given], Awaitable[Effect]]


async def act(
    house: House,
    actor: Actor,
    record_id: UUID,
    action: Action,
    decide: Decide,
    once: Once,
    traceparent: str | None,
) -> bytes:
    """Carries out one action and gives the record's new detail. The same call again gives the same."""
    viewer = Viewer.of(actor)
    found = await house.pool.fetchrow(_READ, *viewer.of_records, record_id, once.key)
    if found is None:
        raise NotFound
    now = house.clock.now()
    if found["fingerprint"] is not None:
        once.same(found["fingerprint"])
        body, _ = await records.read(house.pool, house.links, actor, record_id, now)
        return body
    role = _permit(actor, found, action, now)
    given = Given(found, actor, relations(actor, records.standing(found)), now)
    effect = await decide(given)
    known = Known(found["tenant_id"], record_id, found["version"], found["status"])
    step = Step(action, now, actor.person_id, role, effect.facts, effect.note, traceparent)
    changes = {"status": MOVES[action].leads_to, **effect.changes}
    try:
        written = await change(house.pool, viewer.me, viewer.handled, known, changes, step, once)
    except asyncpg.UniqueViolationError as error:
        if not was_repeated(error):
            raise
        written = None
    if written is None:
        # Somebody was first, or the same call was: looking again tells which, and cannot find the same version twice.
        return await act(house, actor, record_id, action, decide, once, traceparent)
    return records.render(written, house.links, actor, now)


def _permit(actor: Actor, found: Any, action: Action, now: datetime) -> str:
    """In which role the caller may act; raises when they may not, or when state or time do not let anybody."""
    standing = records.standing(found)
    mine = relations(actor, standing)
    move = MOVES[action]
    if not mine & move.who:
        raise NotYours(who=sorted(move.who))
    if move.rules_out(mine):
        raise FourEyes
    shown: dict[str, Any] = {"state": Status(found["status"]), "allowed_actions": records.allowed(found, actor, now)}
    if found["status"] not in move.starts:
        raise Conflict(**shown)
    span = move.when(Window(found["starts_at"], found["ends_at"]))
    if not span.holds(now):
        shown |= {"opens_at": span.opens_at} if span.opens_at else {}
        shown |= {"closes_at": span.closes_at} if span.closes_at else {}
        raise NotNow(**shown)
    return acting_as(actor, mine & move.who, standing)
