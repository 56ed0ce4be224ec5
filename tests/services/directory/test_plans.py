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
from tests.services.directory.test_credit_code import with_check_character
from tests.support.person import Person
from tests.support.plans import Plans, _read, check, fill_frame, installation

_SMALL = frozenset({"lease", "office_kind"})
_CATALOGUED = "facility", "service", "service_place", "catalogue_history"
_FILLED = (
    *("organisation", "organisation_history", "support", "person", "role_grant", "membership", "change"),
    *("household", "sealed_value", "access_log", "care", "care_helper"),
)

#: What goes with the people elsewhere: their roles, who works where, keys, and all of it in the change feed.
_MORE = """
insert into organisation (tenant_id, id, version, kind, name, serves, serves_tenants, aliases, closed, search_keys,
                          credit_code, responsibilities)
select tenant_id, md5(id::text || n)::uuid, 1, 'shop', '远处小店' || n, serves, serves, '{}', false,
       array['远处小店' || n], upper(md5(id::text || n)), '[{"category": "doors", "level": "community"}]'
  from organisation, generate_series(1, 50) n where name like '远处%';
insert into organisation_history (tenant_id, id, organisation_id, version, at, action, actor_role, facts)
select tenant_id, gen_random_uuid(), id, 1, now(), 'create', 'community_admin', '{}' from organisation
 where name like '远处小店%';
insert into support (tenant_id, id, version, organisation_id, area_id, starts_on)
select tenant_id, gen_random_uuid(), 1, id, tenant_id, date '2026-01-01' from organisation where name like '远处小店%';
update person set external_key = id::text where name = '远处居民';
insert into role_grant (tenant_id, id, version, person_id, role, area_id)
select tenant_id, gen_random_uuid(), 1, id, 'resident', tenant_id from person where name = '远处居民';
insert into membership (tenant_id, id, version, person_id, organisation_id, kind, starts_on)
select tenant_id, gen_random_uuid(), 1, md5(tenant_id::text || ' person ' || n)::uuid, id, 'staff', date '2025-01-01'
  from organisation, generate_series(2, 6) n where name like '远处 %';
insert into enrolment (tenant_id, id, version, organisation_id, person_id, told_on, starts_on)
select tenant_id, gen_random_uuid(), 1, md5(tenant_id::text || 'property_company')::uuid, id, date '2026-01-01',
       date '2026-01-02' from person where name = '远处居民';
insert into change (tenant_id, kind, entity_id) select tenant_id, 'area', id from area where name like '远处%';
insert into change (tenant_id, kind, entity_id) select tenant_id, 'organisation', id from organisation
 where name like '远处%';
insert into change (tenant_id, kind, entity_id) select tenant_id, 'person', id from person where name = '远处居民';
insert into change (tenant_id, kind, entity_id) select tenant_id, 'office', id from office
 where kind = 'building_head' and tenant_id in (select tenant_id from person where name = '远处居民');
"""

#: A large community: 50,000 people in 1,000 buildings with two sealed texts each, and one of them often looked at.
_REGISTER = """
create temp table house as
select a.tenant_id, b.id, row_number() over () as n from area a,
       lateral (select md5(a.id::text || ' house ' || n)::uuid as id from generate_series(1, 1000) n) b where a.id = $1;
insert into area (tenant_id, id, version, parent_id, ancestors, kind, name, closed)
select h.tenant_id, h.id, 1, a.id, a.ancestors || a.id, 'building', '楼', false from house h join area a on a.id = $1;
insert into household (tenant_id, id, version, area_id, closed)
select h.tenant_id, md5(h.id::text || d)::uuid, 1, h.id, false from house h, generate_series(1, 20) d;
insert into person (tenant_id, id, version, name, home_id, household_id, erased)
select h.tenant_id, gen_random_uuid(), 1, substr('赵钱孙李周吴郑王冯陈', 1 + d % 10, 1) || md5(h.id::text || d),
       h.id, md5(h.id::text || (1 + d % 20))::uuid, false from house h, generate_series(1, 50) d;
insert into sealed_value (tenant_id, owner_id, field, key_id, value, blind)
select p.tenant_id, p.id, field, 'data-1', sha256(p.id::text::bytea), sha256((p.id::text || field)::bytea)
  from person p, unnest(array['id_number', 'address']) field where p.home_id in (select id from house);
insert into care (tenant_id, person_id, version, kinds)
select p.tenant_id, p.id, 1, '{lives_alone}' from person p where p.home_id in (select id from house);
insert into care_helper (tenant_id, id, person_id, helper_id, starts_on)
select p.tenant_id, gen_random_uuid(), p.id, h.id, date '2026-01-01' from person p,
       lateral (select x.id from person x where x.home_id = p.home_id order by x.id limit 2) h
 where p.home_id in (select id from house);
insert into access_log (tenant_id, id, person_id, at, actor_id, actor_role, reason, fields)
select p.tenant_id, gen_random_uuid(), p.id, now(), gen_random_uuid(), 'grid_officer', 'service', '{phone}'
  from (select * from person where home_id in (select id from house) order by id limit 1000) p, generate_series(1, 100);
"""

#: 100,000 facilities and as many services elsewhere, a hundred in each community, of twenty kinds.
_CATALOGUE = """
create temp table given as
select c.tenant_id, md5(c.id::text || ' facility ' || n)::uuid as id,
       md5(c.id::text || ' service ' || n)::uuid as service,
       c.lat + (random() - 0.5) * 0.02 as lat, c.lon + (random() - 0.5) * 0.02 as lon,
       (select array_agg(key order by key) from facility_kind) as kinds, n
  from area c, generate_series(1, 100) n where c.kind = 'community' and c.name like '远处%';
create temp table placed as
select *, format('(%s, %s, %s)', 6371008.8 * cos(radians(lat)) * cos(radians(lon)),
                 6371008.8 * cos(radians(lat)) * sin(radians(lon)), 6371008.8 * sin(radians(lat)))::cube as spot
  from given;
insert into facility (tenant_id, id, version, kind, name, area_id, lat, lon, spot, given_lat, given_lon, coord_sys,
                      access, schedule, closed, external_key)
select tenant_id, id, 1, kinds[1 + n % 20], '远处设施', tenant_id, lat, lon, spot, lat, lon, 'wgs84', '{}',
       '{"weekly": [{"days": ["mo"], "opens": "08:30", "closes": "12:00"}], "dates": [], "observes_holidays": true}',
       false, id::text from placed;
insert into service (tenant_id, id, version, category, name, aliases, area_id, documents, costs, errand, closed,
                     external_key)
select tenant_id, service, 1, 'repairs', '远处服务', '{修理}', tenant_id, '[]', '[]', false, false, service::text
  from placed;
insert into service_place (tenant_id, id, version, service_id, facility_id, area_id, lat, lon, spot, closed)
select tenant_id, service, 1, service, id, tenant_id, lat, lon, spot, false from placed;
insert into catalogue_history (tenant_id, id, entry_id, version, at, action, actor_role, facts)
select tenant_id, id, id, 1, now(), 'create', 'operator', '{}' from placed;
"""


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
        async with filling(given, "directory", *_FILLED) as connection:
            await connection.execute(_MORE)
            await connection.execute(_REGISTER.replace("$1", f"'{town.community_id}'"))
        async with filling(given, "directory", *_CATALOGUED) as connection:
            await connection.execute(_CATALOGUE)
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
