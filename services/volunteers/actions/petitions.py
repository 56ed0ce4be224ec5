"""What volunteers asks of petitions: how a petition stands right now, and to hand photos over to a service record.

A call takes at most half a second; when petitions cannot be reached the caller gets a 503 and nothing was stored here.
The projection of petitions is kept by events and by what these calls bring; an older version never replaces a newer.
"""

import asyncio
from uuid import UUID

import httpx

from services.volunteers.domain.errors import UnknownReference
from services.volunteers.house import House
from shared.contracts.events import Envelope
from shared.contracts.petitions import PetitionChanged, PetitionState, TakeAttachments
from shared.infra.internal import internal_headers
from shared.kernel.errors import FieldProblem, Unavailable

_SECONDS = 0.5

_KEEP = """
insert into petition (tenant_id, id, version, number, status, area_id, holder_type, holder_id)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (tenant_id, id) do update
   set version = excluded.version, number = excluded.number, status = excluded.status, area_id = excluded.area_id,
       holder_type = excluded.holder_type, holder_id = excluded.holder_id
 where petition.version < excluded.version
"""


async def note_change(house: House, event: Envelope) -> None:
    """Keeps the projection. The version guard makes it idempotent by itself: no inbox row is needed."""
    change = PetitionChanged.model_validate(event.payload)
    state = PetitionState(
        tenant_id=event.tenant_id, id=event.aggregate_id, version=event.aggregate_version, **change.model_dump()
    )
    await _keep(house, state)


async def ask_state(house: House, petition_id: UUID) -> None:
    """Brings the projection up to date with petitions itself; a petition that does not exist changes nothing."""
    answer = await _call(house, "GET", f"/internal/v1/petitions/{petition_id}")
    if answer.status_code == 200:
        await _keep(house, PetitionState.model_validate_json(answer.content))
    elif answer.status_code != 404:
        raise Unavailable("petitions")


async def take_attachments(
    house: House, uploader_id: UUID, tenant_id: UUID, record_id: UUID, ids: tuple[UUID, ...]
) -> None:
    """Hands the uploader's photos over to the service record; raises when one is not theirs to give."""
    body = TakeAttachments(uploader_id=uploader_id, tenant_id=tenant_id, taken_by=record_id, ids=list(ids))
    answer = await _call(house, "POST", "/internal/v1/attachments/take", body.model_dump_json())
    if answer.status_code == 422:
        zh, en = "有照片不是您上传的，或已经用过", "a photo is not yours, or was used before"
        raise UnknownReference(fields=[FieldProblem("/attachments", "unknown_attachment", zh, en)])
    if answer.status_code != 200:
        raise Unavailable("petitions")


async def _call(house: House, method: str, path: str, body: str | None = None) -> httpx.Response:
    headers = internal_headers(house.settings.service_token_key, "volunteers")
    if body is not None:
        headers["content-type"] = "application/json"
    try:
        async with asyncio.timeout(_SECONDS):  # in one process there is no socket whose timeout could end it
            return await house.petitions.request(method, path, content=body, headers=headers)
    except (httpx.HTTPError, TimeoutError) as error:
        raise Unavailable("petitions") from error


async def _keep(house: House, state: PetitionState) -> None:
    await house.pool.execute(
        _KEEP,
        state.tenant_id,
        state.id,
        state.version,
        state.number,
        state.status,
        state.area_id,
        state.holder_type,
        state.holder_id,
    )
