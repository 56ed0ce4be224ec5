"""Whoever gives a resource or has a need is found by it, when organisations merge."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for table in ("resource", "need"):
        op.create_index(f"{table}_organisation_id_idx", table, ["organisation_id"])
