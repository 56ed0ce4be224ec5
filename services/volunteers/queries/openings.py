"""One opening as its detail, and the code that its leader shows.

SHAPE makes the JSON from the relations `o` (the opening) and `x` (its text): a read selects them from the tables, a
write takes them from what it has just written.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.volunteers.domain.codes import Code, code_at
from services.volunteers.domain.errors import NotYours
from services.volunteers.domain.openings import Status, allowed_actions
from services.volunteers.domain.permissions import CODE_SHOWERS, Standing, relations, shows_codes
from services.volunteers.domain.windows import Window
from services.volunteers.queries.viewer import Viewer, visible
from shared.kernel.actor import Actor, Role
from shared.kernel.errors import NotFound
from shared.kernel.geo import CoordSys, Point, convert

#: What a row in a list and the detail have in common.
MEMBERS = """
    'id', o.id, 'version', o.version, 'kind', o.kind, 'status', o.status, 'title', x.title,
    'petition', case when o.petition_id is not null then json_build_object('id', o.petition_id, 'number',
        (select number from petition p where p.tenant_id = o.tenant_id and p.id = o.petition_id)) end,
    'area', json_build_object('id', o.area_id, 'name', (select name from area where id = o.area_id limit 1)),
    'tenant', json_build_object('id', o.tenant_id, 'name', (select name from area where id = o.tenant_id limit 1)),
    'leader', json_build_object('id', o.leader_id,
        'name', (select display_name from person where id = o.leader_id limit 1)),
    'starts_at', o.starts_at, 'ends_at', o.ends_at, 'capacity', o.capacity, 'taken', o.taken, 'points', o.points"""
#: The caller's own record in it, if there is one that was not cancelled.
OWN = """(select r.id, r.status from service_record r where r.tenant_id = o.tenant_id and r.opening_id = o.id
             and r.person_id = $1 and r.status <> 'cancelled')"""
#: What Python needs of an opening to add what only Python knows.
FACTS = "o.id, o.version, o.status, o.leader_id, o.area_path, o.starts_at, o.ends_at, o.lat, o.lon, own.id as own_id"

SHAPE = f"""
select json_build_object({MEMBERS}, 'text', x.text, 'rule_version', o.rule_version,
    'own_record', case when own.id is not null then json_build_object('id', own.id, 'status', own.status) end,
    'created_at', o.created_at, 'updated_at', o.updated_at)::text as body, {FACTS}
"""
_READ = f"""{SHAPE}
  from opening o
  left join opening_text x on x.tenant_id = o.tenant_id and x.opening_id = o.id
  left join lateral {OWN} own on true
 where o.id = $5 and {visible()}
"""
_READ_CODE = f"""
select o.id, o.secret, o.leader_id, o.area_path from opening o where o.id = $5 and {visible()}
"""


async def read(pool: Any, actor: Actor, opening_id: UUID, now: datetime, out: CoordSys) -> tuple[bytes, int]:
    """The detail as JSON and its version; NotFound when it does not exist for the caller."""
    row = await pool.fetchrow(_READ, *Viewer.of(actor).of_openings, opening_id)
    if row is None:
        raise NotFound
    return render(row, actor, now, out), row["version"]


async def read_code(pool: Any, actor: Actor, opening_id: UUID, now: datetime) -> Code:
    """The code of this moment, for whoever shows it."""
    row = await pool.fetchrow(_READ_CODE, *Viewer.of(actor).of_openings, opening_id)
    if row is None:
        raise NotFound
    if not shows_codes(relations(actor, standing(row))):
        raise NotYours(who=sorted(CODE_SHOWERS))
    return code_at(row["secret"], row["id"], now)


def standing(row: Any) -> Standing:
    """What the permission rules need, from any row of an opening that has these columns."""
    return Standing(row["leader_id"], frozenset(row["area_path"]))


def render(row: Any, actor: Actor, now: datetime, out: CoordSys, *, with_actions: bool = True) -> bytes:
    """Adds to the row's JSON what only Python knows: the place in the asked coordinates, and the allowed actions."""
    computed: dict[str, Any] = {"location": _location(row, out)}
    if with_actions:
        computed["allowed_actions"] = allowed(row, actor, now)
    body: bytes = row["body"].encode()
    return body[:-1] + b"," + orjson.dumps(computed)[1:]


def allowed(row: Any, actor: Actor, now: datetime) -> list[Any]:
    """What the caller may do with the opening now."""
    may_claim = row["own_id"] is None and actor.has(frozenset({Role.VOLUNTEER}))
    mine = relations(actor, standing(row))
    return allowed_actions(Status(row["status"]), mine, Window(row["starts_at"], row["ends_at"]), now, may_claim)


def _location(row: Any, out: CoordSys) -> dict[str, Any] | None:
    if row["lat"] is None:
        return None
    shown = convert(Point(row["lat"], row["lon"]), out)
    return {"lat": round(shown.lat, 7), "lon": round(shown.lon, 7), "coord_sys": out}
