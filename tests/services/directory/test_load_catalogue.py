"""A load brings facilities and services with their places: all or nothing, and a second time nothing."""

import time
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from deploy.demo.counter_services import counter_services
from deploy.demo.volunteer_services import volunteer_services
from services.directory.actions.load import Loaded, load
from services.directory.domain.errors import SeedRefused
from services.directory.domain.hours import DAYS, Hours, Schedule, Weekly, kept, read, span, weekly
from services.directory.domain.seed import DirectorySeed
from services.directory.domain.seed_catalogue import CostSeed, DocumentSeed, FacilitySeed, PlaceSeed, ServiceSeed
from services.directory.house import House
from services.directory.schemas import schedules
from shared.kernel.actor import Role
from tests.services.directory.town import Town

OFFICE = Schedule(weekly(DAYS[:5], "09:30-13:30", "16:00-19:30"))
SHARPENER = Schedule(dates={date(2026, 5, 3): (span("08:30-11:30"),)})


def catalogue(town: Town) -> DirectorySeed:
    key = town.name
    hall = FacilitySeed(
        f"{key}/hall",
        f"{key}/grid",
        "service_hall",
        "便民服务大厅",
        (town.lat + 0.001, town.lon + 0.001),
        organisation_key=f"{key}/committee",
        phone="0990-6221234",
        access=("ramp",),
        schedule=OFFICE,
    )
    relief = ServiceSeed(
        f"{key}/relief",
        f"{key}/here",
        "civil_affairs",
        "最低生活保障申请",
        aliases=("低保",),
        organisation_key=f"{key}/committee",
        documents=(DocumentSeed("居民身份证", copies=1),),
        costs=(CostSeed("工本费", 500),),
        places=(PlaceSeed(f"{key}/hall"),),
    )
    yard = PlaceSeed(area_key=f"{key}/compound", point=(town.lat + 0.0005, town.lon + 0.0005), schedule=SHARPENER)
    sharpening = ServiceSeed(
        f"{key}/knives", f"{key}/street", "repairs", "磨刀", places=(PlaceSeed(f"{key}/hall"), yard)
    )
    return DirectorySeed(facilities=[hall], services=[relief, sharpening])


async def loaded(house: House, seed: DirectorySeed) -> Loaded:
    return await load(house.pool, house.clock, seed)


def counts(done: Loaded) -> dict[str, tuple[int, int, int]]:
    kinds = "facilities", "services", "service_places"
    return {kind: (c.created, c.changed, c.unchanged) for kind, c in done.counts.items() if kind in kinds}


async def test_a_load_brings_the_catalogue_and_a_second_time_nothing(town: Town, house: House) -> None:
    seed = catalogue(town)
    first = await loaded(house, seed)
    assert counts(first) == {"facilities": (1, 0, 0), "services": (2, 0, 0), "service_places": (3, 0, 0)}
    assert counts(await loaded(house, seed)) == {
        "facilities": (0, 0, 1), "services": (0, 0, 2), "service_places": (0, 0, 3),
    }  # fmt: skip
    detail = (await town.get("resident", f"/services/{first.ids[f'{town.name}/relief']}")).json()
    assert detail["organisation"]["name"] == "甲社区居委会" and detail["documents"][0]["form"] == "original"
    assert detail["places"][0]["opening"]["opens"] == "2026-03-02T09:30:00+08:00"
    knives = (await town.get("resident", f"/services/{first.ids[f'{town.name}/knives']}")).json()
    assert {place["area"]["name"] for place in knives["places"]} == {"第一网格", "和平小区"}
    changed = replace(seed, facilities=[replace(seed.facilities[0], phone="12345")])
    assert counts(await loaded(house, changed))["facilities"] == (0, 1, 0)


async def test_what_people_closed_stays_closed(town: Town, house: House) -> None:
    seed = catalogue(town)
    id = (await loaded(house, seed)).ids[f"{town.name}/relief"]
    await town.call("POST", f"/services/{id}/close", town.keeper(Role.COMMUNITY_STAFF), {})
    again = await loaded(house, replace(seed, services=[replace(seed.services[0], name="低保"), seed.services[1]]))
    assert counts(again)["services"] == (0, 0, 2)
    assert (await town.get("resident", f"/services/{id}")).json()["closed"]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"kind": "castle"}, "/facilities/0/kind", "seed.unknown_kind"),
        ({"point": (114.3, 22.6)}, "/facilities/0/point", "seed.degrees"),
        ({"point": (84.87, 45.59)}, "/facilities/0/point", "seed.swapped"),
        ({"area_key": "nowhere"}, "/facilities/0/area_key", "seed.unknown_key"),
        ({"organisation_key": "nobody"}, "/facilities/0/organisation_key", "seed.unknown_key"),
        ({"access": ("jetpack",)}, "/facilities/0/access", "seed.unknown_kind"),
        ({"schedule": Schedule((Weekly(frozenset({0}), Hours(600, 540)),))}, "/facilities/0/schedule", "seed.hours"),
    ],
)
async def test_a_seed_with_a_wrong_facility_is_refused_whole(
    town: Town, house: House, change: dict[str, Any], pointer: str, code: str
) -> None:
    seed = catalogue(town)
    with pytest.raises(SeedRefused) as refused:
        await loaded(house, replace(seed, facilities=[replace(seed.facilities[0], **change)], services=[]))
    assert [(field.pointer, field.code) for field in refused.value.fields] == [(pointer, code)]
    assert await house.pool.fetchval("select count(*) from facility where tenant_id = $1", town.ids["here"]) == 0


