"""What is written at the very moment in which its area moves lies where the area went, whichever of them is first."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.directory.actions.tokens import actor_for
from services.petitions.actions.submit import Report, submit
from services.volunteers.actions.open import Offer, open_opening
from shared.contracts.directory import Changes
from shared.infra.directory_copy import Position, apply
from shared.infra.idempotency import Once
from shared.infra.internal import internal_headers
from shared.kernel.clock import MovedClock
from tests.support.world import World

_WAITING = """
select count(*) from pg_stat_activity
 where datname = current_database() and wait_event_type = 'Lock' and state = 'active'
"""


@dataclass(frozen=True, slots=True)
class Writing:
    """One of the services: how something is written in the building's grid, and where it lies."""

    world: World
    clock: MovedClock
    service: str

    @property
    def house(self) -> Any:
        return self.world.assembly.app(self.service).state.house

    async def write(self, pool: Any) -> None:
        directory = self.world.assembly.app("directory").state.house.pool
        house, once = replace(self.house, pool=pool), Once(None, b"")
        if self.service == "petitions":
            lat, lon = self.world.place
            report = Report(lat, lon, "wgs84", None, "门禁坏了", None, (), "none")
            await submit(house, await actor_for(directory, self.world.ids["resident"]), report, once, None)
        else:
            now = self.clock.now()
            window = now + timedelta(hours=1), now + timedelta(hours=2)
            offer = Offer("task", None, self.world.ids["building"], "看门", "值守", *window, 2, 5)
            await open_opening(house, await actor_for(directory, self.world.ids["team_leader"]), offer, once, None)

    async def path(self) -> list[UUID]:
        table = {"petitions": "petition", "volunteers": "opening"}[self.service]
        found = await self.house.pool.fetch(
            f"select area_path from {table} where tenant_id = $1", self.world.ids["here"]
        )
        (row,) = found
        return list(row["area_path"])

    async def moved(self) -> Changes:
        """The building hangs below the other grid; the page of the feed that says so."""
        body = {"parent_id": str(self.world.ids["grid2"])}
        answer = await self.world.platform_admin.post(f"/areas/{self.world.ids['building']}/move", body)
        assert answer.status_code == 200, answer.text
        copy = self.house.directory
        place = Position.read(await self.house.pool.fetchval("select position from feed_position")).place
        headers = internal_headers(copy.token_key, self.service)
        page = await copy.directory.get("/internal/v1/changes", params={"after": place}, headers=headers)
        return Changes.model_validate_json(page.content)

    async def taken_over(self, page: Changes) -> None:
        """As a worker does it."""
        async with self.house.pool.acquire() as connection, connection.transaction():
            await apply(connection, page, self.house.directory.paths)

    async def until_it_waits(self, task: asyncio.Task[Any]) -> None:
        """Or is done."""
        while not await self.house.pool.fetchval(_WAITING):
            if task in (await asyncio.wait({task}, timeout=0.01))[0]:
                return


@pytest.fixture(params=["petitions", "volunteers"])
def writing(request: pytest.FixtureRequest, world: World, clock: MovedClock) -> Writing:
    return Writing(world, clock, request.param)


async def _there(writing: Writing) -> None:
    world = writing.world
    await writing.house.directory.catch_up()
    assert await writing.path() == [world.ids[word] for word in ("street", "here", "grid2", "building")]


async def test_what_is_written_while_the_move_is_taken_over_goes_with_it(writing: Writing) -> None:
    page = await writing.moved()
    async with writing.house.pool.acquire() as connection:
        async with connection.transaction():
            await apply(connection, page, writing.house.directory.paths)
            written = asyncio.create_task(writing.write(writing.house.pool))
            await writing.until_it_waits(written)
        await written
    await _there(writing)


async def test_what_was_written_just_before_the_move_is_found_by_it(writing: Writing) -> None:
    page = await writing.moved()
    async with writing.house.pool.acquire() as connection:
        async with connection.transaction():
            await writing.write(connection)
            following = asyncio.create_task(writing.taken_over(page))
            await writing.until_it_waits(following)
        await following
    await _there(writing)


async def test_other_changes_of_an_area_keep_nobody_waiting(writing: Writing) -> None:
    """Only a move does; a new name or outline comes while people report what they see there."""
    area = await writing.house.pool.fetchrow("select * from area where id = $1", writing.world.ids["building"])
    renamed = {**area, "version": area["version"] + 1, "name": "新楼名", "polygons": []}
    page = Changes(areas=[renamed], next="x", more=False)
    async with writing.house.pool.acquire() as connection, connection.transaction(), asyncio.timeout(10):
        await apply(connection, page, writing.house.directory.paths)
        await writing.write(writing.house.pool)
