"""Reading Pingshan's files: each rule on a small invented district of two streets."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.imports import pingshan
from deploy.imports.messages import TEXT_LENGTH, TITLE_LENGTH, as_text
from deploy.imports.pingshan import PingshanImport
from deploy.imports.pingshan_categories import urgency_of
from deploy.imports.report import Effect, ImportProblem, Problem, summary
from services.petitions.domain.seed import ClosedCase

Cells = dict[str, str]
Files = dict[str, list[Cells]]

EAST, WEST = "440399001", "440399002"
WILLOW, PINE, LAKE = f"{EAST}001", f"{EAST}002", f"{WEST}001"


def table(columns: str, *rows: str) -> list[Cells]:
    """Rows written with commas, as in the files."""
    names = columns.split(",")
    return [dict(zip(names, row.split(","), strict=True)) for row in rows]


def district() -> Files:
    """A district with nothing wrong in it, but for one misspelt community."""
    return {
        "street.csv": table("id,name,aID", "1,东溪街道,11", "2,西溪街道,12"),
        "community.csv": table(
            "id,name,aID,long,lat,street_id",
            "1,柳树社区,101,0.0,0.0,1",
            "2,松林社区,102,114.31,22.71,1",
            "3,镜湖社区,201,114.33,22.72,2",
            "4,竟湖社区,201,113.1,22.7,2",
        ),
        "community_to_stat_code.csv": table(
            "community,stat_code_12,street_in_stat_table",
            f"柳树社区,{WILLOW},东溪街道",
            f"松林社区,{PINE},东溪街道",
            f"镜湖社区,{LAKE},西溪街道",
            "竟湖社区,,",
        ),
        "disposeunit.csv": table(
            "id,name,aID",
            "1,花木局,1",
            "2,绿化办（东溪街道办事处）,2",
            "3,绿化办,2",
            "4,绿化办公室（西溪街道办事处）,3",
            "5,柳树社区,4",
            "6,柳树社区（东溪街道办事处）,4",
            "7,镜湖社区工作站,5",
            "8,西溪供水公司（西溪辖区）,6",
            "9,区测试单位,7",
            "10,区单位,7",
            "11,档案局（史志办）,8",
            "12,东溪街道巡查队,9",
            "13,防汛办（东溪）,10",
            "14,防汛办公室,11",
        ),
        "type.csv": table("id,name", "1,市容环卫", "2,安全隐患"),
        "maintype.csv": table("id,name,type_id", "1,绿化,1", "2,地面,2"),
        "subtype.csv": table(
            "id,name,main_type_id", "1,花坛,1", "2,路灯&#40;装饰&#41;,1", "3,路面塌陷,2", "4,草坪、,1"
        ),
    }


def event(**cells: str) -> Cells:
    """One clean event, but for what is said."""
    clean = {
        "rec_id": "1",
        "create_time": "2018-03-05",
        "district": "坪山区",
        "street": "东溪街道",
        "street_id": "11",
        "community": "柳树社区",
        "community_id": "101",
        "lon": "0.0",
        "lat": "0.0",
        "event_type": "市容环卫",
        "main_type": "绿化",
        "sub_type": "花坛",
        "dispose_unit": "花木局",
        "dispose_unit_id": "1",
        "event_src": "12345",
        "property": "投诉",
        "result": "按期办结",
    }
    return clean | cells


NOWHERE = {"street": "-", "street_id": "-", "community": "-", "community_id": "-"}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the district with these events, and returns its folder."""

    def written(*events: Cells, files: Files | None = None) -> Path:
        folder = tmp_path / "坪山 files"
        folder.mkdir(exist_ok=True)
        for name, rows in ((files or district()) | {"events.csv": list(events) or [event()]}).items():
            _write_csv(folder / name, rows)
        return folder

    return written


