"""actions/load: seeds become rows, all or nothing, and a second time nothing happens."""

import asyncio
import time
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import orjson
import pytest

from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.directory.domain.errors import SeedRefused
from services.directory.domain.seed import (
    AreaSeed,
    DirectorySeed,
    GrantSeed,
    OfficeSeed,
    OrganisationSeed,
    PersonSeed,
)
from services.directory.house import House
from shared.kernel.actor import Grant, Role
from tests.services.directory.town import SINCE, Town, square, town_seed

_TABLES = ["area", "area_polygon", "organisation", "person", "office", "membership", "role_grant", "change", "outbox"]


async def everything(pool: asyncpg.Pool) -> dict[str, Any]:
    """All rows of the directory (of events, that they are there: the relay marks them meanwhile)."""
    rows = {table: "t::text" for table in _TABLES} | {"outbox": "t.seq, t.id, t.payload::text"}
    return {table: await pool.fetch(f"select {what} from {table} t order by 1") for table, what in rows.items()}


async def refused(house: House, seed: DirectorySeed) -> list[tuple[str, str]]:
    """The problems of a seed that is refused, and that nothing was stored of it."""
    before = await everything(house.pool)
    with pytest.raises(SeedRefused) as caught:
        await load(house.pool, house.clock, seed)
    assert await everything(house.pool) == before
    assert all(field.zh and field.en for field in caught.value.fields)
    return [(field.pointer, field.code) for field in caught.value.fields]


async def test_every_key_gets_an_id_and_every_row_is_counted(town: Town, house: House) -> None:
    heard: list[tuple[str, int, int]] = []
    seed = town_seed("counted", 26.0, 100.0)
    loaded = await load(house.pool, house.clock, seed, lambda *step: heard.append(step))
    assert {kind: counts.created for kind, counts in loaded.counts.items()} == {
        "areas": 8,
        "organisations": 5,
        "households": 0,
        "people": 6,
        "offices": 3,
        "memberships": 1,
        "grants": 6,
        "supports": 0,
        "facilities": 0,
        "services": 0,
        "service_places": 0,
    }
    assert set(loaded.ids) == {row.key for row in [*seed.areas, *seed.organisations, *seed.people]}
    assert heard[0] == ("areas", 8, 8) and heard[-1] == ("grants", 6, 6)


async def test_a_second_load_changes_nothing(town: Town, house: House) -> None:
    before = await everything(house.pool)
    again = await load(house.pool, house.clock, town.seed)
    assert await everything(house.pool) == before
    assert all(counts.created == counts.changed == 0 for counts in again.counts.values())
    assert {f"{town.name}/{word}": id for word, id in town.ids.items()} == again.ids


async def test_two_loads_at_the_same_moment_create_once(house: House) -> None:
    seed = town_seed("twice", 26.0, 101.0)
    one, other = await asyncio.gather(*(load(house.pool, house.clock, seed) for _ in range(2)))
    assert one.ids == other.ids
    assert sorted(loaded.counts["areas"].created for loaded in (one, other)) == [0, 8]


async def test_what_changed_gets_a_new_version_and_the_rest_stays(town: Town, house: House) -> None:
    areas = [
        replace(a, name="甲社区（新）", polygons=(square(town.lat, town.lon, 0.0039),))
        if a.key.endswith("/here")
        else a
        for a in town.seed.areas
    ]
    offices = [replace(o, starts_on=date(2025, 6, 1)) if o.kind == "grid_officer" else o for o in town.seed.offices]
    changed = await load(house.pool, house.clock, replace(town.seed, areas=areas, offices=offices))
    assert (changed.counts["areas"].changed, changed.counts["areas"].unchanged) == (1, 7)
    assert (changed.counts["offices"].changed, changed.counts["offices"].created) == (1, 0)
    row = await house.pool.fetchrow("select name, version from area where id = $1", town.ids["here"])
    assert tuple(row) == ("甲社区（新）", 2)
    ring = await house.pool.fetchval("select ring::text from area_polygon where area_id = $1", town.ids["here"])
    assert len(ring.split("),(")) == 5 and str(round(town.lat + 0.0039, 4)) in ring


