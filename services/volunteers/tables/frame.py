"""The frame's own tables, the copies of the directory, and the projection of open petitions."""

from uuid import UUID

from sqlalchemy import Index, Integer, text
from sqlmodel import Field

from services.volunteers.tables.base import Base
from shared.infra import directory_tables as directory
from shared.infra import schema
from shared.infra.schema import ERASABLE, uuid, word


class Area(directory.AreaColumns, Base, table=True):
    __tablename__ = "area"
    __table_args__ = directory.area_args()


class AreaPolygon(directory.AreaPolygonColumns, Base, table=True):
    __tablename__ = "area_polygon"
    __table_args__ = directory.polygon_args()


class Organisation(directory.OrganisationColumns, Base, table=True):
    __tablename__ = "organisation"
    __table_args__ = directory.copy_args("id")


class Person(directory.PersonColumns, Base, table=True):
    __tablename__ = "person"
    __table_args__ = directory.copy_args("id")


class Office(directory.OfficeColumns, Base, table=True):
    __tablename__ = "office"
    __table_args__ = directory.copy_args("area_id", "person_id")


class Petition(Base, table=True):
    """What is known here of petitions: enough to make a task of one. Kept by petition.* events, older versions ignored.

    Ended ones stay, with their status: a row that went away could be brought back by an event that comes late.
    """

    __tablename__ = "petition"
    __table_args__ = (Index(None, "id"), {"info": ERASABLE})

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    version: int = Field(sa_type=Integer, nullable=False)
    number: str = word()
    status: str = word()
    area_id: UUID = uuid()
    holder_type: str | None = word(null=True)
    holder_id: UUID | None = uuid(null=True)


class Outbox(schema.OutboxColumns, Base, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        # Of what waits for its award (actions/awarding_again.py).
        Index("outbox_approved_idx", "aggregate_id", postgresql_where=text("type = 'service_record.approved'")),
        *schema.outbox_args(),
    )


class Inbox(schema.InboxColumns, Base, table=True):
    __tablename__ = "inbox"
    __table_args__ = schema.inbox_args()


class Idempotency(schema.IdempotencyColumns, Base, table=True):
    __tablename__ = "idempotency"
    __table_args__ = schema.idempotency_args()


class Lease(schema.LeaseColumns, Base, table=True):
    __tablename__ = "lease"
    __table_args__ = ({"info": ERASABLE},)


class FeedPosition(schema.FeedPositionColumns, Base, table=True):
    __tablename__ = "feed_position"
    __table_args__ = ({"info": ERASABLE},)