def _write_csv(path: Path, rows: list[Cells]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def in_events(result: PingshanImport) -> list[Problem]:
    return [problem for problem in result.problems if problem.file == "events.csv"]


def only_case(folder: Path) -> tuple[ClosedCase, list[Problem]]:
    result = pingshan.read(folder, None)
    assert len(result.cases) == 1
    return result.cases[0], in_events(result)


# Areas


def test_the_statistical_codes_make_the_areas_parents_first(write: Write) -> None:
    areas = pingshan.read(write(), None).directory.areas

    assert [(area.code, area.kind) for area in areas] == [
        ("440399", "district"),
        (EAST, "street"),
        (WEST, "street"),
        (WILLOW, "community"),
        (PINE, "community"),
        (LAKE, "community"),
    ]
    assert areas[3].key == f"areas/{WILLOW}"
    assert areas[3].parent_key == f"areas/{EAST}"


def test_a_clean_event_becomes_a_case_without_a_word(write: Write) -> None:
    case, problems = only_case(write())

    assert problems == []
    assert (case.system, case.number, str(case.day), case.in_time) == ("pingshan", "1", "2018-03-05", True)
    assert case.area_key == f"areas/{WILLOW}"
    assert case.category_key == "categories/pingshan/市容环卫/绿化/花坛"
    assert case.organisation_key == "organisations/pingshan/440399/花木局"
    assert (case.kind, case.channel, case.point) == ("problem", "phone", None)
    assert (case.title, case.text) == ("花坛", "市容环卫 / 绿化 / 花坛")


def test_a_misspelt_community_is_known_by_its_number(write: Write) -> None:
    case, problems = only_case(
        write(event(street="西溪街道", street_id="12", community="竟湖社区", community_id="201"))
    )

    assert case.area_key == f"areas/{LAKE}"
    assert [(p.line, p.column, p.value, p.effect) for p in problems] == [(2, "community", "竟湖社区", Effect.CORRECTED)]


@pytest.mark.parametrize(
    ("cells", "code", "effect"),
    [
        ({"community": "-", "community_id": "-"}, EAST, Effect.KEPT_AT_STREET),
        ({"community": "无此社区", "community_id": "999"}, EAST, Effect.KEPT_AT_STREET),
        ({"community": "无此社区", "community_id": "102"}, PINE, Effect.CORRECTED),
        ({"street": "-", "street_id": "-"}, WILLOW, Effect.CORRECTED),
        ({"street": "西溪街道", "street_id": "12"}, WILLOW, Effect.CORRECTED),
        (NOWHERE, "440399", Effect.KEPT_AT_DISTRICT),
    ],
)
def test_an_event_is_kept_where_it_is_known_to_lie(write: Write, cells: Cells, code: str, effect: Effect) -> None:
    case, problems = only_case(write(event(**cells)))

    assert case.area_key == f"areas/{code}"
    assert [problem.effect for problem in problems] == [effect]


def test_no_point_is_used_and_each_is_reported_once(write: Write) -> None:
    result = pingshan.read(
        write(
            event(rec_id="1", lon="114.31", lat="22.71"),  # the one of a community
            event(rec_id="2", lon="114.35", lat="22.69"),  # its own
            event(rec_id="3", lon="here", lat="there"),
        ),
        None,
    )

    assert [case.point for case in result.cases] == [None, None, None]
    reported = [(p.file, p.line) for p in result.problems if p.effect is Effect.NO_POINT]
    assert reported == [("community.csv", line) for line in (3, 4, 5)] + [
        ("events.csv", 3),
        ("events.csv", 4),
    ]
    far = next(p for p in result.problems if p.file == "community.csv" and p.line == 5)
    assert "km from the other communities" in far.what_en


# Organisations


def organisation_keys(result: PingshanImport) -> list[str]:
    return [organisation.key.removeprefix("organisations/pingshan/") for organisation in result.directory.organisations]


def test_each_unit_is_one_organisation_however_it_is_written(write: Write) -> None:
    assert organisation_keys(pingshan.read(write(), None)) == [
        f"{EAST}/东溪街道办事处",
        f"{WEST}/西溪街道办事处",
        "440399/档案局（史志办）",
        "440399/花木局",
        "440399/西溪供水公司",
        f"{EAST}/东溪街道巡查队",
        f"{EAST}/绿化办",
        f"{EAST}/防汛办",
        f"{WEST}/绿化办公室",
        f"{WILLOW}/柳树社区",
        f"{LAKE}/镜湖社区工作站",
    ]


def test_units_know_tenant_parent_aliases_and_whom_they_serve(write: Write) -> None:
    organisations = {item.name: item for item in pingshan.read(write(), None).directory.organisations}

    office = "organisations/pingshan/440399001/东溪街道办事处"
    unit, community, company = (organisations[name] for name in ("绿化办", "柳树社区", "西溪供水公司"))
    assert (unit.tenant_key, unit.parent_key) == (f"areas/{EAST}", office)
    assert unit.aliases == ("绿化办（东溪街道办事处）",)
    assert (community.tenant_key, community.parent_key) == (f"areas/{WILLOW}", office)
    assert (company.tenant_key, company.parent_key) == ("areas/440399", None)
    assert company.serves_keys == (f"areas/{WEST}",)


@pytest.mark.parametrize(
    ("place", "unit", "number", "expected", "effects"),
    [
        ({}, "绿化办", "2", f"{EAST}/绿化办", []),
        ({}, "绿化办(东溪街道办事处)", "2", f"{EAST}/绿化办", []),
        ({"community": "镜湖社区", "street": "西溪街道"}, "绿化办", "2", f"{WEST}/绿化办公室", ["corrected"]),
        (NOWHERE, "绿化办", "2", f"{EAST}/绿化办", ["kept_at_district"]),
        ({}, "防汛办公室", "11", f"{EAST}/防汛办", ["corrected"]),
        (
            {"community": "镜湖社区", "street": "西溪街道"},
            "防汛办公室",
            "11",
            f"{WEST}/防汛办公室",
            ["corrected"],
        ),
        (NOWHERE, "防汛办公室", "11", None, ["kept_at_district", "no_organisation"]),
        ({}, "花木管理局", "1", "440399/花木局", ["corrected"]),
        ({}, "绿化办公室（东溪街道办事处）", "99", f"{EAST}/绿化办", ["corrected"]),
        ({}, "无此单位", "99", None, ["no_organisation"]),
        ({}, "区单位", "7", None, ["no_organisation"]),
        ({}, "-", "-", None, ["no_organisation"]),
    ],
)
def test_an_event_names_its_unit(
    write: Write, place: Cells, unit: str, number: str, expected: str | None, effects: list[str]
) -> None:
    case, problems = only_case(write(event(**place, dispose_unit=unit, dispose_unit_id=number)))

    assert case.organisation_key == (expected and f"organisations/pingshan/{expected}")
    assert [problem.effect for problem in problems] == effects


def test_every_organisation_of_a_case_exists_after_its_parent(write: Write) -> None:
    result = pingshan.read(
        write(
            event(rec_id="1", dispose_unit="防汛办公室", dispose_unit_id="11"),
            event(rec_id="2", community="镜湖社区", street="西溪街道", dispose_unit="防汛办公室"),
        ),
        None,
    )

    seen: set[str | None] = {None}
    for organisation in result.directory.organisations:
        assert organisation.parent_key in seen
        assert organisation.key not in seen
        seen.add(organisation.key)
    assert {case.organisation_key for case in result.cases} <= seen


# Categories


def test_the_tree_is_keyed_by_its_names_and_cleaned(write: Write) -> None:
    result = pingshan.read(write(), None)

    assert [(item.name, item.name_en) for item in result.categories[:2]] == [
        ("安全隐患", "Safety hazards"),
        ("市容环卫", "Street appearance and sanitation"),
    ]
    leaves = [item for item in result.categories if item.key.count("/") == 4]
    assert [leaf.name for leaf in leaves] == ["路面塌陷", "花坛", "草坪", "路灯(装饰)"]
    assert {leaf.name_en for leaf in leaves} == {""}
    assert leaves[0].parent_key == "categories/pingshan/安全隐患/地面"
    assert [p.line for p in result.problems if p.file == "subtype.csv"] == [3, 5]


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"sub_type": "无此小类"}, "市容环卫/绿化"),
        ({"main_type": "-", "sub_type": "-"}, "市容环卫"),
        ({"event_type": "-"}, "未分类"),
    ],
)
def test_an_unknown_category_is_kept_at_the_nearest_above(write: Write, cells: Cells, key: str) -> None:
    result = pingshan.read(write(event(**cells)), None)

    assert result.cases[0].category_key == f"categories/pingshan/{key}"
    assert result.cases[0].category_key in {item.key for item in result.categories}
    assert [problem.effect for problem in in_events(result)] == [Effect.KEPT_HIGHER]


