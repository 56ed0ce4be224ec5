"""What the organisations of a council do together: agreements, resources, needs and projects."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

_IDS = postgresql.ARRAY(sa.Uuid())


def upgrade() -> None:
    _of_council(
        "agreement",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("party_ids", _IDS, nullable=False),
        sa.Column("clauses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
    )
    for table, nobody in (("resource", False), ("need", True)):
        _of_council(
            table,
            sa.Column("organisation_id", sa.Uuid(), nullable=nobody),
            sa.Column("area_id", sa.Uuid(), nullable=True),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("title", sa.Text(), nullable=False),
            sa.Column("state", sa.Text(), nullable=False),
            sa.Column("starts_on", sa.Date(), nullable=False),
            sa.Column("ends_on", sa.Date(), nullable=True),
        )
        op.create_index(f"{table}_council_id_kind_idx", table, ["council_id", "kind"])
    _of_council(
        "project",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("need_ids", _IDS, nullable=False),
        sa.Column("resource_ids", _IDS, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    )


def _of_council(table: str, *columns: Any) -> None:
    """Listed by council, looked up by id and by the key of the source that it was loaded from."""
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=f"{table}_days_check"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "council_id"],
            ["council.tenant_id", "council.id"],
            name=f"{table}_tenant_id_council_id_fkey",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"{table}_pkey"),
        sa.UniqueConstraint("tenant_id", "external_key", name=f"{table}_tenant_id_external_key_key"),
    )
    op.create_index(f"{table}_id_idx", table, ["id"])
    op.create_index(f"{table}_council_id_id_idx", table, ["council_id", "id"])
