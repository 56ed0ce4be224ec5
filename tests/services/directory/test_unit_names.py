"""domain/unit_names: two spellings of one unit are one, and two units of one name are two."""

import pytest

from services.directory.domain.unit_names import Known, key_of, meant, read, search_keys, similar
from shared.kernel.ids import new_id

EAST, WEST = new_id(), new_id()


def unit(name: str, *aliases: str, parent: str = "", keeper: str = "") -> Known:
    above = [one for one in (parent and f"{parent}街道办事处", keeper) if one]
    ids = {"": None, "东溪": EAST, "西溪": WEST}
    return Known(new_id(), name, aliases, ids[parent], above)


@pytest.mark.parametrize(
    "one, other",
    [
        ("城建办（坑梓街道办事处）", "城建办(坑梓街道办事处)"),
        (" 城 建　办", "城建办"),
        ("城建办公室", "城建办"),
        ("深圳市坪山区城市管理局", "城市管理局"),
        ("广东省深圳市公证处", "公证处"),
        ("长征社区居民委员会", "长征社区居委会"),
        ("“访惠聚”驻长征社区工作队", "访惠聚驻长征社区工作队"),
        ("ＡＢＣ培训中心", "abc培训中心"),
        ("安居物业有限责任公司", "安居物业有限公司"),
        ("安居物业有限公司", "安居物业公司"),
        ("安居物业股份有限公司", "安居物业公司"),
    ],
)
def test_differences_that_nobody_means(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    "name", ["长征社区居委会", "和平小区业委会", "城市管理局", "市政服务中心", "区委组织部", "人民市场", "东片区党支部"]
)
def test_a_name_does_not_lose_its_head_to_a_district_that_it_has_not(name: str) -> None:
    assert key_of(name) == name


def test_the_bracket_or_the_head_may_be_the_parent() -> None:
    assert read("城建办公室（坑梓街道办事处）").parts == (("城建办", "坑梓"),)
    assert read("龙田街道综合执法队").parts == (("综合执法队", "龙田"),)
    assert read("土地整备中心（碧岭办）").parts == (("土地整备中心", "碧岭"),)
    assert read("城市管理局").parts == ()


EAST_UNIT, WEST_UNIT = unit("城建办", parent="东溪"), unit("西溪街道城建办公室", parent="西溪")
KNOWN = [
    EAST_UNIT,
    WEST_UNIT,
    finance := unit("财政局", "财政局（国资办）"),
    unit("国资办"),
    water := unit("自来水公司", keeper="东溪街道"),
]


@pytest.mark.parametrize(
    "written, found",
    [
        ("城建办（东溪街道办事处）", [EAST_UNIT]),
        ("城建办公室(东溪)", [EAST_UNIT]),
        ("东溪街道城建办", [EAST_UNIT]),
        ("东溪办事处城建办（东溪街道办事处）", [EAST_UNIT]),
        ("城建办（西溪办）", [WEST_UNIT]),
        ("自来水公司（东溪辖区）", [water]),
        ("财政局（国资办）", [finance]),
        ("财政局", [finance]),
        ("城建办（南溪街道办事处）", []),
        ("城建局", []),
        ("（东溪街道办事处）", []),
        ("-", []),
        ("", []),
    ],
)
def test_who_is_meant(written: str, found: list[Known]) -> None:
    assert meant(written, KNOWN) == found


def test_a_task_that_every_street_has_means_each_of_them() -> None:
    streets = [unit("城建办", parent="东溪"), unit("城建办", parent="西溪")]
    assert meant("城建办公室", streets) == streets


def test_whoever_is_meant_is_found_by_a_key() -> None:
    for written in ("城建办（西溪办）", "东溪街道城建办", "财政局（国资办）", "自来水公司（东溪辖区）"):
        for one in meant(written, KNOWN):
            assert set(read(written).keys) & set(search_keys(one.name, one.aliases)), written


@pytest.mark.parametrize(
    "new, alike",
    [
        (unit("城建办公室", parent="东溪"), [EAST_UNIT]),
        (unit("城建办（东溪街道办事处）", parent="东溪"), [EAST_UNIT]),
        (unit("规划办", "城建办", parent="东溪"), [EAST_UNIT]),
        (unit("深圳市财政局"), [finance]),
        (unit("税务局"), []),
    ],
)
def test_who_is_alike(new: Known, alike: list[Known]) -> None:
    assert similar(new, KNOWN) == alike


def test_one_is_not_alike_itself() -> None:
    assert similar(EAST_UNIT, [EAST_UNIT]) == []
