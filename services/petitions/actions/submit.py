"""A resident reports a problem: the place finds the community, the community's officer gets it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.petitions.actions.writing import Step, create
from services.petitions.domain import search
from services.petitions.domain.deadlines import Urgency, promise
from services.petitions.domain.errors import PlaceOutside, UnknownReference
from services.petitions.domain.numbers import number_of
from services.petitions.domain.states import Status
from services.petitions.house import House
from services.petitions.queries import detail
from services.petitions.queries.viewer import Viewer
from shared.infra.directory_copy import LOCATE
from shared.infra.idempotency import Once, was_repeated
from shared.kernel.actor import Actor
from shared.kernel.clock import SystemClock
from shared.kernel.errors import FieldProblem, Invalid, Unavailable
from shared.kernel.geo import CoordSys, to_wgs84
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident sends. The place is as given; it is kept so, beside its WGS-84."""

    lat: float
    lon: float
    coord_sys: CoordSys
    title: str | None
    text: str | None
    category_id: UUID | None
    attachment_ids: tuple[UUID, ...]
    anonymity: str
    kind: str = "problem"
    channel: str = "app"


#: Everything a submission must know, in one round trip: where it is, who answers for it, what it refers to.
#: Place: the deepest area that holds the point ($1 lon, $2 lat); else the nearest centre within 2 km; else the
#: reporter's home ($3), when that is no farther than 20 km (farther away the point is a mistake, not a place).
_READ = f"""
with held as ({LOCATE}),
near as (
  select id as area_id, tenant_id, (lat - $2) ^ 2 + ((lon - $1) * cosd($2)) ^ 2 as far from area
   where not exists (select from held) and not closed
     and lat between $2 - 0.018 and $2 + 0.018 and (lat - $2) ^ 2 + ((lon - $1) * cosd($2)) ^ 2 <= 0.018 ^ 2
   order by far limit 1
),
home as (
  select id as area_id, tenant_id from area
   where id = $3 and not exists (select from held) and not exists (select from near)
     and (lat - $2) ^ 2 + ((lon - $1) * cosd($2)) ^ 2 <= 0.18 ^ 2
),
place as (
  select a.* from area a
   where a.id = (select area_id from held union all select area_id from near union all select area_id from home limit 1)
),
path as (
  select a.id, cardinality(a.ancestors) as depth from place
    join area a on a.id = place.id or a.id = any(place.ancestors)
),
officer as (
  select o.person_id from office o join path on path.id = o.area_id
   where o.kind = 'grid_officer' and not o.ended order by path.depth desc, o.id limit 1
),
committee as (
  select o.id from organisation o, place
   where o.tenant_id = place.tenant_id and o.kind = 'residents_committee' and not o.closed order by o.id limit 1
)
select place.tenant_id, place.id as area_id, (select person_id from officer) as officer_id,
       (select id from committee) as committee_id, c.id as category_id, c.urgency,
       (select count(*) from upload where uploader_id = $4 and id = any($6::uuid[])) as uploads,
       k.fingerprint, k.resource_id, nextval('petition_number') as sequence,
       exists (select from area) as filled
  from (select 1) one
  left join place on true
  left join category c on c.id = $5 and c.tenant_id = any(place.ancestors || place.id)
  left join idempotency k on k.caller_id = $4 and k.key = $7
"""


async def submit(house: House, actor: Actor, report: Report, once: Once, traceparent: str | None) -> bytes:
    """Stores the petition and gives its detail; the same call again gives the same petition."""
    point = to_wgs84(report.lat, report.lon, report.coord_sys)
    arguments = (
        point.lon,
        point.lat,
        actor.home_id,
        actor.person_id,
        report.category_id,
        list(report.attachment_ids),
    )
    found = await house.pool.fetchrow(_READ, *arguments, once.key)
    if found["fingerprint"] is not None:
        once.same(found["fingerprint"])
        return await _again(house, actor, found["resource_id"])
    _check_references(report, found)
    step = Step(
        action="submit",
        at=house.clock.now(),
        actor_id=actor.person_id,
        actor_role="reporter",
        uploads=report.attachment_ids,
        traceparent=traceparent,
    )
    row = _row(actor, report, found, step)
    text = {
        "title": report.title,
        "text": report.text,
        "search": search_vector(f"{report.title or ''} {report.text or ''} {row['number']}"),
    }
    try:
        written = await create(house.pool, Viewer.of(actor), row, text, step, once, SystemClock().now())
    except asyncpg.UniqueViolationError as error:
        if not was_repeated(error):
            raise
        return await submit(house, actor, report, once, traceparent)
    if written is None:
        raise unknown_uploads()
    return detail.render(written, house.links, actor)


async def _again(house: House, actor: Actor, petition_id: UUID) -> bytes:
    body, _ = await detail.read(house.pool, house.links, actor, petition_id, "wgs84")
    return body


def search_vector(text: str) -> str:
    """The text's terms as a tsvector literal; terms hold letters and digits only, so nothing needs escaping."""
    return " ".join(f"'{term}'" for term in search.terms(text))


def _check_references(report: Report, found: Any) -> None:
    if found["tenant_id"] is None:
        if not found["filled"]:
            raise Unavailable("directory")
        zh, en = "没有社区包含这个位置", "no community holds this point"
        raise PlaceOutside(fields=[FieldProblem("/location", "place_outside", zh, en)])
    if report.category_id and found["category_id"] is None:
        zh, en = "这个社区没有这个类别", "the community has no such category"
        raise UnknownReference(fields=[FieldProblem("/category", "unknown_category", zh, en)])
    if found["uploads"] != len(report.attachment_ids):
        raise unknown_uploads()


def unknown_uploads() -> Invalid:
    zh, en = "有照片不是您上传的，或已经用过", "a photo is not yours, or was used before"
    return UnknownReference(fields=[FieldProblem("/attachments", "unknown_attachment", zh, en)])


def _row(actor: Actor, report: Report, found: Any, step: Step) -> dict[str, Any]:
    urgency = Urgency(found["urgency"] or Urgency.ORDINARY)
    due = promise(urgency, step.at)
    holder_type, holder_id = _first_holder(found)
    point = to_wgs84(report.lat, report.lon, report.coord_sys)
    given = {"lat": report.lat, "lon": report.lon, "coord_sys": report.coord_sys}
    return {
        "tenant_id": found["tenant_id"],
        "id": new_id(step.at),
        "version": 1,
        "number": number_of(found["sequence"]),
        "kind": report.kind,
        "status": Status.SUBMITTED,
        "category_id": found["category_id"],
        "urgency": urgency,
        "area_id": found["area_id"],
        "level_area_id": found["tenant_id"],
        "reporter_id": actor.person_id,
        "anonymity": report.anonymity,
        "channel": report.channel,
        "holder_type": holder_type,
        "holder_id": holder_id,
        "co_handlers": "[]",
        "co_handler_ids": [],
        "round": 1,
        "respond_by": due.respond_by,
        "resolve_by": due.resolve_by,
        "lat": point.lat,
        "lon": point.lon,
        "given_location": orjson.dumps(given).decode(),
        "created_at": step.at,
        "updated_at": step.at,
    }


def _first_holder(found: Any) -> tuple[str | None, UUID | None]:
    """The grid officer of the smallest area that has one; else the residents' committee; else the inbox."""
    if found["officer_id"]:
        return "person", found["officer_id"]
    if found["committee_id"]:
        return "organisation", found["committee_id"]
    return None, None