@pytest.mark.parametrize(
    ("path", "urgency"),
    [
        (("安全隐患", "地面", "路面塌陷"), "danger"),
        (("安全隐患", "证照", "企业资质证照"), "ordinary"),
        (("市政设施", "公用部件", "路灯"), "utility"),
        (("市容环卫", "保洁", "路灯杆乱张贴"), "ordinary"),
        (("组织人事", "人力资源", "职业资格考试"), "consultation"),
        (("规土城建", "城乡规划", "规划方案"), "complex"),
    ],
)
def test_only_real_hazards_are_dangers(path: tuple[str, ...], urgency: str) -> None:
    assert urgency_of(path) == urgency


# Events that cannot be taken, or only with a guess


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"rec_id": " "}, "rec_id"),
        ({"rec_id": "0"}, "rec_id"),
        ({"create_time": "2018-02-30"}, "create_time"),
        ({"create_time": "-"}, "create_time"),
        ({"result": "处理中"}, "result"),
        ({"district": "别的区"}, "district"),
    ],
)
def test_an_event_that_cannot_be_taken_is_left_out_and_reported(write: Write, cells: Cells, column: str) -> None:
    result = pingshan.read(write(event(rec_id="0"), event(**cells)), None)

    assert [case.number for case in result.cases] == ["0"]
    assert [(p.line, p.column, p.effect) for p in in_events(result)] == [(3, column, Effect.LEFT_OUT)]


