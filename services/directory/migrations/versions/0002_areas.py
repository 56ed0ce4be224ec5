"""Kinds of areas and offices as data, the history and succession of areas, their days, and codes that name one area."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _kinds()
    _history()
    op.add_column("area", sa.Column("opened_on", sa.Date(), nullable=True))
    op.add_column("area", sa.Column("closed_on", sa.Date(), nullable=True))
    op.create_index("area_parent_id_id_idx", "area", ["parent_id", "id"])
    op.drop_index("area_parent_id_idx", "area")  # what used it goes by the new one
    op.create_index("person_home_id_idx", "person", ["home_id"])
    op.create_index("role_grant_area_id_idx", "role_grant", ["area_id"])
    op.create_index("area_code_idx", "area", ["code"])
    op.create_index("area_code_key", "area", ["tenant_id", "code"], unique=True, postgresql_where=sa.text("not closed"))


def _kinds() -> None:
    op.create_table(
        "area_kind",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("tenant", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="area_kind_pkey"),
    )
    op.create_table(
        "office_kind",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("required_in", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("key", name="office_kind_pkey"),
    )


def _history() -> None:
    op.create_table(
        "area_history",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="area_history_pkey"),
    )
    op.create_index("area_history_area_id_id_idx", "area_history", ["area_id", "id"])
    op.create_table(
        "area_succession",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "area_id", "successor_id", name="area_succession_pkey"),
    )
    op.create_index("area_succession_area_id_idx", "area_succession", ["area_id"])
