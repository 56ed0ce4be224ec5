"""An office is handed over: what was held there follows, on the day, once, and nothing else does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.assemble import Assembly
from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.directory.actions.turning import turn_due
from services.directory.domain.days import day_of
from services.directory.domain.seed import DirectorySeed, OfficeSeed
from services.petitions.actions.handing_over import hand_over as petitions_hand_over
from services.volunteers.actions.handing_over import hand_over as volunteers_hand_over
from shared.contracts.directory import OfficeHandedOver
from shared.contracts.events import Envelope
from shared.infra.auth import TokenIssuer
from shared.infra.worker import running
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.services.petitions.test_journey_of_a_petition import submitted
from tests.services.volunteers.steps import claimed, opened
from tests.support.person import Person
from tests.support.world import World


@pytest.fixture
async def working(environment: dict[str, str], clock: MovedClock) -> AsyncIterator[None]:
    """All jobs of all services, for one test alone: others look at what waits for them."""
    async with Assembly(clock=clock).jobs() as jobs, running(jobs):
        yield


async def office_of(world: World, person: str, area: str) -> str:
    query = f"area={world.ids[area]}&person={world.ids[person]}"
    (office,) = (await world.platform_admin.get(f"/offices?{query}")).json()["items"]
    return str(office["id"])


async def handed_over(world: World, person: str, area: str, to: str, **more: Any) -> dict[str, Any]:
    office = await office_of(world, person, area)
    answer = await world.platform_admin.post(f"/offices/{office}/hand-over", {"person_id": str(world.ids[to]), **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def signed_in(world: World, person: str, issuer: TokenIssuer, day: date | None = None) -> Person:
    """The person with the roles that they have today, as after signing in anew."""
    pool = world.assembly.app("directory").state.house.pool
    token = issuer.access_token(await actor_for(pool, world.ids[person], day))
    return Person(person, world.ids[person], token, world.resident.client)


async def held(person: Person) -> list[str]:
    return [item["id"] for item in (await person.get("/petitions?scope=held")).json()["items"]]


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Waits for it, some seconds at most."""
    async with asyncio.timeout(15):
        while True:
            if await happened():
                return
            await asyncio.sleep(0.05)


async def copied(world: World) -> None:
    for service in ("petitions", "volunteers"):
        await world.assembly.app(service).state.house.directory.catch_up()


def event_of(world: World, **more: Any) -> Envelope:
    """What the directory tells when the grid officer hands over to the neighbour."""
    payload = OfficeHandedOver(
        area_id=world.ids["grid"],
        kind="grid_officer",
        from_office_id=new_id(),
        from_person_id=world.ids["grid_officer"],
        to_office_id=new_id(),
        to_person_id=world.ids["neighbour"],
    )
    return Envelope(
        id=new_id(),
        type="office.handed_over",
        tenant_id=world.ids["here"],
        aggregate_id=payload.to_office_id,
        aggregate_version=1,
        at=world.assembly.clock.now(),
        payload=payload.model_dump(mode="json") | more,
    )


async def test_the_new_officer_sees_what_the_old_one_held_and_acts(
    world: World, working: None, issuer: TokenIssuer
) -> None:
    petition = await submitted(world)
    path = f"/petitions/{petition['id']}"
    assert await held(world.grid_officer) == [petition["id"]]
    new = await handed_over(world, "grid_officer", "grid", "neighbour")
    assert (new["person"]["id"], new["area"]["id"]) == (str(world.neighbour.id), str(world.ids["grid"]))
    officer = await signed_in(world, "neighbour", issuer)
    await until(lambda: _is_held(officer, petition["id"]))
    # With the old token for the rest of its quarter of an hour, and with a new one.
    assert await held(world.grid_officer) == []
    assert (await world.grid_officer.post(f"{path}/accept")).status_code == 403
    former = await signed_in(world, "grid_officer", issuer)
    assert (await former.post(f"{path}/accept")).status_code == 403
    assert (await former.get(path)).status_code == 403, "without the office no role is left"
    accepted = await officer.post(f"{path}/accept")
    assert accepted.status_code == 200 and accepted.json()["holder"]["id"] == str(world.neighbour.id)
    history = (await officer.get(f"{path}/history")).json()["items"]
    assert [line["action"] for line in history] == ["submit", "hand_over", "accept"]


async def _is_held(person: Person, petition_id: str) -> bool:
    return petition_id in await held(person)


async def test_the_same_event_twice_moves_a_petition_once(world: World) -> None:
    petition = await submitted(world)
    house = world.assembly.app("petitions").state.house
    event = event_of(world)
    for _ in range(2):
        await petitions_hand_over(house, event)
    row = await house.pool.fetchrow("select holder_id, version from petition where id = $1", UUID(petition["id"]))
    assert (row["holder_id"], row["version"]) == (world.neighbour.id, 2)
    told = await house.pool.fetch(
        "select type, payload->>'holder_id' as holder from outbox where aggregate_id = $1 order by seq",
        UUID(petition["id"]),
    )
    assert [tuple(line) for line in told] == [
        ("petition.submitted", str(world.grid_officer.id)),
        ("petition.handed_over", str(world.neighbour.id)),
    ]