def test_a_row_of_the_wrong_length_is_left_out_and_reported(write: Write) -> None:
    folder = write(event())
    with (folder / "events.csv").open("a", encoding="utf-8") as file:
        file.write("\n2,2018-03-05\n")

    result = pingshan.read(folder, None)

    assert len(result.cases) == 1
    assert [(p.line, p.effect) for p in in_events(result)] == [(4, Effect.LEFT_OUT)]


def test_unknown_kinds_and_channels_get_the_harmless_word(write: Write) -> None:
    case, problems = only_case(write(event(property="-", event_src="信鸽")))

    assert (case.kind, case.channel) == ("problem", "import")
    assert [(p.column, p.effect) for p in problems] == [
        ("event_src", Effect.ASSUMED),
        ("property", Effect.ASSUMED),
    ]


@pytest.mark.parametrize("day", ["2018-3-5", "2018/03/05", "2018-03-05 17:20:00"])
def test_a_day_may_be_written_in_several_ways(write: Write, day: str) -> None:
    case, problems = only_case(write(event(create_time=day)))

    assert str(case.day) == "2018-03-05"
    assert problems == []


# Files that cannot be read at all


def test_a_missing_file_is_named(write: Write) -> None:
    folder = write()
    (folder / "street.csv").unlink()

    with pytest.raises(ImportProblem, match=r"street\.csv is missing"):
        pingshan.read(folder, None)


def test_missing_columns_are_named(write: Write) -> None:
    folder = write()
    _write_csv(folder / "events.csv", [{"rec_id": "1", "create_time": "2018-03-05"}])

    with pytest.raises(ImportProblem, match=r"events\.csv lacks the columns district, street"):
        pingshan.read(folder, None)


