"""POST /areas/import: a file is taken whole or not at all, and everything wrong with it is named by its place."""

import json
from typing import Any

import httpx
import pytest

from services.directory.house import House
from shared.kernel.actor import Actor, Role
from tests.services.directory.town import Town, square

HEADING = "code,kind,name,parent_code,lat,lon,households,residents\n"


async def sent(
    town: Town,
    content: str | bytes,
    parent: str = "here",
    actor: Actor | None = None,
    dry: bool = False,
    **headers: str,
) -> httpx.Response:
    body = content if isinstance(content, bytes) else content.encode()
    given = {"authorization": f"Bearer {town.issuer.access_token(actor or town.keeper())}"} | headers
    path = f"/api/v1/areas/import?parent={town.ids[parent]}&dry_run={str(dry).lower()}"
    return await town.api.post(path, files={"file": ("areas.csv", body)}, headers=given)


def problems(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "directory.import_refused"
    return [(e["pointer"], e["code"].removeprefix("import.")) for e in answer.json()["errors"]]


async def names(house: House, town: Town) -> list[str]:
    rows = await house.pool.fetch(
        "select name from area where ancestors @> array[$1::uuid] order by id", town.ids["here"]
    )
    return [row["name"] for row in rows]


TABLE = HEADING + "W1,compound,望江苑,,,,,\nW1-2,building,2号楼,W1,,,12,30\nW1-10,楼栋,10号楼,W1,,,,\n"


async def test_a_table_becomes_areas_below_each_other(town: Town, house: House) -> None:
    answer = await sent(town, TABLE)
    assert (answer.status_code, answer.json()["created"], answer.json()["problems"]) == (200, 3, []), answer.text
    row = await house.pool.fetchrow("select * from area where code = 'W1-2' and tenant_id = $1", town.ids["here"])
    assert (row["kind"], row["households"], row["residents"], len(row["ancestors"])) == ("building", 12, 30, 4)
    again = await sent(town, TABLE)
    assert (again.json()["created"], again.json()["changed"], again.json()["unchanged"]) == (0, 0, 3)
    renamed = await sent(town, TABLE.replace("望江苑", "望江花园"))
    assert (renamed.json()["changed"], renamed.json()["unchanged"]) == (1, 2)


async def test_a_dry_run_says_what_would_be_and_stores_nothing(town: Town, house: House) -> None:
    before = await names(house, town)
    right = (await sent(town, TABLE, dry=True)).json()
    assert (right["dry_run"], right["created"], right["problem_count"]) == (True, 3, 0)
    wrong = await sent(town, TABLE.replace("W1,compound", "W1,castle"), dry=True, **{"accept-language": "en"})
    assert wrong.status_code == 200 and wrong.json()["created"] == 0
    assert [(p["line"], p["column"], p["pointer"]) for p in wrong.json()["problems"]] == [(2, "kind", "/2/kind")]
    assert "castle" in wrong.json()["problems"][0]["message"]
    assert await names(house, town) == before
    assert await house.pool.fetchval("select count(*) from area_history where area_id = $1", town.ids["here"]) == 0


async def test_the_same_call_again_answers_as_it_did_first(town: Town) -> None:
    first = await sent(town, TABLE, **{"idempotency-key": "import-1"})
    again = await sent(town, TABLE, **{"idempotency-key": "import-1"})
    assert first.json() == again.json() and again.json()["created"] == 3
    other = await sent(town, TABLE + "W2,compound,新,,,,,\n", **{"idempotency-key": "import-1"})
    assert other.json()["code"] == "idempotency_key_reused"


_TEXTS = "编码,类型,名称,上级编码,户数\nW1,小区,望江苑,,\nW1-2,楼栋,二号楼,W1,12\n"


@pytest.mark.parametrize(
    "content",
    [
        _TEXTS.encode(),
        _TEXTS.encode("utf-8-sig"),
        _TEXTS.encode("gb18030"),
        _TEXTS.replace("\n", "\r\n").encode("gbk"),
        _TEXTS.replace("望江苑", "㐀龙𠮷苑").encode("gb18030"),
        (_TEXTS + "\n\n").encode(),
        _TEXTS.replace("二号楼", '"二号\u697c"').encode(),
    ],
)
async def test_what_a_chinese_spreadsheet_writes_is_read_as_it_comes(town: Town, house: House, content: bytes) -> None:
    answer = await sent(town, content)
    assert answer.status_code == 200, answer.text
    assert {"二号楼"} <= set(await names(house, town)) and any("苑" in name for name in await names(house, town))


@pytest.mark.parametrize(
    "content, line",
    [
        (_TEXTS.encode("gbk") + b"W3,\xff\xff,x,,\n", 4),
        (_TEXTS.encode() + b"W3,\xe5\xb0\x8f,\xff,,\n", 4),
        (_TEXTS.encode("utf-8-sig") + b"W3,\xd0!,x,,\n", 4),
    ],
)
async def test_what_is_no_text_is_named_by_its_line(town: Town, content: bytes, line: int) -> None:
    assert problems(await sent(town, content)) == [(f"/{line}", "encoding")]


@pytest.mark.parametrize(
    "rows, found",
    [
        ("A,grid,甲,B,,,,\nB,compound,乙,A,,,,\n", [("/2/parent_code", "rank"), ("/2/parent_code", "cycle")]),
        ("A,grid,甲,A,,,,\n", [("/2/parent_code", "rank"), ("/2/parent_code", "cycle")]),
        ("A,grid,甲,nowhere,,,,\n", [("/2/parent_code", "unknown_parent")]),
        ("A,grid,甲,,,,,\nA,grid,乙,,,,,\n", [("/3/code", "duplicate_code")]),
        ("A,castle,甲,,,,,\n", [("/2/kind", "unknown_kind")]),
        ("A,community,丙社区,,,,,\n", [("/2/code", "code_form"), ("/2/parent_code", "rank")]),
        ("=1+1,grid,甲,,,,,\n", [("/2/code", "formula")]),
        ("A,grid,@SUM(A1),,,,,\n", [("/2/name", "formula")]),
        ("A,grid,-甲,,,,,\n", [("/2/name", "formula")]),
        ("A,grid,+甲,,,,,\n", [("/2/name", "formula")]),
        ("A,grid,甲,,,,=1,\n", [("/2/households", "number")]),
        ("A,grid,甲,,,,1.5,-3\n", [("/2/households", "number"), ("/2/residents", "number")]),
        ("A,grid,甲,,,\n", [("/2", "cells")]),
        ("A,grid,甲,,,,,,,\nB,grid,乙,,,,,\nC,castle,丙,,,,,\n", [("/2", "cells"), ("/4/kind", "unknown_kind")]),
        (",grid,,,,,,\n", [("/2/code", "missing"), ("/2/name", "missing")]),
        ("A,grid,甲,,45.6,,,\n", [("/2/lon", "degrees")]),
        ("A,grid,甲,,north,84,,\n", [("/2/lat", "degrees")]),
        ("A,grid,甲,,100.1,25.1,,\n", [("/2/lat", "degrees")]),
        ("A,grid,甲,,84.8,45.6,,\n", [("/2/lat", "swapped")]),
        ("A,grid," + "长" * 101 + ",,,,,\n", [("/2/name", "too_long")]),
        ("A,grid,甲\x07,,,,,\n", [("/2/name", "control_character")]),
        ('A,grid,"甲\n乙",,,,,\nB,castle,丙,,,,,\n', [("/2/name", "control_character"), ("/4/kind", "unknown_kind")]),
        ('A,grid,"甲,,,,,\n', [("/2", "csv")]),
        ('A,grid,甲"乙"丙,,,,,\nB,grid,"乙"x,,,,,\n', [("/3", "csv")]),
    ],
)
async def test_a_wrong_line_is_named_and_nothing_is_stored(
    town: Town, house: House, rows: str, found: list[tuple[str, str]]
) -> None:
    before = await names(house, town)
    answer = await sent(town, HEADING + rows)
    assert problems(answer) == found
    english = await sent(town, HEADING + rows, **{"accept-language": "en"})
    for ours, theirs in zip(answer.json()["errors"], english.json()["errors"], strict=True):
        assert ours["message"].startswith("第 ") and theirs["message"].startswith("line ")
    assert await names(house, town) == before


@pytest.mark.parametrize(
    "heading, found",
    [
        ("code,kind\n", [("/1/name", "column_missing")]),
        ("code,kind,name,colour\n", [("/1/colour", "column")]),
        ("code,kind,name,编码\n", [("/1/code", "column_twice"), ("/1/编码", "column_twice")]),
        ("code,kind,name,\n", [("/1", "column")]),
    ],
)
async def test_a_wrong_heading_is_named(town: Town, heading: str, found: list[tuple[str, str]]) -> None:
    assert problems(await sent(town, heading)) == found


async def test_a_parent_in_another_community_is_no_parent(town: Town, house: House) -> None:
    await house.pool.execute("update area set code = 'THERE-1' where id = $1", town.ids["grid-there"])
    assert problems(await sent(town, HEADING + "A,compound,甲苑,THERE-1,,,,\n")) == [("/2/parent_code", "other_tenant")]


async def test_a_code_that_is_taken_elsewhere_in_the_community_is_named(town: Town) -> None:
    assert (await sent(town, HEADING + "X1,compound,甲苑,,,,,\n")).status_code == 200
    taken = await sent(town, HEADING + "X1,compound,乙苑,,,,,\n", "grid")
    assert problems(taken) == [("/2/code", "duplicate_code")]


async def test_the_code_of_a_closed_area_is_not_used_again(town: Town, house: House) -> None:
    await sent(town, HEADING + "X2,compound,甲苑,,,,,\n")
    id = await house.pool.fetchval("select id from area where code = 'X2' and tenant_id = $1", town.ids["here"])
    await town.call("POST", f"/areas/{id}/close", town.keeper(), {})
    assert problems(await sent(town, HEADING + "X2,compound,乙苑,,,,,\n")) == [("/2/code", "closed")]


async def test_what_stands_elsewhere_is_not_moved_by_a_file(town: Town) -> None:
    await sent(town, HEADING + "Y1,grid,甲,,,,,\nY2,grid,乙,,,,,\nY3,compound,丙苑,Y1,,,,\n")
    moved = await sent(town, HEADING + "Y3,compound,丙苑,Y2,,,,\n")
    assert problems(moved) == [("/2/parent_code", "moved")]


@pytest.mark.parametrize(
    "code, found",
    [
        ("440310001009", []),
        ("44031000100", [("/2/code", "code_form")]),
        ("440310002009", [("/2/code", "code_prefix")]),
        ("4403100O1009", [("/2/code", "code_form")]),
    ],
)
async def test_a_communitys_code_has_twelve_digits_and_begins_with_its_streets(
    town: Town, code: str, found: list[tuple[str, str]]
) -> None:
    answer = await sent(
        town, HEADING + f"{code},community,丙社区,,,,,\nG,grid,一网格,{code},,,,\n", "street", town.founder
    )
    assert (problems(answer) if found else answer.status_code) == (found or 200)


async def test_codes_may_be_written_with_all_twelve_digits(town: Town, house: House) -> None:
    rows = "440310007000,street,新街道,,,,,\n440310007001,community,新社区,440310007000,,,,\n"
    answer = await sent(town, HEADING + rows, "district", town.founder)
    assert answer.status_code == 200, answer.text
    code = "select code from area where name = '新街道' and parent_id = $1"
    assert await house.pool.fetchval(code, town.ids["district"]) == "440310007"


async def test_only_who_keeps_the_area_may_import(town: Town) -> None:
    for role, root, parent, status in (
        (Role.COMMUNITY_ADMIN, "here", "here", 200),
        (Role.STREET_STAFF, "street", "here", 200),
        (Role.COMMUNITY_ADMIN, "here", "there", 404),
        (Role.COMMUNITY_ADMIN, "here", "street", 403),
        (Role.COMMUNITY_STAFF, "here", "here", 403),
    ):
        answer = await sent(town, TABLE, parent, town.keeper(role, root))
        assert answer.status_code == status, (role, answer.text)
    founding = HEADING + "440310001009,community,丙社区,,,,,\n"
    assert (await sent(town, founding, "street", town.keeper(Role.STREET_STAFF, "street"))).status_code == 403


def feature(code: Any = "B1", geometry: Any = None, **more: Any) -> dict[str, Any]:
    properties = {"code": code, "kind": "building", "name": "1栋", **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(lat: float, lon: float, side: float = 0.0004) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[x, y] for y, x in square(lat, lon, side)]]}


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}, ensure_ascii=False)


