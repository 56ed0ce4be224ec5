"""The one statement that changes a petition: guarded by its version, with everything that belongs to the change.

Row, history, note, taken photos, event and idempotency key stand or fall together. Nothing comes back when somebody
was first (the version moved on) or when a named photo is not the caller's to give any more; then nothing was written.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.petitions.queries.detail import SHAPE
from services.petitions.queries.viewer import VISIBLE, Viewer
from shared.infra.directory_copy import WAY
from shared.infra.idempotency import Once
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Step:
    """One change as it will stand in the history. `facts` are codes and ids, notes are people's words."""

    action: str
    at: datetime
    actor_id: UUID | None
    actor_role: str
    facts: dict[str, Any] = field(default_factory=dict)
    public_note: str | None = None
    internal_note: str | None = None
    uploads: tuple[UUID, ...] = ()
    traceparent: str | None = None

    @property
    def event(self) -> str:
        return f"petition.{_PAST_TENSE[self.action]}"


_PAST_TENSE = {
    "submit": "submitted",
    "accept": "accepted",
    "reject": "rejected",
    "dispatch": "dispatched",
    "start": "started",
    "resolve": "resolved",
    "confirm": "closed",
    "dispute": "disputed",
    "withdraw": "withdrawn",
    "task_done": "task_done",
}

#: What follows the changed row `p`, by name in `given`: $5 … of the whole statement, in the order of `_common`.
_COMPANIONS = """
history as (
  insert into petition_history (tenant_id, petition_id, version, at, action, from_status, to_status, actor_id,
                                actor_role, facts, note_digest)
  select tenant_id, id, version, $5::timestamptz, $6::text, $7::text, status, $8::uuid, $9::text, $10::jsonb, $11::bytea
    from p returning *
), note as (
  insert into petition_note (tenant_id, petition_id, version, salt, public_note, internal_note)
  select tenant_id, id, version, $12::bytea, $13::text, $14::text from p
   where $13::text is not null or $14::text is not null
), gone as (
  delete from upload where uploader_id = $8::uuid and id in (select id from uploads) and exists (select from p)
), taken as (
  insert into attachment (tenant_id, id, owner_id, version, position, width, height)
  select p.tenant_id, u.id, p.id, p.version, array_position($15::uuid[], u.id), u.width, u.height from p, uploads u
  returning *
), event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
  select tenant_id, $16::uuid, $17::text, id, version, $5::timestamptz, $18::text,
         jsonb_build_object('number', number, 'status', status, 'area_id', area_id, 'holder_type', holder_type,
                            'holder_id', holder_id) from p
), key as (
  insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at)
  select $8::uuid, $8::uuid, $19::text, $20::bytea, id, $21::timestamptz from p where $19::text is not null
)"""
_UPLOADS = """
uploads as (
  select id, width, height from upload where uploader_id = $8::uuid and id = any($15::uuid[]) for update
)"""
_ALL_UPLOADS = "(select count(*) from uploads) = cardinality($15::uuid[])"
_COMPANION_COUNT = 21