def test_a_gbk_file_says_so(write: Write) -> None:
    folder = write()
    (folder / "type.csv").write_bytes("id,name\n1,市容环卫\n".encode("gbk"))

    with pytest.raises(ImportProblem, match=r"type\.csv is not UTF-8 \(perhaps GBK\)"):
        pingshan.read(folder, None)


def test_an_open_quote_does_not_swallow_the_file(write: Write) -> None:
    folder = write()
    with (folder / "type.csv").open("a", encoding="utf-8") as file:
        file.write('9,"open\n10,next\n')

    with pytest.raises(ImportProblem, match=r"type\.csv is not valid CSV from line 4 on"):
        pingshan.read(folder, None)


# Texts


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """A few messages of each file, of two classes."""
    folder = tmp_path / "messages"
    folder.mkdir()
    tokens = [("花坛 枯萎 绿化", "城乡建设"), ("课本 老师 学校", "教育文体")] * 3
    _write_csv(folder / "labelled_tokens.csv", [{"tokens": t, "label_level1": c} for t, c in tokens])
    labelled = [("花坛无人浇水", "城乡建设"), ("学校的花坛该谁管", "教育文体"), ("咨询花坛认养", "城乡建设")]
    _write_csv(
        folder / "labelled_raw.csv",
        [{"title": title, "text": f"全文：{title}。", "label_level1": label} for title, label in labelled],
    )
    for file, titles in (
        ("with_replies.csv", ["绿化的花坛枯萎了", "老师没有课本"]),
        ("many_about_one_matter.csv", ["花坛里全是垃圾", ""]),
    ):
        _write_csv(folder / file, [{"title": title, "text": f"全文：{title}。"} for title in titles])
    return folder


def test_texts_fit_class_words_and_kind(write: Write, messages: Path) -> None:
    events = [event(rec_id=str(number)) for number in range(40)]
    asked = [event(rec_id=str(number), property="咨询") for number in range(40, 60)]

    cases = pingshan.read(write(*events, *asked), messages).cases

    titles = {case.title for case in cases[:40]}
    assert titles >= {"花坛无人浇水", "绿化的花坛枯萎了"}
    assert titles.isdisjoint({"学校的花坛该谁管", "老师没有课本", "咨询花坛认养"})
    assert {case.title for case in cases[40:]} == {"咨询花坛认养"}


def test_the_same_number_always_gets_the_same_text(write: Write, messages: Path) -> None:
    numbers = [str(number) for number in range(30)]
    there = pingshan.read(write(*(event(rec_id=number) for number in numbers)), messages)
    back = pingshan.read(write(*(event(rec_id=number) for number in reversed(numbers))), messages)

    assert there.cases == back.cases[::-1]
    assert there.directory == back.directory


def test_a_message_without_title_is_reported(write: Write, messages: Path) -> None:
    problems = pingshan.read(write(), messages).problems

    assert [(p.line, p.effect) for p in problems if p.file == "many_about_one_matter.csv"] == [(3, Effect.LEFT_OUT)]


def test_texts_are_clean_and_short() -> None:
    text = as_text(" 题\x00目\n" + "长" * 100, "第一行_x000D_\n\n\u3000第二行&nbsp;\x07\u200b完" + "字" * 3_000)

    assert text.title.startswith("题 目 长")
    assert len(text.title) == TITLE_LENGTH
    assert text.text.startswith("第一行\n第二行 完字")
    assert len(text.text) == TEXT_LENGTH


# The report


def test_the_summary_names_every_line_in_both_languages(write: Write) -> None:
    result = pingshan.read(write(event(rec_id="1", **NOWHERE), event(), event(rec_id="3", **NOWHERE)), None)

    assert "events.csv community 列：归到区 2 处（第 2, 4 行）" in summary(result.problems)
    assert "events.csv, community: kept at district 2 times (line 2, 4)" in summary(result.problems, "en")
