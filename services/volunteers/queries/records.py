"""One service record with its history, as its detail and as the answer of every action.

SHAPE makes the JSON from the relations `r` (the record), `o` (its opening) and `hist` (its history with notes). A read
selects them from the tables, a write takes them from what it has just written, so both answers are the same.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.volunteers.domain.permissions import Standing, relations
from services.volunteers.domain.states import Action, Status, allowed_actions
from services.volunteers.domain.windows import Window
from services.volunteers.queries.viewer import HANDLES, RECORD_VISIBLE, Viewer
from shared.infra.storage import Links
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

#: What a row in a list and the detail have in common.
MEMBERS = """
    'id', r.id, 'version', r.version, 'status', r.status,
    'opening', json_build_object('id', o.id, 'kind', o.kind, 'starts_at', o.starts_at, 'ends_at', o.ends_at,
        'title', (select title from opening_text x where x.tenant_id = o.tenant_id and x.opening_id = o.id)),
    'petition_id', r.petition_id,
    'area', json_build_object('id', r.area_id, 'name', (select name from area where id = r.area_id limit 1)),
    'checked_in_at', r.checked_in_at, 'checked_out_at', r.checked_out_at, 'minutes', r.minutes,
    'evidence_grade', r.evidence_grade, 'points', r.points,
    'created_at', r.created_at, 'updated_at', r.updated_at"""
#: What Python needs of a record to add what only Python knows.
FACTS = """r.tenant_id, r.id, r.version, r.status, r.person_id, r.recorded_by, r.area_path, r.starts_at, r.ends_at,
    o.leader_id"""
_PERSON = """'person', json_build_object('id', r.person_id,
        'name', (select display_name from person where id = r.person_id limit 1))"""
#: The further members of a row in a list, which depend on who looks. schemas/service_records.py has a schema for each
#: view; what is not named here for a view cannot get into it.
ROW_VIEW = f"case when {HANDLES} then json_build_object({_PERSON}) else '{{}}' end::text as view"
_CHANGE = """'version', h.version, 'at', h.at, 'action', h.action, 'from', h.from_status, 'to', h.to_status,
        'actor_role', h.actor_role, 'facts', h.facts"""
_VIEW = f"""case when {HANDLES} then json_build_object('view', 'full', {_PERSON},
        'text', (select h.note from hist h where h.action = 'submit' order by h.version desc limit 1),
        'history', (select json_agg(json_build_object({_CHANGE}, 'note', h.note) order by h.version) from hist h))
    else json_build_object('view', 'overseen',
        'history', (select json_agg(json_build_object({_CHANGE}) order by h.version) from hist h)) end::text as view,
    case when {HANDLES} then r.attachment_ids end as attachment_ids"""

SHAPE = f"""
select json_build_object({MEMBERS}, 'rule_version', r.rule_version,
    'transfer_id', r.transfer_id)::text as body, {_VIEW}, {FACTS}
  from r join o on true
"""
_READ = f"""
with r as (
  select r.* from service_record r join opening o on o.tenant_id = r.tenant_id and o.id = r.opening_id
   where r.id = $4 and {RECORD_VISIBLE}
), o as (
  select o.* from opening o, r where o.tenant_id = r.tenant_id and o.id = r.opening_id
), hist as (
  select h.*, n.note from r join service_record_history h on h.tenant_id = r.tenant_id and h.service_record_id = r.id
    left join service_record_note n
      on n.tenant_id = h.tenant_id and n.service_record_id = h.service_record_id and n.version = h.version
)
{SHAPE}
"""


async def read(pool: Any, links: Links, actor: Actor, record_id: UUID, now: datetime) -> tuple[bytes, int]:
    """The detail as JSON and its version; NotFound when it does not exist for the caller."""
    row = await pool.fetchrow(_READ, *Viewer.of(actor).of_records, record_id)
    if row is None:
        raise NotFound
    return render(row, links, actor, now), row["version"]


def standing(row: Any) -> Standing:
    """What the permission rules need, from any row of a record that has these columns."""
    return Standing(row["leader_id"], frozenset(row["area_path"]), row["person_id"], row["recorded_by"])


def allowed(row: Any, actor: Actor, now: datetime) -> list[Action]:
    """What the caller may do with the record now."""
    window = Window(row["starts_at"], row["ends_at"])
    return allowed_actions(Status(row["status"]), relations(actor, standing(row)), window, now)


def render(row: Any, links: Links, actor: Actor, now: datetime) -> bytes:
    """Adds to the row's JSON what only Python knows: the allowed actions and signed links."""
    computed: dict[str, Any] = {"allowed_actions": allowed(row, actor, now)}
    if row["attachment_ids"] is not None:
        computed["attachments"] = [_photo(links, photo_id) for photo_id in row["attachment_ids"]]
    return f"{row['body'][:-1]},{row['view'][1:-1]},".encode() + orjson.dumps(computed)[1:]


def _photo(links: Links, photo_id: UUID) -> dict[str, str]:
    path = f"/api/v1/attachments/{photo_id}"
    return {"id": str(photo_id), "url": links.sign(f"{path}/photo"), "thumbnail_url": links.sign(f"{path}/thumbnail")}