def _common(viewer: Viewer, step: Step, from_status: str | None, once: Once, real_now: datetime) -> list[Any]:
    salt = secrets.token_bytes(16)
    words = "\n".join(note for note in (step.public_note, step.internal_note) if note)
    digest = hashlib.sha256(salt + words.encode()).digest() if words else None
    return [
        *viewer.arguments,
        step.at,
        step.action,
        from_status,
        step.actor_id,
        step.actor_role,
        orjson.dumps(step.facts, default=str).decode(),
        digest,
        salt,
        step.public_note,
        step.internal_note,
        list(step.uploads),
        new_id(),
        step.event,
        step.traceparent,
        once.key,
        once.fingerprint,
        real_now,
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """The petition as it was read, which the change is guarded by."""

    tenant_id: UUID
    id: UUID
    version: int
    status: str


async def change(
    pool: Any,
    viewer: Viewer,
    known: Known,
    changes: dict[str, Any],
    step: Step,
    once: Once,
    real_now: datetime,
) -> Any:
    """Changes the petition; the row of its new detail, or None when nothing was written."""
    arguments = _common(viewer, step, known.status, once, real_now)
    arguments += [known.tenant_id, known.id, known.version]
    sets = []
    for column, value in (changes | {"updated_at": step.at}).items():
        arguments.append(value)
        sets.append(f"{column} = ${len(arguments)}")
    return await pool.fetchrow(_change_statement(", ".join(sets)), *arguments)


def _change_statement(sets: str) -> str:
    first = _COMPANION_COUNT + 1
    return f"""
with {_UPLOADS}, p as (
  update petition p set version = version + 1, {sets}
   where p.tenant_id = ${first} and p.id = ${first + 1} and p.version = ${first + 2}
     and ({VISIBLE} or $8::uuid is null) and {_ALL_UPLOADS}
  returning *
), {_COMPANIONS},
x as (select t.title, t.text from petition_text t, p where t.tenant_id = p.tenant_id and t.petition_id = p.id),
hist as (
  select h.*, n.public_note, n.internal_note
    from petition_history h left join petition_note n
      on n.tenant_id = h.tenant_id and n.petition_id = h.petition_id and n.version = h.version
   where h.tenant_id = ${first} and h.petition_id = ${first + 1}
  union all select history.*, $13::text, $14::text from history
),
att as (
  select * from attachment where tenant_id = ${first} and owner_id = ${first + 1}
  union all select * from taken
)
{SHAPE}"""


async def create(
    pool: Any,
    viewer: Viewer,
    row: dict[str, Any],
    text: dict[str, Any],
    step: Step,
    once: Once,
    real_now: datetime,
) -> Any:
    """Inserts a petition with its text; the row of its detail, or None when a photo was not the caller's to give.

    The way to its area is read by the statement itself: the area may just be moving.
    """
    arguments = _common(viewer, step, None, once, real_now) + list(row.values()) + list(text.values())
    return await pool.fetchrow(_create_statement(tuple(row), tuple(text)), *arguments)


def _create_statement(columns: tuple[str, ...], text_columns: tuple[str, ...]) -> str:
    first = _COMPANION_COUNT + 1
    values = ", ".join(f"${first + i}{_CASTS.get(c, '')}" for i, c in enumerate(columns))
    tenant_id, area_id = (f"${first + columns.index(column)}::uuid" for column in ("tenant_id", "area_id"))
    way = WAY.format(tenant_id=tenant_id, area_id=area_id)
    first += len(columns)
    text_values = ", ".join(f"${first + i}{_CASTS.get(c, '')}" for i, c in enumerate(text_columns))
    return f"""
with {_UPLOADS}, p as (
  insert into petition ({", ".join(columns)}, area_path)
  select {values}, {way} where {_ALL_UPLOADS} and $3::uuid[] is not null
  returning *
), {_COMPANIONS},
x as (
  insert into petition_text (tenant_id, petition_id, {", ".join(text_columns)})
  select tenant_id, id, {text_values} from p returning title, text
),
hist as (select history.*, $13::text as public_note, $14::text as internal_note from history),
att as (select * from taken)
{SHAPE}"""


#: In a SELECT list PostgreSQL takes a bare parameter for text, so each column says its type.
_CASTS = {
    **dict.fromkeys(
        ("tenant_id", "id", "category_id", "area_id", "level_area_id", "reporter_id", "holder_id"), "::uuid"
    ),
    **dict.fromkeys(("co_handler_ids",), "::uuid[]"),
    **dict.fromkeys(("co_handlers", "given_location"), "::jsonb"),
    **dict.fromkeys(("version", "round"), "::int"),
    **dict.fromkeys(("respond_by", "resolve_by", "created_at", "updated_at"), "::timestamptz"),
    **dict.fromkeys(("lat", "lon"), "::float8"),
    "search": "::tsvector",
}
