"""No statement of petitions that runs while somebody waits, or again and again, reads all of a table that grows.

Driven through the API and the jobs on 100,000 petitions; PostgreSQL logs what was sent and how it was carried out.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import pytest

from deploy.assemble import Assembly
from deploy.machine.servers import Servers
from services.petitions.actions.forgetting import forget_untaken
from services.petitions.actions.merging import take_over
from services.petitions.queries import internal
from shared.contracts.directory import OrganisationMerged
from shared.contracts.events import Envelope
from shared.infra import bus, outbox
from shared.infra.outbox import Relay
from shared.kernel.ids import new_id
from tests.bench.data import Town, closed_petitions, found_town
from tests.bench.elsewhere import add_elsewhere
from tests.bench.reports import make_petitions
from tests.support.person import Person
from tests.support.plans import Plans, check, fill_frame, installation

_PETITIONS = 100_000
#: Tables that do not grow with what people do.
_SMALL = frozenset({"lease", "feed_position"})


@dataclass
class Here:
    """A street in which much was reported."""

    town: Town
    people: dict[str, Person]
    assembly: Assembly
    plans: Plans
    environment: dict[str, str]
    closed: list[Any]

    async def check(self, work: Any) -> None:
        check(await self.plans.of(work), _SMALL)


@pytest.fixture(scope="module")
async def here(servers: Servers, environment: dict[str, str]) -> AsyncIterator[Here]:
    async with installation(servers, environment, "petitions") as given:
        await add_elsewhere(given, "petitions")
        town = await found_town(given)
        await make_petitions(given, town.category_ids, _PETITIONS)
        await fill_frame(given, "petitions")
        assembly = Assembly()
        transport = httpx.ASGITransport(app=assembly.gateway, raise_app_exceptions=False)
        async with (
            assembly.gateway.router.lifespan_context(assembly.gateway),
            httpx.AsyncClient(transport=transport, base_url="http://linli") as client,
        ):
            people = {
                name: Person(name, town.actors[name].person_id, token, client) for name, token in town.tokens.items()
            }
            closed = await closed_petitions(given, people["resident"].id)
            yield Here(town, people, assembly, Plans(servers.postgres.log), given, closed)


_FILTERS = ["", "status=submitted", "status=submitted,accepted", "category={category}", "q=电梯", "q={number}"]
_FILTERS += ["q=没有人说过", "category={category}&status=submitted&q=楼道", "with=allowed_actions"]
_SCOPES = [("resident", "mine"), ("grid_officer", "held"), ("property_staff", "held"), ("grid_officer", "area")]
_SCOPES += [("community_staff", "area"), ("street_staff", "area")]


@pytest.mark.parametrize("filters", _FILTERS)
@pytest.mark.parametrize(("who", "scope"), _SCOPES)
async def test_a_list_reads_little_more_than_it_shows(here: Here, who: str, scope: str, filters: str) -> None:
    given = filters.format(category=here.town.category_ids[3], number=here.closed[0]["number"])
    await here.check(lambda: here.people[who].get(f"/petitions?scope={scope}&{given}"))


async def test_a_search_finds_what_is_far_back(here: Here) -> None:
    oldest = (await closed_petitions(here.environment, here.people["resident"].id, 1000))[-1]
    for who in ("community_staff", "street_staff"):
        found = (await here.people[who].get(f"/petitions?scope=area&q={oldest['number']}")).json()["items"]
        assert [item["id"] for item in found] == [str(oldest["id"])]


async def test_reading_one_reads_one(here: Here) -> None:
    path = f"/petitions/{here.closed[0]['id']}"
    await here.check(lambda: here.people["resident"].get(path))
    await here.check(lambda: here.people["community_staff"].get(f"{path}/history"))
    await here.check(lambda: here.people["resident"].get("/categories"))
    pool = here.assembly.app("petitions").state.house.pool
    await here.check(lambda: internal.state(pool, here.closed[0]["id"]))


async def test_every_step_of_a_petition_touches_that_petition_alone(here: Here) -> None:
    people = here.people
    staff = people["property_staff"]
    lead = {"type": "organisation", "id": str(next(iter(here.town.actors["property_staff"].organisations())))}
    numbers = count(1)

    async def journey() -> None:
        key = {"idempotency-key": f"plans-{next(numbers)}"}
        for _ in range(2):  # the second time it is known already
            made = await people["resident"].post("/petitions", here.town.report(""), headers=key)
        path = f"/petitions/{made.json()['id']}"
        steps: list[tuple[Person, str, dict[str, Any]]] = [
            (people["community_staff"], "accept", {"category": str(here.town.category_ids[1])}),
            (people["community_staff"], "dispatch", {"lead": lead}),
            (staff, "start", {}),
            (staff, "resolve", {"outcome": "solved", "text": "好了"}),
            (people["resident"], "dispute", {"solved": "no", "text": "没有好"}),
            (staff, "resolve", {"outcome": "solved", "text": "好了"}),
            (people["resident"], "confirm", {"rating": 5, "contacted": True}),
        ]
        for who, action, body in steps:
            answer = await who.post(f"{path}/{action}", body)
            assert answer.status_code == 200, answer.text

    await here.check(journey)


async def test_what_runs_again_and_again_reads_what_waits(here: Here) -> None:
    house = here.assembly.app("petitions").state.house
    async with bus.connect(house.settings.bus_url, "petitions") as client:
        relay = Relay("petitions", house.pool, client)

        async def look() -> None:
            assert await relay.holds_lease()
            await relay.publish_batch()
            await forget_untaken(house, datetime.now(UTC))
            await house.directory.catch_up()
            for statement, age in outbox._FORGET:
                await house.pool.execute(statement, datetime.now(UTC) - age)

        await here.check(look)


async def test_what_merged_organisations_held_is_found_by_its_holder(here: Here) -> None:
    house = here.assembly.app("petitions").state.house
    pair = [new_id(), new_id()]
    some = "select id from petition where holder_type = 'organisation' limit 20"
    await house.pool.execute(f"update petition set holder_id = $1 where id in ({some})", pair[0])

    async def merge() -> None:
        payload = OrganisationMerged(from_organisation_ids=pair[:1], to_organisation_id=pair[1])
        told = {"type": "organisation.merged", "tenant_id": pair[1], "aggregate_id": pair[1], "aggregate_version": 2}
        await take_over(
            house, Envelope(id=new_id(), at=datetime.now(UTC), payload=payload.model_dump(mode="json"), **told)
        )
        pair.reverse()

    await here.check(merge)
    assert await house.pool.fetchval("select count(*) from petition where holder_id = any($1)", pair) == 20
