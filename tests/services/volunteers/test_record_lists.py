"""Lists of service records: mine, those of openings that I lead, those of the areas I look after."""

from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.services.volunteers.steps import claimed, opened, volunteers
from tests.support.person import Person
from tests.support.world import World


async def test_lists_show_mine_those_i_lead_and_those_of_my_areas(
    world: World, clock: MovedClock, issuer: TokenIssuer
) -> None:
    opening = await opened(world, clock, by=world.community_staff, area_id=str(world.ids["building"]), capacity=10)
    made = [(await claimed(world, opening, by=who))["id"] for who in volunteers(world, issuer, 4)]
    mine = (await claimed(world, opening))["id"]
    made.append(mine)
    await world.volunteer.post(f"/service-records/{mine}/cancel")

    async def ids(who: str, query: str) -> list[str]:
        return [item["id"] for item in (await world.people[who].get(f"/service-records?{query}")).json()["items"]]

    assert await ids("volunteer", "") == [mine]
    assert await ids("volunteer", "scope=mine&status=confirmed") == []
    for who in ("community_staff", "street_staff", "team_leader", "oversight"):
        assert await ids(who, "scope=area") == made[::-1], who
    assert await ids("community_staff", "scope=led") == made[::-1]
    assert await ids("team_leader", "scope=led") == []
    assert await ids("community_staff", f"scope=area&status=confirmed&opening={opening['id']}") == made[:4][::-1]
    assert await ids("community_staff", f"scope=area&opening={new_id()}") == []
    for who in ("volunteer", "resident", "building_head", "strange_staff", "stranger"):
        assert await ids(who, "scope=area") == [], who
    page = (await world.street_staff.get("/service-records?scope=area&limit=3")).json()
    rest = (await world.street_staff.get(f"/service-records?scope=area&limit=3&cursor={page['next_cursor']}")).json()
    assert [item["id"] for item in page["items"] + rest["items"]] == made[::-1] and rest["next_cursor"] is None
    assert all(
        "person" not in item for item in (await world.oversight.get("/service-records?scope=area")).json()["items"]
    )


async def test_a_leader_of_a_small_area_sees_the_records_of_that_area(
    world: World, clock: MovedClock, issuer: TokenIssuer
) -> None:
    for area in ("building", "grid2"):
        opening = await opened(world, clock, by=world.community_staff, area_id=str(world.ids[area]))
        await claimed(world, opening, by=volunteers(world, issuer, 1)[0])
    grants = (Grant(Role.TEAM_LEADER, world.ids["grid"]), Grant(Role.TEAM_LEADER, world.ids["there"]))
    actor = Actor(new_id(), grants)
    leader = Person("leader", actor.person_id, issuer.access_token(actor), world.volunteer.client)
    (only,) = (await leader.get("/service-records?scope=area&with=allowed_actions")).json()["items"]
    assert only["area"]["id"] == str(world.ids["building"]) and only["allowed_actions"] == []
