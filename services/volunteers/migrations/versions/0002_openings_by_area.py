"""Openings are found by their area, so that they follow it when it moves."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("opening_tenant_id_area_id_id_idx", "opening", ["tenant_id", "area_id", "id"])
