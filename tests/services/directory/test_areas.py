"""GET /areas/locate and GET /areas/{id}."""

from uuid import UUID

import pytest

from services.directory.house import House
from services.directory.schemas.areas import AreaDetail, Located
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.geo import Point, to_gcj02
from shared.kernel.ids import new_id
from tests.services.directory.town import Town


async def located(town: Town, person: str, lat: float, lon: float, coord_sys: str = "wgs84") -> Located:
    answer = await town.get(person, "/areas/locate", lat=lat, lon=lon, coord_sys=coord_sys)
    assert answer.status_code == 200, answer.text
    found = Located.model_validate_json(answer.content)
    assert found.model_dump(mode="json") == answer.json()
    return found


async def test_a_point_lies_in_the_deepest_area_around_it(town: Town) -> None:
    for offset, word in (
        (0.0005, "building"),
        (0.0015, "grid"),
        (0.003, "here"),
        (0.0075, "street"),
        (0.009, "district"),
    ):
        found = await located(town, "resident", town.lat + offset, town.lon + offset / 2)
        assert found.area.id == town.ids[word], word


async def test_a_closed_area_is_not_found_any_more(town: Town, house: House) -> None:
    closed = "update area set closed = $2 where id = $1"
    await house.pool.execute(closed, town.ids["building"], True)
    try:
        found = await located(town, "resident", town.lat + 0.0005, town.lon + 0.0005)
        assert found.area.id == town.ids["grid"]
    finally:
        await house.pool.execute(closed, town.ids["building"], False)


async def test_its_path_runs_from_the_root_and_its_tenant_keeps_it(town: Town) -> None:
    found = await located(town, "resident", town.lat + 0.0005, town.lon + 0.0005)
    way = ["district", "street", "here", "grid", "compound", "building"]
    assert [step.id for step in found.path] == [town.ids[word] for word in way]
    assert (found.tenant.id, found.tenant.kind, found.tenant.name) == (town.ids["here"], "community", "甲社区")


async def test_who_answers_for_it_stands_nearest_first(town: Town) -> None:
    found = await located(town, "resident", town.lat + 0.0005, town.lon + 0.0005)
    assert [(o.kind, o.person.name, o.area.name) for o in found.officers] == [
        ("building_head", "马桂兰", "1号楼"),
        ("grid_officer", "阿依古丽", "第一网格"),
        ("community_party_secretary", "周建国", "甲社区"),
    ]


async def test_a_stranger_hears_where_it_is_but_not_who_answers_for_it(town: Town) -> None:
    found = await located(town, "stranger", town.lat + 0.0005, town.lon + 0.0005)
    assert found.area.id == town.ids["building"] and found.officers == []


async def test_only_who_holds_the_office_today_answers(town: Town, house: House) -> None:
    held = "update office set starts_on = $2, ends_on = $3 where person_id = $1"
    for starts, ends, counts in (
        ("2026-03-02", None, True),
        ("2026-03-03", None, False),
        ("2026-01-01", "2026-03-03", True),
        ("2026-01-01", "2026-03-02", False),
    ):
        await house.pool.execute(
            held.replace("$2", f"'{starts}'").replace("$3", f"'{ends}'" if ends else "null"), town.ids["head"]
        )
        found = await located(town, "resident", town.lat + 0.0005, town.lon + 0.0005)
        assert ("building_head" in [o.kind for o in found.officers]) == counts, (starts, ends)


async def test_a_point_of_a_chinese_map_is_bent_back(town: Town) -> None:
    # 0.0001° inside of the building; taken as WGS-84 the bent point lies hundreds of metres off.
    place = Point(town.lat + 0.0001, town.lon + 0.0001)
    bent = to_gcj02(place)
    found = await located(town, "resident", bent.lat, bent.lon, "gcj02")
    assert found.area.id == town.ids["building"]
    wrong = await town.get("resident", "/areas/locate", lat=bent.lat, lon=bent.lon, coord_sys="wgs84")
    assert wrong.status_code == 404 or wrong.json()["area"]["id"] != str(town.ids["building"])


async def test_outside_of_every_area_is_a_404_that_says_so(town: Town) -> None:
    answer = await town.get("resident", "/areas/locate", lat=-60, lon=-150, coord_sys="wgs84")
    assert (answer.status_code, answer.json()["code"]) == (404, "directory.outside_every_area")
    assert "没有区域的边界包含这个点" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query, status, named",
    [
        ({"lat": 1, "lon": 2}, 422, ["coord_sys"]),
        ({}, 422, ["lat", "lon", "coord_sys"]),
        ({"lat": 90.1, "lon": 2, "coord_sys": "wgs84"}, 422, ["lat"]),
        ({"lat": 1, "lon": -180.1, "coord_sys": "wgs84"}, 422, ["lon"]),
        ({"lat": "nan", "lon": "inf", "coord_sys": "wgs84"}, 422, ["lat", "lon"]),
        ({"lat": "1e999", "lon": "", "coord_sys": "bd09"}, 422, ["lat", "lon", "coord_sys"]),
        ({"lat": "北", "lon": "1;drop table area", "coord_sys": "wgs84"}, 422, ["lat", "lon"]),
        ({"lat": 1, "lon": 2, "coord_sys": "wgs84", "radius": 5}, 400, ["radius"]),
    ],
)
async def test_a_wrong_point_is_named(town: Town, query: dict[str, object], status: int, named: list[str]) -> None:
    answer = await town.get("resident", "/areas/locate", **query)
    assert answer.status_code == status, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == named


