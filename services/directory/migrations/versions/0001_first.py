"""Areas, organisations, people, offices, roles, the change feed, and the frame's tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

revision = "0001"
down_revision = None


class Xid8(UserDefinedType[str]):
    """The number of a transaction."""

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


class Polygon(UserDefinedType[str]):
    """PostgreSQL's own polygon."""

    def get_col_spec(self, **_: Any) -> str:
        return "polygon"


def upgrade() -> None:
    _area()
    _area_polygon()
    _organisation()
    _person()
    _office()
    _membership()
    _role_grant()
    _change()
    _outbox()
    _inbox()
    _idempotency()
    _lease()


def _area() -> None:
    op.create_table(
        "area",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("ancestors", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="area_pkey"),
        sa.UniqueConstraint("tenant_id", "external_key", name="area_tenant_id_external_key_key"),
    )
    op.create_index("area_ancestors_idx", "area", ["ancestors"], postgresql_using="gin")
    op.create_index("area_external_key_idx", "area", ["external_key"])
    op.create_index("area_id_idx", "area", ["id"])
    op.create_index("area_parent_id_idx", "area", ["parent_id"])
    op.create_index(
        "area_tenants_idx",
        "area",
        ["ancestors"],
        postgresql_using="gin",
        postgresql_where=sa.text("id = tenant_id"),
    )


def _area_polygon() -> None:
    op.create_table(
        "area_polygon",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("ring", Polygon(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"],
            ["area.tenant_id", "area.id"],
            name="area_polygon_tenant_id_area_id_fkey",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "area_id", "position", name="area_polygon_pkey"),
    )
    op.create_index("area_polygon_ring_idx", "area_polygon", ["ring"], postgresql_using="gist")


def _organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("serves", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("serves_tenants", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="organisation_pkey"),
        sa.UniqueConstraint("tenant_id", "external_key", name="organisation_tenant_id_external_key_key"),
    )
    op.create_index("organisation_external_key_idx", "organisation", ["external_key"])
    op.create_index("organisation_id_idx", "organisation", ["id"])
    op.create_index("organisation_serves_tenants_idx", "organisation", ["serves_tenants"], postgresql_using="gin")


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("home_id", sa.Uuid(), nullable=True),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="person_pkey"),
        sa.UniqueConstraint("tenant_id", "external_key", name="person_tenant_id_external_key_key"),
    )
    op.create_index("person_external_key_idx", "person", ["external_key"])
    op.create_index("person_id_idx", "person", ["id"])


def _office() -> None:
    op.create_table(
        "office",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"], ["area.tenant_id", "area.id"], name="office_tenant_id_area_id_fkey"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="office_pkey"),
    )
    op.create_index("office_area_id_idx", "office", ["area_id"])
    op.create_index(
        "office_held_key",
        "office",
        ["tenant_id", "area_id", "kind", "person_id"],
        unique=True,
        postgresql_where=sa.text("ends_on is null"),
    )
    op.create_index("office_id_idx", "office", ["id"])
    op.create_index("office_person_id_idx", "office", ["person_id"])


def _membership() -> None:
    op.create_table(
        "membership",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["organisation.tenant_id", "organisation.id"],
            name="membership_tenant_id_organisation_id_fkey",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="membership_pkey"),
    )
    op.create_index(
        "membership_held_key",
        "membership",
        ["tenant_id", "organisation_id", "kind", "person_id"],
        unique=True,
        postgresql_where=sa.text("ends_on is null"),
    )
    op.create_index("membership_person_id_idx", "membership", ["person_id"])


def _role_grant() -> None:
    op.create_table(
        "role_grant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("num_nonnulls(area_id, organisation_id) = 1", name="role_grant_one_root_check"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name="role_grant_tenant_id_person_id_fkey",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="role_grant_pkey"),
    )
    op.create_index(
        "role_grant_held_key",
        "role_grant",
        ["tenant_id", "person_id", "role", "area_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("ends_on is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("role_grant_person_id_idx", "role_grant", ["person_id"])


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "entity_id", name="change_pkey"),
    )
    op.create_index("change_xid_seq_idx", "change", ["xid", "seq"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("aggregate_version", sa.BigInteger(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="outbox_pkey"),
    )
    op.create_index("outbox_published_idx", "outbox", ["published_at"])
    op.create_index("outbox_waiting_idx", "outbox", ["seq"], postgresql_where=sa.text("published_at is null"))


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name="inbox_pkey"),
    )
    op.create_index("inbox_at_idx", "inbox", ["at"])


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "caller_id", "key", name="idempotency_pkey"),
    )
    op.create_index("idempotency_at_idx", "idempotency", ["at"])
    op.create_index("idempotency_caller_id_key_idx", "idempotency", ["caller_id", "key"])


def _lease() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="lease_pkey"),
    )
