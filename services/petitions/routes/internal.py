"""What other services may ask, with a service token; the gateway never routes here."""

from uuid import UUID

from starlette.responses import Response

from services.petitions.actions.attachments import take
from services.petitions.house import Call
from services.petitions.queries import internal
from services.petitions.schemas.petitions import Done
from shared.contracts.petitions import PetitionState, TakeAttachments
from shared.infra.web.routes import Reach, Routes

routes = Routes("internal", prefix="/internal/v1")


@routes.get("/petitions/{id}", roles=frozenset(), reach=Reach.INTERNAL, answer=PetitionState)
async def read_state(call: Call, id: UUID) -> Response:
    """How a petition stands."""
    return call.answer(await internal.state(call.house.pool, id))


@routes.post("/attachments/take", roles=frozenset(), reach=Reach.INTERNAL, answer=Done)
async def take_attachments(call: Call, body: TakeAttachments) -> Response:
    """Hand an uploader's photos over to a service record; the same again is no error."""
    await take(call.house, body.uploader_id, body.tenant_id, body.taken_by, body.ids)
    return call.answer(Done().model_dump_json().encode())