async def test_one_event_tells_of_a_whole_load(town: Town, house: House) -> None:
    rows = await house.pool.fetch("select * from outbox where aggregate_id = any($1::uuid[])", list(town.ids.values()))
    assert len(rows) == 1
    event = rows[0]
    assert event["type"] == "directory.changed"
    assert event["tenant_id"] == event["aggregate_id"] == town.ids["district"]
    assert set(orjson.loads(event["payload"])["kinds"]) == {"area", "organisation", "person", "office"}
    last = await house.pool.fetchval("select max(seq) from change where xid = (select max(xid) from change)")
    assert event["aggregate_version"] == last


async def test_the_tenant_is_the_nearest_community_street_or_district(town: Town, house: House) -> None:
    rows = await house.pool.fetch("select id, tenant_id, ancestors from area")
    tenants = {row["id"]: row["tenant_id"] for row in rows}
    for own in ("district", "street", "here", "there"):
        assert tenants[town.ids[own]] == town.ids[own]
    for below in ("grid", "compound", "building"):
        assert tenants[town.ids[below]] == town.ids["here"]
    ancestors = {row["id"]: row["ancestors"] for row in rows}
    way = ["district", "street", "here", "grid", "compound"]
    assert ancestors[town.ids["building"]] == [town.ids[word] for word in way]


async def test_a_later_seed_refers_to_what_is_there(town: Town, house: House) -> None:
    later = DirectorySeed(
        areas=[AreaSeed(f"{town.name}/2", f"{town.name}/compound", "building", "2号楼")],
        people=[PersonSeed(f"{town.name}/late", f"{town.name}/here", "赵新来", f"{town.name}/2")],
        grants=[GrantSeed(f"{town.name}/officer", Role.ORGANISATION_STAFF, organisation_key=f"{town.name}/urban")],
    )
    await load(house.pool, house.clock, later)
    actor = await actor_for(house.pool, town.ids["officer"])
    assert Grant(Role.ORGANISATION_STAFF, organisation_id=town.ids["urban"]) in actor.grants


async def test_a_role_that_was_taken_away_does_not_come_back(town: Town, house: House) -> None:
    await house.pool.execute("update role_grant set ends_on = '2026-01-01' where person_id = $1", town.ids["officer"])
    await house.pool.execute("update office set ends_on = '2026-01-01' where person_id = $1", town.ids["officer"])
    again = await load(house.pool, house.clock, town.seed)
    assert again.counts["grants"].created == again.counts["offices"].created == 0
    assert (await actor_for(house.pool, town.ids["officer"])).grants == ()


async def test_an_office_that_begins_anew_after_its_end_is_a_new_one(town: Town, house: House) -> None:
    await house.pool.execute("update office set ends_on = '2026-01-01' where person_id = $1", town.ids["officer"])
    anew = OfficeSeed(f"{town.name}/officer", "grid_officer", f"{town.name}/grid", date(2026, 2, 1))
    loaded = await load(house.pool, house.clock, DirectorySeed(offices=[anew]))
    assert loaded.counts["offices"].created == 1


async def test_an_office_of_the_past_stands_beside_the_one_that_is_held_now(town: Town, house: House) -> None:
    def office(word: str, since: date, until: date | None) -> OfficeSeed:
        return OfficeSeed(f"{town.name}/{word}", "community_party_secretary", f"{town.name}/here", since, until)

    past = [office("officer", date(2023, 1, 1), date(2024, 6, 1)), office("clerk", date(2024, 6, 1), SINCE)]
    loaded = await load(house.pool, house.clock, DirectorySeed(offices=past))
    assert loaded.counts["offices"].created == 2
    again = await load(house.pool, house.clock, DirectorySeed(offices=past))
    assert (again.counts["offices"].created, again.counts["offices"].unchanged) == (0, 2)
    of = "select person_id, starts_on, ends_on from office where area_id = $1 and kind = $2 order by starts_on"
    held = await house.pool.fetch(of, town.ids["here"], "community_party_secretary")
    assert [tuple(row) for row in held] == [
        (town.ids["officer"], date(2023, 1, 1), date(2024, 6, 1)),
        (town.ids["clerk"], date(2024, 6, 1), SINCE),
        (town.ids["clerk"], SINCE, None),
    ]


