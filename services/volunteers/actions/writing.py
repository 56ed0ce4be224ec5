"""The statements that write a service record, with everything that belongs to the change.

Row, history, note, event and idempotency key stand or fall together. A change is guarded by the record's version:
nothing comes back when somebody was first, and then nothing was written.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.volunteers.domain.states import Status
from services.volunteers.queries.records import SHAPE
from shared.infra.idempotency import Once
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Step:
    """One change as it will stand in the history. `facts` are codes and ids, the note is a person's words."""

    action: str
    at: datetime
    actor_id: UUID | None
    actor_role: str
    facts: dict[str, Any] = field(default_factory=dict)
    note: str | None = None
    traceparent: str | None = None


#: What follows the written row `r`: $3 … $17 of the whole statement, in the order of `companions`. $1 and $2 are the
#: caller and the areas whose records the caller handles, which decide what SHAPE shows.
COMPANIONS = """
history as (
  insert into service_record_history (tenant_id, service_record_id, version, at, action, from_status, to_status,
                                      actor_id, actor_role, facts, note_digest)
  select tenant_id, id, version, $3::timestamptz, $4::text, $5::text, status, $6::uuid, $7::text, $8::jsonb, $9::bytea
    from r returning *
), note as (
  insert into service_record_note (tenant_id, service_record_id, version, salt, note)
  select tenant_id, id, version, $10::bytea, $11::text from r where $11::text is not null
), event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
  select tenant_id, $12::uuid, 'service_record.' || status, id, version, $3::timestamptz, $13::text,
         jsonb_build_object('opening_id', opening_id, 'petition_id', petition_id, 'person_id', person_id,
                            'status', status, 'evidence_grade', evidence_grade, 'points', points,
                            'rule_version', rule_version) from r
), key as (
  insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at)
  select $6::uuid, $6::uuid, $14::text, $15::bytea, id, $16::timestamptz from r where $14::text is not null
)"""
COMPANION_COUNT = 17

#: A change of the opening's state that follows from a place given or returned. `o` is the opening as it is now, with
#: the state that it was in; $17 is the id of the event.
OPENING_COMPANIONS = """
opening_history as (
  insert into opening_history (tenant_id, opening_id, version, at, action, from_status, to_status, actor_id,
                               actor_role, facts)
  select tenant_id, id, version, $3::timestamptz, case status when 'full' then 'fill' else 'reopen' end, was, status,
         null, 'system', '{}' from o where status <> was
), opening_event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
  select tenant_id, $17::uuid, case status when 'full' then 'opening.filled' else 'opening.reopened' end, id, version,
         $3::timestamptz, $13::text,
         jsonb_build_object('kind', kind, 'status', status, 'petition_id', petition_id) from o where status <> was
)"""


def companions(step: Step, from_status: str | None, once: Once) -> list[Any]:
    """The values of COMPANIONS and OPENING_COMPANIONS: $3 to $17."""
    salt = secrets.token_bytes(16)
    digest = hashlib.sha256(salt + step.note.encode()).digest() if step.note else None
    return [
        step.at,
        step.action,
        from_status,
        step.actor_id,
        step.actor_role,
        orjson.dumps(step.facts, default=str).decode(),
        digest,
        salt,
        step.note,
        new_id(),
        step.traceparent,
        once.key,
        once.fingerprint,
        SystemClock().now(),
        new_id(),
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """The record as it was read, which the change is guarded by."""

    tenant_id: UUID
    id: UUID
    version: int
    status: str


async def change(
    pool: Any, me: UUID, handled: list[UUID], known: Known, changes: dict[str, Any], step: Step, once: Once
) -> Any:
    """Changes the record; the row of its new detail, or None when nothing was written."""
    arguments = [me, handled, *companions(step, known.status, once), known.tenant_id, known.id, known.version]
    sets = []
    for column, value in (changes | {"updated_at": step.at}).items():
        arguments.append(value)
        sets.append(f"{column} = ${len(arguments)}")
    opening = _PLACE_BACK if changes["status"] == Status.CANCELLED else _SAME_OPENING
    return await pool.fetchrow(_change_statement(", ".join(sets), opening), *arguments)


_SAME_OPENING = """
o as (
  select o.* from opening o, r where o.tenant_id = r.tenant_id and o.id = r.opening_id and $17::uuid is not null
)"""
#: A cancelled place goes back, and what was full is open again.
_PLACE_BACK = f"""
o as (
  update opening o set taken = o.taken - 1, status = case o.status when 'full' then 'open' else o.status end,
         version = o.version + (o.status = 'full')::int,
         updated_at = case o.status when 'full' then $3::timestamptz else o.updated_at end
    from r where o.tenant_id = r.tenant_id and o.id = r.opening_id
  returning o.*, old.status as was
), {OPENING_COMPANIONS}"""
_FIRST = COMPANION_COUNT + 1


def _change_statement(sets: str, opening: str) -> str:
    return f"""
with r as (
  update service_record r set version = version + 1, {sets}
   where r.tenant_id = ${_FIRST} and r.id = ${_FIRST + 1} and r.version = ${_FIRST + 2}
  returning *
), {COMPANIONS}, {opening},
hist as (
  select h.*, n.note from service_record_history h left join service_record_note n
      on n.tenant_id = h.tenant_id and n.service_record_id = h.service_record_id and n.version = h.version
   where h.tenant_id = ${_FIRST} and h.service_record_id = ${_FIRST + 1}
  union all select history.*, $11::text from history
)
{SHAPE}"""
