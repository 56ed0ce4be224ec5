"""Photos: taken in, kept for their uploader, and handed over once to what they document."""

import asyncio
from uuid import UUID

import asyncpg

from services.petitions.domain.errors import UnknownReference
from services.petitions.house import House
from shared.infra.idempotency import Once, first_answer, was_repeated
from shared.infra.images import Photo, read_photo
from shared.kernel.actor import Actor
from shared.kernel.clock import SystemClock
from shared.kernel.errors import FieldProblem
from shared.kernel.ids import new_id

#: Decoding holds a processor and up to some hundred megabytes; one at a time keeps the process small.
_DECODERS = asyncio.Semaphore(1)

_INSERT = """
with key as (
  insert into idempotency (tenant_id, caller_id, key, fingerprint, resource_id, at)
  select $1, $1, $5::text, $6, $2, $7 where $5::text is not null
)
insert into upload (uploader_id, id, width, height, created_at) values ($1, $2, $3, $4, $7)
"""
_TAKE = """
with uploads as (
  select id, width, height from upload where uploader_id = $1 and id = any($2::uuid[]) for update
), complete as (
  select (select count(*) from uploads) = cardinality($2::uuid[]) as yes
), gone as (
  delete from upload where uploader_id = $1 and id in (select id from uploads) and (select yes from complete)
), taken as (
  insert into attachment (tenant_id, id, owner_id, version, position, width, height)
  select $3, id, $4, 1, array_position($2::uuid[], id), width, height from uploads where (select yes from complete)
  returning id
)
select yes from complete
"""
_TAKEN = """
select count(*) = cardinality($2::uuid[]) from attachment
 where tenant_id = $3 and owner_id = $1 and id = any($2::uuid[])
"""


async def upload(
    house: House, actor: Actor, content: bytes, declared_type: str | None, once: Once
) -> tuple[UUID, Photo]:
    """Decodes, re-encodes and stores a photo. The file is stored before its row, so a row never lacks its file."""
    async with _DECODERS:
        photo = await asyncio.to_thread(read_photo, content, declared_type)
    known = await first_answer(house.pool, actor.person_id, once)
    if known is not None:
        return known, photo
    photo_id = new_id()
    await house.storage.put(file_name(photo_id, "photo"), photo.content)
    await house.storage.put(file_name(photo_id, "thumbnail"), photo.thumbnail)
    arguments = (
        actor.person_id,
        photo_id,
        photo.width,
        photo.height,
        once.key,
        once.fingerprint,
        SystemClock().now(),
    )
    try:
        await house.pool.execute(_INSERT, *arguments)
    except asyncpg.UniqueViolationError as error:
        if not was_repeated(error):
            raise
        return await upload(house, actor, content, declared_type, once)
    return photo_id, photo


def file_name(photo_id: UUID, which: str) -> str:
    """Where a photo's file lies in the storage."""
    return f"photos/{photo_id}/{which}.jpg"


async def take(house: House, uploader_id: UUID, tenant_id: UUID, owner_id: UUID, ids: list[UUID]) -> None:
    """Another service's thing takes photos of their uploader; taking the same again is no error, anything else is."""
    taken = await house.pool.fetchval(_TAKE, uploader_id, ids, tenant_id, owner_id)
    # Asked by a statement of its own: the same call, at the same moment, may have taken them after ours began.
    if not taken and not await house.pool.fetchval(_TAKEN, owner_id, ids, tenant_id):
        zh, en = "有照片不是您上传的，或已经用过", "a photo is not yours, or was used before"
        raise UnknownReference(fields=[FieldProblem("/attachments", "unknown_attachment", zh, en)])