async def test_what_only_one_may_hold_is_loaded_for_one_at_a_time(town: Town, house: House) -> None:
    """Against who is there, and against the seed itself."""

    def office(word: str, since: date, until: date | None = None) -> OfficeSeed:
        return OfficeSeed(f"{town.name}/{word}", "community_party_secretary", f"{town.name}/here", since, until)

    there = DirectorySeed(offices=[office("officer", date(2026, 1, 1))])
    assert await refused(house, there) == [("/offices/0", "seed.office_taken")]
    both = [office("officer", date(2023, 1, 1), date(2024, 6, 1)), office("head", date(2024, 5, 31), date(2024, 7, 1))]
    assert await refused(house, DirectorySeed(offices=both)) == [("/offices/1", "seed.office_taken")]


async def test_what_was_closed_or_erased_stays_so(town: Town, house: House) -> None:
    await house.pool.execute("update person set erased = true, name = '' where id = $1", town.ids["resident"])
    await house.pool.execute("update area set closed = true where id = $1", town.ids["compound"])
    people = [replace(p, name=p.name + "2") for p in town.seed.people]
    await load(house.pool, house.clock, replace(town.seed, people=people))
    assert await house.pool.fetchval("select name from person where id = $1", town.ids["resident"]) == ""
    assert await house.pool.fetchval("select name from person where id = $1", town.ids["head"]) == "马桂兰2"
    assert await house.pool.fetchval("select closed from area where id = $1", town.ids["compound"])


_RING = square(10, 100, 0.1)
_AREA = AreaSeed("a", None, "community", "社区")
_SEEDS: dict[str, tuple[DirectorySeed, list[tuple[str, str]]]] = {
    "unknown parent": (
        DirectorySeed(areas=[AreaSeed("a", "nowhere", "grid", "网格")]),
        [("/areas/0/parent_key", "seed.unknown_key")],
    ),
    "every unknown reference": (
        DirectorySeed(
            areas=[_AREA],
            organisations=[OrganisationSeed("o", "x1", "school", "小学", parent_key="x2", serves_keys=("a", "x3"))],
            people=[PersonSeed("p", "x4", "张三", "x5")],
            offices=[OfficeSeed("x6", "grid_officer", "x7", SINCE)],
            grants=[GrantSeed("p", Role.RESIDENT, organisation_key="x8")],
        ),
        [
            ("/organisations/0/tenant_key", "seed.unknown_key"),
            ("/organisations/0/serves_keys/1", "seed.unknown_key"),
            ("/people/0/tenant_key", "seed.unknown_key"),
            ("/people/0/home_key", "seed.unknown_key"),
            ("/offices/0/area_key", "seed.unknown_key"),
            ("/organisations/0/parent_key", "seed.unknown_key"),
            ("/grants/0/organisation_key", "seed.unknown_key"),
            ("/offices/0/person_key", "seed.unknown_key"),
        ],
    ),
    "duplicate keys, also across kinds": (
        DirectorySeed(areas=[_AREA, _AREA], people=[PersonSeed("a", "a", "张三")]),
        [("/areas/1", "seed.duplicate"), ("/people/0", "seed.duplicate")],
    ),
    "the same office twice": (
        DirectorySeed(
            areas=[_AREA],
            people=[PersonSeed("p", "a", "张三")],
            offices=[OfficeSeed("p", "grid_officer", "a", SINCE)] * 2,
        ),
        [("/offices/1", "seed.duplicate")],
    ),
    "a cycle of areas": (
        DirectorySeed(areas=[AreaSeed("a", "b", "grid", "甲"), AreaSeed("b", "a", "grid", "乙")]),
        [("/areas", "seed.cycle")],
    ),
    "a cycle of organisations": (
        DirectorySeed(areas=[_AREA], organisations=[OrganisationSeed("o", "a", "school", "小学", parent_key="o")]),
        [("/organisations", "seed.cycle")],
    ),
    "an open polygon": (
        DirectorySeed(areas=[replace(_AREA, polygons=(_RING[:-1],))]),
        [("/areas/0/polygons/0", "seed.polygon_open")],
    ),
    "two points": (
        DirectorySeed(areas=[replace(_AREA, polygons=(_RING, ((10, 100), (11, 100), (10, 100))))]),
        [("/areas/0/polygons/1", "seed.polygon_points")],
    ),
    "an empty polygon": (
        DirectorySeed(areas=[replace(_AREA, polygons=((),))]),
        [("/areas/0/polygons/0", "seed.polygon_open")],
    ),
    "a bow-tie": (
        DirectorySeed(areas=[replace(_AREA, polygons=(((10, 100), (11, 101.5), (10, 101), (11, 100), (10, 100)),))]),
        [("/areas/0/polygons/0", "seed.polygon_crossing")],
    ),
    "latitude and longitude swapped": (
        DirectorySeed(areas=[replace(_AREA, centre=(114.0, 22.5), polygons=(square(114, 22, 0.1),))]),
        [("/areas/0/centre", "seed.degrees"), ("/areas/0/polygons/0", "seed.degrees")],
    ),
    "no number": (
        DirectorySeed(areas=[replace(_AREA, centre=(float("nan"), 22.5))]),
        [("/areas/0/centre", "seed.degrees")],
    ),
    "a role without root": (
        DirectorySeed(areas=[_AREA], people=[PersonSeed("p", "a", "张三")], grants=[GrantSeed("p", Role.RESIDENT)]),
        [("/grants/0", "seed.role_root")],
    ),
    "a role with two roots": (
        DirectorySeed(
            areas=[_AREA],
            organisations=[OrganisationSeed("o", "a", "school", "小学")],
            people=[PersonSeed("p", "a", "张三")],
            grants=[GrantSeed("p", Role.RESIDENT, "a", "o")],
        ),
        [("/grants/0", "seed.role_root")],
    ),
    "an area in no tenant": (
        DirectorySeed(areas=[AreaSeed("g", None, "grid", "网格"), AreaSeed("b", "g", "building", "1号楼")]),
        [("/areas/0", "seed.no_tenant")],
    ),
    "a kind that there is not": (
        DirectorySeed(areas=[AreaSeed("c", None, "city", "市")]),
        [("/areas/0/kind", "seed.unknown_kind")],
    ),
    "a parent that ranks below": (
        DirectorySeed(areas=[_AREA, AreaSeed("g", "a", "grid", "网格"), AreaSeed("n", "g", "residents_group", "一组")]),
        [("/areas/2/parent_key", "seed.rank")],
    ),
    "swapped, and still degrees": (
        DirectorySeed(areas=[replace(_AREA, centre=(84.8, 45.6), polygons=(square(84.8, 45.6, 0.1),))]),
        [("/areas/0/centre", "seed.swapped"), ("/areas/0/polygons/0", "seed.swapped")],
    ),
    "kept by something that is no tenant": (
        DirectorySeed(areas=[_AREA, AreaSeed("g", "a", "grid", "网格")], people=[PersonSeed("p", "g", "张三")]),
        [("/people/0/tenant_key", "seed.not_a_tenant")],
    ),
}


