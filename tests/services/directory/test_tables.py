"""tables and migrations: the schema in the database is the one in code, and tenants stand first."""

import asyncpg
import pytest

from services.directory.house import House
from services.directory.tables import SCHEMA
from shared.infra.migrate import drift, migrate

#: Queues and notes of the service itself, and the words that all tenants share.
_FRAME = {"outbox", "inbox", "lease", "alembic_version", "list_word"}
_FRAME |= {
    f"{noun}_kind" for noun in ("area", "office", "organisation", "care", "membership", "circle", "facility")
} | {"service_category"}


def urls(environment: dict[str, str]) -> tuple[str, str]:
    return environment["LINLI_DIRECTORY_OWNER_DATABASE_URL"], environment["LINLI_DIRECTORY_DATABASE_URL"]


async def test_the_database_is_as_the_code_says(environment: dict[str, str]) -> None:
    assert await drift(SCHEMA, *urls(environment)) == []


async def test_migrating_again_changes_nothing(environment: dict[str, str]) -> None:
    await migrate(SCHEMA, environment["LINLI_DATABASE_URL"], *urls(environment))
    assert await drift(SCHEMA, *urls(environment)) == []


async def test_the_tenant_stands_first_in_every_key(house: House) -> None:
    keys = await house.pool.fetch(
        """select c.relname as table, i.relname as key, a.attname as first
             from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
             join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
            where x.indisunique and c.relnamespace = 'public'::regnamespace
           union all
           select c.relname, k.conname, a.attname
             from pg_constraint k join pg_class c on c.oid = k.conrelid
             join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
            where k.contype = 'f' and c.relnamespace = 'public'::regnamespace"""
    )
    assert len(keys) > 15
    assert [row for row in keys if row["table"] not in _FRAME and row["first"] != "tenant_id"] == []


@pytest.mark.parametrize(
    "statement",
    ["delete from person", "delete from change", "truncate area", "drop table area", "create table more (id int)"],
)
async def test_the_service_may_not_remove_what_it_keeps(house: House, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await house.pool.execute(statement)