async def test_what_is_over_elsewhere_or_another_s_stays(world: World) -> None:
    over, by_organisation = await submitted(world), await submitted(world)
    await world.resident.post(f"/petitions/{over['id']}/withdraw")
    await world.grid_officer.post(f"/petitions/{by_organisation['id']}/accept")
    lead = {"type": "organisation", "id": str(world.ids["property"])}
    await world.community_staff.post(f"/petitions/{by_organisation['id']}/dispatch", {"lead": lead})
    house = world.assembly.app("petitions").state.house
    still = await submitted(world)
    await petitions_hand_over(house, event_of(world, area_id=str(world.ids["grid2"])))
    assert await held(world.grid_officer) == [still["id"]]
    await petitions_hand_over(house, event_of(world))
    assert await held(world.grid_officer) == []
    holders = [
        await house.pool.fetchval("select holder_id from petition where id = $1", UUID(petition["id"]))
        for petition in (over, by_organisation, still)
    ]
    assert holders == [world.grid_officer.id, world.ids["property"], world.neighbour.id]


async def test_what_lies_nearer_to_another_office_of_the_old_holder_stays(world: World) -> None:
    petition = await submitted(world)
    directory = world.assembly.app("directory").state.house
    prefix = (await directory.pool.fetchval("select external_key from area where id = $1", world.ids["grid"]))[:-5]
    nearer = OfficeSeed(f"{prefix}/grid_officer", "part_time_grid_officer", f"{prefix}/building", date(2026, 1, 1))
    await load(directory.pool, directory.clock, DirectorySeed(offices=[nearer]))
    await copied(world)
    await petitions_hand_over(world.assembly.app("petitions").state.house, event_of(world))
    assert await held(world.grid_officer) == [petition["id"]]


async def test_a_hand_over_and_the_holder_at_once_lose_nothing(world: World) -> None:
    house = world.assembly.app("petitions").state.house
    petitions = [await submitted(world) for _ in range(6)]
    accepting = [world.grid_officer.post(f"/petitions/{p['id']}/accept") for p in petitions]
    answers = await asyncio.gather(*accepting, petitions_hand_over(house, event_of(world)))
    for petition, answer in zip(petitions, answers, strict=False):
        assert isinstance(answer, httpx.Response) and answer.status_code in (200, 403)
        rows = await house.pool.fetch(
            "select version, action from petition_history where petition_id = $1 order by version", UUID(petition["id"])
        )
        assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
        done = sorted(row["action"] for row in rows[1:])
        assert done == (["accept", "hand_over"] if answer.status_code == 200 else ["hand_over"])
    assert await held(world.grid_officer) == []


async def test_openings_to_come_are_led_by_the_new_holder(world: World, clock: MovedClock) -> None:
    grid = str(world.ids["grid"])
    begun = await opened(world, clock, area_id=grid, starts_at=(clock.now() - timedelta(minutes=5)).isoformat())
    to_come, elsewhere = (
        await opened(world, clock, area_id=grid),
        await opened(world, clock, area_id=str(world.ids["grid2"])),
    )
    record = await claimed(world, to_come)
    house = world.assembly.app("volunteers").state.house
    event = event_of(world, from_person_id=str(world.team_leader.id))
    for _ in range(2):
        await volunteers_hand_over(house, event)
    leaders = {
        row["id"]: row["leader_id"]
        for row in await house.pool.fetch(
            "select id, leader_id from opening where id = any($1::text[]::uuid[])",
            [begun["id"], to_come["id"], elsewhere["id"]],
        )
    }
    assert leaders == {
        UUID(begun["id"]): world.team_leader.id,
        UUID(to_come["id"]): world.neighbour.id,
        UUID(elsewhere["id"]): world.team_leader.id,
    }
    led = (await world.neighbour.get(f"/openings/{to_come['id']}")).json()
    assert led["leader"]["id"] == str(world.neighbour.id)
    assert await house.pool.fetchval("select leader_id from service_record where id = $1", UUID(record["id"])) == (
        world.neighbour.id
    )
    history = await house.pool.fetch(
        "select action from opening_history where opening_id = $1 order by version", UUID(to_come["id"])
    )
    assert [row["action"] for row in history] == ["open", "hand_over"]


