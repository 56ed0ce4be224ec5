"""A backup of the directory, restored on another machine: who followed the old feed follows the new one, by itself."""

import os
import subprocess
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import httpx
import pytest

from deploy.machine.servers import Servers, start_servers
from deploy.migrating import migrate_all
from services.directory.actions.feed import renumber
from services.directory.house import House
from services.directory.main import create_app
from services.directory.queries.changes import changes
from shared.contracts.directory import Changes
from shared.infra.directory_copy import DirectoryCopy
from tests.services.directory.consumer import consumer_database
from tests.services.directory.test_changes import rename
from tests.services.directory.test_rebuild import rows
from tests.services.directory.town import Town

_DATABASE = "linli_directory"
#: An old machine has more transactions behind it than a new one.
_AGE = "do $$ begin for i in 1..5000 loop perform pg_current_xact_id(); commit; end loop; end $$"


@pytest.fixture
async def new_machine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Servers]:
    """Another PostgreSQL, with the roles of an installation and a directory without anything."""
    started = start_servers(tmp_path_factory.mktemp("restored") / "data")
    await migrate_all(started.environment())
    yield started
    started.remove()


def move_database(old: Servers, new: Servers) -> None:
    """pg_dump on the one, pg_restore on the other, over what is there; fails with what they say."""
    programs = old.postgres.account.programs
    quiet = {"LC_ALL": "C", "PATH": os.defpath}
    dumped = subprocess.run(
        [programs / "pg_dump", "-Fc", old.postgres.url("postgres", _DATABASE)],
        env=quiet, capture_output=True, check=False,
    )  # fmt: skip
    assert dumped.returncode == 0, dumped.stderr
    restored = subprocess.run(
        [programs / "pg_restore", "--clean", "--exit-on-error", "-d", new.postgres.url("postgres", _DATABASE)],
        env=quiet, input=dumped.stdout, capture_output=True, check=False,
    )  # fmt: skip
    assert restored.returncode == 0, restored.stderr


async def test_followers_go_on_with_a_dump_restored_on_another_machine(
    town: Town, house: House, servers: Servers, new_machine: Servers
) -> None:
    async with consumer_database(servers.environment()["LINLI_DATABASE_URL"], "restored") as pool:
        await house.pool.execute(_AGE)
        await rename(house.pool, town.ids["building"], "老机器上的名字")
        await DirectoryCopy("petitions", pool, town.api, house.settings.service_token_key).catch_up()
        good = await rows(pool)
        move_database(servers, new_machine)
        given = new_machine.environment()
        settings = house.settings.model_copy(update={"database_url": given["LINLI_DIRECTORY_DATABASE_URL"]})
        app = create_app(settings, house.clock)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://directory") as there,
        ):
            new: asyncpg.Pool = app.state.house.pool
            # What the old machine's transactions have written lies ahead of the new one's, until the worker saw to it.
            everything = Changes.model_validate_json(await changes(new, "", 1_000_000, date(2026, 3, 1)))
            assert not everything.more and not everything.complete
            assert await renumber(new) > 0
            follower = DirectoryCopy("petitions", pool, there, house.settings.service_token_key)
            await follower.catch_up()
            assert await rows(pool) == good
            await rename(new, town.ids["grid"], "新机器上的名字")
            await follower.catch_up()
            name = "select name from area where id = $1"
            assert await pool.fetchval(name, town.ids["grid"]) == "新机器上的名字"
