"""The catalogue: facilities, services and their places, what was done to them, and their kinds as data."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.directory.tables.catalogue import CubeType

revision = "0009"
down_revision = "0008"

_OPEN = sa.text("not closed")


def _word(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def _id(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=null)


def _json(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=null)


def _words(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False)


def _row() -> list[sa.Column[Any]]:
    return [_id("tenant_id"), _id("id"), sa.Column("version", sa.Integer(), nullable=False)]


def _place() -> list[sa.Column[Any]]:
    return [
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("lat", "lon")),
        sa.Column("spot", CubeType(), nullable=False),
    ]


def _end() -> list[sa.Column[Any]]:
    return [
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _word("external_key", null=True),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"{table}_pkey"),
        sa.UniqueConstraint("tenant_id", "external_key", name=f"{table}_tenant_id_external_key_key"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"], ["area.tenant_id", "area.id"], name=f"{table}_tenant_id_area_id_fkey"
        ),
    ]


def upgrade() -> None:
    _kinds()
    _facilities()
    _services()
    op.create_table(
        "catalogue_history",
        *(_id("tenant_id"), _id("id"), _id("entry_id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        *(_word("action"), _id("actor_id", null=True), _word("actor_role"), _json("facts")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="catalogue_history_pkey"),
    )
    op.create_index("catalogue_history_entry_id_id_idx", "catalogue_history", ["entry_id", "id"])


def _kinds() -> None:
    for table in ("circle_kind", "facility_kind", "service_category"):
        op.create_table(
            table,
            *(_word("key"), _word("name_zh"), _word("name_en")),
            sa.Column("position", sa.SmallInteger(), nullable=False),
            *([_words("circles")] if table == "facility_kind" else []),
            sa.PrimaryKeyConstraint("key", name=f"{table}_pkey"),
        )


def _facilities() -> None:
    op.create_table(
        "facility",
        *_row(),
        *(_word("kind"), _word("name"), _word("name_en", null=True)),
        *(_id("area_id"), _id("organisation_id", null=True)),
        *_place(),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("given_lat", "given_lon")),
        *(_word("coord_sys"), _word("address", null=True), _word("phone", null=True), _words("access")),
        *(_word("text", null=True), _json("schedule", null=True)),
        *_end(),
        *_keys("facility"),
    )
    for column in ("id", "external_key", "organisation_id"):
        op.create_index(f"facility_{column}_idx", "facility", [column])
    op.create_index("facility_spot_idx", "facility", ["spot"], postgresql_using="gist", postgresql_where=_OPEN)
    op.create_index(
        "facility_kind_spot_idx", "facility", ["kind", "spot"], postgresql_using="gist", postgresql_where=_OPEN
    )


def _services() -> None:
    op.create_table(
        "service",
        *_row(),
        *(_word("category"), _word("name"), _word("name_en", null=True), _words("aliases"), _word("text", null=True)),
        *(_id("area_id"), _id("organisation_id", null=True), _word("phone", null=True)),
        *(_json("documents"), _json("costs"), _word("eligibility", null=True)),
        *(sa.Column(name, sa.SmallInteger(), nullable=True) for name in ("minimum_age", "maximum_age")),
        _word("application", null=True),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("errand", sa.Boolean(), nullable=False),
        *_end(),
        *_keys("service"),
    )
    for column in ("id", "external_key", "organisation_id"):
        op.create_index(f"service_{column}_idx", "service", [column])
    op.create_table(
        "service_place",
        *_row(),
        *(_id("service_id"), _id("facility_id", null=True), _id("area_id")),
        *_place(),
        _json("schedule", null=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        *(_word("phone", null=True), _word("note", null=True)),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="service_place_pkey"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name="service_place_tenant_id_service_id_fkey",
        ),
    )
    op.create_index("service_place_tenant_id_service_id_id_idx", "service_place", ["tenant_id", "service_id", "id"])
    op.create_index("service_place_facility_id_idx", "service_place", ["facility_id"])
    op.create_index(
        "service_place_spot_idx", "service_place", ["spot"], postgresql_using="gist", postgresql_where=_OPEN
    )
