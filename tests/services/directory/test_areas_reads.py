"""GET /areas, /areas/{id}/tree, /officers, /coverage, /kinds: what lies in an area, and who is missing there."""

from dataclasses import replace
from typing import Any

import pytest

from services.directory.actions.load import load
from services.directory.domain.kinds import AREA_KINDS, OFFICE_KINDS
from services.directory.domain.seed import AreaSeed, DirectorySeed, OfficeSeed, OrganisationSeed
from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from tests.services.directory.town import SINCE, Town


async def listed(town: Town, person: str, **query: Any) -> list[str]:
    """The words of the areas that a person is shown, page by page."""
    words = {str(id): word for word, id in town.ids.items()}
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await town.get(person, "/areas", **query, **cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [words[item["id"]] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize(
    "person, seen",
    [
        ("resident", "district street here grid compound building"),
        ("clerk", "district street here grid compound building there grid-there"),
        ("stranger", "district street there grid-there"),
    ],
)
async def test_a_list_shows_what_the_caller_may_see_and_nothing_else(town: Town, person: str, seen: str) -> None:
    assert sorted(await listed(town, person)) == sorted(seen.split())
    assert sorted(await listed(town, person, limit=2)) == sorted(seen.split())


@pytest.mark.parametrize(
    "query, found",
    [
        ({"parent": "street"}, "here there"),
        ({"parent": "here"}, "grid"),
        ({"parent": "building"}, ""),
        ({"within": "here"}, "grid compound building"),
        ({"within": "street", "kind": "grid"}, "grid grid-there"),
        ({"within": "grid"}, "compound building"),
        ({"q": "号楼"}, "building"),
        ({"q": "440310001"}, "street here"),
        ({"kind": "community"}, "here there"),
        ({"kind": "floor"}, ""),
        ({"q": "%"}, ""),
        ({"parent": "street", "q": "甲"}, "here"),
        ({"closed": "true"}, ""),
    ],
)
async def test_filters_narrow_the_list_together(town: Town, query: dict[str, str], found: str) -> None:
    ids = {name: str(town.ids[value]) if name in ("parent", "within") else value for name, value in query.items()}
    assert sorted(await listed(town, "clerk", **ids)) == sorted(found.split())
    assert sorted(await listed(town, "clerk", **ids, limit=1)) == sorted(found.split())


async def test_a_filter_does_not_reach_beyond_what_the_caller_may_see(town: Town) -> None:
    for query in ({"parent": town.ids["there"]}, {"within": town.ids["there"]}, {"within": town.ids["street"]}):
        assert not {"there", "grid-there"} & set(await listed(town, "resident", **query)), query


@pytest.mark.parametrize(
    "query, status, named",
    [
        ({"parent": "x"}, 422, "parent"),
        ({"limit": "0"}, 422, "limit"),
        ({"limit": "101"}, 422, "limit"),
        ({"cursor": "时"}, 400, "cursor"),
        ({"below": "x"}, 400, "below"),
        ({"q": "a\nb"}, 422, "q"),
        ({"q": "x" * 65}, 422, "q"),
    ],
)
async def test_a_wrong_filter_is_named(town: Town, query: dict[str, str], status: int, named: str) -> None:
    answer = await town.get("resident", "/areas", **query)
    assert answer.status_code == status, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [named]


async def test_parent_and_within_exclude_each_other(town: Town) -> None:
    answer = await town.get("resident", "/areas", parent=town.ids["here"], within=town.ids["here"])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "one_of")


async def test_the_tree_shows_as_many_levels_as_are_asked_for(town: Town) -> None:
    tree = (await town.get("clerk", f"/areas/{town.ids['street']}/tree")).json()
    assert (tree["name"], tree["areas"]) == ("测试街道", 2)
    assert [(node["name"], node["areas"], node["below"]) for node in tree["below"]] == [
        ("甲社区", 1, None),
        ("乙社区", 1, None),
    ]
    deep = (await town.get("clerk", f"/areas/{town.ids['here']}/tree", depth=6)).json()
    way = [deep["name"]]
    while deep["below"]:
        deep = deep["below"][0]
        way.append(deep["name"])
    assert way == ["甲社区", "第一网格", "和平小区", "1号楼"] and deep["below"] == []


async def test_the_tree_ends_where_the_callers_view_does(town: Town) -> None:
    tree = (await town.get("resident", f"/areas/{town.ids['street']}/tree", depth=6)).json()
    assert [node["name"] for node in tree["below"]] == ["甲社区"]
    assert (await town.get("resident", f"/areas/{town.ids['there']}/tree")).status_code == 404


async def test_a_level_that_does_not_fit_is_counted_instead(town: Town, house: House) -> None:
    many = [AreaSeed(f"{town.name}/m{i}", f"{town.name}/grid", "building", f"{i}栋") for i in range(2001)]
    await load(house.pool, house.clock, DirectorySeed(areas=many))
    tree = (await town.get("resident", f"/areas/{town.ids['here']}/tree", depth=3)).json()
    [grid] = tree["below"]
    assert (grid["name"], grid["areas"], grid["below"]) == ("第一网格", 2002, None)


async def test_officers_of_an_area_stand_nearest_first(town: Town) -> None:
    found = (await town.get("resident", f"/areas/{town.ids['building']}/officers")).json()
    assert [(o["kind"], o["area"]["name"]) for o in found["items"]] == [
        ("building_head", "1号楼"),
        ("grid_officer", "第一网格"),
        ("community_party_secretary", "甲社区"),
    ]
    assert (await town.get("stranger", f"/areas/{town.ids['building']}/officers")).status_code == 404


async def test_officers_below_an_area_come_page_by_page(town: Town) -> None:
    path, kinds, cursor = f"/areas/{town.ids['street']}/officers", [], {}
    while True:
        page = (await town.get("clerk", path, below="true", limit=1, **cursor)).json()
        kinds += [o["kind"] for o in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(kinds) == ["building_head", "community_party_secretary", "grid_officer"]
    one = (await town.get("clerk", path, below="true", kind="grid_officer")).json()
    assert [o["person"]["name"] for o in one["items"]] == ["阿依古丽"]
    inside = (await town.get("resident", f"/areas/{town.ids['grid']}/officers", below="true")).json()
    assert sorted(o["kind"] for o in inside["items"]) == ["building_head", "grid_officer"]


async def coverage(town: Town, word: str = "street", person: str = "clerk") -> Any:
    answer = await town.get(person, f"/areas/{town.ids[word]}/coverage")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_vacant_offices_are_counted_and_named(town: Town) -> None:
    offices = {(o["kind"], o["area_kind"]): o for o in (await coverage(town))["offices"]}
    grids = offices["grid_officer", "grid"]
    assert (grids["required"], grids["vacant"], [a["name"] for a in grids["areas"]]) == (2, 1, ["乙网格"])
    assert grids["areas"][0]["parent"]["name"] == "乙社区"
    secretaries = offices["community_party_secretary", "community"]
    assert (secretaries["required"], [a["name"] for a in secretaries["areas"]]) == (2, ["乙社区"])
    assert offices["building_head", "building"]["vacant"] == 0


async def test_who_left_yesterday_covers_nothing(town: Town, house: House) -> None:
    await house.pool.execute("update office set ends_on = '2026-03-02' where person_id = $1", town.ids["head"])
    offices = {o["kind"]: o for o in (await coverage(town, "here"))["offices"]}
    assert [a["name"] for a in offices["building_head"]["areas"]] == ["1号楼"]


async def test_households_without_anybody_are_counted_where_they_live(town: Town, house: House) -> None:
    key, areas = town.name, list(town.seed.areas)
    areas = [replace(a, households=48) if a.key == f"{key}/building" else a for a in areas]
    areas.append(AreaSeed(f"{key}/lone", f"{key}/here", "compound", "望江苑", households=30))
    areas.append(AreaSeed(f"{key}/lone-1", f"{key}/lone", "building", "2号楼", households=12))
    areas.append(AreaSeed(f"{key}/lone-2", f"{key}/lone", "building", "3号楼", households=13))
    offices = [OfficeSeed(f"{key}/head", "building_head", f"{key}/lone-2", SINCE)]
    await load(house.pool, house.clock, DirectorySeed(areas=areas, people=town.seed.people, offices=offices))
    found = (await coverage(town))["households"]
    # 48 + 12 + 13: a building counts, not the compound and community around it. The secretary is nobody's neighbour.
    assert (found["counted"], found["without_anybody"]) == (73, 12)
    assert [(a["name"], a["households"]) for a in found["areas"]] == [("2号楼", 12)]


async def test_a_grid_officer_answers_for_every_household_in_the_grid(town: Town, house: House) -> None:
    await house.pool.execute("update office set ends_on = '2026-01-01' where person_id = $1", town.ids["head"])
    await house.pool.execute("update area set households = 48 where id = $1", town.ids["building"])
    assert (await coverage(town, "compound"))["households"] == {"counted": 48, "without_anybody": 0, "areas": []}


@pytest.mark.parametrize("serves, formed", [("compound", True), ("grid", True), ("here", True), ("street", False)])
async def test_a_compound_has_a_committee_that_serves_it_within_its_community(
    town: Town, house: House, serves: str, formed: bool
) -> None:
    before = (await coverage(town))["owners_committees"]
    assert (before["compounds"], before["without"], [a["name"] for a in before["areas"]]) == (1, 1, ["和平小区"])
    key = town.name
    committee = OrganisationSeed(
        f"{key}/o", f"{key}/here", "owners_committee", "业委会", serves_keys=(f"{key}/{serves}",)
    )
    await load(house.pool, house.clock, DirectorySeed(organisations=[committee]))
    assert (await coverage(town))["owners_committees"]["without"] == (0 if formed else 1)


async def test_coverage_is_for_those_who_look_after_the_area(town: Town) -> None:
    path = f"/areas/{town.ids['here']}/coverage"
    assert (await town.get("resident", path)).status_code == 403
    elsewhere = Actor(town.ids["clerk"], (Grant(Role.COMMUNITY_STAFF, town.ids["there"]),))
    assert (await town.call("GET", path, elsewhere)).status_code == 404
    grid = await town.get("officer", f"/areas/{town.ids['grid']}/coverage")
    assert grid.status_code == 200 and grid.json()["area"]["name"] == "第一网格"


async def test_the_kinds_are_the_standard_words(town: Town) -> None:
    kinds = (await town.get("resident", "/kinds")).json()
    assert [kind["key"] for kind in kinds["areas"]] == [kind.key for kind in AREA_KINDS]
    assert {kind["key"]: kind["required_in"] for kind in kinds["offices"]} == {
        kind.key: list(kind.required_in) for kind in OFFICE_KINDS
    }
    assert all(kind["name_zh"] and kind["name_en"] for kind in kinds["areas"] + kinds["offices"])
