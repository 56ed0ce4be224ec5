"""Openings: who may offer what where, and who sees it."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.volunteers.actions.finishing import finish_due
from services.volunteers.actions.petitions import ask_state
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.services.volunteers.steps import claimed, events, house_of, offer, opened, volunteers
from tests.support.person import Person
from tests.support.world import World


async def a_petition(world: World) -> str:
    body = {"text": "2单元门禁坏了三天。", "location": world.location()}
    return str((await world.resident.post("/petitions", body)).json()["id"])


async def test_a_team_leader_offers_a_task_in_the_only_community_they_lead_in(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    assert opening["status"] == "open" and opening["taken"] == 0
    assert opening["area"]["id"] == opening["tenant"]["id"] == str(world.ids["here"])
    assert opening["leader"]["id"] == str(world.team_leader.id) and opening["leader"]["name"]
    assert opening["petition"] is None
    assert opening["allowed_actions"] == ["check-in-code"]
    assert await events(world, opening["id"]) == ["opening.opened"]
    seen = (await world.volunteer.get(f"/openings/{opening['id']}")).json()
    assert seen["allowed_actions"] == ["claim"] and seen["own_record"] is None
    assert (await world.resident.get(f"/openings/{opening['id']}")).json()["allowed_actions"] == []


async def test_an_area_below_the_callers_root_may_be_named(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock, area_id=str(world.ids["grid2"]), kind="activity")
    assert opening["area"]["id"] == str(world.ids["grid2"])
    assert opening["tenant"]["id"] == str(world.ids["here"])
    assert opening["location"]["coord_sys"] == "wgs84"


@pytest.mark.parametrize("where", ["there", "street", None])
async def test_an_area_outside_the_callers_roots_is_refused(world: World, clock: MovedClock, where: str | None) -> None:
    area_id = str(world.ids[where] if where else new_id())
    refused = await world.team_leader.post("/openings", offer(clock, area_id=area_id))
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/area_id"


async def test_who_looks_after_several_areas_must_name_one(
    world: World, clock: MovedClock, issuer: TokenIssuer
) -> None:
    grants = tuple(Grant(Role.COMMUNITY_STAFF, world.ids[area]) for area in ("here", "there"))
    actor = Actor(new_id(), grants)
    both = Person("both", actor.person_id, issuer.access_token(actor), world.volunteer.client)
    refused = await both.post("/openings", offer(clock))
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/area_id"
    assert (await both.post("/openings", offer(clock, area_id=str(world.ids["there"])))).status_code == 201


async def test_a_team_leader_known_by_the_team_only_offers_where_the_team_is_kept(
    world: World, clock: MovedClock, issuer: TokenIssuer
) -> None:
    actor = Actor(new_id(), (Grant(Role.TEAM_LEADER, None, world.ids["team"]),))
    leader = Person("leader", actor.person_id, issuer.access_token(actor), world.volunteer.client)
    assert (await opened(world, clock, by=leader))["area"]["id"] == str(world.ids["here"])


@pytest.mark.parametrize("who", ["resident", "volunteer", "oversight", "platform_admin", "stranger"])
async def test_roles_that_never_offer_anything_are_refused(world: World, clock: MovedClock, who: str) -> None:
    assert (await world.people[who].post("/openings", offer(clock))).status_code == 403


@pytest.mark.parametrize("who", ["grid_officer", "building_head", "property_staff"])
async def test_without_a_petition_only_organisers_offer(world: World, clock: MovedClock, who: str) -> None:
    refused = await world.people[who].post("/openings", offer(clock))
    assert refused.status_code == 403 and refused.json()["code"] == "volunteers.not_yours"


async def test_a_petition_becomes_a_task_at_once_wherever_it_is_held(world: World, clock: MovedClock) -> None:
    """The projection has heard of nothing yet: petitions itself is asked, also when its answer of before is old."""
    petition_id = await a_petition(world)
    by_officer = await opened(world, clock, by=world.grid_officer, petition_id=petition_id)
    assert by_officer["petition"]["id"] == petition_id and by_officer["petition"]["number"]
    assert by_officer["area"]["id"] == str(world.ids["building"])
    assert by_officer["tenant"]["id"] == str(world.ids["here"])
    await world.grid_officer.post(f"/petitions/{petition_id}/accept", {})
    refused = await world.property_staff.post("/openings", offer(clock, petition_id=petition_id))
    assert refused.status_code == 422
    lead = {"type": "organisation", "id": str(world.ids["property"])}
    await world.community_staff.post(f"/petitions/{petition_id}/dispatch", {"lead": lead})
    by_holder = await opened(world, clock, by=world.property_staff, petition_id=petition_id)
    assert by_holder["leader"]["id"] == str(world.property_staff.id)
    for who in (world.community_staff, world.street_staff, world.team_leader):
        await opened(world, clock, by=who, petition_id=petition_id)
    refused = await world.grid_officer.post("/openings", offer(clock, petition_id=petition_id))
    assert refused.status_code == 422, "the officer no longer holds it"


async def test_petitions_out_of_scope_unknown_or_ended_are_refused(world: World, clock: MovedClock) -> None:
    petition_id = await a_petition(world)
    for who, named in ((world.strange_staff, petition_id), (world.community_staff, str(new_id()))):
        refused = await who.post("/openings", offer(clock, petition_id=named))
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "/petition_id"
        assert refused.json()["errors"][0]["code"] == "unknown_petition"
    await ask_state(house_of(world), UUID(petition_id))
    await world.resident.post(f"/petitions/{petition_id}/withdraw", {})
    await ask_state(house_of(world), UUID(petition_id))
    refused = await world.community_staff.post("/openings", offer(clock, petition_id=petition_id))
    assert refused.status_code == 422 and refused.json()["errors"][0]["code"] == "petition_ended"


async def test_without_petitions_nothing_is_stored_and_the_answer_says_so(
    world: World, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> httpx.Response:
        raise httpx.ConnectError("away")

    petition_id = str(new_id())  # nothing was heard of it yet
    monkeypatch.setattr(house_of(world).petitions, "request", away)
    refused = await world.community_staff.post("/openings", offer(clock, petition_id=petition_id))
    assert refused.status_code == 503 and refused.json()["part"] == "petitions"
    assert refused.headers["retry-after"]
    assert (await world.community_staff.get("/openings")).json()["items"] == []
    await opened(world, clock)  # what needs no petition goes on


async def test_lists_show_the_communities_one_belongs_to_and_no_others(world: World, clock: MovedClock) -> None:
    here = await opened(world, clock, by=world.community_staff)
    there = await opened(world, clock, by=world.strange_staff)
    above = await opened(world, clock, by=world.street_staff)
    seen = {
        "resident": [above, here],
        "volunteer": [above, here],
        "property_staff": [above, here],
        "oversight": [above, here],
        "stranger": [above, there],
        "street_staff": [above, there, here],
        "platform_admin": [above, there, here],
    }
    for who, expected in seen.items():
        items = (await world.people[who].get("/openings")).json()["items"]
        assert [item["id"] for item in items] == [opening["id"] for opening in expected], who
    assert (await world.stranger.get(f"/openings/{here['id']}")).status_code == 404
    assert (await world.street_staff.get(f"/openings/{here['id']}")).status_code == 200


async def test_pages_newest_first_neither_skip_nor_repeat(world: World, clock: MovedClock) -> None:
    made = [(await opened(world, clock, title=f"第{n}个"))["id"] for n in range(7)]
    path, found = "/openings?limit=3", []
    while path:
        page = (await world.resident.get(path)).json()
        found += [item["id"] for item in page["items"]]
        path = page["next_cursor"] and f"/openings?limit=3&cursor={page['next_cursor']}"
    assert found == made[::-1]


async def test_near_gives_the_nearest_first_page_by_page(world: World, clock: MovedClock) -> None:
    areas = ["grid2", "building", "grid", "building", "here", "grid2"]
    for area in areas:
        await opened(world, clock, by=world.community_staff, area_id=str(world.ids[area]))
    lat, lon = world.place
    start = f"/openings?limit=4&near={lat},{lon}&status=open&with=allowed_actions"
    path, found = start, []
    while path:
        page = (await world.volunteer.get(path)).json()
        found += page["items"]
        path = page["next_cursor"] and f"{start}&cursor={page['next_cursor']}"
    names = {str(world.ids[area]): area for area in set(areas)}
    order = [names[item["area"]["id"]] for item in found]
    assert order[:2] == ["building", "building"] and sorted(order) == sorted(areas)
    distances = [item["distance_m"] for item in found]
    assert distances == sorted(distances) and distances[0] < 50
    assert len({item["id"] for item in found}) == len(areas)
    assert all(item["allowed_actions"] == ["claim"] for item in found)


async def test_near_shows_what_is_still_to_come(world: World, clock: MovedClock) -> None:
    over = await opened(world, clock)
    clock.move(timedelta(hours=4))
    coming = await opened(world, clock)
    lat, lon = world.place
    for path, shown in (("/openings", [coming, over]), (f"/openings?near={lat},{lon}", [coming])):
        found = (await world.volunteer.get(path)).json()["items"]
        assert [item["id"] for item in found] == [opening["id"] for opening in shown], path


async def test_places_come_in_the_asked_coordinates(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    shown = (await world.resident.get(f"/openings/{opening['id']}?out=gcj02")).json()["location"]
    assert shown["coord_sys"] == "gcj02"
    assert 0.0005 < abs(shown["lon"] - opening["location"]["lon"]) < 0.02


async def test_an_unchanged_opening_is_not_sent_twice(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    path = f"/openings/{opening['id']}"
    tag = (await world.resident.get(path)).headers["etag"]
    assert tag.startswith('"1-')
    assert (await world.resident.get(path, headers={"if-none-match": tag})).status_code == 304
    await claimed(world, opening)
    again = await world.resident.get(path, headers={"if-none-match": tag})
    assert again.status_code == 200 and again.json()["taken"] == 1


async def test_what_is_over_is_done_and_no_longer_listed_as_open(
    world: World, clock: MovedClock, issuer: TokenIssuer
) -> None:
    opening = await opened(world, clock, capacity=1)
    other = await opened(world, clock)
    await claimed(world, opening, by=volunteers(world, issuer, 1)[0])
    clock.move(timedelta(hours=3))
    assert (await world.resident.get("/openings?status=open,full")).json()["items"] == []
    while await finish_due(house_of(world)):
        continue
    for finished in (opening, other):
        assert (await world.resident.get(f"/openings/{finished['id']}")).json()["status"] == "done"
    assert await events(world, opening["id"]) == ["opening.opened", "opening.filled", "opening.finished"]
    assert len((await world.resident.get("/openings?status=done")).json()["items"]) == 2


async def test_the_code_is_for_the_leader_and_the_staff_of_the_place(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    path = f"/openings/{opening['id']}/check-in-code"
    shown = await world.team_leader.get(path)
    assert len(shown.json()["code"]) == 8
    assert (await world.community_staff.get(path)).json() == shown.json()
    assert (await world.street_staff.get(path)).status_code == 200
    for who in ("volunteer", "resident", "oversight", "stranger"):
        assert (await world.people[who].get(path)).status_code == 403
    for who in ("grid_officer", "property_staff"):
        refused = await world.people[who].get(path)
        assert refused.status_code == 403 and refused.json()["code"] == "volunteers.not_yours"
    assert (await world.strange_staff.get(path)).status_code == 404
    clock.move(timedelta(seconds=30))
    assert (await world.team_leader.get(path)).json()["code"] != shown.json()["code"]