@pytest.mark.parametrize(
    ("place", "pointer", "code"),
    [
        (PlaceSeed("nowhere"), "/services/0/places/0/facility_key", "seed.unknown_facility"),
        (PlaceSeed(), "/services/0/places/0", "seed.one_place"),
        (PlaceSeed(area_key="{}/compound"), "/services/0/places/0/point", "seed.no_point"),
        (PlaceSeed("{}/of-others"), "/services/0/places/0/facility_key", "seed.unknown_facility"),
    ],
)
async def test_a_service_is_given_only_where_its_community_may_give_it(
    town: Town, house: House, place: PlaceSeed, pointer: str, code: str
) -> None:
    others = FacilitySeed(f"{town.name}/of-others", f"{town.name}/there", "library", "乙馆", (town.lat, town.lon))
    named = {
        name: key.format(town.name)
        for name in ("facility_key", "area_key")
        if (key := getattr(place, name)) is not None
    }
    service = replace(catalogue(town).services[0], places=(replace(place, **named),))
    with pytest.raises(SeedRefused) as refused:
        await loaded(house, DirectorySeed(facilities=[others], services=[service]))
    assert [(field.pointer, field.code) for field in refused.value.fields] == [(pointer, code)]


def test_a_schedule_of_a_seed_is_kept_as_one_that_people_send() -> None:
    night = Schedule((*OFFICE.weekly, *weekly(["sa"], "22:00-06:00")), SHARPENER.dates, observes_holidays=False)
    sent = schedules.Schedule.model_validate(kept(night), strict=False).model_dump(mode="json")
    assert sent == kept(night)
    assert read(sent) == night


async def test_ten_thousand_services_are_loaded_within_seconds(town: Town, house: House) -> None:
    hall, service = catalogue(town).facilities[0], catalogue(town).services[0]
    many = [replace(service, key=f"{service.key}-{n}", name=f"服务 {n}") for n in range(10_000)]
    began = time.monotonic()
    done = await loaded(house, DirectorySeed(facilities=[hall], services=many))
    assert counts(done)["service_places"] == (10_000, 0, 0)
    assert time.monotonic() - began < 60
    assert isinstance(done.ids[f"{service.key}-9999"], UUID)


async def test_a_hall_with_44_services_and_28_of_volunteers_on_a_timetable_come_out_by_counting(
    town: Town, house: House
) -> None:
    here, hall = f"{town.name}/here", catalogue(town).facilities[0]
    yards = [f"{town.name}/here", f"{town.name}/street"]
    for number, key in enumerate(yards):
        await house.pool.execute(
            "update area set lat = $2, lon = $3 where external_key = $1", key, town.lat + number / 500, town.lon
        )
    seed = DirectorySeed(
        facilities=[hall],
        services=[
            *counter_services(here, hall.key, f"{town.name}/committee"),
            *volunteer_services(f"{town.name}/street", yards, date(2026, 3, 2)),
        ],
    )
    assert counts(await loaded(house, seed))["services"] == (72, 0, 0)
    assert counts(await loaded(house, seed))["services"] == (0, 0, 72)
    detail = await town.get("resident", f"/facilities/{(await loaded(house, seed)).ids[hall.key]}")
    assert len(detail.json()["services"]) == 44
    (relief,) = (await town.get("resident", "/services", q="低保", errand=True, limit=1)).json()["items"]
    assert relief["category"] == "civil_affairs"
    near = {"near": f"{town.lat},{town.lon}", "coord_sys": "wgs84"}
    (knives,) = (await town.get("resident", "/services", q="磨刀", **near)).json()["items"]
    assert knives["place"]["opening"]["opens"].startswith("2026-03-")
    names = [service.name for service in seed.services]
    assert len(set(names)) == 72
