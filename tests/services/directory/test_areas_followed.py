"""What lies in an area follows it: petitions and openings of a building that moved belong to its new grid."""

from typing import Any
from uuid import UUID

import asyncpg

from services.petitions.house import AREA_PATHS as PETITIONS
from services.volunteers.house import AREA_PATHS as VOLUNTEERS
from shared.infra import directory_copy
from shared.kernel.clock import MovedClock
from tests.services.petitions.test_journey_of_a_petition import submitted
from tests.services.volunteers.steps import opened
from tests.support.person import Person
from tests.support.world import World


async def followed(world: World) -> None:
    for service in ("petitions", "volunteers"):
        await world.assembly.app(service).state.house.directory.catch_up()


async def listed(person: Person, path: str) -> list[str]:
    answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def asked(world: World, path: str, body: Any) -> None:
    """An action on an area, by the platform's administrator."""
    answer = await world.platform_admin.post(f"/areas/{path}", body)
    assert answer.status_code == 200, answer.text
    await followed(world)


async def test_a_petition_follows_its_building_to_another_grid(world: World) -> None:
    petition = await submitted(world)
    assert await listed(world.grid_officer, "/petitions?scope=area") == [petition["id"]]
    await asked(world, f"{world.ids['building']}/move", {"parent_id": str(world.ids["grid2"])})
    assert await listed(world.grid_officer, "/petitions?scope=area") == []
    assert await listed(world.other_grid_officer, "/petitions?scope=area") == [petition["id"]]
    pool = world.assembly.app("petitions").state.house.pool
    row = await pool.fetchrow("select area_path, level_area_id from petition where id = $1", UUID(petition["id"]))
    way = [world.ids[word] for word in ("street", "here", "grid2", "building")]
    assert row["area_path"] == way and row["level_area_id"] in way


async def test_the_level_that_has_a_petition_is_the_one_that_now_stands_there(world: World) -> None:
    petition = await submitted(world)
    pool = world.assembly.app("petitions").state.house.pool
    at_grid = "update petition set level_area_id = $2 where id = $1"
    await pool.execute(at_grid, UUID(petition["id"]), world.ids["grid"])
    await asked(world, f"{world.ids['building']}/move", {"parent_id": str(world.ids["grid2"])})
    level = await pool.fetchval("select level_area_id from petition where id = $1", UUID(petition["id"]))
    assert level == world.ids["grid2"]


async def test_what_belongs_to_a_merged_grid_is_seen_by_the_survivors_officer(world: World, clock: MovedClock) -> None:
    petition = await submitted(world)
    opening = await opened(world, clock, area_id=str(world.ids["grid"]))
    await asked(world, f"{world.ids['grid2']}/merge", {"area_ids": [str(world.ids["grid"])]})
    assert await listed(world.other_grid_officer, "/petitions?scope=area") == [petition["id"]]
    pool = world.assembly.app("volunteers").state.house.pool
    path = await pool.fetchval("select area_path from opening where id = $1", UUID(opening["id"]))
    assert path == [world.ids[word] for word in ("street", "here", "grid2", "grid")]


_COPIES = """
insert into {table} select (jsonb_populate_record(t, to_jsonb(given))).* from {table} t, (
  select gen_random_uuid() as id, gen_random_uuid() as area_id, 'copy-' || n as number from generate_series(1, 5000) n
) given where t.id = $1
"""


async def test_rows_are_found_by_their_area_not_by_reading_all(
    world: World, clock: MovedClock, environment: dict[str, str]
) -> None:
    petition, opening = await submitted(world), await opened(world, clock, area_id=str(world.ids["grid"]))
    for service, path, one in (("PETITIONS", PETITIONS[0], petition), ("VOLUNTEERS", VOLUNTEERS[0], opening)):
        owner = await asyncpg.connect(environment[f"LINLI_{service}_OWNER_DATABASE_URL"])
        undone = owner.transaction()
        await undone.start()
        await owner.execute(_COPIES.format(table=path.table), UUID(one["id"]))
        # Of areas as well: by old figures this community lies beyond them all, and a merge seems to end at once.
        await owner.execute(f"analyze {path.table}, area")
        statement = directory_copy._FOLLOW.format(table=path.table, more=path.more)
        plan = await owner.fetchval(f"explain (format json) {statement}", [world.ids["grid"]])
        await undone.rollback()
        await owner.close()
        assert f"{path.table}_tenant_id_area_id_id_idx" in plan and f'"Relation Name": "{path.table}"' in plan, plan
        assert '"Seq Scan"' not in plan.split(f'"Relation Name": "{path.table}"')[1].split("Plans")[0], plan
