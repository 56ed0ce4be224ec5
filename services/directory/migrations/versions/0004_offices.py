"""Offices that two cannot hold at a time, the days on which they turn, the role that comes with one; and audits."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

_TWICE = "tenant_id with =, area_id with =, kind with =, person_id with =, daterange(starts_on, ends_on) with &&"
_AT_A_TIME = "tenant_id with =, area_id with =, kind with =, daterange(starts_on, ends_on) with &&"


def upgrade() -> None:
    _kinds()
    _office()
    _role_grant()
    _histories()


def _kinds() -> None:
    op.add_column("office_kind", sa.Column("role", sa.Text(), nullable=True))
    op.create_check_constraint(
        "office_kind_role_check", "office_kind", "role in ('building_head', 'grid_officer', 'household_group_head')"
    )
    op.execute("update office_kind set role = key where key in ('building_head', 'household_group_head')")
    op.execute(
        "update office_kind set role = 'grid_officer' "
        "where key in ('grid_head', 'grid_officer', 'part_time_grid_officer')"
    )


def _office() -> None:
    op.add_column("office", sa.Column("exclusive", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("office", "exclusive", server_default=None)
    op.add_column("office", sa.Column("turns_on", sa.Date(), nullable=True))
    op.add_column("office", sa.Column("follows", sa.Uuid(), nullable=True))
    # What ended before it began was never held.
    op.execute("update office set ends_on = starts_on where ends_on < starts_on")
    # The same office of the same person twice at a time: the earlier one goes on, the later one was never needed.
    op.execute(
        """
        update office o set ends_on = o.starts_on from office other
         where other.tenant_id = o.tenant_id and other.area_id = o.area_id and other.kind = o.kind
           and other.person_id = o.person_id and (other.starts_on, other.id) < (o.starts_on, o.id)
           and daterange(other.starts_on, other.ends_on) && daterange(o.starts_on, o.ends_on)
        """
    )
    # Where two hold at a time what only one may, both stay as they are until people end one.
    op.execute(
        """
        update office o set exclusive = true from office_kind k
         where k.key = o.kind and k.exclusive and not exists (
           select from office other
            where other.tenant_id = o.tenant_id and other.area_id = o.area_id and other.kind = o.kind
              and other.id <> o.id and daterange(other.starts_on, other.ends_on) && daterange(o.starts_on, o.ends_on))
        """
    )
    # Every office that begins or ends some day: the first sweep tells of those that have done so meanwhile.
    op.execute("update office set turns_on = starts_on where ends_on is not null or starts_on > date '2026-01-01'")
    op.create_check_constraint("office_days_check", "office", "ends_on >= starts_on")
    op.execute(f"alter table office add constraint office_twice_excl exclude using gist ({_TWICE})")
    op.execute(
        f"alter table office add constraint office_exclusive_excl exclude using gist ({_AT_A_TIME}) where (exclusive)"
    )
    op.drop_index("office_held_key", "office")  # what it held is held by the constraint, for past and future too
    op.create_index("office_tenant_id_kind_id_idx", "office", ["tenant_id", "kind", "id"])
    op.create_index("office_turns_idx", "office", ["turns_on"], postgresql_where=sa.text("turns_on is not null"))


def _role_grant() -> None:
    op.execute("update role_grant set ends_on = starts_on where ends_on < starts_on")
    op.create_check_constraint("role_grant_days_check", "role_grant", "ends_on >= starts_on")
    op.create_index("role_grant_area_id_id_idx", "role_grant", ["area_id", "id"])
    op.drop_index("role_grant_area_id_idx", "role_grant")  # what used it goes by the new one
    op.create_index("role_grant_area_id_role_id_idx", "role_grant", ["area_id", "role", "id"])
    op.create_index(
        "role_grant_organisation_id_id_idx",
        "role_grant",
        ["organisation_id", "id"],
        postgresql_where=sa.text("organisation_id is not null"),
    )


def _histories() -> None:
    of_grants: list[sa.Column[Any]] = [
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("path", postgresql.ARRAY(sa.Uuid()), nullable=False),
    ]
    nothing: list[sa.Column[Any]] = []
    for table, thing, more in (
        ("office_history", "office_id", nothing),
        ("role_grant_history", "grant_id", of_grants),
    ):
        op.create_table(
            table,
            sa.Column("tenant_id", sa.Uuid(), nullable=False),
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column(thing, sa.Uuid(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
            sa.Column("action", sa.Text(), nullable=False),
            sa.Column("actor_id", sa.Uuid(), nullable=True),
            sa.Column("actor_role", sa.Text(), nullable=False),
            *more,
            sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
            sa.PrimaryKeyConstraint("tenant_id", "id", name=f"{table}_pkey"),
        )
        op.create_index(f"{table}_{thing}_id_idx", table, [thing, "id"])
