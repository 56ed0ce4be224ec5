"""One petition with its history, as its detail and as the answer of every action.

SHAPE makes the JSON from the relations `p` (the petition), `x` (its text), `hist` (its history with notes) and `att`
(its attachments). A read selects them from the tables, a write takes them from what it has just written, so an action
needs no third round trip and both answers are the same by construction.
"""

from typing import Any
from uuid import UUID

import orjson

from services.petitions.domain.permissions import Standing, relations
from services.petitions.domain.states import Status, allowed_actions
from services.petitions.queries.viewer import VIEW, VISIBLE, Viewer, history_row
from shared.infra.storage import Links
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.kernel.geo import CoordSys, Point, convert

_NAME_OF_HOLDER = """case p.holder_type
    when 'person' then (select display_name from person where id = p.holder_id limit 1)
    when 'organisation' then (select name from organisation where id = p.holder_id limit 1) end"""

SHAPE = f"""
select json_build_object(
    'id', p.id, 'number', p.number, 'version', p.version, 'kind', p.kind, 'status', p.status, 'channel', p.channel,
    'category', (select json_build_object('id', c.id, 'name', c.name, 'name_en', nullif(c.name_en, ''))
                   from category c where c.id = p.category_id limit 1),
    'urgency', p.urgency, 'title', x.title, 'text', x.text,
    'area', json_build_object('id', p.area_id, 'name', (select name from area where id = p.area_id limit 1)),
    'tenant', json_build_object('id', p.tenant_id, 'name', (select name from area where id = p.tenant_id limit 1)),
    'level', (select kind from area where id = p.level_area_id limit 1),
    'anonymity', p.anonymity,
    'holder', case when p.holder_id is not null then
        json_build_object('type', p.holder_type, 'id', p.holder_id, 'name', {_NAME_OF_HOLDER}) end,
    'co_handlers', p.co_handlers, 'round', p.round,
    'respond_by', p.respond_by, 'resolve_by', p.resolve_by, 'responded_at', p.responded_at,
    'resolved_at', p.resolved_at, 'closed_at', p.closed_at, 'outcome', p.outcome,
    'in_time', p.in_time, 'created_at', p.created_at, 'updated_at', p.updated_at,
    'history', (select json_agg({history_row("h")} order by h.version) from hist h)
    )::text as body, ({VIEW})::text as view,
    (select json_agg(json_build_object('id', a.id, 'width', a.width, 'height', a.height, 'action_version', a.version)
        order by a.version, a.position) from att a)::text as attachments,
    p.status, p.version, p.reporter_id, p.holder_id, p.co_handler_ids, p.area_path, p.lat, p.lon
  from p left join x on true
"""

_READ_ANY = f"""
with p as (select * from petition p where p.id = $5 and $3::uuid[] is not null),
x as (select t.title, t.text from petition_text t, p where t.tenant_id = p.tenant_id and t.petition_id = p.id),
hist as (
  select h.*, n.public_note, n.internal_note
    from p join petition_history h on h.tenant_id = p.tenant_id and h.petition_id = p.id
    left join petition_note n on n.tenant_id = h.tenant_id and n.petition_id = h.petition_id and n.version = h.version
),
att as (select a.* from attachment a, p where a.tenant_id = p.tenant_id and a.owner_id = p.id)
{SHAPE}
"""


_READ = _READ_ANY.replace("$3::uuid[] is not null", VISIBLE)


async def read(pool: Any, links: Links, actor: Actor, petition_id: UUID, out: CoordSys) -> tuple[bytes, int]:
    """The detail as JSON and its version; NotFound when it does not exist for the caller."""
    row = await pool.fetchrow(_READ, *Viewer.of(actor).arguments, petition_id)
    if row is None:
        raise NotFound
    return render(row, links, actor, out), row["version"]


async def again(pool: Any, links: Links, actor: Actor, petition_id: UUID) -> bytes:
    """The detail for somebody who repeats what they did: also when it has passed to others since (as an onlooker)."""
    row = await pool.fetchrow(_READ_ANY, *Viewer.of(actor).arguments, petition_id)
    return render(row, links, actor)


def standing(row: Any) -> Standing:
    """What the permission rules need, from any row that has these columns."""
    return Standing(row["reporter_id"], row["holder_id"], frozenset(row["co_handler_ids"]), frozenset(row["area_path"]))


def render(row: Any, links: Links, actor: Actor, out: CoordSys = "wgs84") -> bytes:
    """Adds to the row's JSON what only Python knows: allowed actions, signed links, the asked coordinates."""
    computed = {
        "allowed_actions": allowed_actions(Status(row["status"]), relations(actor, standing(row))),
        "location": _location(row, out),
        "attachments": [photo | photo_links(links, photo["id"]) for photo in orjson.loads(row["attachments"] or "[]")],
    }
    return f"{row['body'][:-1]},{row['view'][1:-1]},".encode() + orjson.dumps(computed)[1:]


def photo_links(links: Links, photo_id: str | UUID) -> dict[str, str]:
    """Where the photo and its thumbnail can be seen for the next while."""
    path = f"/api/v1/attachments/{photo_id}"
    return {"url": links.sign(f"{path}/photo"), "thumbnail_url": links.sign(f"{path}/thumbnail")}


def _location(row: Any, out: CoordSys) -> dict[str, Any] | None:
    if row["lat"] is None:
        return None
    shown = convert(Point(row["lat"], row["lon"]), out)
    return {"lat": round(shown.lat, 7), "lon": round(shown.lon, 7), "coord_sys": out}