async def test_everything_that_somebody_holds_is_handed_over_in_one_call(world: World, issuer: TokenIssuer) -> None:
    for area in ("building", "grid2"):
        body = {"person_id": str(world.ids["grid_officer"]), "kind": "grid_head", "area_id": str(world.ids[area])}
        assert (await world.platform_admin.post("/offices", body)).status_code == 201
    path = f"/people/{world.ids['grid_officer']}/hand-over"
    # All or none: the building's head of the same name holds one of them already.
    twice = {"person_id": str(world.ids["grid_officer"])}
    assert (await world.platform_admin.post(path, twice)).status_code == 422
    answer = await world.platform_admin.post(path, {"person_id": str(world.ids["volunteer"])})
    assert answer.status_code == 200, answer.text
    found = {(item["kind"], item["area"]["id"]) for item in answer.json()["items"]}
    assert found == {
        ("grid_officer", str(world.ids["grid"])),
        ("grid_head", str(world.ids["building"])),
        ("grid_head", str(world.ids["grid2"])),
    }
    assert all(item["person"]["id"] == str(world.volunteer.id) for item in answer.json()["items"])
    left = await world.platform_admin.get(f"/offices?person={world.ids['grid_officer']}")
    assert left.json()["items"] == []
    assert (await signed_in(world, "grid_officer", issuer)).token
    pool = world.assembly.app("directory").state.house.pool
    assert (await actor_for(pool, world.ids["grid_officer"])).grants == ()
    assert (await world.platform_admin.post(path, {"person_id": str(world.ids["volunteer"])})).status_code == 404


@pytest.mark.parametrize(
    "to, on, pointer",
    [
        ("stranger", None, ("/person_id", "unknown_person")),
        ("grid_officer", None, ("/person_id", "same_person")),
        ("neighbour", "2025-12-31", ("/on", "days")),
    ],
)
async def test_a_wrong_hand_over_changes_nothing(
    world: World, to: str, on: str | None, pointer: tuple[str, str], issuer: TokenIssuer
) -> None:
    office = await office_of(world, "grid_officer", "grid")
    body = {"person_id": str(world.ids[to])} | ({"on": on} if on else {})
    admin = await community_admin(world, issuer)
    answer = await admin.post(f"/offices/{office}/hand-over", body)
    assert answer.status_code == 422, answer.text
    (problem,) = answer.json()["errors"]
    assert (problem["pointer"], problem["code"]) == pointer
    assert await office_of(world, "grid_officer", "grid") == office
    pool = world.assembly.app("directory").state.house.pool
    assert await pool.fetchval("select count(*) from office_history where office_id = $1", UUID(office)) == 1


async def community_admin(world: World, issuer: TokenIssuer) -> Person:
    """The community's staff with more to say, in the directory too."""
    pool = world.assembly.app("directory").state.house.pool
    who, here = world.ids["community_staff"], world.ids["here"]
    await pool.execute(
        "insert into role_grant (tenant_id, id, version, person_id, role, area_id) values ($1, $2, 1, $3, $4, $1)",
        *(here, new_id(), who, "community_admin"),
    )
    return await signed_in(world, "community_staff", issuer)


async def test_what_is_handed_over_for_another_day_waits_for_it(
    world: World, working: None, clock: MovedClock, issuer: TokenIssuer
) -> None:
    petition = await submitted(world)
    directory = world.assembly.app("directory").state.house
    tomorrow = day_of(clock.now()) + timedelta(days=1)
    await handed_over(world, "grid_officer", "grid", "neighbour", on=str(tomorrow))
    await turn_due(directory)
    await copied(world)
    petitions = world.assembly.app("petitions").state.house
    in_copy = "select person_id from office where area_id = $1 and not ended"
    assert await petitions.pool.fetchval(in_copy, world.ids["grid"]) == world.grid_officer.id
    officers = (await world.resident.get(f"/areas/{world.ids['grid']}/officers")).json()["items"]
    assert [o["person"]["id"] for o in officers] == [str(world.grid_officer.id)]
    assert await held(world.grid_officer) == [petition["id"]]
    clock.move(timedelta(days=1))
    # Its worker sweeps as well: whoever comes first, each office turns once.
    await asyncio.gather(*(turn_due(directory) for _ in range(5)))
    officer = await signed_in(world, "neighbour", issuer, tomorrow)
    await until(lambda: _is_held(officer, petition["id"]))
    await copied(world)
    rows = await petitions.pool.fetch(in_copy, world.ids["grid"])
    assert [row["person_id"] for row in rows] == [world.neighbour.id]
    versions = await directory.pool.fetch(
        "select person_id, version, turns_on from office where area_id = $1 order by starts_on", world.ids["grid"]
    )
    assert [tuple(row) for row in versions] == [(world.grid_officer.id, 3, None), (world.neighbour.id, 2, None)]


async def test_an_office_counts_in_the_copies_from_its_first_day_to_its_last(world: World, clock: MovedClock) -> None:
    directory, petitions = (world.assembly.app(name).state.house for name in ("directory", "petitions"))
    today = day_of(clock.now())
    body = {"person_id": str(world.ids["neighbour"]), "kind": "floor_contact", "area_id": str(world.ids["building"])}
    days = {"starts_on": str(today + timedelta(days=1)), "ends_on": str(today + timedelta(days=2))}
    office = UUID((await world.platform_admin.post("/offices", body | days)).json()["id"])
    seen = []
    for _ in range(3):
        while await turn_due(directory):
            pass
        await copied(world)
        seen.append(await petitions.pool.fetchval("select not ended from office where id = $1", office))
        clock.move(timedelta(days=1))
    assert seen == [False, True, False]
