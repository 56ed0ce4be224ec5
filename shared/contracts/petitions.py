"""What petitions publishes: ids and what changed, no personal data."""

from uuid import UUID

from pydantic import BaseModel


class PetitionChanged(BaseModel):
    """Payload of every `petition.*` event: how the petition stands after the change."""

    number: str
    status: str
    area_id: UUID
    holder_type: str | None
    holder_id: UUID | None


class PetitionState(BaseModel):
    """Answer of `GET /internal/v1/petitions/{id}`: what another service may know of a petition."""

    tenant_id: UUID
    id: UUID
    version: int
    number: str
    status: str
    area_id: UUID
    holder_type: str | None
    holder_id: UUID | None


class TakeAttachments(BaseModel):
    """Body of `POST /internal/v1/attachments/take`: a service record takes its uploader's files, each once."""

    uploader_id: UUID
    tenant_id: UUID
    taken_by: UUID
    ids: list[UUID]
