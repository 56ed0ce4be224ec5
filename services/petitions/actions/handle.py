"""What happens to a petition after it was submitted: one function per action, one way to carry them out.

Each action reads the petition with its version, asks the state table and the permissions, works out what changes, and
writes it guarded by that version. Whoever comes second gets a 409 with the new state, and nothing of theirs is kept.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.petitions.actions.submit import unknown_uploads
from services.petitions.actions.writing import Known, Step, change
from services.petitions.domain.errors import NotYours
from services.petitions.domain.permissions import acting_as, relations
from services.petitions.domain.states import MOVES, Action, Status, allowed_actions
from services.petitions.house import House
from services.petitions.queries import detail
from services.petitions.queries.viewer import VISIBLE, Viewer
from shared.infra.idempotency import Once, was_repeated
from shared.kernel.actor import Actor
from shared.kernel.clock import SystemClock
from shared.kernel.errors import Conflict, NotFound

_READ = f"""
select p.tenant_id, p.id, p.version, p.status, p.reporter_id, p.holder_id, p.co_handler_ids, p.area_path, p.round,
       p.urgency, p.created_at, p.level_area_id, p.responded_at, k.fingerprint
  from petition p left join idempotency k on k.caller_id = $1 and k.key = $6
 where p.id = $5 and ({VISIBLE} or k.resource_id = p.id) and $4::uuid[] is not null
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does to the petition besides its move: columns, facts and words for the history, photos."""

    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    public_note: str | None = None
    internal_note: str | None = None
    uploads: tuple[UUID, ...] = ()


#: Works out what an action does to the petition as it was read; raises when the body names what it may not.
Decide = Callable[[Any, datetime], Awaitable[Effect]]


async def act(
    house: House,
    actor: Actor,
    petition_id: UUID,
    action: Action,
    decide: Decide,
    once: Once,
    traceparent: str | None,
) -> bytes:
    """Carries out one action and gives the petition's new detail. The same call again gives the same."""
    viewer = Viewer.of(actor)
    found = await house.pool.fetchrow(_READ, *viewer.arguments, petition_id, once.key)
    if found is None:
        raise NotFound
    if found["fingerprint"] is not None:
        once.same(found["fingerprint"])
        return await detail.again(house.pool, house.links, actor, petition_id)
    role = _permit(actor, found, action)
    now = house.clock.now()
    effect = await decide(found, now)
    known = Known(found["tenant_id"], petition_id, found["version"], found["status"])
    step = Step(
        action=action,
        at=now,
        actor_id=actor.person_id,
        actor_role=role,
        facts=effect.facts,
        public_note=effect.public_note,
        internal_note=effect.internal_note,
        uploads=effect.uploads,
        traceparent=traceparent,
    )
    changes = {"status": MOVES[action].leads_to, **effect.changes}
    try:
        written = await change(house.pool, viewer, known, changes, step, once, SystemClock().now())
    except asyncpg.UniqueViolationError as error:
        if not was_repeated(error):
            raise
        written = None
    if written is None:
        return await _second(house, actor, petition_id, action, decide, once, known, traceparent)
    return detail.render(written, house.links, actor)


async def _second(
    house: House,
    actor: Actor,
    petition_id: UUID,
    action: Action,
    decide: Decide,
    once: Once,
    known: Known,
    traceparent: str | None,
) -> bytes:
    """Nothing was written: the same call was first, or another change was, or a photo was gone.

    A change that leaves the state as it was (a task that was done) is no reason to refuse: then it is tried again,
    and every try that fails means that somebody else's change got through.
    """
    now_there = await house.pool.fetchrow(_READ, *Viewer.of(actor).arguments, petition_id, once.key)
    if now_there is None:
        raise NotFound
    if now_there["fingerprint"] is None:
        if now_there["version"] == known.version:
            raise unknown_uploads()
        if now_there["status"] != known.status:
            raise _conflict(actor, now_there)
    return await act(house, actor, petition_id, action, decide, once, traceparent)


def _permit(actor: Actor, found: Any, action: Action) -> str:
    """In which role the caller may act; raises when they may not, or when the state does not let anybody."""
    standing = detail.standing(found)
    mine = relations(actor, standing)
    move = MOVES[action]
    if not mine & move.who:
        raise NotYours(who=sorted(move.who))
    if found["status"] not in move.starts:
        raise _conflict(actor, found)
    return acting_as(actor, mine & move.who, standing)


def _conflict(actor: Actor, found: Any) -> Conflict:
    allowed = allowed_actions(Status(found["status"]), relations(actor, detail.standing(found)))
    return Conflict(state=Status(found["status"]), allowed_actions=allowed)
