"""What is changed through the gateway is in the copies of petitions and volunteers within a second."""

import asyncio
import time
from typing import Any

import pytest

from tests.support.world import World

_TRIES = 3


async def seconds_until(world: World, service: str, statement: str, *given: Any) -> float:
    """How long until the statement finds something in the service's copy."""
    pool = world.assembly.app(service).state.house.pool
    started = time.monotonic()
    async with asyncio.timeout(20):
        found = False
        while not found:
            found = await pool.fetchval(statement, *given)
    return time.monotonic() - started


async def lags(world: World) -> dict[str, float]:
    """Everything that can become of areas, an organisation, a person and an office; the slower of both copies each."""
    ids, admin, found = world.ids, world.platform_admin, {}

    async def done(what: str, method: str, path: str, body: Any, statement: str, *given: Any, **how: Any) -> Any:
        answer = await how.pop("by", admin).call(method, f"/api/v1{path}", json=body, **how)
        assert answer.status_code in (200, 201), answer.text
        told = given or (answer.json()["id"],)
        both = (seconds_until(world, service, statement, *told) for service in ("petitions", "volunteers"))
        found[what] = max(await asyncio.gather(*both))
        return answer

    one = "select true from {} where id = $1::text::uuid"
    new = {"parent_id": str(ids["grid"]), "kind": "building", "name": "新楼"}
    made = await done("make", "POST", "/areas", new, one.format("area"))
    area = made.json()["id"]
    etag = {"if-match": (await admin.get(f"/areas/{area}")).headers["etag"]}
    named = f"{one.format('area')} and name = '改名楼'"
    await done("rename", "PUT", f"/areas/{area}", {"name": "改名楼"}, named, area, headers=etag)
    body = {"parent_id": str(ids["grid2"])}
    moved = f"{one.format('area')} and parent_id = $2"
    await done("move", "POST", f"/areas/{area}/move", body, moved, area, ids["grid2"])
    await done("close", "POST", f"/areas/{area}/close", {}, f"{one.format('area')} and closed", area)
    other = (await admin.post("/areas", new | {"name": "并入楼"})).json()["id"]
    survivor = (await admin.post("/areas", new | {"name": "并存楼"})).json()["id"]
    merged = f"{one.format('area')} and closed and parent_id = $2::text::uuid"
    await done("merge", "POST", f"/areas/{survivor}/merge", {"area_ids": [other]}, merged, other, survivor)
    shop = {"tenant_id": str(ids["here"]), "kind": "shop", "name": f"新店{area}", "confirm_new": True}
    await done("organisation", "POST", "/organisations", shop, one.format("organisation"))
    who = {"name": f"新人{area[-6:]}", "home_id": str(ids["building"]), "door": "501"}
    person = (await done("person", "POST", "/people", who, one.format("person"), by=world.street_staff)).json()["id"]
    office = {"person_id": person, "kind": "sanitation_officer", "area_id": str(ids["grid"])}
    await done("office", "POST", "/offices", office, one.format("office"))
    return found


@pytest.mark.usefixtures("workers")
async def test_every_change_is_in_both_copies_within_a_second(world: World) -> None:
    """In the best of a few tries: the machine that tests run on does other things too."""
    best = {}
    for _ in range(_TRIES):
        found = await lags(world)
        best = {what: min(seconds, best.get(what, seconds)) for what, seconds in found.items()}
        if max(best.values()) < 1:
            break
    print({what: f"{seconds:.2f} s" for what, seconds in best.items()})
    assert max(best.values()) < 1, best