async def test_geojson_brings_outlines_by_which_a_point_is_found(town: Town) -> None:
    lat, lon = town.lat + 0.0011, town.lon + 0.0001
    several = {"type": "MultiPolygon", "coordinates": [polygon(lat, lon + s)["coordinates"] for s in (0, 0.0006)]}
    answer = await sent(town, collection(feature(geometry=several, 户数=6), feature("B2", name="2栋")), "compound")
    assert (answer.status_code, answer.json()["created"], answer.json()["warnings"]) == (200, 2, []), answer.text
    found = await town.get("resident", "/areas/locate", lat=lat + 0.0001, lon=lon + 0.0007, coord_sys="wgs84")
    assert found.json()["area"]["name"] == "1栋"


async def test_an_outline_outside_of_its_parents_is_taken_and_flagged(town: Town) -> None:
    outside = feature(geometry=polygon(town.lat + 0.003, town.lon))
    answer = await sent(town, collection(outside), "grid")
    assert answer.status_code == 200 and answer.json()["created"] == 1
    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["pointer"]) == ("import.outside_parent", "/features/0/geometry/coordinates/0")


_RINGS, _CODE = "/features/0/geometry/coordinates", "/features/0/properties/code"
_BOW_TIE = [[100, 25], [101, 26], [100, 26], [101, 25], [100, 25]]


