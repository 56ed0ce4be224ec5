"""What somebody leads and is not over, for when they hand their office over."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("opening_led_idx", "opening", ["leader_id"], postgresql_where=sa.text("status in ('open', 'full')"))
