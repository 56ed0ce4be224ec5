"""Facilities and services: entered, corrected, closed; found nearest first and by what is open; what is refused."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.geo import Point, to_gcj02
from shared.kernel.ids import new_id
from tests.services.directory.test_areas_changes import said
from tests.services.directory.town import Town

_WORKDAYS = ["mo", "tu", "we", "th", "fr"]
#: The clock of these tests stands at nine o'clock of a Monday.
MORNING = {"weekly": [{"days": _WORKDAYS, "opens": "08:30", "closes": "12:00"}]}
AFTERNOON = {"weekly": [{"days": _WORKDAYS, "opens": "14:30", "closes": "18:00"}]}


def clerk(town: Town, root: str = "here") -> Actor:
    return town.keeper(Role.COMMUNITY_STAFF, root)


def place(town: Town, north: float = 0.0005, east: float = 0.0005) -> dict[str, Any]:
    return {"lat": town.lat + north, "lon": town.lon + east, "coord_sys": "wgs84"}


async def made(town: Town, path: str, by: Actor | None = None, **body: Any) -> dict[str, Any]:
    answer = await town.call("POST", path, by or clerk(town), body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def facility(town: Town, name: str = "便民服务大厅", kind: str = "service_hall", **more: Any) -> dict[str, Any]:
    return await made(town, "/facilities", **{"kind": kind, "name": name, "location": place(town), **more})


async def service(town: Town, name: str, *places: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"category": "civil_affairs", "name": name, "area_id": str(town.ids["here"]), "places": places}
    return await made(town, "/services", **{**body, **more})


async def listed(town: Town, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = await town.get("resident", path, **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def near(town: Town, north: float = 0.0, east: float = 0.0) -> dict[str, Any]:
    return {"near": f"{town.lat + north:.6f},{town.lon + east:.6f}", "coord_sys": "wgs84"}


async def test_a_facility_lies_in_the_deepest_area_around_it_and_keeps_what_was_said_of_its_place(
    town: Town, house: House
) -> None:
    bent = to_gcj02(Point(town.lat + 0.0005, town.lon + 0.0005))
    location = {"lat": bent.lat, "lon": bent.lon, "coord_sys": "gcj02"}
    hall = await facility(town, location=location, schedule=MORNING, access=["ramp", "ramp"], phone="0990-6221234")
    assert (hall["area"]["name"], hall["tenant"]["name"]) == ("1号楼", "甲社区")
    assert hall["location"]["lat"] == pytest.approx(town.lat + 0.0005, abs=1e-8)
    assert hall["access"] == ["ramp"] and hall["allowed_actions"] == ["update", "close"]
    assert hall["opening"]["until"] == "2026-03-02T12:00:00+08:00"
    kept = await house.pool.fetchrow("select given_lat, coord_sys from facility where id = $1", UUID(hall["id"]))
    assert tuple(kept) == (bent.lat, "gcj02")
    read = await town.get("stranger", f"/facilities/{hall['id']}", out="gcj02", **near(town))
    assert read.json()["location"]["lat"] == pytest.approx(bent.lat, abs=1e-8)
    assert read.json()["allowed_actions"] == [] and read.json()["walking"] == {
        "metres": 90, "minutes": 2, "estimated": True,
    }  # fmt: skip
    outside = await town.call(
        "POST", "/facilities", clerk(town), {"kind": "library", "name": "馆", "location": place(town, 0.5)}
    )
    assert said(outside) == (422, [("/location", "outside_every_area")])
    assert (await facility(town, "馆", "library", location=place(town, 0.5), area_id=str(town.ids["grid"])))["area"][
        "name"
    ] == "第一网格"


async def test_a_service_tells_everything_that_one_needs_before_leaving_the_house(town: Town) -> None:
    hall = await facility(town, schedule=MORNING, address="准噶尔路 18 号", phone="0990-6221234")
    detail = await service(
        town,
        "最低生活保障申请",
        {"facility_id": hall["id"], "note": "3 号窗口"},
        name_en="Subsistence allowance",
        aliases=["低保"],
        organisation_id=str(town.ids["committee"]),
        documents=[{"name": "居民身份证", "form": "original_and_copy", "copies": 1, "note": "全家"}],
        costs=[{"name": "工本费", "amount_fen": 500}],
        eligibility="本地户籍，人均收入低于低保标准。",
        application="本人到窗口申请。",
        working_days=20,
        errand=True,
    )
    read = (await town.get("resident", f"/services/{detail['id']}", **near(town))).json()
    assert read["organisation"]["name"] == "甲社区居委会" and read["area"]["name"] == "甲社区"
    assert read["documents"] == [{"name": "居民身份证", "form": "original_and_copy", "copies": 1, "note": "全家"}]
    assert read["costs"] == [{"name": "工本费", "amount_fen": 500, "note": None}]
    (where,) = read["places"]
    assert (where["address"], where["phone"], where["note"]) == ("准噶尔路 18 号", "0990-6221234", "3 号窗口")
    assert where["opening"]["open"] and where["walking"]["minutes"] == 2
    assert where["schedule"]["weekly"][0]["closes"] == "12:00"  # the hall's own
    assert [one["name"] for one in (await town.get("resident", f"/facilities/{hall['id']}")).json()["services"]] == [
        "最低生活保障申请"
    ]
    for q in ("低保", "生活保障", "SUBSISTENCE"):
        assert [item["id"] for item in await listed(town, "/services", q=q)] == [detail["id"]]
    assert await listed(town, "/services", q="高龄") == []
    assert await listed(town, "/services", category="repairs") == []
    assert len(await listed(town, "/services", errand=True, area=str(town.ids["grid"]))) == 1


async def test_services_come_nearest_first_each_at_its_nearest_place(town: Town) -> None:
    halls = [
        await facility(
            town, f"{n} 号厅", location=place(town, 0.001 * n), schedule=MORNING, area_id=str(town.ids["here"])
        )
        for n in range(1, 6)
    ]
    made_here = [
        await service(town, "近处", *({"facility_id": hall["id"]} for hall in (halls[3], halls[0]))),
        await service(town, "中间", {"facility_id": halls[1]["id"]}),
        await service(town, "远处", {"facility_id": halls[2]["id"]}, {"facility_id": halls[4]["id"]}),
    ]
    found = await listed(town, "/services", within=1000, **near(town))
    assert [item["name"] for item in found] == ["近处", "中间", "远处"]
    assert [item["place"]["facility"]["name"] for item in found] == ["1 号厅", "2 号厅", "3 号厅"]
    steps = [item["place"]["walking"]["metres"] for item in found]
    assert steps == sorted(steps) and steps[0] == 150
    from_there = await listed(town, "/services", within=1000, **near(town, 0.006))
    assert [item["name"] for item in from_there] == ["远处", "近处", "中间"]
    assert {item["id"] for item in found} == {one["id"] for one in made_here}
    assert await listed(town, "/services", within=100, **near(town)) == []


async def test_pages_nearest_first_hold_each_once_also_when_something_nearer_is_entered_between(town: Town) -> None:
    for n in range(7):
        await facility(town, f"{n}", "library", location=place(town, 0.0001 * (n // 2 + 1)))  # some equally far
    names: list[str] = []
    query = {"kind": "library", "within": 1000, "limit": 3, **near(town, 0.0, 0.0005)}
    answer = (await town.get("resident", "/facilities", **query)).json()
    names += [item["name"] for item in answer["items"]]
    await facility(town, "新", "library", location=place(town, 0.0, 0.0005))
    while answer["next_cursor"]:
        answer = (await town.get("resident", "/facilities", **query, cursor=answer["next_cursor"])).json()
        names += [item["name"] for item in answer["items"]]
    assert sorted(names) == [str(n) for n in range(7)]
    assert (await listed(town, "/facilities", **query))[0]["name"] == "新"


async def test_east_and_north_are_ranked_by_metres_not_by_degrees(town: Town) -> None:
    """In the far north a degree of longitude is short: what is more degrees away may be nearer."""
    base = {"lat": 53.0, "lon": 122.0 + town.lon / 1000, "coord_sys": "wgs84"}
    area = str(town.ids["here"])
    await facility(town, "北", "gym", location=base | {"lat": 53.008}, area_id=area)
    await facility(town, "东", "gym", location=base | {"lon": base["lon"] + 0.010}, area_id=area)
    found = await listed(town, "/facilities", near=f"53.0,{base['lon']}", coord_sys="wgs84", kind="gym")
    assert [item["name"] for item in found[:2]] == ["东", "北"]


async def test_what_is_open_now_comes_at_the_nearest_place_that_is_open(town: Town) -> None:
    close_by = await facility(town, "上午关门", location=place(town, 0.0005), schedule=AFTERNOON)
    beyond = await facility(town, "上午开门", location=place(town, 0.0015, 0.0015), schedule=MORNING)
    both = await service(town, "两处都办", {"facility_id": close_by["id"]}, {"facility_id": beyond["id"]})
    await service(town, "只在下午", {"facility_id": close_by["id"]})
    (found,) = await listed(town, "/services", open_now=True, within=1000, **near(town))
    assert (found["id"], found["place"]["facility"]["name"]) == (both["id"], "上午开门")
    everything = await listed(town, "/services", within=1000, **near(town))
    assert {item["place"]["facility"]["name"] for item in everything} == {"上午关门"}
    assert [item["name"] for item in await listed(town, "/services", open_now=True)] == ["两处都办"]
    (shut,) = (i for i in await listed(town, "/services") if i["name"] == "只在下午")
    assert shut["place"]["opening"]["opens"] == "2026-03-02T14:30:00+08:00"


async def test_a_list_of_what_is_open_goes_on_past_what_is_closed(town: Town) -> None:
    hall = await facility(town, "厅", schedule=AFTERNOON)
    opened = await facility(town, "开", location=place(town, 0.0018), schedule=MORNING)
    for n in range(4):
        await service(town, f"关 {n}", {"facility_id": hall["id"]})
        await service(town, f"开 {n}", {"facility_id": opened["id"]})
    names: list[str] = []
    query = {"open_now": True, "limit": 1, "within": 1000, **near(town)}
    answer = (await town.get("resident", "/services", **query)).json()
    while True:
        names += [item["name"] for item in answer["items"]]
        if answer["next_cursor"] is None:
            break
        answer = (await town.get("resident", "/services", **query, cursor=answer["next_cursor"])).json()
    assert sorted(names) == [f"开 {n}" for n in range(4)]


async def test_a_knife_sharpener_comes_to_a_compound_on_single_days(town: Town, house: House) -> None:
    days = [{"on": "2026-05-03", "hours": [{"opens": "08:30", "closes": "11:30"}], "note": "带好刀剪"}]
    where = {"area_id": str(town.ids["compound"]), "location": place(town), "schedule": {"dates": days}}
    sharpener = await service(town, "磨刀", where, category="repairs")
    (found,) = await listed(town, "/services", within=1000, **near(town))
    assert found["place"]["area"]["name"] == "和平小区" and found["place"]["facility"] is None
    assert found["place"]["opening"] == {
        "open": False, "until": None, "opens": "2026-05-03T08:30:00+08:00", "holidays_known": True,
    }  # fmt: skip
    house.clock.move(timedelta(days=70))  # type: ignore[attr-defined]
    try:
        assert await listed(town, "/services", within=1000, **near(town)) == []  # nothing to walk to any more
        assert (await town.get("resident", f"/services/{sharpener['id']}")).status_code == 200
    finally:
        house.clock.move(timedelta(days=-70))  # type: ignore[attr-defined]


async def test_the_circle_of_fifteen_minutes_tells_what_is_within_reach_and_what_is_missing(town: Town) -> None:
    await facility(town, "图书室", "library", location=place(town, 0.001))
    await facility(town, "另一个图书室", "library", location=place(town, 0.0085), area_id=str(town.ids["here"]))
    await facility(town, "远处的幼儿园", "kindergarten", location=place(town, 0.0095), area_id=str(town.ids["here"]))
    answer = await town.get("resident", "/circles", lat=town.lat, lon=town.lon, coord_sys="wgs84")
    told = answer.json()
    assert (told["minutes"], told["radius_metres"]) == (15, 960)
    circles = {circle["key"]: circle for circle in told["circles"]}
    library = next(kind for kind in circles["living"]["reachable"] if kind["kind"] == "library")
    assert (library["count"], library["nearest"]["name"]) == (2, "图书室")  # 945 m is within 960 m
    missing = {kind["kind"]: kind for kind in circles["care"]["missing"]}
    assert missing["kindergarten"]["nearest"]["name"] == "远处的幼儿园"
    assert missing["kindergarten"]["nearest"]["walking"]["minutes"] > 15
    for circle in circles.values():
        assert all(kind["count"] == 0 for kind in circle["missing"])
        assert all(kind["nearest"]["walking"]["minutes"] <= 15 for kind in circle["reachable"])


async def test_changing_goes_over_the_version_that_was_read_and_its_history_keeps_what_was_said(town: Town) -> None:
    hall = await facility(town)
    moved = await service(town, "低保", {"facility_id": hall["id"]})
    described = {"kind": "service_hall", "name": "新大厅", "location": place(town, 0.0008), "phone": "12345"}
    path = f"/facilities/{hall['id']}"
    assert (await town.call("PUT", path, clerk(town), described, if_match='"9-0"')).status_code == 412
    assert (await town.call("PUT", path, clerk(town), described)).status_code == 428
    changed = await town.call("PUT", path, clerk(town), described, if_match='"1-0"')
    assert changed.json()["name"] == "新大厅"
    (where,) = (await town.get("resident", f"/services/{moved['id']}")).json()["places"]
    assert where["location"] == changed.json()["location"]  # the service moved with it
    history = (await town.call("GET", f"{path}/history", clerk(town))).json()["items"]
    assert [(one["action"], one["version"], one["role"]) for one in history] == [
        ("update", 2, "community_staff"),
        ("create", 1, "community_staff"),
    ]
    assert history[0]["facts"]["before"]["name"] == "便民服务大厅"
    assert "phone" in history[0]["facts"]["changed"] and "phone" not in history[0]["facts"]["before"]
    assert (await town.call("GET", f"{path}/history", clerk(town, "there"))).status_code == 404


async def test_places_of_a_service_keep_their_ids_when_it_is_changed(town: Town) -> None:
    halls = [await facility(town, f"{n}") for n in range(3)]
    made_service = await service(town, "低保", *({"facility_id": hall["id"]} for hall in halls[:2]))
    before = {one["facility"]["id"]: one["id"] for one in made_service["places"]}
    body = {
        "category": "civil_affairs",
        "name": "低保申请",
        "area_id": str(town.ids["here"]),
        "places": [{"facility_id": halls[1]["id"]}, {"facility_id": halls[2]["id"]}],
    }
    changed = await town.call("PUT", f"/services/{made_service['id']}", clerk(town), body, if_match='"1-0"')
    after = {one["facility"]["id"]: one["id"] for one in changed.json()["places"]}
    assert after.keys() == {halls[1]["id"], halls[2]["id"]}
    assert after[halls[1]["id"]] == before[halls[1]["id"]]


async def test_a_facility_closes_only_when_nothing_is_given_there(town: Town) -> None:
    hall = await facility(town)
    given = await service(town, "低保", {"facility_id": hall["id"]})
    refused = await town.call("POST", f"/facilities/{hall['id']}/close", clerk(town), {})
    assert (refused.status_code, refused.json()["code"]) == (409, "directory.facility_in_use")
    assert refused.json()["services"] == 1
    closed = await town.call("POST", f"/services/{given['id']}/close", clerk(town), {})
    assert closed.json()["closed"] and closed.json()["allowed_actions"] == []
    assert await listed(town, "/services", q="低保") == [] == await listed(town, "/services", within=500, **near(town))
    assert (await town.call("POST", f"/facilities/{hall['id']}/close", clerk(town), {})).json()[
        "closed_on"
    ] == "2026-03-02"
    again = await town.call("POST", f"/services/{given['id']}/close", clerk(town), {})
    assert (again.status_code, again.json()["code"]) == (409, "directory.entry_closed")


async def test_a_facility_that_closes_while_a_service_is_put_there_has_either_but_not_both(town: Town) -> None:
    for _ in range(5):
        hall = await facility(town)
        body = {
            "category": "civil_affairs",
            "name": "低保",
            "area_id": str(town.ids["here"]),
            "places": [{"facility_id": hall["id"]}],
        }
        entered, closed = await asyncio.gather(
            town.call("POST", "/services", clerk(town), body),
            town.call("POST", f"/facilities/{hall['id']}/close", clerk(town), {}),
        )
        assert sorted([entered.status_code, closed.status_code]) in ([200, 422], [201, 409])


async def test_two_who_change_the_same_service_at_once_do_not_overwrite_each_other(town: Town) -> None:
    given = await service(town, "低保")
    bodies = [{"category": "civil_affairs", "name": f"低保 {n}", "area_id": str(town.ids["here"])} for n in range(5)]
    path = f"/services/{given['id']}"
    answers = await asyncio.gather(*(town.call("PUT", path, clerk(town), body, if_match='"1-0"') for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


async def test_the_same_call_again_gives_the_first_answer(town: Town) -> None:
    key, body = str(new_id()), {"kind": "library", "name": "馆", "location": place(town)}
    first, second = [await town.call("POST", "/facilities", clerk(town), body, idempotency_key=key) for _ in range(2)]
    assert first.json()["id"] == second.json()["id"] and second.status_code == 201
    other = await town.call("POST", "/facilities", clerk(town), body | {"name": "另"}, idempotency_key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


BACKWARDS = {"valid_from": "2026-10-01", "valid_until": "2026-05-01"}


def _hours(opens: str, closes: str, **more: Any) -> dict[str, Any]:
    return {"weekly": [{"days": ["mo"], "opens": opens, "closes": closes, **more}]}


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"location": {"lat": 84.8731, "lon": 45.5932, "coord_sys": "wgs84"}}, "/location", "swapped"),
        ({"location": {"lat": 114.3, "lon": 22.6, "coord_sys": "wgs84"}}, "/location/lat", "less_than_equal"),
        ({"kind": "castle"}, "/kind", "unknown_kind"),
        ({"organisation_id": str(uuid4())}, "/organisation_id", "unknown_organisation"),
        ({"area_id": str(uuid4())}, "/area_id", "unknown_area"),
        ({"access": ["jetpack"]}, "/access/0", "enum"),
        ({"schedule": _hours("12:00", "09:00")}, "/schedule/weekly/0", "interval_order"),
        ({"schedule": _hours("09:00", "09:00")}, "/schedule/weekly/0", "interval_order"),
        ({"schedule": _hours("09:00", "25:00")}, "/schedule/weekly/0/closes", "time_form"),
        ({"schedule": _hours("9:00", "12:00")}, "/schedule/weekly/0/opens", "time_form"),
        ({"schedule": _hours("24:00", "24:00")}, "/schedule/weekly/0", "interval_order"),
        ({"schedule": _hours("08:00", "09:00", overnight=True)}, "/schedule/weekly/0", "interval_order"),
        ({"schedule": {"dates": [{"on": "2026-02-30", "hours": []}]}}, "/schedule/dates/0/on", "date_parsing"),
        ({"schedule": {"dates": [{"on": "2026-03-03", "hours": []}] * 2}}, "/schedule", "duplicate"),
        ({"schedule": _hours("08:00", "09:00", **BACKWARDS)}, "/schedule/weekly/0", "season_order"),
    ],
)  # fmt: skip
async def test_a_facility_that_cannot_be_is_refused_and_nothing_stored(
    town: Town, house: House, wrong: dict[str, Any], pointer: str, code: str
) -> None:
    body = {"kind": "library", "name": "馆", "location": place(town), **wrong}
    answer = await town.call("POST", "/facilities", clerk(town), body)
    assert said(answer) == (422, [(pointer, code)])
    count = "select count(*) from facility where tenant_id = $1"
    assert await house.pool.fetchval(count, town.ids["here"]) == 0


async def test_a_service_that_cannot_be_is_refused(town: Town, house: House) -> None:
    there = await made(
        town, "/facilities", clerk(town, "there"), kind="library", name="乙馆", location=place(town, 0.001, 0.005)
    )
    hall = await facility(town)
    area, no_centre = str(town.ids["compound"]), {"dates": []}
    wrongs: list[tuple[dict[str, Any], str, str]] = [
        ({"category": "magic"}, "/category", "unknown_kind"),
        ({"places": [{"facility_id": there["id"]}]}, "/places/0/facility_id", "unknown_facility"),
        ({"places": [{"facility_id": str(uuid4())}]}, "/places/0/facility_id", "unknown_facility"),
        ({"places": [{"facility_id": hall["id"]}] * 2}, "/places/1", "duplicate"),
        ({"places": [{"facility_id": hall["id"], "area_id": area}]}, "/places/0", "one_of"),
        ({"places": [{}]}, "/places/0", "one_of"),
        ({"places": [{"facility_id": hall["id"], "location": place(town)}]}, "/places/0", "one_of"),
        ({"places": [{"area_id": area}]}, "/places/0", "schedule_missing"),
        ({"places": [{"area_id": area, "schedule": no_centre}]}, "/places/0/location", "missing"),
        ({"places": [{"area_id": str(town.ids["there"]), "schedule": no_centre}]}, "/places/0/area_id", "unknown_area"),
        ({"minimum_age": 60, "maximum_age": 18}, "", "age_order"),
        ({"documents": [{"name": "身份证", "form": "photo"}]}, "/documents/0/form", "enum"),
        ({"costs": [{"name": "工本费", "amount_fen": -1}]}, "/costs/0/amount_fen", "greater_than_equal"),
    ]
    for wrong, pointer, code in wrongs:
        body = {"category": "civil_affairs", "name": "低保", "area_id": str(town.ids["here"]), **wrong}
        assert said(await town.call("POST", "/services", clerk(town), body)) == (422, [(pointer, code)]), wrong
    assert await house.pool.fetchval("select count(*) from service where tenant_id = $1", town.ids["here"]) == 0


async def test_a_street_gives_its_services_at_its_communities_facilities(town: Town) -> None:
    hall = await facility(town)
    street = await made(
        town,
        "/services",
        town.keeper(Role.STREET_STAFF, "street"),
        category="legal",
        name="法律咨询",
        area_id=str(town.ids["street"]),
        places=[{"facility_id": hall["id"]}],
    )
    assert street["tenant"]["name"] == "测试街道"
    assert [item["name"] for item in await listed(town, "/services")] == ["法律咨询"]


async def test_only_who_keeps_the_catalogue_of_an_area_changes_it(town: Town) -> None:
    hall = await facility(town)
    body = {"kind": "library", "name": "馆", "location": place(town)}
    for actor, status in (
        (Actor(town.ids["clerk"], (Grant(Role.RESIDENT, town.ids["here"]),)), 403),
        (Actor(town.ids["clerk"], (Grant(Role.GRID_OFFICER, town.ids["grid"]),)), 403),
        (clerk(town, "there"), 422),  # does not see that area
    ):
        assert (await town.call("POST", "/facilities", actor, body)).status_code == status
    stranger = clerk(town, "there")
    described = await town.call("PUT", f"/facilities/{hall['id']}", stranger, body, if_match='"1-0"')
    assert (described.status_code, described.json()["code"]) == (403, "directory.not_yours")
    assert (await town.call("POST", f"/facilities/{hall['id']}/close", stranger, {})).status_code == 403


async def test_what_a_merged_organisation_gave_is_given_by_the_one_that_took_it_in(town: Town) -> None:
    body = {"tenant_id": str(town.ids["here"]), "kind": "hospital", "confirm_new": True}
    old, new = [await made(town, "/organisations", town.keeper(), **body, name=f"{n} 医院") for n in "甲乙"]
    hall = await facility(town, organisation_id=old["id"])
    given = await service(town, "测血压", {"facility_id": hall["id"]}, organisation_id=old["id"])
    path = f"/organisations/{new['id']}/merge"
    assert (await town.call("POST", path, town.keeper(), {"organisation_ids": [old["id"]]})).status_code == 200
    for entry in (f"/services/{given['id']}", f"/facilities/{hall['id']}"):
        assert (await town.get("resident", entry)).json()["organisation"]["name"] == "乙 医院"


@pytest.mark.parametrize(
    ("query", "status", "pointer", "code"),
    [
        ({"near": "84.8731,45.5932", "coord_sys": "wgs84"}, 422, "near", "swapped"),
        ({"near": "114.3,22.6", "coord_sys": "wgs84"}, 422, "near", "string_pattern_mismatch"),
        ({"near": "95.0,22.6", "coord_sys": "wgs84"}, 422, "near", "degrees"),
        ({"near": "here", "coord_sys": "wgs84"}, 422, "near", "string_pattern_mismatch"),
        ({"near": "25.0,100.0"}, 422, "", "coord_sys_missing"),
        ({"within": "50000"}, 422, "within", "less_than_equal"),
        ({"cursor": "AAAA", "near": "25.0,100.0", "coord_sys": "wgs84"}, 400, "cursor", "cursor_form"),
        ({"cursor": "中", "near": "25.0,100.0", "coord_sys": "wgs84"}, 400, "cursor", "cursor_form"),
        ({"radius": "5"}, 400, "radius", "extra_forbidden"),
    ],
)
@pytest.mark.parametrize("path", ["/facilities", "/services"])
async def test_a_question_that_cannot_be_answered_says_what_is_wrong_with_it(
    town: Town, path: str, query: dict[str, str], status: int, pointer: str, code: str
) -> None:
    assert said(await town.get("resident", path, **query)) == (status, [(pointer, code)])
