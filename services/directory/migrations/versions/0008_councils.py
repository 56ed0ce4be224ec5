"""Memberships on behalf of organisations, enrolments, councils with their meetings, the history of all of them, and
the words that they use."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _words()
    _history()
    _memberships()
    _enrolments()
    _councils()


def _words() -> None:
    op.create_table(
        "membership_kind",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("delegated", sa.Boolean(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="membership_kind_pkey"),
    )
    op.create_table(
        "list_word",
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("list", "key", name="list_word_pkey"),
    )


def _history() -> None:
    op.create_table(
        "record_history",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="record_history_pkey"),
    )
    op.create_index("record_history_record_id_id_idx", "record_history", ["record_id", "id"])


def _memberships() -> None:
    op.add_column("membership", sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True))
    op.create_check_constraint(op.f("membership_days_check"), "membership", "ends_on >= starts_on")
    op.create_index("membership_id_idx", "membership", ["id"])
    op.create_index("membership_organisation_id_id_idx", "membership", ["organisation_id", "id"])
    op.drop_index("membership_organisation_id_idx", "membership")  # what used it goes by the new one
    op.create_index("membership_on_behalf_of_id_idx", "membership", ["on_behalf_of_id"])


def _enrolments() -> None:
    op.create_table(
        "enrolment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("num_nonnulls(told_on, starts_on) > 0", name="enrolment_told_or_done_check"),
        sa.CheckConstraint("ends_on >= starts_on", name="enrolment_days_check"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="enrolment_pkey"),
    )
    op.create_index(
        "enrolment_open_key",
        "enrolment",
        ["tenant_id", "organisation_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("ends_on is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("enrolment_id_idx", "enrolment", ["id"])
    op.create_index("enrolment_organisation_id_id_idx", "enrolment", ["organisation_id", "id"])
    op.create_index("enrolment_person_id_idx", "enrolment", ["person_id"])


def _councils() -> None:
    op.create_table(
        "council",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("rhythms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["organisation.tenant_id", "organisation.id"],
            name="council_tenant_id_id_fkey",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="council_pkey"),
    )
    op.create_index("council_id_idx", "council", ["id"])
    op.create_table(
        "council_member",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name="council_member_days_check"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "council_id"],
            ["council.tenant_id", "council.id"],
            name="council_member_tenant_id_council_id_fkey",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="council_member_pkey"),
    )
    op.create_index(
        "council_member_open_key",
        "council_member",
        ["tenant_id", "council_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("ends_on is null"),
    )
    op.create_index("council_member_organisation_id_idx", "council_member", ["organisation_id"])
    op.create_table(
        "council_meeting",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "council_id"],
            ["council.tenant_id", "council.id"],
            name="council_meeting_tenant_id_council_id_fkey",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="council_meeting_pkey"),
        sa.UniqueConstraint(
            "tenant_id", "council_id", "kind", "held_on", name="council_meeting_tenant_id_council_id_kind_held_on_key"
        ),
    )
