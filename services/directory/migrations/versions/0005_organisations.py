"""Kinds of organisations, credit codes, contact, responsibilities, assigned support, history and succession."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.directory.domain.unit_names import search_keys

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _kinds()
    _columns()
    _support()
    _history()


def _kinds() -> None:
    op.create_table(
        "organisation_kind",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("formed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="organisation_kind_pkey"),
    )


def _columns() -> None:
    texts = postgresql.ARRAY(sa.Text())
    for column in (
        sa.Column("search_keys", texts, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("opening_times", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("formation_status", sa.Text(), nullable=True),
        sa.Column("responsibilities", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
    ):
        op.add_column("organisation", column)
    op.execute("update organisation set formation_status = 'formed' where kind = 'owners_committee'")
    _fill_search_keys()
    op.create_check_constraint(
        "organisation_formation_status_check",
        "organisation",
        "formation_status in ('none', 'preparing', 'formed', 'could_not_be_formed', 'term_ended')",
    )
    op.create_index("organisation_serves_idx", "organisation", ["serves"], postgresql_using="gin")
    op.create_index("organisation_search_keys_idx", "organisation", ["search_keys"], postgresql_using="gin")
    op.create_index("organisation_parent_id_idx", "organisation", ["parent_id"])
    op.create_index("organisation_credit_code_idx", "organisation", ["credit_code"])
    op.create_index(
        "organisation_credit_code_key",
        "organisation",
        ["tenant_id", "credit_code"],
        unique=True,
        postgresql_where=sa.text("not closed"),
    )


def _fill_search_keys() -> None:
    """The keys of those that are there already."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("select tenant_id, id, name, aliases from organisation")).all()
    organisation = sa.table(
        "organisation",
        sa.column("tenant_id", sa.Uuid()),
        sa.column("id", sa.Uuid()),
        sa.column("search_keys", postgresql.ARRAY(sa.Text())),
    )
    change = organisation.update().where(
        organisation.c.tenant_id == sa.bindparam("of_tenant"), organisation.c.id == sa.bindparam("of_id")
    )
    for row in rows:
        given = {"of_tenant": row.tenant_id, "of_id": row.id, "search_keys": search_keys(row.name, row.aliases)}
        connection.execute(change, given)


def _support() -> None:
    op.create_table(
        "support",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id", "area_id"], ["area.tenant_id", "area.id"], name="support_tenant_id_fkey"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="support_pkey"),
    )
    op.create_index("support_id_idx", "support", ["id"])
    op.create_index("support_area_id_idx", "support", ["area_id"])
    op.create_index("support_organisation_id_id_idx", "support", ["organisation_id", "id"])
    op.create_index(
        "support_held_key",
        "support",
        ["tenant_id", "area_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("ends_on is null"),
    )


def _history() -> None:
    op.create_table(
        "organisation_history",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="organisation_history_pkey"),
    )
    op.create_index("organisation_history_organisation_id_id_idx", "organisation_history", ["organisation_id", "id"])
    op.create_table(
        "organisation_succession",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "organisation_id", name="organisation_succession_pkey"),
    )
    op.create_index("organisation_succession_organisation_id_idx", "organisation_succession", ["organisation_id"])
    # Those whom it takes in bring theirs with them.
    op.create_index("membership_organisation_id_idx", "membership", ["organisation_id"])
    op.create_index("person_work_organisation_id_idx", "person", ["work_organisation_id"])
