"""Organisations and the areas that they serve."""

from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.directory.tables.base import Base, by_key
from shared.infra.directory_tables import OrganisationColumns
from shared.infra.schema import KEPT, uuid, uuids, word


class Organisation(OrganisationColumns, Base, table=True):
    """`serves` are areas anywhere; `serves_tenants` are their tenants, kept beside so that one index finds them."""

    __tablename__ = "organisation"
    __table_args__ = (
        *by_key(Index("organisation_serves_tenants_idx", "serves_tenants", postgresql_using="gin")),
        {"info": KEPT},
    )

    serves_tenants: list[UUID] = uuids()
    aliases: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    parent_id: UUID | None = uuid(null=True)
    external_key: str | None = word(null=True)
