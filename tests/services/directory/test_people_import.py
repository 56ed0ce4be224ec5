"""POST /people/import: a table is taken whole or not at all, everything wrong with it is named by line and column."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.directory.house import House
from shared.kernel.actor import Actor, Role
from tests.services.directory.test_people import entered, id_number, staff
from tests.services.directory.town import Town

HEADING = "姓名,区域编码,门牌,电话,身份证号,地址,出生年份,党员,特长\n"
GOOD = id_number(sequence="311")


async def sent(
    town: Town, content: str | bytes, *, actor: Actor | None = None, area: str = "here", dry: bool = False, **head: str
) -> httpx.Response:
    body = content if isinstance(content, bytes) else content.encode()
    given = {"authorization": f"Bearer {town.issuer.access_token(actor or town.keeper())}"}
    given |= {name.replace("_", "-"): value for name, value in head.items()}
    path = f"/api/v1/people/import?area={town.ids[area]}&dry_run={str(dry).lower()}"
    return await town.api.post(path, files={"file": ("people.csv", body)}, headers=given)


def problems(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "directory.import_refused"
    return [(e["pointer"], e["code"].removeprefix("import.")) for e in answer.json()["errors"]]


@pytest.fixture
async def coded(town: Town) -> Town:
    """The town, with a building B1 of two entrances that have codes."""
    areas = "code,kind,name,parent_code\nB1,building,8号楼,\nB1-1,entrance,1单元,B1\nB1-2,entrance,2单元,B1\n"
    given = {"authorization": f"Bearer {town.issuer.access_token(town.keeper())}"}
    path = f"/api/v1/areas/import?parent={town.ids['compound']}"
    assert (await town.api.post(path, files={"file": ("a.csv", areas.encode())}, headers=given)).status_code == 200
    return town


TABLE = (
    HEADING
    + f"王大,B1-1,101,138 0990 1234,{GOOD},和平小区8号楼1单元101,,是,理发、修伞\n"
    + "王小,B1-1,101,+86 13809901234,,,1980,否,\n"
    + "陈生,B1-2,101,0990-6234567,,,,,\n"
    + "远方来客,,,,,,,,\n"
)


async def found(town: Town, name: str) -> list[dict[str, Any]]:
    answer = await town.call("GET", f"/people?q={name}&area={town.ids['here']}", staff(town))
    return list(answer.json()["items"])


async def test_a_table_becomes_people_behind_their_doors(coded: Town) -> None:
    answer = await sent(coded, TABLE)
    assert (answer.status_code, answer.json()["created"], answer.json()["problems"]) == (200, 4, []), answer.text
    (chief,) = await found(coded, "王大")
    detail = (await coded.call("GET", f"/people/{chief['id']}", coded.keeper())).json()
    assert (detail["phone"], detail["birth_year"], detail["party_member"]) == ("138****1234", 1949, True)
    assert (detail["skills"], detail["home"]["code"], detail["door"]) == (["理发", "修伞"], "B1-1", "1**")
    homes = (await coded.call("GET", f"/areas/{detail['home']['id']}/households", staff(coded))).json()["items"]
    assert [{person["name"] for person in home["people"]} for home in homes] == [{"王大", "王小"}]
    assert (await found(coded, "远方"))[0]["home"] is None


async def test_the_same_file_again_changes_nothing_and_a_later_one_corrects(coded: Town) -> None:
    await sent(coded, TABLE)
    again = (await sent(coded, TABLE)).json()
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 4)
    # A file without a column says nothing about it; a number that was unknown so far belongs to who fits.
    late = id_number("19800101", "412")
    corrected = f"name,area_code,phone,id_number,birth_year\n王大,B1-2,13900000001,{GOOD},\n王小,B1-1,,{late},1980\n"
    assert (await sent(coded, corrected)).json()["changed"] == 2
    (chief,) = await found(coded, "王大")
    detail = (await coded.call("GET", f"/people/{chief['id']}", coded.keeper())).json()
    assert (detail["phone"], detail["party_member"], detail["skills"]) == ("139****0001", True, ["理发", "修伞"])
    assert (detail["home"]["code"], detail["door"]) == ("B1-2", None)
    assert len(await found(coded, "王小")) == 1


async def test_two_of_one_name_are_told_apart_by_their_doors(coded: Town) -> None:
    twins = "name,area_code,door,birth_year\n王同名,B1-1,101,1960\n王同名,B1-1,102,1960\n"
    assert (await sent(coded, twins)).json()["created"] == 2
    again = (await sent(coded, twins)).json()
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    without = await sent(coded, "name,area_code,birth_year\n王同名,B1-1,1960\n")
    assert problems(without) == [("/2/name", "ambiguous")]


async def test_two_lines_that_mean_one_of_the_register_are_named(coded: Town) -> None:
    await sent(coded, TABLE)
    lines = f"name,area_code,id_number,birth_year\n王大,B1-1,{GOOD},\n王大,B1-1,,1949\n"
    assert problems(await sent(coded, lines)) == [("/3/name", "duplicate")]
    assert [(p["line"], p["code"]) for p in (await sent(coded, lines, dry=True)).json()["problems"]] == [
        (3, "import.duplicate")
    ]


async def test_a_dry_run_says_what_would_be_and_stores_nothing(coded: Town, house: House) -> None:
    counted = "select (select count(*) from person) + (select count(*) from household)"
    before = await house.pool.fetchval(counted)
    right = (await sent(coded, TABLE, dry=True)).json()
    assert (right["dry_run"], right["created"], right["problem_count"]) == (True, 4, 0)
    wrong = await sent(coded, TABLE.replace("B1-2", "B9"), dry=True, accept_language="en")
    assert wrong.json()["problems"] == [
        {
            "line": 4,
            "column": "区域编码",
            "pointer": "/4/区域编码",
            "code": "import.unknown_area",
            "message": "no area has the code “B9”",
        }
    ]
    assert await house.pool.fetchval(counted) == before


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "gb18030"])
async def test_what_a_chinese_spreadsheet_writes_is_read_as_it_comes(coded: Town, form: str) -> None:
    answer = await sent(coded, TABLE.replace("\n", "\r\n").replace("王大", "王𠮷").encode(form))
    assert answer.json()["created"] == 4, answer.text
    assert len(await found(coded, "王𠮷")) == 1


@pytest.mark.parametrize(
    "rows, wrong",
    [
        ("=1+1,,,,,,,,\n", [("/2/姓名", "formula")]),
        ("甲,@SUM(A1),,,,,,,\n", [("/2/区域编码", "formula")]),
        ("甲,B1-1,-101,,,,,,\n", [("/2/门牌", "formula")]),
        ("甲,,,=1,=2,=3,=4,=5,=6\n",
         [("/2/身份证号", "id_number_form"), ("/2/电话", "phone_form"), ("/2/地址", "formula"),
          ("/2/出生年份", "number"), ("/2/党员", "yes_or_no"), ("/2/特长", "formula")]),
        ("甲,,,,,,,,,\n", [("/2", "cells")]),
        ("甲,,\n", [("/2", "cells")]),
        (",,,,,,1980,,\n", [("/2/姓名", "missing")]),
        ("甲,nowhere,,,,,,,\n", [("/2/区域编码", "unknown_area")]),
        ("甲,,101,,,,,,\n", [("/2/门牌", "door_without_home")]),
        ("甲,,,,650203194903120021,,,,\n", [("/2/身份证号", "id_number_check")]),
        ("甲,,,,6.50203E+17,,,,\n", [("/2/身份证号", "id_number_form")]),
        (f"甲,,,,{id_number('20991231')},,,,\n", [("/2/身份证号", "id_number_date")]),
        (f"甲,,,,{GOOD},,1950,,\n", [("/2/出生年份", "other_birth_year")]),
        (f"甲,,,,{GOOD},,,,\n乙,,,,{GOOD.lower()},,,,\n", [("/3/身份证号", "duplicate")]),
        ("甲,B1-1,,,,,1980,,\n甲,B1-1,,,,,1980,,\n", [("/3/姓名", "duplicate")]),
        ("甲,,,12345,,,,maybe,\n乙,B9,,,,,,,\n",
         [("/2/电话", "phone_form"), ("/2/党员", "yes_or_no"), ("/3/区域编码", "unknown_area")]),
        (f"甲,,,,,,,,{'、'.join(str(n) for n in range(21))}\n", [("/2/特长", "too_long")]),
        ("甲\x07,,,,,,,,\n", [("/2/姓名", "control_character")]),
    ],
)  # fmt: skip
async def test_each_problem_is_named_by_line_and_column_and_nothing_is_stored(
    coded: Town, house: House, rows: str, wrong: list[tuple[str, str]]
) -> None:
    before = await house.pool.fetchval("select count(*) from person")
    assert problems(await sent(coded, HEADING + rows)) == wrong
    assert await house.pool.fetchval("select count(*) from person") == before


async def test_headings_that_mean_nothing_and_bytes_that_are_no_text_are_named(coded: Town) -> None:
    assert problems(await sent(coded, "姓名,血型\n甲,O\n")) == [("/1/血型", "column")]
    assert problems(await sent(coded, "电话\n13800000000\n")) == [("/1/name", "column_missing")]
    assert problems(await sent(coded, (HEADING + "某某某某,,,,,,,,\n").encode() + b"\xff,,,,,,,,\n")) == [
        ("/3", "encoding")
    ]


async def test_who_is_there_already_is_not_entered_under_another_name(coded: Town) -> None:
    await entered(coded, name="古丽娜", id_number=GOOD)
    assert problems(await sent(coded, f"姓名,身份证号\n别人,{GOOD}\n")) == [("/2/身份证号", "other_person")]
    for _ in range(2):
        await entered(coded, name="李同名", birth_year=1980)
    rows = "code,kind,name\nB7,building,甲楼\n"
    given = {"authorization": f"Bearer {coded.issuer.access_token(coded.keeper())}"}
    path = f"/api/v1/areas/import?parent={coded.ids['compound']}"
    await coded.api.post(path, files={"file": ("a.csv", rows.encode())}, headers=given)
    for _ in range(2):
        area = (await coded.call("GET", f"/areas?q=B7&within={coded.ids['here']}", staff(coded))).json()["items"][0][
            "id"
        ]
        body = {"name": "李同名", "home_id": area, "birth_year": 1980}
        assert (await coded.call("POST", "/people", staff(coded), body)).status_code == 201
    answer = await sent(coded, "姓名,区域编码,出生年份\n李同名,B7,1980\n")
    assert problems(answer) == [("/2/姓名", "ambiguous")]


async def test_no_personal_data_is_quoted_in_a_problem(coded: Town) -> None:
    rows = f"龘靐齉,,,13809,{GOOD[:-1]}Z,,,,\n龘靐齉,,,,,,2099,,\n"
    answer = await sent(coded, HEADING + rows)
    assert len(problems(answer)) == 3 and all(text not in answer.text for text in ("龘", "13809", GOOD[:17], "2099"))


async def test_a_file_reaches_only_the_area_that_was_named(coded: Town) -> None:
    assert problems(await sent(coded, "姓名,区域编码\n甲,B1-1\n", area="building")) == [("/2/区域编码", "unknown_area")]
    there = coded.keeper(Role.COMMUNITY_ADMIN, "there")
    assert (await sent(coded, "姓名\n甲\n", actor=there)).status_code == 404


async def test_two_files_at_once_enter_nobody_twice(coded: Town, house: House) -> None:
    answers = await asyncio.gather(*(sent(coded, TABLE) for _ in range(3)))
    assert sorted(answer.json()["created"] for answer in answers) == [0, 0, 4]
    rows = await house.pool.fetch(
        "select facts->>'created' as created from area_history where area_id = $1 and action = 'import_people'",
        UUID(str(coded.ids["here"])),
    )
    assert sorted(row["created"] for row in rows) == ["0", "0", "4"]
