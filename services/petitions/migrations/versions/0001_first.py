"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.infra.directory_tables import PolygonType

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("create sequence petition_number")
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
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("area_pkey")),
    )
    op.create_index("area_ancestors_idx", "area", ["ancestors"], unique=False, postgresql_using="gin")
    op.create_index(
        "area_tenants_idx",
        "area",
        ["ancestors"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("id = tenant_id"),
    )
    op.create_index(op.f("area_id_idx"), "area", ["id"], unique=False)
    op.create_index(op.f("area_lat_lon_idx"), "area", ["lat", "lon"], unique=False)
    op.create_index(op.f("area_parent_id_idx"), "area", ["parent_id"], unique=False)
    op.create_table(
        "area_polygon",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("ring", PolygonType(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "area_id", "position", name=op.f("area_polygon_pkey")),
    )
    op.create_index("area_polygon_ring_idx", "area_polygon", ["ring"], unique=False, postgresql_using="gist")
    op.create_table(
        "attachment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("attachment_pkey")),
    )
    op.create_index(op.f("attachment_tenant_id_owner_id_idx"), "attachment", ["tenant_id", "owner_id"], unique=False)
    op.create_table(
        "category",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("category_pkey")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("category_tenant_id_key_key")),
    )
    op.create_index(op.f("category_id_idx"), "category", ["id"], unique=False)
    op.create_index(op.f("category_parent_id_idx"), "category", ["parent_id"], unique=False)
    op.create_table(
        "feed_position",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("feed_position_pkey")),
    )
    op.create_table(
        "idempotency",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "caller_id", "key", name=op.f("idempotency_pkey")),
    )
    op.create_index(op.f("idempotency_at_idx"), "idempotency", ["at"], unique=False)
    op.create_index(op.f("idempotency_caller_id_key_idx"), "idempotency", ["caller_id", "key"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name=op.f("inbox_pkey")),
    )
    op.create_index(op.f("inbox_at_idx"), "inbox", ["at"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("lease_pkey")),
    )
    op.create_table(
        "office",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("office_pkey")),
    )
    op.create_index(op.f("office_area_id_idx"), "office", ["area_id"], unique=False)
    op.create_index(op.f("office_person_id_idx"), "office", ["person_id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("serves", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("organisation_pkey")),
    )
    op.create_index(op.f("organisation_id_idx"), "organisation", ["id"], unique=False)
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
        sa.PrimaryKeyConstraint("seq", name=op.f("outbox_pkey")),
    )
    op.create_index("outbox_published_idx", "outbox", ["published_at"], unique=False)
    op.create_index(
        "outbox_waiting_idx",
        "outbox",
        ["seq"],
        unique=False,
        postgresql_where=sa.text("published_at is null"),
    )
    op.create_table(
        "person",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("home_id", sa.Uuid(), nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("person_pkey")),
    )
    op.create_index(op.f("person_id_idx"), "person", ["id"], unique=False)
    op.create_table(
        "petition",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("area_path", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("level_area_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("anonymity", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("holder_type", sa.Text(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("co_handlers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("co_handler_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("respond_by", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("resolve_by", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("responded_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("resolved_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("contacted", sa.Boolean(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("given_location", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("rating between 1 and 5", name=op.f("petition_rating_check")),
        sa.CheckConstraint("version > 0", name=op.f("petition_version_check")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("petition_pkey")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("petition_tenant_id_number_key")),
    )
    op.create_index("petition_co_handlers_idx", "petition", ["co_handler_ids"], unique=False, postgresql_using="gin")
    op.create_index(op.f("petition_holder_id_status_id_idx"), "petition", ["holder_id", "status", "id"], unique=False)
    op.create_index(op.f("petition_id_idx"), "petition", ["id"], unique=False)
    op.create_index(op.f("petition_reporter_id_id_idx"), "petition", ["reporter_id", "id"], unique=False)
    op.create_index(op.f("petition_tenant_id_area_id_id_idx"), "petition", ["tenant_id", "area_id", "id"], unique=False)
    op.create_index(
        op.f("petition_tenant_id_category_id_id_idx"),
        "petition",
        ["tenant_id", "category_id", "id"],
        unique=False,
    )
    op.create_index(op.f("petition_tenant_id_status_id_idx"), "petition", ["tenant_id", "status", "id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("uploader_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uploader_id", "id", name=op.f("upload_pkey")),
    )
    op.create_index(op.f("upload_created_at_idx"), "upload", ["created_at"], unique=False)
    op.create_table(
        "external_ref",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "petition_id"],
            ["petition.tenant_id", "petition.id"],
            name=op.f("external_ref_tenant_id_petition_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "system", "number", name=op.f("external_ref_pkey")),
    )
    op.create_index(
        op.f("external_ref_tenant_id_petition_id_idx"),
        "external_ref",
        ["tenant_id", "petition_id"],
        unique=False,
    )
    op.create_table(
        "petition_history",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note_digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "petition_id"],
            ["petition.tenant_id", "petition.id"],
            name=op.f("petition_history_tenant_id_petition_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "petition_id", "version", name=op.f("petition_history_pkey")),
    )
    op.create_table(
        "petition_note",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("public_note", sa.Text(), nullable=True),
        sa.Column("internal_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "petition_id"],
            ["petition.tenant_id", "petition.id"],
            name=op.f("petition_note_tenant_id_petition_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "petition_id", "version", name=op.f("petition_note_pkey")),
    )
    op.create_table(
        "petition_text",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "petition_id"],
            ["petition.tenant_id", "petition.id"],
            name=op.f("petition_text_tenant_id_petition_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "petition_id", name=op.f("petition_text_pkey")),
    )
    op.create_index(
        "petition_text_search_idx", "petition_text", ["tenant_id", "search"], unique=False, postgresql_using="gin"
    )


def downgrade() -> None:
    op.drop_index("petition_text_search_idx", table_name="petition_text", postgresql_using="gin")
    op.drop_table("petition_text")
    op.drop_table("petition_note")
    op.drop_table("petition_history")
    op.drop_index(op.f("external_ref_tenant_id_petition_id_idx"), table_name="external_ref")
    op.drop_table("external_ref")
    op.drop_index(op.f("upload_created_at_idx"), table_name="upload")
    op.drop_table("upload")
    op.drop_index(op.f("petition_tenant_id_status_id_idx"), table_name="petition")
    op.drop_index(op.f("petition_tenant_id_category_id_id_idx"), table_name="petition")
    op.drop_index(op.f("petition_tenant_id_area_id_id_idx"), table_name="petition")
    op.drop_index(op.f("petition_reporter_id_id_idx"), table_name="petition")
    op.drop_index(op.f("petition_id_idx"), table_name="petition")
    op.drop_index(op.f("petition_holder_id_status_id_idx"), table_name="petition")
    op.drop_table("petition")
    op.drop_index(op.f("person_id_idx"), table_name="person")
    op.drop_table("person")
    op.drop_index("outbox_waiting_idx", table_name="outbox", postgresql_where=sa.text("published_at is null"))
    op.drop_index("outbox_published_idx", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("organisation_id_idx"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("office_person_id_idx"), table_name="office")
    op.drop_index(op.f("office_area_id_idx"), table_name="office")
    op.drop_table("office")
    op.drop_table("lease")
    op.drop_index(op.f("inbox_at_idx"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_index(op.f("idempotency_caller_id_key_idx"), table_name="idempotency")
    op.drop_index(op.f("idempotency_at_idx"), table_name="idempotency")
    op.drop_table("idempotency")
    op.drop_table("feed_position")
    op.drop_index(op.f("category_parent_id_idx"), table_name="category")
    op.drop_index(op.f("category_id_idx"), table_name="category")
    op.drop_table("category")
    op.drop_index(op.f("attachment_tenant_id_owner_id_idx"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("area_polygon_ring_idx", table_name="area_polygon", postgresql_using="gist")
    op.drop_table("area_polygon")
    op.drop_index(op.f("area_parent_id_idx"), table_name="area")
    op.drop_index(op.f("area_lat_lon_idx"), table_name="area")
    op.drop_index(op.f("area_id_idx"), table_name="area")
    op.drop_index("area_ancestors_idx", table_name="area", postgresql_using="gin")
    op.drop_table("area")
    op.execute("drop sequence petition_number")