@pytest.mark.parametrize("what", _SEEDS)
async def test_a_wrong_seed_is_refused_by_name_and_nothing_is_stored(what: str, house: House) -> None:
    seed, problems = _SEEDS[what]
    assert await refused(house, seed) == problems


async def test_a_load_moves_nothing(town: Town, house: House) -> None:
    moves = {"grid": "there", "building": "grid"}
    areas = [
        replace(a, parent_key=f"{town.name}/{moves[word]}") if (word := a.key.split("/")[1]) in moves else a
        for a in town.seed.areas
    ]
    # The building is not judged: it lies below the grid that is refused.
    assert await refused(house, replace(town.seed, areas=areas)) == [("/areas/3", "seed.moved")]
    people = [replace(p, tenant_key=f"{town.name}/there") for p in town.seed.people[:1]]
    assert await refused(house, DirectorySeed(people=people)) == [("/people/0", "seed.moved")]


async def test_two_thousand_people_take_less_than_two_seconds(town: Town, house: House) -> None:
    people = [
        PersonSeed(f"{town.name}/many/{i}", f"{town.name}/here", f"居民{i}", f"{town.name}/building")
        for i in range(2000)
    ]
    grants = [GrantSeed(person.key, Role.RESIDENT, area_key=f"{town.name}/here") for person in people]
    started = time.perf_counter()
    loaded = await load(house.pool, house.clock, DirectorySeed(people=people, grants=grants))
    assert time.perf_counter() - started < 2
    assert loaded.counts["people"].created == loaded.counts["grants"].created == 2000
