"""Openings, service records, the ledger, the copies of the directory and of petitions, and the frame's tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.infra.directory_tables import PolygonType

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("spendable", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "case when kind in ('volunteer', 'team', 'organisation', 'building', 'reward') then balance is "
            "not null and spendable is not null and spendable >= 0 and balance >= spendable and version >= 0"
            " when kind in ('issued', 'redeemed', 'expired', 'corrections') then balance is null and "
            "spendable is null and version = 0 else false end",
            name=op.f("account_balance_check"),
        ),
        sa.CheckConstraint("scheme in ('resident', 'party_booklet')", name=op.f("account_scheme_check")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("account_pkey")),
    )
    op.create_index(op.f("account_owner_id_kind_idx"), "account", ["owner_id", "kind"], unique=False)
    op.create_table(
        "area",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("ancestors", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("area_pkey")),
    )
    op.create_index("area_ancestors_idx", "area", ["ancestors"], unique=False, postgresql_using="gin")
    op.create_index(
        "area_tenants_idx",
        "area",
        ["ancestors"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("id = tenant_id"),
    )
    op.create_index(op.f("area_id_idx"), "area", ["id"], unique=False)
    op.create_index(op.f("area_lat_lon_idx"), "area", ["lat", "lon"], unique=False)
    op.create_index(op.f("area_parent_id_idx"), "area", ["parent_id"], unique=False)
    op.create_table(
        "area_polygon",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("ring", PolygonType(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "area_id", "position", name=op.f("area_polygon_pkey")),
    )
    op.create_index("area_polygon_ring_idx", "area_polygon", ["ring"], unique=False, postgresql_using="gist")
    op.create_table(
        "feed_position",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("feed_position_pkey")),
    )
    op.create_table(
        "idempotency",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "caller_id", "key", name=op.f("idempotency_pkey")),
    )
    op.create_index(op.f("idempotency_at_idx"), "idempotency", ["at"], unique=False)
    op.create_index(op.f("idempotency_caller_id_key_idx"), "idempotency", ["caller_id", "key"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name=op.f("inbox_pkey")),
    )
    op.create_index(op.f("inbox_at_idx"), "inbox", ["at"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("lease_pkey")),
    )
    op.create_table(
        "office",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("office_pkey")),
    )
    op.create_index(op.f("office_area_id_idx"), "office", ["area_id"], unique=False)
    op.create_index(op.f("office_person_id_idx"), "office", ["person_id"], unique=False)
    op.create_table(
        "opening",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("area_path", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("capacity between 1 and 1000", name=op.f("opening_capacity_check")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("opening_window_check")),
        sa.CheckConstraint("points between 0 and 1000", name=op.f("opening_points_check")),
        sa.CheckConstraint("taken between 0 and capacity", name=op.f("opening_taken_check")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("opening_pkey")),
    )
    op.create_index(
        "opening_due_idx", "opening", ["ends_at"], unique=False, postgresql_where=sa.text("status in ('open', 'full')")
    )
    op.create_index(op.f("opening_id_idx"), "opening", ["id"], unique=False)
    op.create_index(op.f("opening_tenant_id_status_id_idx"), "opening", ["tenant_id", "status", "id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("serves", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("organisation_pkey")),
    )
    op.create_index(op.f("organisation_id_idx"), "organisation", ["id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("aggregate_version", sa.BigInteger(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("outbox_pkey")),
    )
    op.create_index(
        "outbox_approved_idx",
        "outbox",
        ["aggregate_id"],
        unique=False,
        postgresql_where=sa.text("type = 'service_record.approved'"),
    )
    op.create_index("outbox_published_idx", "outbox", ["published_at"], unique=False)
    op.create_index(
        "outbox_waiting_idx", "outbox", ["seq"], unique=False, postgresql_where=sa.text("published_at is null")
    )
    op.create_table(
        "person",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("home_id", sa.Uuid(), nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("person_pkey")),
    )
    op.create_index(op.f("person_id_idx"), "person", ["id"], unique=False)
    op.create_table(
        "petition",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("holder_type", sa.Text(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("petition_pkey")),
    )
    op.create_index(op.f("petition_id_idx"), "petition", ["id"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("debit_id", sa.Uuid(), nullable=False),
        sa.Column("credit_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference_id", sa.Uuid(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'correction') = (reverses is not null) and (kind <> 'correction' or reason is not null "
            "and actor_id is not null)",
            name=op.f("transfer_correction_check"),
        ),
        sa.CheckConstraint("kind in ('award', 'redemption', 'expiry', 'correction')", name=op.f("transfer_kind_check")),
        sa.CheckConstraint("scheme in ('resident', 'party_booklet')", name=op.f("transfer_scheme_check")),
        sa.CheckConstraint("amount > 0", name=op.f("transfer_amount_check")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("transfer_sides_check")),
        sa.CheckConstraint("octet_length(fingerprint) = 32", name=op.f("transfer_fingerprint_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reverses"],
            ["transfer.tenant_id", "transfer.id"],
            name=op.f("transfer_tenant_id_reverses_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("transfer_pkey")),
    )
    op.create_index(
        op.f("transfer_tenant_id_reverses_idx"),
        "transfer",
        ["tenant_id", "reverses"],
        unique=True,
        postgresql_where=sa.text("reverses is not null"),
    )
    op.create_table(
        "chain",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(previous) = 32 and octet_length(hash) = 32", name=op.f("chain_hash_check")),
        sa.CheckConstraint("seq > 0", name=op.f("chain_seq_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "transfer_id"],
            ["transfer.tenant_id", "transfer.id"],
            name=op.f("chain_tenant_id_transfer_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "seq", name=op.f("chain_pkey")),
    )
    op.create_index(op.f("chain_tenant_id_transfer_id_idx"), "chain", ["tenant_id", "transfer_id"], unique=True)
    op.create_table(
        "entry",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("account_version", sa.BigInteger(), nullable=True),
        sa.Column("balance_after", sa.BigInteger(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(account_version is null) = (balance_after is null) and account_version > 0 and balance_after >= 0",
            name=op.f("entry_balance_after_check"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("entry_amount_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "transfer_id"],
            ["transfer.tenant_id", "transfer.id"],
            name=op.f("entry_tenant_id_transfer_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "transfer_id", "account_id", name=op.f("entry_pkey")),
    )
    op.create_index(
        op.f("entry_tenant_id_account_id_account_version_idx"),
        "entry",
        ["tenant_id", "account_id", "account_version"],
        unique=True,
        postgresql_where=sa.text("account_version is not null"),
    )
    op.create_index(
        op.f("entry_tenant_id_account_id_at_transfer_id_idx"),
        "entry",
        ["tenant_id", "account_id", "at", "transfer_id"],
        unique=False,
        postgresql_where=sa.text("account_version is not null"),
    )
    op.create_table(
        "lot",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("evidence_grade", sa.Text(), nullable=True),
        sa.Column("spendable", sa.Boolean(), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("evidence_grade in ('A', 'B', 'C', 'D')", name=op.f("lot_evidence_grade_check")),
        sa.CheckConstraint("amount > 0 and remaining between 0 and amount", name=op.f("lot_remaining_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"], ["transfer.tenant_id", "transfer.id"], name=op.f("lot_tenant_id_id_fkey")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("lot_pkey")),
    )
    op.create_index(
        op.f("lot_tenant_id_account_id_expires_at_idx"),
        "lot",
        ["tenant_id", "account_id", "expires_at"],
        unique=False,
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_table(
        "opening_history",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opening_id"],
            ["opening.tenant_id", "opening.id"],
            name=op.f("opening_history_tenant_id_opening_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "opening_id", "version", name=op.f("opening_history_pkey")),
    )
    op.create_table(
        "opening_text",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opening_id"],
            ["opening.tenant_id", "opening.id"],
            name=op.f("opening_text_tenant_id_opening_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "opening_id", name=op.f("opening_text_pkey")),
    )
    op.create_table(
        "pending",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("since", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "transfer_id"],
            ["transfer.tenant_id", "transfer.id"],
            name=op.f("pending_tenant_id_transfer_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "transfer_id", name=op.f("pending_pkey")),
    )
    op.create_table(
        "service_record",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("area_path", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("starts_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("busy_until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("checked_in_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("checked_out_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("evidence_grade", sa.Text(), nullable=True),
        sa.Column("attachment_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("tenant_id"), "="),
            (sa.column("person_id"), "="),
            (sa.text("tstzrange(starts_at, busy_until)"), "&&"),
            where=sa.text("status <> 'cancelled' and status <> 'rejected'"),
            using="gist",
            name="service_record_overlap_excl",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opening_id"],
            ["opening.tenant_id", "opening.id"],
            name=op.f("service_record_tenant_id_opening_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("service_record_pkey")),
    )
    op.create_index(
        "service_record_approved_idx",
        "service_record",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'approved'"),
    )
    op.create_index(op.f("service_record_id_idx"), "service_record", ["id"], unique=False)
    op.create_index(
        op.f("service_record_leader_id_status_id_idx"), "service_record", ["leader_id", "status", "id"], unique=False
    )
    op.create_index(
        "service_record_once_key",
        "service_record",
        ["tenant_id", "opening_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(op.f("service_record_person_id_id_idx"), "service_record", ["person_id", "id"], unique=False)
    op.create_index(
        op.f("service_record_tenant_id_area_id_id_idx"), "service_record", ["tenant_id", "area_id", "id"], unique=False
    )
    op.create_index(
        op.f("service_record_tenant_id_opening_id_id_idx"),
        "service_record",
        ["tenant_id", "opening_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("service_record_tenant_id_status_id_idx"), "service_record", ["tenant_id", "status", "id"], unique=False
    )
    op.create_table(
        "service_record_history",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("service_record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note_digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_record_id"],
            ["service_record.tenant_id", "service_record.id"],
            name=op.f("service_record_history_tenant_id_service_record_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "service_record_id", "version", name=op.f("service_record_history_pkey")),
    )
    op.create_table(
        "service_record_note",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("service_record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_record_id"],
            ["service_record.tenant_id", "service_record.id"],
            name=op.f("service_record_note_tenant_id_service_record_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "service_record_id", "version", name=op.f("service_record_note_pkey")),
    )


def downgrade() -> None:
    op.drop_table("service_record_note")
    op.drop_table("service_record_history")
    op.drop_table("service_record")
    op.drop_table("pending")
    op.drop_table("opening_text")
    op.drop_table("opening_history")
    op.drop_table("lot")
    op.drop_table("entry")
    op.drop_table("chain")
    op.drop_table("transfer")
    op.drop_table("petition")
    op.drop_table("person")
    op.drop_table("outbox")
    op.drop_table("organisation")
    op.drop_table("opening")
    op.drop_table("office")
    op.drop_table("lease")
    op.drop_table("inbox")
    op.drop_table("idempotency")
    op.drop_table("feed_position")
    op.drop_table("area_polygon")
    op.drop_table("area")
    op.drop_table("account")
