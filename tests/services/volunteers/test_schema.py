"""The database is what the code says, and history is for ever."""

import asyncpg
import pytest

from services.volunteers.tables import SCHEMA
from shared.infra.migrate import drift
from shared.kernel.clock import MovedClock
from tests.services.volunteers.steps import brought_to, house_of
from tests.support.world import World


async def test_the_migrations_make_exactly_the_tables_of_the_code(environment: dict[str, str]) -> None:
    owner = environment["LINLI_VOLUNTEERS_OWNER_DATABASE_URL"]
    assert await drift(SCHEMA, owner, environment["LINLI_VOLUNTEERS_DATABASE_URL"]) == []


@pytest.mark.parametrize("table", ["opening_history", "service_record_history"])
@pytest.mark.parametrize("change", ["delete from {}", "update {} set action = 'x'", "truncate {}"])
async def test_history_cannot_be_changed_by_the_service(
    world: World, clock: MovedClock, table: str, change: str
) -> None:
    await brought_to(world, clock, "checked_in")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await house_of(world).pool.execute(change.format(table))


@pytest.mark.parametrize("table", ["opening", "service_record"])
async def test_openings_and_records_are_never_deleted(world: World, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await house_of(world).pool.execute(f"delete from {table}")


async def test_every_key_of_a_tenants_table_begins_with_the_tenant(world: World) -> None:
    """Citus distributes by it. The frame's outbox, inbox, lease and position have no tenant's rows to find."""
    of_nobody = {"outbox", "inbox", "lease", "feed_position"}
    for table in SCHEMA.metadata.sorted_tables:
        if table.name not in of_nobody:
            assert next(iter(table.primary_key)).name == "tenant_id", table.name
            for key in table.foreign_key_constraints:
                assert key.column_keys[0] == "tenant_id", f"{table.name}: {key.name}"
