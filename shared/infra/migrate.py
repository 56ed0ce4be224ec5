"""Migrations: makes roles and databases, runs Alembic, grants, and finds drift. Safe to run again, and by two at once.

The owner role owns the tables and does nothing but migrate; the app role runs the service. An owner could undo its
own REVOKE, so append-only is a matter of who the service is.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg
import orjson
from alembic import command, context
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

from shared.infra.schema import grants_of

_LOCK = 726_180_201  # one migration at a time, in each database
_WORDS = "insert into {table} select * from jsonb_populate_recordset(null::{table}, $1::jsonb) on conflict do nothing"
_ROLE_SETTINGS = {
    "timezone": "'UTC'",
    "statement_timeout": "'10s'",
    "lock_timeout": "'5s'",
    "idle_in_transaction_session_timeout": "'30s'",
}


@dataclass(frozen=True, slots=True)
class Schema:
    """What `migrate` needs to know of a service: its name, its tables, and where its migrations lie.

    `words` are the standard rows of tables that hold kinds: rows that are missing are added by each migration, rows
    that are there stay as an installation has made them. Each is a dataclass with the table's columns.
    """

    service: str
    metadata: MetaData
    folder: Path
    words: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Login:
    user: str
    password: str
    database: str


def _login(url: str) -> _Login:
    parts = urlsplit(url)
    return _Login(unquote(parts.username or ""), unquote(parts.password or ""), parts.path.lstrip("/"))


async def migrate(schema: Schema, admin_url: str, owner_url: str, app_url: str) -> None:
    """Brings one service's database to the present schema."""
    owner, app = _login(owner_url), _login(app_url)
    await _make_roles_and_database(admin_url, owner, app)
    for extension in ("btree_gist", "btree_gin", "cube"):
        await _in_database(admin_url, owner.database, f"create extension if not exists {extension}")
    await asyncio.to_thread(_upgrade, schema, owner_url)
    connection = await asyncpg.connect(owner_url)
    try:
        for statement in _grant_statements(schema, app.user):
            await connection.execute(statement)
        for table, rows in schema.words.items():
            await connection.execute(_WORDS.format(table=table), orjson.dumps(rows).decode())
    finally:
        await connection.close()


async def _make_roles_and_database(admin_url: str, owner: _Login, app: _Login) -> None:
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute("select pg_advisory_lock($1)", _LOCK)
        for login in (owner, app):
            known = await admin.fetchval("select 1 from pg_roles where rolname = $1", login.user)
            verb = "alter" if known else "create"
            secret = await admin.fetchval("select quote_literal($1::text)", login.password)
            await admin.execute(
                f'{verb} role "{login.user}" login nosuperuser nocreatedb nocreaterole password {secret}'
            )
        for name, value in _ROLE_SETTINGS.items():
            await admin.execute(f'alter role "{app.user}" set {name} = {value}')
        await admin.execute(f"alter role \"{owner.user}\" set timezone = 'UTC'")
        if not await admin.fetchval("select 1 from pg_database where datname = $1", owner.database):
            await admin.execute(f'create database "{owner.database}" owner "{owner.user}"')
            await admin.execute(f'revoke all on database "{owner.database}" from public')
            await admin.execute(f'grant connect on database "{owner.database}" to "{app.user}"')
    finally:
        await admin.close()


async def _in_database(admin_url: str, database: str, statement: str) -> None:
    parts = urlsplit(admin_url)
    connection = await asyncpg.connect(parts._replace(path=f"/{database}").geturl())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _grant_statements(schema: Schema, app: str) -> list[str]:
    statements = [
        "revoke all on schema public from public",
        f'grant usage on schema public to "{app}"',
        f'revoke all on all tables in schema public from "{app}"',
        f'grant usage on all sequences in schema public to "{app}"',
    ]
    for table, verbs in grants_of(schema.metadata).items():
        statements.append(f'grant {", ".join(verbs)} on "{table}" to "{app}"')
    return ["; ".join(statements)]  # one message: the app never sees the moment between revoke and grant


def _config(schema: Schema, owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(schema.folder).replace("%", "%%"))
    config.attributes["url"] = owner_url
    config.attributes["metadata"] = schema.metadata
    return config


def _upgrade(schema: Schema, owner_url: str) -> None:
    command.upgrade(_config(schema, owner_url), "head")


def revision(schema: Schema, owner_url: str, message: str) -> None:
    """Writes a new migration from the difference between the tables in code and in the database."""
    command.revision(_config(schema, owner_url), message, autogenerate=True)


def run_env() -> None:
    """What each service's `migrations/env.py` calls: runs the migrations under one advisory lock."""
    attributes = context.config.attributes

    def run(connection: Connection) -> None:
        context.configure(connection=connection, target_metadata=attributes["metadata"])
        with context.begin_transaction():
            connection.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
            context.run_migrations()

    asyncio.run(_as_owner(attributes["url"], run))


async def _as_owner(url: str, work: Callable[[Connection], Any]) -> Any:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=pool.NullPool
    )
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def drift(schema: Schema, owner_url: str, app_url: str) -> list[str]:
    """Every difference between the tables in code and in the database: columns, indexes, constraints, grants."""

    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))

    found = [str(difference) for difference in await _as_owner(owner_url, compare)]
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch(
            """select table_name, array_agg(lower(privilege_type)::text order by privilege_type) as verbs
                 from information_schema.role_table_grants
                where grantee = $1 and table_schema = 'public' group by table_name""",
            _login(app_url).user,
        )
    finally:
        await connection.close()
    there = {row["table_name"]: sorted(row["verbs"]) for row in rows}
    wanted = {table: sorted(verbs) for table, verbs in grants_of(schema.metadata).items()}
    for table in sorted(there.keys() | wanted.keys()):
        if there.get(table) != wanted.get(table):
            found.append(f"grants on {table}: {there.get(table)} instead of {wanted.get(table)}")
    return found
