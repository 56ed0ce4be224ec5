"""Who is looked after, as what, and by whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "care_kind",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="care_kind_pkey"),
    )
    op.create_table(
        "care",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name="care_pkey"),
    )
    op.create_index("care_person_id_idx", "care", ["person_id"])
    op.create_table(
        "care_helper",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="care_helper_pkey"),
    )
    op.create_index(
        "care_helper_held_key",
        "care_helper",
        ["tenant_id", "person_id", "helper_id"],
        unique=True,
        postgresql_where=sa.text("ends_on is null"),
    )
    op.create_index("care_helper_person_id_idx", "care_helper", ["person_id"])
    op.create_index("care_helper_helper_id_person_id_idx", "care_helper", ["helper_id", "person_id"])
