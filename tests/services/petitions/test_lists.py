"""Lists: whose, in which order, page by page, filtered, searched, and how they are planned."""

import httpx

from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.ids import new_id
from tests.services.petitions.test_journey_of_a_petition import brought_to, submitted
from tests.support.person import Person
from tests.support.world import World


async def ids(person, query: str) -> list[str]:
    answer = await person.get(f"/petitions?{query}")
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_everybody_lists_what_concerns_them(world: World) -> None:
    petition = await brought_to(world, "dispatched")
    one = [petition["id"]]
    assert await ids(world.resident, "scope=mine") == one
    assert await ids(world.neighbour, "scope=mine") == []
    assert await ids(world.property_staff, "scope=held") == one
    assert await ids(world.grid_officer, "scope=held") == []
    for person in (world.grid_officer, world.building_head, world.community_staff, world.street_staff, world.oversight):
        assert await ids(person, "scope=area") == one, person.name
    for person in (world.other_grid_officer, world.strange_staff, world.resident, world.property_staff):
        assert await ids(person, "scope=area") == [], person.name


async def test_who_looks_after_a_community_and_a_grid_elsewhere_lists_both(
    world: World, issuer: TokenIssuer, client: httpx.AsyncClient
) -> None:
    here = await submitted(world)
    there_place = {"lat": world.place[0] + 0.04, "lon": world.place[1], "coord_sys": "wgs84"}
    there = (await world.stranger.post("/petitions", {"text": "那边", "location": there_place})).json()
    grants = (Grant(Role.COMMUNITY_STAFF, world.ids["there"]), Grant(Role.GRID_OFFICER, world.ids["grid"]))
    both = Person("both", new_id(), issuer.access_token(Actor(new_id(), grants)), client)
    assert await ids(both, "scope=area") == [there["id"], here["id"]]


async def test_what_is_held_is_what_waits_and_what_one_helps_with(world: World) -> None:
    done = await brought_to(world, "resolved")
    waiting = await brought_to(world, "accepted")
    lead = {"type": "person", "id": str(world.grid_officer.id)}
    helper = {"type": "organisation", "id": str(world.ids["property"])}
    both = {"lead": lead, "co_handlers": [helper]}
    await world.community_staff.post(f"/petitions/{waiting['id']}/dispatch", both)
    assert await ids(world.grid_officer, "scope=held") == [waiting["id"]]
    assert await ids(world.property_staff, "scope=held") == [waiting["id"]]
    assert await ids(world.property_staff, "scope=held&status=resolved") == [done["id"]]
    assert await ids(world.property_staff, f"scope=held&category={world.ids['gas']}") == []


async def test_pages_follow_each_other_without_gap_or_repeat(world: World) -> None:
    made = [(await submitted(world))["id"] for _ in range(7)]
    for person, scope in ((world.resident, "mine"), (world.community_staff, "area"), (world.grid_officer, "held")):
        seen: list[str] = []
        cursor = ""
        while True:
            page = (await person.get(f"/petitions?scope={scope}&limit=3{cursor}")).json()
            seen += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == made[::-1]


async def test_filters_combine(world: World) -> None:
    gas = str(world.ids["gas"])
    first = await submitted(world, category=gas, text="楼道里有燃气味")
    second = await submitted(world, text="楼道灯不亮")
    await world.grid_officer.post(f"/petitions/{second['id']}/accept", {})
    everything = "scope=area"
    assert await ids(world.community_staff, f"{everything}&status=accepted") == [second["id"]]
    assert await ids(world.community_staff, f"{everything}&status=accepted,submitted") == [second["id"], first["id"]]
    assert await ids(world.community_staff, f"{everything}&category={gas}") == [first["id"]]
    assert await ids(world.community_staff, f"{everything}&category={gas}&status=accepted") == []
    assert await ids(world.community_staff, f"{everything}&q=楼道") == [second["id"], first["id"]]
    assert await ids(world.community_staff, f"{everything}&q=燃气味&status=submitted") == [first["id"]]
    assert await ids(world.community_staff, f"{everything}&q=气燃") == []
    assert await ids(world.community_staff, f"{everything}&q={second['number']}") == [second["id"]]


async def test_search_words_are_data_not_a_query(world: World) -> None:
    await submitted(world, text="it's 50% & more | less")
    for words in ("it's", "50%25", "more | less", "more %26 less", "'); drop table petition; --", "less:*", "\\\\x"):
        answer = await world.resident.get(f"/petitions?q={words}")
        assert answer.status_code in (200, 422), words
    assert len(await ids(world.resident, "q=MORE")) == 1


async def test_allowed_actions_come_on_request(world: World) -> None:
    await submitted(world)
    plain = (await world.grid_officer.get("/petitions?scope=held")).json()["items"][0]
    asked = (await world.grid_officer.get("/petitions?scope=held&with=allowed_actions")).json()["items"][0]
    assert "allowed_actions" not in plain and asked["allowed_actions"] == ["accept"]


async def test_an_etag_saves_the_body(world: World) -> None:
    petition = await submitted(world)
    path = f"/petitions/{petition['id']}"
    first = await world.resident.get(path)
    assert first.headers["etag"].startswith('"1-')
    assert first.headers["cache-control"] == "private, no-store"
    again = await world.resident.get(path, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    await world.grid_officer.post(f"{path}/accept", {})
    changed = await world.resident.get(path, headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200 and changed.headers["etag"].startswith('"2-')