_SWAPPED = [[45, 84], [46, 84], [46, 85], [45, 84]]
_NO_DEGREES = [[25, 100], [26, 100], [26, 101], [25, 100]]


def shaped(coordinates: Any, kind: str = "Polygon") -> str:
    return collection(feature(geometry={"type": kind, "coordinates": coordinates}))


@pytest.mark.parametrize(
    "document, found",
    [
        ("42", [("/type", "geojson_type")]),
        ('"text"', [("/type", "geojson_type")]),
        ("[1, 2]", [("/type", "geojson_type")]),
        ("null", [("/type", "geojson_type")]),
        ('{"type": "FeatureCollection", "features": [', [("", "json")]),
        ('{"type": "FeatureCollection"}', [("/features", "features")]),
        (json.dumps(feature()), [("/type", "geojson_type")]),
        (collection(7), [("/features/0/type", "geojson_type")]),
        (collection({"type": "Feature"}), [("/features/0/properties", "properties")]),
        (collection(feature(None)), [("/features/0/properties/code", "missing")]),
        (collection(feature(True)), [(_CODE, "value"), (_CODE, "missing")]),
        (shaped([100, 25], "Point"), [("/features/0/geometry/type", "geojson_type")]),
        (collection(feature(geometry=7)), [("/features/0/geometry/type", "geojson_type")]),
        (shaped([100, 25]), [(f"{_RINGS}/1", "polygon_hole")]),
        (shaped(7), [(_RINGS, "coordinates")]),
        (shaped([7]), [(f"{_RINGS}/0", "coordinates")]),
        (shaped([[1, 2]]),
         [(f"{_RINGS}/0/0", "position"), (f"{_RINGS}/0/1", "position")]),
        (shaped([[["100", 25]] * 4]),
         [(f"{_RINGS}/0/{i}", "position") for i in range(4)]),
        (shaped([_BOW_TIE]), [(f"{_RINGS}/0", "polygon_crossing")]),
        (shaped([_BOW_TIE[:-1]]), [(f"{_RINGS}/0", "polygon_open")]),
        (shaped([_SWAPPED]),
         [(f"{_RINGS}/0", "swapped")]),
        (shaped([_NO_DEGREES]),
         [(f"{_RINGS}/0", "degrees")]),
        (collection(feature(), crs={"type": "name", "properties": {"name": "EPSG:4490"}}), [("/crs", "crs")]),
        (collection(feature(), feature()), [("/features/1/properties/code", "duplicate_code")]),
    ],
)  # fmt: skip
async def test_wrong_geojson_is_named_by_pointer_and_nothing_is_stored(
    town: Town, house: House, document: str, found: list[tuple[str, str]]
) -> None:
    before = await names(house, town)
    assert problems(await sent(town, document, "compound")) == found
    assert await names(house, town) == before


async def test_a_hole_is_refused_in_words(town: Town) -> None:
    inner = polygon(town.lat + 0.0001, town.lon + 0.0001, 0.0001)["coordinates"]
    answer = await sent(town, shaped(polygon(town.lat, town.lon)["coordinates"] + inner), "compound")
    assert problems(answer) == [("/features/0/geometry/coordinates/1", "polygon_hole")]
    assert "洞" in answer.json()["errors"][0]["message"]


async def test_a_file_without_form_is_refused(town: Town) -> None:
    headers = {"authorization": f"Bearer {town.issuer.access_token(town.keeper())}"}
    path = f"/api/v1/areas/import?parent={town.ids['here']}"
    assert (await town.api.post(path, content=b"x", headers=headers)).status_code == 415
    assert (await town.api.post(path, files={"other": b"x"}, headers=headers)).status_code == 422
    assert (await town.api.post("/api/v1/areas/import", files={"file": b"x"}, headers=headers)).status_code == 422
