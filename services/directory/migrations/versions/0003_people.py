"""What leads to people, sealed; households; what was done to a record and who was given which of its fields."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _person()
    _household()
    _sealed_value()
    _person_history()
    _access_log()


def _person() -> None:
    op.add_column("person", sa.Column("household_id", sa.Uuid(), nullable=True))
    op.add_column("person", sa.Column("party_member", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.add_column("person", sa.Column("work_organisation_id", sa.Uuid(), nullable=True))
    op.add_column("person", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_index("person_home_id_id_idx", "person", ["home_id", "id"])
    op.drop_index("person_home_id_idx", "person")  # what used it goes by the new one
    op.create_index("person_household_id_idx", "person", ["household_id"])
    op.create_index("person_name_idx", "person", ["tenant_id", "name"], postgresql_ops={"name": "text_pattern_ops"})


def _household() -> None:
    op.create_table(
        "household",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"], ["area.tenant_id", "area.id"], name="household_tenant_id_area_id_fkey"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="household_pkey"),
        sa.UniqueConstraint("tenant_id", "external_key", name="household_tenant_id_external_key_key"),
    )
    op.create_index("household_area_id_id_idx", "household", ["area_id", "id"])
    op.create_index("household_external_key_idx", "household", ["external_key"])
    op.create_index("household_id_idx", "household", ["id"])


def _sealed_value() -> None:
    op.create_table(
        "sealed_value",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "owner_id", "field", name="sealed_value_pkey"),
    )
    op.create_index("sealed_value_owner_id_idx", "sealed_value", ["owner_id"])
    op.create_index("sealed_value_blind_idx", "sealed_value", ["blind"])
    op.create_index("sealed_value_key_id_idx", "sealed_value", ["key_id"])


def _person_history() -> None:
    op.create_table(
        "person_history",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="person_history_pkey"),
    )
    op.create_index("person_history_person_id_id_idx", "person_history", ["person_id", "id"])


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="access_log_pkey"),
    )
    op.create_index("access_log_person_id_id_idx", "access_log", ["person_id", "id"])