async def detail(town: Town, person: str, word: str, **query: str) -> AreaDetail | None:
    """What the person reads of an area; None for a 404."""
    answer = await town.get(person, f"/areas/{town.ids[word]}", **query)
    if answer.status_code == 404:
        assert answer.json()["code"] == "not_found"
        return None
    assert answer.status_code == 200, answer.text
    found = AreaDetail.model_validate_json(answer.content)
    assert found.model_dump(mode="json") == answer.json()
    return found


async def test_an_area_in_detail(town: Town) -> None:
    here = await detail(town, "resident", "here")
    assert here is not None
    assert (here.name, here.kind, here.code, here.closed) == ("甲社区", "community", "440310001001", False)
    assert (here.households, here.residents) == (1200, 3100)
    assert [step.name for step in here.path] == ["测试区", "测试街道", "甲社区"]
    assert [officer.kind for officer in here.officers] == ["community_party_secretary"]
    assert here.centre is not None
    assert (here.centre.lat, here.centre.lon, here.centre.coord_sys) == (town.lat + 0.002, town.lon + 0.002, "wgs84")


async def test_the_centre_comes_out_as_chinese_maps_draw_it(town: Town) -> None:
    here = await detail(town, "resident", "here", out="gcj02")
    assert here is not None and here.centre is not None
    bent = to_gcj02(Point(town.lat + 0.002, town.lon + 0.002))
    assert (here.centre.lat, here.centre.lon, here.centre.coord_sys) == (bent.lat, bent.lon, "gcj02")


async def test_an_area_without_centre_says_so(town: Town) -> None:
    compound = await detail(town, "resident", "compound")
    assert compound is not None and compound.centre is None


@pytest.mark.parametrize(
    "person, seen",
    [
        ("resident", "district street here grid compound building"),
        ("head", "district street here grid compound building"),
        ("officer", "district street here grid compound building"),
        ("stranger", "district street there grid-there"),
        ("clerk", "district street here grid compound building there grid-there"),  # staff of the street
        ("worker", "district street here grid compound building there grid-there"),  # company of 乙 that serves 甲
    ],
)
async def test_everybody_sees_their_community_and_what_stands_above_it(town: Town, person: str, seen: str) -> None:
    words = [row.key.split("/")[1] for row in town.seed.areas]
    assert [word for word in words if await detail(town, person, word) is not None] == sorted(
        seen.split(), key=words.index
    )


async def test_another_town_does_not_exist(town: Town, house: House, issuer: TokenIssuer) -> None:
    other = await Town.build(house, town.api, issuer)
    for person in ("resident", "clerk", "worker"):
        answer = await town.get(person, f"/areas/{other.ids['district']}")
        assert answer.status_code == 404


async def test_a_home_alone_lets_one_see_ones_community(town: Town) -> None:
    newcomer = Actor(new_id(), (Grant(Role.VOLUNTEER, organisation_id=new_id()),), home_id=town.ids["building"])
    headers = {"authorization": f"Bearer {town.issuer.access_token(newcomer)}"}
    answers = {
        w: await town.api.get(f"/api/v1/areas/{town.ids[w]}", headers=headers) for w in ("here", "there", "street")
    }
    assert {word: a.status_code for word, a in answers.items()} == {"here": 200, "there": 404, "street": 200}


@pytest.mark.parametrize("bad", ["x", "0", "locat", "01932f08-2222-7d0e-9a53-2f3c1d1c8a1", "%00", "' or 1=1", "邻"])
async def test_what_is_no_id_names_nothing(town: Town, bad: str) -> None:
    answer = await town.get("resident", f"/areas/{bad}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_an_unknown_id_names_nothing(town: Town) -> None:
    assert (await town.get("resident", f"/areas/{UUID(int=7)}")).status_code == 404


async def test_a_read_again_is_not_sent_again(town: Town) -> None:
    first = await town.get("resident", f"/areas/{town.ids['here']}")
    assert first.headers["etag"].startswith('"1-')
    headers = {"authorization": first.request.headers["authorization"], "if-none-match": first.headers["etag"]}
    again = await town.api.get(f"/api/v1/areas/{town.ids['here']}", headers=headers)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("query, status", [({"out": "bd09"}, 422), ({"fields": "name"}, 400)])
async def test_a_wrong_wish_is_named(town: Town, query: dict[str, str], status: int) -> None:
    answer = await town.get("resident", f"/areas/{town.ids['here']}", **query)
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == list(query)
