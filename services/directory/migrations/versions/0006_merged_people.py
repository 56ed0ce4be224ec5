"""Those who were merged into a person are found from there."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index(
        "person_merged_into_idx", "person", ["merged_into"], postgresql_where=sa.text("merged_into is not null")
    )
