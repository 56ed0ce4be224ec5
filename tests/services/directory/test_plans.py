"""No statement of the directory that runs while somebody waits, or again and again, reads all of a table that grows.

Driven through the API on 20,000 buildings, 100,000 organisations and 100,000 people; PostgreSQL logs what was sent and
how it was carried out.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.assemble import Assembly
from deploy.machine.servers import Servers
from services.directory.actions.tokens import actor_for, actors_for, person_by_key
from services.directory.house import House
from services.directory.queries.changes import _decode, _encode
from shared.contracts.directory import Changes
from shared.infra import bus, outbox
from shared.infra.internal import internal_headers
from shared.infra.outbox import Relay
from tests.bench.data import Town, found_town
from tests.bench.elsewhere import add_elsewhere, points
from tests.bench.filling import filling
from tests.services.directory.crowd import (
    CATALOGUE,
    CATALOGUED,
    COUNCILS,
    FILLED,
    MORE,
    OF_COUNCILS,
    REGISTER,
)
from tests.services.directory.test_credit_code import with_check_character
from tests.support.person import Person
from tests.support.plans import Plans, _read, check, fill_frame, installation

_SMALL = frozenset({"lease", "office_kind"})


@dataclass
class Here:
    """A street, and a district beside it."""

    town: Town
    people: dict[str, Person]
    assembly: Assembly
    plans: Plans

    @property
    def house(self) -> House:
        house: House = self.assembly.app("directory").state.house
        return house

    async def check(self, work: Any) -> None:
        check(await self.plans.of(work), _SMALL)


@pytest.fixture(scope="module")
async def here(servers: Servers, environment: dict[str, str]) -> AsyncIterator[Here]:
    async with installation(servers, environment, "directory") as given:
        town = await found_town(given)
        await add_elsewhere(given, "directory")
        async with filling(given, "directory", *FILLED) as connection:
            await connection.execute(MORE)
            await connection.execute(REGISTER.replace("$1", f"'{town.community_id}'"))
        async with filling(given, "directory", *CATALOGUED) as connection:
            await connection.execute(CATALOGUE)
        async with filling(given, "directory", *OF_COUNCILS) as connection:
            await connection.execute(COUNCILS)
        await fill_frame(given, "directory")
        assembly = Assembly()
        transport = httpx.ASGITransport(app=assembly.gateway, raise_app_exceptions=False)
        async with (
            assembly.gateway.router.lifespan_context(assembly.gateway),
            httpx.AsyncClient(transport=transport, base_url="http://linli") as client,
        ):
            people = {
                name: Person(name, town.actors[name].person_id, token, client) for name, token in town.tokens.items()
            }
            yield Here(town, people, assembly, Plans(servers.postgres.log))


_WHO = ["resident", "grid_officer", "property_staff", "community_staff", "street_staff"]


@pytest.mark.parametrize("who", _WHO)
async def test_a_place_is_found_among_all_the_polygons(here: Here, who: str) -> None:
    person = here.people[who]

    async def ask() -> None:
        for inside, status in ((True, 200), (False, 404)):
            for lon, lat in points(5, inside=inside):
                answer = await person.get(f"/areas/locate?lat={lat}&lon={lon}&coord_sys=wgs84")
                assert answer.status_code == status, answer.text
        lat, lon = here.town.place
        assert (await person.get(f"/areas/locate?lat={lat}&lon={lon}&coord_sys=wgs84")).status_code == 200

    await here.check(ask)


@pytest.mark.parametrize("who", _WHO)
async def test_reading_one_reads_one(here: Here, who: str) -> None:
    person = here.people[who]
    await here.check(lambda: person.get("/me"))
    await here.check(lambda: person.get(f"/areas/{here.town.community_id}"))
    await here.check(lambda: person.get(f"/areas/{here.town.street_id}"))


@pytest.mark.parametrize("filters", ["", "kind=property_company", "q=property", "q=%E7%94%B5%E6%A2%AF", "limit=50"])
@pytest.mark.parametrize("who", _WHO)
async def test_a_list_of_organisations_reads_those_of_the_scope(here: Here, who: str, filters: str) -> None:
    await here.check(lambda: here.people[who].get(f"/organisations?{filters}"))


_OF_AN_ORGANISATION = ["", "/history", "/supports"]


@pytest.mark.parametrize("who", _WHO)
async def test_who_is_meant_and_who_handles_what_is_looked_up(here: Here, who: str) -> None:
    person, town = here.people[who], here.town
    assert await here.house.pool.fetchval("select count(*) from organisation") > 100_000
    for name in ("物业公司（东街道办事处）", "远处小店3"):
        await here.check(lambda path=f"/organisations/resolve?name={name}": person.get(path))
    for area in (town.community_id, town.street_id):
        await here.check(lambda path=f"/organisations?area={area}&q=a": person.get(path))
        await here.check(lambda path=f"/responsibilities?category=doors&area={area}": person.get(path))


@pytest.mark.parametrize("what", _OF_AN_ORGANISATION)
async def test_what_is_said_of_an_organisation_is_read_from_there(here: Here, what: str) -> None:
    for id in (await _one(here, here.town.community_id), await _one(here, here.town.street_id)):
        answer = await here.people["street_staff"].get(f"/organisations/{id}{what}")
        assert answer.status_code == 200, answer.text
        await here.check(lambda path=f"/organisations/{id}{what}": here.people["street_staff"].get(path))


async def _one(here: Here, tenant_id: UUID) -> UUID:
    """An organisation that this tenant keeps."""
    clerk = here.people["street_staff"]
    body = {"tenant_id": str(tenant_id), "kind": "school", "name": "小学", "confirm_new": True}
    return UUID((await clerk.post("/organisations", body)).json()["id"])


async def test_entering_supporting_and_merging_looks_nothing_through(here: Here) -> None:
    clerk, community = here.people["street_staff"], str(here.town.community_id)
    codes = iter(_codes())

    async def work() -> None:
        body = {
            "tenant_id": community,
            "kind": "school",
            "name": "远处小店3",
            "confirm_new": True,
            "serves": [community],
        }
        ids = []
        for _ in range(2):
            made = await clerk.post("/organisations", body | {"credit_code": next(codes)})
            assert made.status_code == 201, made.text
            ids.append(made.json()["id"])
            supported = await clerk.post(f"/organisations/{ids[-1]}/supports", {"area_id": community})
            assert supported.status_code == 200, supported.text
        warned = await clerk.post("/organisations", body | {"confirm_new": False})
        assert warned.status_code == 409, warned.text
        merged = await clerk.post(f"/organisations/{ids[0]}/merge", {"organisation_ids": ids[1:]})
        assert merged.status_code == 200, merged.text
        closed = await clerk.post(f"/organisations/{ids[0]}/close")
        assert closed.status_code == 200, closed.text

    await here.check(work)


def _codes() -> Iterator[str]:
    return (with_check_character(f"91350100{n:09}") for n in count(1))


_AREAS = ["", "q=%E5%8F%B7", "kind=building", "parent={community}", "within={street}", "within={street}&kind=building"]


@pytest.mark.parametrize("filters", _AREAS)
@pytest.mark.parametrize("who", _WHO)
async def test_a_list_of_areas_reads_those_of_the_scope(here: Here, who: str, filters: str) -> None:
    filters = filters.format(community=here.town.community_id, street=here.town.street_id)
    await here.check(lambda: here.people[who].get(f"/areas?{filters}"))


_BELOW = ["tree?depth=2", "officers", "officers?below=true", "coverage", "history"]


@pytest.mark.parametrize("what", _BELOW)
async def test_what_lies_in_an_area_is_read_from_there(here: Here, what: str) -> None:
    for place in (here.town.community_id, here.town.street_id):
        await here.check(lambda path=f"/areas/{place}/{what}": here.people["street_staff"].get(path))


_PEOPLE = ["", "q=%E6%9D%8E", "q=%E6%9D%8Ea", "area={community}", "area={building}", "area={building}&q=%E6%9D%8E"]


@pytest.mark.parametrize("who", ["grid_officer", "community_staff", "street_staff"])
async def test_people_are_found_without_reading_all_of_them(here: Here, who: str) -> None:
    staff = here.people[who]
    building = await here.house.pool.fetchval("select id from area where name = '楼' order by id limit 1")
    someone = await here.house.pool.fetchval("select id from person where home_id = $1 order by id limit 1", building)
    for filters in _PEOPLE:
        query = filters.format(community=here.town.community_id, building=building)
        await here.check(lambda query=query: staff.get(f"/people?{query}"))
    await here.check(lambda: staff.post("/people/look-up", {"phone": "13809901234"}))
    if who != "grid_officer":  # one of those whom the log is about
        await here.check(lambda: staff.get(f"/people/{someone}/access-log"))
    await here.check(lambda: staff.get(f"/areas/{building}/households"))
    await here.check(lambda: staff.get(f"/people/{someone}"))
    await here.check(lambda: staff.get("/care"))
    await here.check(lambda: staff.get(f"/people/{someone}/care"))


_HELD = [
    *("offices", "offices?kind=building_head", "offices?area={building}", "offices?person={holder}"),
    *("grants?area={community}", "grants?area={community}&role=resident", "grants?person={holder}"),
    "areas/{community}/grants/history",
]


@pytest.mark.parametrize("what", _HELD)
async def test_offices_and_roles_are_read_where_they_are_held(here: Here, what: str) -> None:
    of_one = "select area_id, person_id from office where tenant_id = $1 order by id limit 1"
    row = await here.house.pool.fetchrow(of_one, here.town.community_id)
    path = what.format(community=here.town.community_id, building=row["area_id"], holder=row["person_id"])
    await here.check(lambda: here.people["street_staff"].get(f"/{path}"))


async def test_figures_are_counted_of_what_lies_in_the_area_alone(here: Here) -> None:
    """All who live there are read, since they are counted; nobody else is."""
    living = "select count(*) from person p join area a on a.id = p.home_id where $1 = any(a.ancestors || a.id)"
    for place in (here.town.community_id, here.town.street_id):
        most = 1000 + await here.house.pool.fetchval(living, place)
        plans = await here.plans.of(
            lambda at=place: here.people["street_staff"].get(f"/statistics/directory?area={at}")
        )
        for plan in plans:
            assert not [fault for fault in plan.faults(_SMALL) if fault.startswith("reads all")], plan
            assert all(_read(step) <= most for step in plan.steps() if "Relation Name" in step), plan


_PLACE = "select c.xid::text as xid, c.seq from change c order by c.xid, c.seq"


async def test_the_change_feed_costs_a_page_wherever_it_is_read(here: Here) -> None:
    directory = here.assembly.internal("directory")
    headers = internal_headers(here.house.settings.service_token_key, "petitions")

    first = await directory.get("/internal/v1/changes", params={"limit": 1}, headers=headers)
    feed, _, _ = _decode(Changes.model_validate_json(first.content).next)
    places = [""]
    for share in ("count(*) / 2", "count(*) - 1"):
        there = await here.house.pool.fetchrow(f"{_PLACE} offset (select {share} from change) limit 1")
        places.append(_encode(feed, int(there["xid"]), there["seq"]))
    for number, after in enumerate(places):
        ask = partial(directory.get, "/internal/v1/changes", params={"after": after}, headers=headers)
        answer = Changes.model_validate_json((await ask()).content)
        assert (answer.next != after) == answer.more == (number < 2)
        await here.check(ask)


async def test_who_somebody_is_reads_that_person(here: Here) -> None:
    ids = [person.id for person in here.people.values()]
    key = await here.house.pool.fetchval("select external_key from person where id = $1", ids[0])

    async def ask() -> None:
        assert (await actor_for(here.house.pool, ids[0])).grants
        assert len(await actors_for(here.house.pool, ids)) == len(ids)
        assert await person_by_key(here.house.pool, key) == ids[0]

    await here.check(ask)


async def test_what_runs_again_and_again_reads_what_waits(here: Here) -> None:
    async with bus.connect(here.house.settings.bus_url, "directory") as client:
        relay = Relay("directory", here.house.pool, client)

        async def look() -> None:
            assert await relay.holds_lease()
            await relay.publish_batch()
            for statement, age in outbox._FORGET:
                await here.house.pool.execute(statement, datetime.now(UTC) - age)

        await here.check(look)


_NEAR = "near=40.32,100.32&coord_sys=wgs84"
_AROUND = [
    f"/facilities?{_NEAR}",
    f"/facilities?{_NEAR}&within=5000&kind=library&limit=100",
    f"/services?{_NEAR}",
    f"/services?{_NEAR}&within=5000&q=%E4%BF%AE&limit=100",
    f"/services?{_NEAR}&within=5000&q=nothing",
    f"/services?{_NEAR}&open_now=true",
    "/circles?lat=40.32&lon=100.32&coord_sys=wgs84",
]


@pytest.mark.parametrize("path", _AROUND)
async def test_what_is_near_is_found_by_its_index_among_a_hundred_thousand(here: Here, path: str) -> None:
    found = (await here.people["resident"].get(path)).json()
    assert "next_cursor" in found or found["circles"]
    await here.check(lambda: here.people["resident"].get(path))


@pytest.mark.parametrize("filters", ["", "category=repairs", "q=%E4%BF%AE", "open_now=true", "area={community}"])
@pytest.mark.parametrize("who", ["resident", "street_staff"])
async def test_a_list_of_services_reads_those_of_the_scope(here: Here, who: str, filters: str) -> None:
    filters = filters.format(community=here.town.community_id)
    await here.check(lambda: here.people[who].get(f"/services?{filters}"))
    await here.check(lambda: here.people[who].get("/facilities"))


async def test_one_entry_of_the_catalogue_reads_one(here: Here) -> None:
    ids = await here.house.pool.fetchrow("select facility_id, service_id from service_place limit 1")
    for path in (f"/facilities/{ids['facility_id']}", f"/services/{ids['service_id']}"):
        await here.check(lambda path=path: here.people["resident"].get(f"{path}?{_NEAR}"))


_TIES = [
    "memberships?organisation={organisation}",
    "memberships?person={person}",
    "enrolments",
    "enrolments?community={community}",
    "organisations/{organisation}/enrolments",
    "areas/{street}/enrolments",
    "councils",
    "councils?area={street}",
]


@pytest.mark.parametrize("path", _TIES)
async def test_who_belongs_and_enrolled_where_reads_that_place(here: Here, path: str) -> None:
    """Among 100,000 enrolments."""
    assert await here.house.pool.fetchval("select count(*) from enrolment") >= 100_000
    person = here.people["street_staff"]
    unit = await here.house.pool.fetchval("select organisation_id from enrolment limit 1")
    ids = {"organisation": unit, "person": person.id}
    path = path.format(**ids, community=here.town.community_id, street=here.town.street_id)

    async def ask() -> None:
        assert (await person.get(f"/{path}")).status_code in (200, 404)

    await here.check(ask)


@pytest.fixture(scope="module")
async def joint_work(here: Here) -> dict[str, str]:
    """What the council of the street has: one of each, by noun."""
    clerk, ids = here.people["street_staff"], {}

    async def made(noun: str, **body: Any) -> None:
        answer = await clerk.post(f"/{noun}s", body | ({"council_id": ids["council"]} if ids else {}))
        assert answer.status_code == 201, answer.text
        ids[noun] = answer.json()["id"]

    await made("council", area_id=str(here.town.street_id), name="大工委", rhythms=[], starts_on="2026-01-01")
    unit = str(await _one(here, here.town.street_id))
    assert (await clerk.post(f"/councils/{ids['council']}/seat", {"organisation_id": unit})).status_code == 200
    await made("need", kind="room", title="缺场地")
    await made("resource", kind="room", title="礼堂", organisation_id=unit)
    today = datetime.now(UTC).date()
    term = {"starts_on": str(today), "ends_on": str(today.replace(year=today.year + 2, day=1))}
    await made("agreement", title="协议", party_ids=[unit], clauses=[{"field": "safety", "text": "巡逻"}], **term)
    await made("project", title="项目", need_ids=[ids["need"]], resource_ids=[ids["resource"]])
    return ids


_JOINT_WORK = [
    *(f"{noun}s?council={{council}}" for noun in ("agreement", "resource", "need", "project")),
    *("agreements?council={council}&state=current", "needs?council={council}&kind=room"),
    *("projects?council={council}&state=open", "councils/{council}", "agreements/{agreement}", "needs/{need}"),
    *(f"{noun}s/{{{noun}}}/history" for noun in ("council", "agreement", "resource", "need", "project")),
]


@pytest.mark.parametrize("path", _JOINT_WORK)
async def test_the_lists_of_a_council_are_read_alone(here: Here, joint_work: dict[str, str], path: str) -> None:
    """Among a hundred thousand of each."""
    for table in ("agreement", "resource", "need", "project", "record_history"):
        assert await here.house.pool.fetchval(f"select count(*) from {table}") >= 100_000, table

    async def ask() -> None:
        answer = await here.people["street_staff"].get(f"/{path.format(**joint_work)}")
        assert answer.status_code == 200, answer.text

    await here.check(ask)
