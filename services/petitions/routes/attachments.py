"""Photos: uploading, and the signed links that show them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, UploadFile
from starlette.responses import Response

from services.petitions.actions.attachments import file_name, upload
from services.petitions.house import Call
from services.petitions.queries.detail import photo_links
from services.petitions.schemas import examples
from services.petitions.schemas.petitions import Signed, Uploaded
from shared.infra.idempotency import Once
from shared.infra.web.call import dumps
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE

routes = Routes("attachments")


@routes.post(
    "/attachments",
    summary="上传照片 · Upload a photo",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=Uploaded,
    status=201,
    example=examples.UPLOADED,
)
async def upload_attachment(call: Call, file: UploadFile) -> Response:
    """Upload one photo (JPEG, PNG or WebP, at most 10 MB).

    It is turned upright, stripped of where and when it was taken, and encoded anew. A petition or a service
    record takes it by its id, once; what nothing took within a week is deleted.
    """
    content = await file.read()
    # The form's boundary differs from try to try, so the key stands for the file's own bytes.
    once = Once(call.idempotency_key, call.fingerprint(content))
    photo_id, photo = await upload(call.house, call.actor, content, file.content_type, once)
    shown = {"id": photo_id, "width": photo.width, "height": photo.height} | photo_links(call.house.links, photo_id)
    return call.answer(dumps(shown), status=201)


async def _show(call: Call, id: UUID, query: Signed, which: str) -> Response:
    call.house.links.check(call.scope["path"], query.expires, query.signature)
    content = await call.house.storage.get(file_name(id, which))
    headers = {"cache-control": "private, max-age=3600, immutable", "x-content-type-options": "nosniff"}
    return Response(content, headers=headers, media_type="image/jpeg")


@routes.get(
    "/attachments/{id}/photo",
    summary="显示照片 · Show a photo",
    roles=EVERYONE,
    reach=Reach.PUBLIC,
    answer=None,
)
async def read_photo(call: Call, id: UUID, query: Annotated[Signed, Query()]) -> Response:
    """Show a photo by its signed link."""
    return await _show(call, id, query, "photo")


@routes.get(
    "/attachments/{id}/thumbnail",
    summary="显示缩略图 · Show a thumbnail",
    roles=EVERYONE,
    reach=Reach.PUBLIC,
    answer=None,
)
async def read_thumbnail(call: Call, id: UUID, query: Annotated[Signed, Query()]) -> Response:
    """Show a photo's thumbnail by its signed link."""
    return await _show(call, id, query, "thumbnail")
