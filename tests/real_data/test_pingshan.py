"""Pingshan's real files: every figure is counted from the files here, none is typed in."""

import csv
import os
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from deploy.imports import pingshan
from deploy.imports.pingshan import PingshanImport
from deploy.imports.pingshan_places import DISTRICT_NAME
from deploy.imports.report import Effect

DATA = Path(os.environ.get("LINLI_REAL_DATA", Path(__file__).parents[2] / "../shared/data")).resolve()
PINGSHAN = DATA / "pingshan"

pytestmark = pytest.mark.skipif(
    not PINGSHAN.is_dir(), reason=f"no real data at {PINGSHAN} (LINLI_REAL_DATA says where)"
)


def rows(name: str) -> list[dict[str, str]]:
    with (PINGSHAN / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def result() -> PingshanImport:
    return pingshan.read(PINGSHAN, DATA / "messages")


def test_every_event_is_a_case_or_reported_as_left_out(result: PingshanImport) -> None:
    lines = {p.line for p in result.problems if p.file == "events.csv" and p.effect is Effect.LEFT_OUT}

    assert len(result.cases) + len(lines) == len(rows("events.csv"))


def test_every_key_exists_and_parents_come_first(result: PingshanImport) -> None:
    areas = [(area.key, area.parent_key) for area in result.directory.areas]
    organisations = [(item.key, item.parent_key) for item in result.directory.organisations]
    categories = [(item.key, item.parent_key) for item in result.categories]
    for tree in (areas, organisations, categories):
        seen: set[str | None] = {None}
        for key, parent in tree:
            assert parent in seen
            assert key not in seen
            seen.add(key)
    assert {case.area_key for case in result.cases} <= {key for key, _ in areas}
    assert {case.category_key for case in result.cases} <= {key for key, _ in categories}
    assert {case.organisation_key for case in result.cases} - {None} <= {key for key, _ in organisations}
    tenants = {item.tenant_key for item in result.directory.organisations}
    assert tenants <= {key for key, _ in areas}


def test_communities_are_those_with_a_code(result: PingshanImport) -> None:
    codes = {row["stat_code_12"] for row in rows("community_to_stat_code.csv")} - {""}

    assert {area.code for area in result.directory.areas if area.kind == "community"} == codes


def test_cases_lie_in_the_community_that_the_event_names(result: PingshanImport) -> None:
    names = {area.key: area.name for area in result.directory.areas}
    named = Counter(row["community"] for row in rows("events.csv"))
    found = Counter(names[case.area_key] for case in result.cases)
    district = DISTRICT_NAME

    assert {name: count for name, count in found.items() if name != district} == {
        name: count for name, count in named.items() if name != "-"
    }
    assert found[district] == named["-"]


def test_every_unit_name_is_one_organisation_or_reported(result: PingshanImport) -> None:
    reported = {p.value for p in result.problems if p.file == "disposeunit.csv"}
    written = [{item.name, *item.aliases} for item in result.directory.organisations]

    for unit in rows("disposeunit.csv"):
        holders = [names for names in written if unit["name"] in names]
        if "（" in unit["name"] and unit["name"] not in reported:
            assert len(holders) == 1, unit["name"]
        else:
            assert holders or unit["name"] in reported, unit["name"]


def test_spellings_that_share_a_number_are_one_organisation(result: PingshanImport) -> None:
    tests = {row["aID"] for row in rows("disposeunit.csv") if "测试" in row["name"]}
    numbers = {row["aID"] for row in rows("disposeunit.csv")} - tests - {"-"}
    offices = sum(area.kind == "street" for area in result.directory.areas)
    unplaced = {p.value for p in result.problems if p.file == "disposeunit.csv"} - {"-"}
    # A name without a street may be placed by its events, or not at all: that is all the room there is.
    count = len(result.directory.organisations) - offices

    assert len(numbers) - len(unplaced) <= count <= len(numbers) + len(unplaced)


def test_only_events_without_a_real_unit_lack_an_organisation(result: PingshanImport) -> None:
    lines = {p.line for p in result.problems if p.file == "events.csv" and p.effect is Effect.NO_ORGANISATION}
    missing = [line for line, row in enumerate(rows("events.csv"), 2) if row["dispose_unit"] == "-"]

    assert set(missing) <= lines
    assert sum(case.organisation_key is None for case in result.cases) == len(lines)
    assert len(lines) < len(result.cases) / 100


def test_in_time_and_kinds_are_those_of_the_file(result: PingshanImport) -> None:
    events = rows("events.csv")

    assert sum(case.in_time for case in result.cases) == sum(row["result"] == "按期办结" for row in events)
    assert sum(case.kind == "suggestion" for case in result.cases) == sum(r["property"] == "建议" for r in events)
    assert "import" not in {case.channel for case in result.cases}


def test_every_first_level_has_an_english_name_and_no_lower_one_pretends_to(result: PingshanImport) -> None:
    assert len(result.categories) >= len(rows("type.csv"))
    for category in result.categories:
        assert bool(category.name_en) == (category.parent_key is None)
        assert category.name_en.isascii()


def test_texts_keep_their_limits_and_vary(result: PingshanImport) -> None:
    for case in result.cases:
        assert 0 < len(case.title) <= 60
        assert 0 < len(case.text) <= 2_000
        visible = (case.title + case.text).replace("\n", "")
        assert not any(unicodedata.category(character).startswith("C") for character in visible)
        assert case.text == case.text.strip()
    commonest = Counter(case.text for case in result.cases).most_common(1)[0][1]
    assert commonest < len(result.cases) / 100


def test_texts_fit_their_category(result: PingshanImport) -> None:
    """Not a figure of quality: a guard against a choice that stopped looking at the category."""
    for word, said in (("噪声", "噪|扰民|施工|吵"), ("公共交通", "公交|地铁|站|车"), ("路灯", "路灯|灯|路")):
        texts = [case.title + case.text for case in result.cases if word in case.category_key]
        fitting = [text for text in texts if any(mark in text for mark in said.split("|"))]
        assert len(fitting) > 0.8 * len(texts)


def test_reading_again_gives_the_same(result: PingshanImport) -> None:
    assert pingshan.read(PINGSHAN, DATA / "messages") == result


def test_without_messages_the_category_speaks() -> None:
    case = pingshan.read(PINGSHAN, None).cases[0]

    assert case.text.replace(" / ", "/") == case.category_key.removeprefix("categories/pingshan/")
