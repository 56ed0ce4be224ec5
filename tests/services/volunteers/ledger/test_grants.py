"""What PostgreSQL lets the service's role do with the ledger: add to it, never change it, and no way around that."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.services import SERVICES
from services.volunteers.actions.sealing import seal
from shared.infra.schema import APPEND_ONLY, KEPT
from tests.services.volunteers.ledger.book import Book
from tests.services.volunteers.ledger.conftest import Addresses
from tests.services.volunteers.ledger.tampering import COLUMNS, TABLES

_REFUSED = asyncpg.InsufficientPrivilegeError
_INSERT_ONLY = [name for name, table in TABLES.items() if table.info == APPEND_ONLY]
_NEVER_DELETED = [name for name, table in TABLES.items() if table.info in (APPEND_ONLY, KEPT)]

#: What would loosen a table's rules, for whoever owns it.
_ON_A_TABLE = (
    "truncate {t} cascade",
    "alter table {t} disable trigger all",
    "alter table {t} add column more int",
    "alter table {t} drop column tenant_id cascade",
    "alter table {t} drop constraint {t}_pkey cascade",
    "alter table {t} rename to other",
    "alter table {t} owner to current_user",
    "alter table {t} disable row level security",
    "drop table {t} cascade",
    "create rule away as on insert to {t} do instead nothing",
    "create trigger away before insert on {t} for each row execute function suppress_redundant_updates_trigger()",
    "create index away on {t} (tenant_id)",
    "copy {t} to '/tmp/away'",
    "copy {t} from '/tmp/away'",
)
#: What would give the role more than it has, or reach out of the database.
_AROUND = (
    "create table public.account2 (id int)",
    "create view public.v as select 1",
    "create function public.f() returns int language sql as 'select 1'",
    "create function public.g() returns int language c as 'away'",
    "create schema mine",
    "create extension dblink",
    "create extension postgres_fdw",
    "create role other",
    "create database other",
    "create event trigger away on ddl_command_start execute function pg_catalog.now()",
    "alter role current_user superuser",
    "alter role current_user createrole",
    "set session_replication_role = replica",
    "select set_config('session_replication_role', 'replica', false)",
    "alter system set fsync = off",
    "set role postgres",
    "copy (select 1) to program 'true'",
    "copy account from program 'id'",
    "create temp table transfer (id int)",
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('.')",
    "select lo_import('/etc/passwd')",
    "select pg_terminate_backend(pg_backend_pid())::text from pg_authid",
    "select rolpassword from pg_authid",
    "update pg_catalog.pg_class set relowner = current_user::regrole where relname = 'transfer'",
    "delete from pg_catalog.pg_constraint",
    "update alembic_version set version_num = version_num",
)


async def _filled(book: Book) -> None:
    await book.post(book.award(book.volunteer(), 20))
    await seal(book.pool)


def test_every_table_of_the_ledger_is_guarded() -> None:
    assert set(_INSERT_ONLY) == {"transfer", "entry", "chain"}
    assert set(_NEVER_DELETED) == set(TABLES) - {"pending"}


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, c in COLUMNS if t in (*_INSERT_ONLY, "pending")])
async def test_no_column_can_be_changed(book: Book, table: str, column: str) -> None:
    with pytest.raises(_REFUSED):
        await book.pool.execute(f"update {table} set {column} = {column}")


@pytest.mark.parametrize("table", _INSERT_ONLY)
async def test_no_row_can_be_changed_by_inserting_it_again(book: Book, table: str) -> None:
    with pytest.raises(_REFUSED):
        await book.pool.execute(
            f"insert into {table} select * from {table} on conflict on constraint {table}_pkey"
            " do update set tenant_id = excluded.tenant_id"
        )


@pytest.mark.parametrize("table", _NEVER_DELETED)
async def test_no_row_can_be_deleted(book: Book, table: str) -> None:
    await _filled(book)
    with pytest.raises(_REFUSED):
        await book.pool.execute(f"delete from {table}")


@pytest.fixture
async def connection(addresses: Addresses) -> AsyncIterator[asyncpg.Connection]:
    """One of the service's own, outside of any transaction."""
    connected = await asyncpg.connect(addresses.app)
    yield connected
    await connected.close()


@pytest.mark.parametrize("statement", _ON_A_TABLE)
@pytest.mark.parametrize("table", TABLES)
async def test_no_table_can_be_emptied_altered_or_dropped(
    connection: asyncpg.Connection, table: str, statement: str
) -> None:
    with pytest.raises(_REFUSED):
        await connection.execute(statement.format(t=table))


@pytest.mark.parametrize("statement", _AROUND)
async def test_there_is_no_way_around(connection: asyncpg.Connection, statement: str) -> None:
    with pytest.raises(_REFUSED):
        await connection.execute(statement)


async def test_a_grant_by_the_role_gives_nothing_to_anybody(connection: asyncpg.Connection) -> None:
    """PostgreSQL does not refuse it: it warns that nothing was granted."""
    grants = "select relname, relacl::text from pg_class where relname = any($1::text[]) order by 1"
    before = await connection.fetch(grants, list(TABLES))
    for table in TABLES:
        await connection.execute(f"grant update, delete, truncate on {table} to current_user with grant option")
        await connection.execute(f"grant all on {table} to public")
    assert await connection.fetch(grants, list(TABLES)) == before


async def test_the_role_cannot_become_another(connection: asyncpg.Connection) -> None:
    others = await connection.fetch("select rolname from pg_roles where rolname <> current_user")
    assert len(others) > 5
    for row in others:
        for become in ("set role", "set session authorization"):
            with pytest.raises(_REFUSED):
                await connection.execute(f'{become} "{row["rolname"]}"')


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("other", SERVICES)
async def test_a_services_role_reaches_its_own_database_only(
    environment: dict[str, str], service: str, other: str
) -> None:
    there = urlsplit(environment[f"LINLI_{other.upper()}_DATABASE_URL"]).path
    address = urlsplit(environment[f"LINLI_{service.upper()}_DATABASE_URL"])._replace(path=there).geturl()
    if service == other:
        await (await asyncpg.connect(address)).close()
    else:
        with pytest.raises(_REFUSED):
            await asyncpg.connect(address)


async def test_what_waits_to_be_sealed_can_be_taken_away(book: Book) -> None:
    await book.post(book.award(book.volunteer(), 20))
    taken = await book.pool.fetch("delete from pending where tenant_id = $1 returning *", book.tenant_id)
    assert len(taken) == 1
    await book.pool.execute("insert into pending values ($1, $2, $3)", *taken[0])


async def test_a_stray_entry_without_a_transfer_is_refused(book: Book) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await book.pool.execute(
            "insert into entry (tenant_id, transfer_id, account_id, amount, at) values ($1, $1, $1, 5, now())",
            book.tenant_id,
        )
