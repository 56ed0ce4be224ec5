"""tables and migrations: the schema in the database is the one in code, and tenants stand first."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from alembic import command

from services.directory.house import House
from services.directory.tables import SCHEMA
from shared.infra.migrate import _config as migrate_config
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


async def test_organisations_that_were_there_are_found_by_their_names_after_the_migration(
    environment: dict[str, str], house: House
) -> None:
    """The keys of names are a matter of the rules, so the migration asks them."""
    admin, name = environment["LINLI_DATABASE_URL"], "linli_directory_before"
    owner = urlsplit(urls(environment)[0])._replace(path=f"/{name}").geturl()
    connection = await asyncpg.connect(admin)
    await connection.execute(f'create database {name} owner "{urlsplit(owner).username}"')
    try:
        for extension in ("btree_gist", "btree_gin"):
            await _as(admin.replace("/postgres?", f"/{name}?"), f"create extension {extension}")
        await asyncio.to_thread(command.upgrade, migrate_config(SCHEMA, owner), "0004")
        await _as(owner, _BEFORE)
        await asyncio.to_thread(command.upgrade, migrate_config(SCHEMA, owner), "0005")
        rows = await _as(owner, "select search_keys, formation_status from organisation order by id")
    finally:
        await connection.execute(f"drop database {name} with (force)")
        await connection.close()
    assert [tuple(row) for row in rows] == [(["城建办", "城建办(坑梓街道办)"], None), (["和平小区业委会"], "formed")]


_BEFORE = """
insert into organisation (tenant_id, id, version, kind, name, serves, serves_tenants, aliases, closed)
select '00000000-0000-0000-0000-000000000001', id::uuid, 1, kind, name, '{}', '{}', aliases, false
  from (values ('00000000-0000-0000-0000-000000000002', 'department', '城建办', array['城建办（坑梓街道办事处）']),
               ('00000000-0000-0000-0000-000000000003', 'owners_committee', '和平小区业主委员会', '{}')
       ) given(id, kind, name, aliases)
"""


async def _as(url: str, statement: str) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    ["delete from person", "delete from change", "truncate area", "drop table area", "create table more (id int)"],
)
async def test_the_service_may_not_remove_what_it_keeps(house: House, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await house.pool.execute(statement)
