"""Areas are made, changed, moved, merged, split and closed: the tree stays right, and nothing is forgotten."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.directory.actions.load import load
from services.directory.domain.seed import AreaSeed, DirectorySeed, GrantSeed, OfficeSeed, OrganisationSeed, PersonSeed
from services.directory.house import House
from services.directory.queries.changes import changes
from shared.contracts.directory import Changes
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.ids import new_id
from tests.services.directory.town import SINCE, Town, square


async def path_of(house: House, id: UUID) -> list[str]:
    """The names on the way to an area, as its ancestors say."""
    rows = await house.pool.fetch(
        """select p.name from area a, unnest(a.ancestors || a.id) with ordinality as step(id, n)
             join area p on p.id = step.id where a.id = $1 order by n""",
        id,
    )
    return [row["name"] for row in rows]


async def made(town: Town, parent: str | UUID, kind: str, name: str, **more: Any) -> UUID:
    parent_id = town.ids[parent] if isinstance(parent, str) else parent
    body = {"parent_id": str(parent_id), "kind": kind, "name": name, **more}
    answer = await town.call("POST", "/areas", town.keeper(), body)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


def said(answer: httpx.Response) -> tuple[int, list[tuple[str, str]]]:
    """Status and problems by pointer."""
    return answer.status_code, [(e["pointer"], e["code"]) for e in answer.json().get("errors", [])]


def outline(lat: float, lon: float, side: float = 0.0005) -> list[Any]:
    return [[[[lon, lat] for lat, lon in square(lat, lon, side)]]]


async def feed(house: House) -> Changes:
    """Everything in the feed, page by page, the newest shape of each thing."""
    all_rows = Changes(next="", more=False)
    after, more = "", True
    while more:
        page = Changes.model_validate_json(await changes(house.pool, after, 1000, date(2026, 3, 2)))
        all_rows.areas += page.areas
        all_rows.people += page.people
        all_rows.offices += page.offices
        all_rows.organisations += page.organisations
        after, more = page.next, page.more
    return all_rows


async def test_a_new_area_lies_below_its_parent_and_is_found_by_a_point(town: Town, house: House) -> None:
    centre = {"lat": town.lat + 0.0013, "lon": town.lon + 0.0013, "coord_sys": "wgs84"}
    id = await made(
        town, "compound", "building", "2号楼", centre=centre, polygons=outline(town.lat + 0.0012, town.lon + 0.0012)
    )
    assert await path_of(house, id) == ["测试区", "测试街道", "甲社区", "第一网格", "和平小区", "2号楼"]
    detail = (await town.get("resident", f"/areas/{id}")).json()
    assert detail["opened_on"] == "2026-03-02" and detail["tenant"]["name"] == "甲社区"
    assert detail["polygons"] == outline(town.lat + 0.0012, town.lon + 0.0012)
    found = await town.get("resident", "/areas/locate", lat=centre["lat"], lon=centre["lon"], coord_sys="wgs84")
    assert found.json()["area"]["id"] == str(id)
    assert id in {area.id for area in (await feed(house)).areas}


async def test_an_outline_that_leaves_the_one_above_is_taken_and_flagged(town: Town) -> None:
    """Surveys never meet exactly, and a grid is sometimes drawn after its buildings: somebody has to look."""
    inside = await made(town, "grid", "building", "8号楼", polygons=outline(town.lat + 0.0012, town.lon + 0.0012))
    beyond = await made(town, "grid", "building", "9号楼", polygons=outline(town.lat + 0.5, town.lon + 0.5))
    nowhere = await made(town, "grid", "building", "10号楼")
    without = await made(town, "compound", "entrance", "1单元", polygons=outline(town.lat + 0.7, town.lon))
    flags = [(await town.get("resident", f"/areas/{id}")).json()["outside_parent"] for id in (inside, beyond, nowhere)]
    assert flags == [False, True, False]
    # The compound has no outline to leave.
    assert not (await town.get("resident", f"/areas/{without}")).json()["outside_parent"]


async def test_the_same_call_again_makes_nothing_twice(town: Town) -> None:
    body = {"parent_id": str(town.ids["grid"]), "kind": "compound", "name": "新苑"}
    answers = await asyncio.gather(
        *(town.call("POST", "/areas", town.keeper(), body, idempotency_key="make-1") for _ in range(4))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await town.call("POST", "/areas", town.keeper(), body | {"name": "旧苑"}, idempotency_key="make-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    "role, root, kind, parent, status",
    [
        (Role.COMMUNITY_ADMIN, "here", "building", "compound", 201),
        (Role.STREET_STAFF, "street", "building", "compound", 201),
        (Role.PLATFORM_ADMIN, "district", "building", "compound", 201),
        (Role.COMMUNITY_STAFF, "here", "building", "compound", 403),
        (Role.GRID_OFFICER, "grid", "building", "compound", 403),
        (Role.COMMUNITY_ADMIN, "here", "grid", "there", 422),  # it does not exist for them
        (Role.COMMUNITY_ADMIN, "grid", "grid", "here", 403),  # they see it, and it is not theirs
        (Role.COMMUNITY_ADMIN, "here", "community", "street", 403),
        (Role.STREET_STAFF, "street", "community", "street", 403),
        (Role.PLATFORM_ADMIN, "district", "community", "street", 201),
    ],
)
async def test_who_may_make_an_area(town: Town, role: Role, root: str, kind: str, parent: str, status: int) -> None:
    body = {"parent_id": str(town.ids[parent]), "kind": kind, "name": "新的"}
    answer = await town.call("POST", "/areas", town.keeper(role, root), body)
    assert answer.status_code == status, answer.text


async def test_a_new_community_is_its_own_tenant(town: Town, house: House) -> None:
    body = {"parent_id": str(town.ids["street"]), "kind": "community", "name": "丙社区", "code": "440310001003"}
    id = UUID((await town.call("POST", "/areas", town.founder, body)).json()["id"])
    assert await house.pool.fetchval("select tenant_id from area where id = $1", id) == id


_HOLE = [outline(25, 100, 0.1)[0] + outline(25.01, 100.01, 0.01)[0]]
_BOW_TIE = [[100, 25], [101, 26], [100, 26], [101, 25], [100, 25]]


@pytest.mark.parametrize(
    "change, problems",
    [
        ({"parent_id": str(UUID(int=7))}, [("/parent_id", "unknown_area")]),
        ({"kind": "castle"}, [("/kind", "unknown_kind")]),
        ({"kind": "grid"}, [("/parent_id", "rank")]),
        ({"name": " "}, [("/name", "string_too_short")]),
        ({"name": "a\nb"}, [("/name", "one_line")]),
        ({"code": ""}, [("/code", "string_too_short")]),
        ({"households": -1}, [("/households", "greater_than_equal")]),
        ({"polygons": [[_BOW_TIE]]}, [("/polygons/0", "seed.polygon_crossing")]),
        ({"polygons": [[[[100, 25], [101, 25], [101, 26], [100, 26]]]]}, [("/polygons/0", "seed.polygon_open")]),
        ({"polygons": [[[[25, 100], [26, 100], [26, 101], [25, 100]]]]}, [("/polygons/0/0/0/1", "less_than_equal")]),
        ({"polygons": _HOLE}, [("", "polygon_hole")]),
        ({"polygons": [[[45.6, 84.8], 7]]}, None),
        ({"centre": {"lat": 84.8, "lon": 45.6, "coord_sys": "wgs84"}}, [("/centre", "seed.swapped")]),
        ({"unknown": 1}, [("/unknown", "extra_forbidden")]),
    ],
)  # fmt: skip
async def test_a_wrong_area_is_refused_by_name(
    town: Town, house: House, change: dict[str, Any], problems: list[tuple[str, str]] | None
) -> None:
    body = {"parent_id": str(town.ids["compound"]), "kind": "building", "name": "2号楼"} | change
    before = await house.pool.fetchval("select count(*) from area")
    status, found = said(await town.call("POST", "/areas", town.keeper(), body))
    assert status == 422
    if problems is not None:
        assert found[:1] == problems
    assert await house.pool.fetchval("select count(*) from area") == before


@pytest.mark.parametrize(
    "code, problem",
    [
        ("440310001002", None),
        ("44031000100", "code_form"),
        ("4403100010020", "code_form"),
        ("44031000100a", "code_form"),
        ("440310002002", "code_prefix"),
        ("440310001001", None),  # 甲社区 has it, and keeps what it has by itself: codes are one's tenant's own
    ],
)
async def test_a_statistical_code_has_its_digits_and_begins_with_the_one_above(
    town: Town, code: str, problem: str | None
) -> None:
    body = {"parent_id": str(town.ids["street"]), "kind": "community", "name": "丙社区", "code": code}
    answer = await town.call("POST", "/areas", town.founder, body)
    assert said(answer)[1] == ([("/code", problem)] if problem else [])


async def test_a_code_names_one_open_area_of_a_community(town: Town) -> None:
    first = await made(town, "compound", "building", "2号楼", code="B-02")
    body = {"parent_id": str(town.ids["compound"]), "kind": "building", "name": "3号楼", "code": "B-02"}
    taken = await town.call("POST", "/areas", town.keeper(), body)
    assert said(taken) == (422, [("/code", "duplicate_code")])
    assert (await town.call("POST", f"/areas/{first}/close", town.keeper(), {})).status_code == 200
    assert (await town.call("POST", "/areas", town.keeper(), body)).status_code == 201


async def test_a_change_needs_the_version_that_was_read(town: Town) -> None:
    path, keeper = f"/areas/{town.ids['building']}", town.keeper()
    body = {"name": "一号楼", "households": 50, "polygons": outline(town.lat, town.lon)}
    assert (await town.call("PUT", path, keeper, body)).json()["code"] == "precondition_required"
    for wrong in ("x", "1", '"x-1"', '"99-0f"'):
        stale = await town.call("PUT", path, keeper, body, if_match=wrong)
        assert (stale.status_code, stale.json()["code"]) == (412, "stale_version"), wrong
    malformed = await town.call("PUT", path, keeper, body, if_match='"99-0f"', idempotency_key="a key")
    assert said(malformed) == (400, [("Idempotency-Key", "idempotency_key_form")])
    tag = (await town.call("GET", path, keeper)).headers["etag"]
    changed = await town.call("PUT", path, keeper, body, if_match=tag)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["households"], changed.json()["code"]) == ("一号楼", 50, None)
    assert changed.json()["polygons"] == outline(town.lat, town.lon)
    assert (await town.call("PUT", path, keeper, body, if_match=tag)).status_code == 412
    history = (await town.call("GET", f"{path}/history", keeper)).json()["items"]
    assert [(h["action"], h["role"], h["by"]["name"]) for h in history] == [("update", "community_admin", "周建国")]
    assert history[0]["facts"]["before"]["name"] == "1号楼"


async def test_two_changes_at_once_leave_one(town: Town) -> None:
    path = f"/areas/{town.ids['building']}"
    tag = (await town.call("GET", path, town.keeper())).headers["etag"]
    answers = await asyncio.gather(
        *(town.call("PUT", path, town.keeper(), {"name": f"{n}号"}, if_match=tag) for n in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


async def test_a_move_takes_everything_below_along(town: Town, house: House) -> None:
    other = await made(town, "here", "grid", "第二网格")
    answer = await town.call("POST", f"/areas/{town.ids['compound']}/move", town.keeper(), {"parent_id": str(other)})
    assert [step["name"] for step in answer.json()["path"]][-2:] == ["第二网格", "和平小区"]
    assert await path_of(house, town.ids["building"]) == [
        "测试区",
        "测试街道",
        "甲社区",
        "第二网格",
        "和平小区",
        "1号楼",
    ]
    rows = {area.id: area for area in (await feed(house)).areas}
    assert rows[town.ids["building"]].ancestors[-2:] == [other, town.ids["compound"]]
    assert (rows[town.ids["compound"]].version, rows[town.ids["building"]].version) == (2, 2)
    assert rows[town.ids["grid"]].version == 1
    [line] = (await town.call("GET", f"/areas/{town.ids['compound']}/history", town.keeper())).json()["items"]
    assert line["facts"] == {"from": str(town.ids["grid"]), "to": str(other)}


async def test_outlines_know_their_new_depth(town: Town, house: House) -> None:
    await town.call("POST", f"/areas/{town.ids['building']}/move", town.keeper(), {"parent_id": str(town.ids["grid"])})
    depth = "select depth from area_polygon where area_id = $1"
    assert await house.pool.fetchval(depth, town.ids["building"]) == 4


async def test_a_community_moves_to_another_street_and_stays_its_own_tenant(town: Town, house: House) -> None:
    body = {"parent_id": str(town.ids["district"]), "kind": "street", "name": "新街道", "code": "440310009"}
    street = (await town.call("POST", "/areas", town.founder, body | {"code": None})).json()["id"]
    move = f"/areas/{town.ids['here']}/move"
    assert (await town.call("POST", move, town.keeper(), {"parent_id": street})).status_code == 403
    assert (await town.call("POST", move, town.founder, {"parent_id": street})).status_code == 200
    assert await path_of(house, town.ids["building"]) == ["测试区", "新街道", "甲社区", "第一网格", "和平小区", "1号楼"]
    tenants = "select distinct tenant_id from area where ancestors @> array[$1::uuid]"
    assert [row[0] for row in await house.pool.fetch(tenants, town.ids["here"])] == [town.ids["here"]]
    # Staff of the old street see it no more.
    assert (await town.get("clerk", f"/areas/{town.ids['here']}")).status_code == 404


async def test_what_would_change_its_tenant_does_not_move_and_hears_what_to_do(town: Town, house: House) -> None:
    street = town.keeper(Role.STREET_STAFF, "street")
    for path, body in (
        (f"/areas/{town.ids['compound']}/move", {"parent_id": str(town.ids["grid-there"])}),
        (f"/areas/{town.ids['grid']}/merge", {"area_ids": [str(town.ids["grid-there"])]}),
    ):
        answer = await town.call("POST", path, street, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "directory.tenant_stays"), answer.text
        assert "新建区域" in answer.json()["detail"]
    assert await path_of(house, town.ids["compound"]) == ["测试区", "测试街道", "甲社区", "第一网格", "和平小区"]


@pytest.mark.parametrize(
    "what, parent, problem",
    [
        ("grid", "building", "cycle"),
        ("compound", "compound", "cycle"),
        ("grid", "compound", "cycle"),
        ("compound", "there", None),
        ("building", "nowhere", "unknown_area"),
    ],
)
async def test_a_move_that_makes_no_tree_is_refused(town: Town, what: str, parent: str, problem: str | None) -> None:
    target = str(town.ids.get(parent, new_id()))
    street = town.keeper(Role.STREET_STAFF, "street")
    answer = await town.call("POST", f"/areas/{town.ids[what]}/move", street, {"parent_id": target})
    if problem is None:
        assert answer.json()["code"] == "directory.tenant_stays"
    else:
        assert said(answer) == (422, [("/parent_id", problem)])


async def test_moves_at_the_same_moment_leave_a_tree(town: Town, house: House) -> None:
    """Each alone is right; both together would hang two areas below each other."""
    one, two = await made(town, "here", "grid", "甲网格"), await made(town, "here", "grid", "乙网格")
    flat = [await made(town, one, "compound", "甲苑"), await made(town, two, "compound", "乙苑")]
    moves = [(flat[0], two), (flat[1], one), (flat[0], one), (flat[1], two)] * 3
    answers = await asyncio.gather(
        *(town.call("POST", f"/areas/{id}/move", town.keeper(), {"parent_id": str(to)}) for id, to in moves)
    )
    assert {answer.status_code for answer in answers} == {200}
    await assert_tree(house, town.ids["here"])


async def assert_tree(house: House, root: UUID) -> None:
    """Below the root every area's ancestors are its parent's and its parent; every outline knows its depth."""
    wrong = await house.pool.fetch(
        """select a.name from area a join area p on p.id = a.parent_id
            where a.ancestors @> array[$1::uuid] and a.ancestors <> p.ancestors || p.id
           union all
           select a.name from area a join area_polygon r on r.area_id = a.id
            where a.ancestors @> array[$1::uuid] and (r.depth <> cardinality(a.ancestors) or a.closed)""",
        root,
    )
    assert wrong == []


async def second_grid(town: Town, house: House) -> UUID:
    """A grid beside the first one, with a building, people at home, an officer and a company that serves it."""
    key, inner = town.name, square(town.lat + 0.0022, town.lon, 0.0005)
    seed = DirectorySeed(
        areas=[
            AreaSeed(f"{key}/g2", f"{key}/here", "grid", "第二网格", "G2", None,
                     (square(town.lat + 0.0021, town.lon, 0.001),), 30, 80),
            AreaSeed(f"{key}/b2", f"{key}/g2", "building", "9号楼", polygons=(inner,)),
        ],
        organisations=[
            OrganisationSeed(f"{key}/o2", f"{key}/here", "property_company", "丰收物业",
                             serves_keys=(f"{key}/g2", f"{key}/b2")),
        ],
        people=[
            PersonSeed(f"{key}/p2", f"{key}/here", "钱多多", f"{key}/g2"),
            PersonSeed(f"{key}/q2", f"{key}/here", "孙二", f"{key}/b2"),
        ],
        offices=[
            OfficeSeed(f"{key}/p2", "grid_officer", f"{key}/g2", SINCE),
            OfficeSeed(f"{key}/p2", "grid_head", f"{key}/g2", SINCE),
            OfficeSeed(f"{key}/q2", "grid_head", f"{key}/grid", SINCE),
        ],
        grants=[
            GrantSeed(f"{key}/p2", Role.GRID_OFFICER, area_key=f"{key}/g2"),
            GrantSeed(f"{key}/q2", Role.GRID_OFFICER, area_key=f"{key}/g2"),
            GrantSeed(f"{key}/q2", Role.GRID_OFFICER, area_key=f"{key}/grid"),
        ],
    )  # fmt: skip
    seed.people.append(PersonSeed(f"{key}/gone", f"{key}/there", "远方", f"{key}/b2"))
    loaded = await load(house.pool, house.clock, seed)
    town.ids.update({k.removeprefix(f"{key}/"): id for k, id in loaded.ids.items()})
    return loaded.ids[f"{key}/g2"]


async def test_a_merge_hands_everything_to_the_survivor(town: Town, house: House) -> None:
    gone = await second_grid(town, house)
    grid = town.ids["grid"]
    await house.pool.execute("update area set households = 12, residents = 30 where id = $1", grid)
    answer = await town.call("POST", f"/areas/{grid}/merge", town.keeper(), {"area_ids": [str(gone)]})
    assert answer.status_code == 200, answer.text
    survivor = answer.json()
    assert (survivor["households"], survivor["residents"], len(survivor["polygons"])) == (42, 110, 2)
    assert await path_of(house, town.ids["b2"]) == ["测试区", "测试街道", "甲社区", "第一网格", "9号楼"]
    await assert_tree(house, town.ids["here"])
    rows = await feed(house)
    people, offices = {p.id: p for p in rows.people}, [o for o in rows.offices if o.area_id in (grid, gone)]
    assert people[town.ids["p2"]].home_id == grid and people[town.ids["q2"]].home_id == town.ids["b2"]
    # Two officers side by side; of two heads the survivor's own stays.
    names = {town.ids[w]: w for w in ("p2", "q2", "officer")}
    assert {(names[o.person_id], o.kind, o.area_id == grid, o.ended) for o in offices} == {
        ("officer", "grid_officer", True, False),
        ("p2", "grid_officer", True, False),
        ("p2", "grid_officer", False, True),  # until today there, from today on here
        ("q2", "grid_head", True, False),
        ("p2", "grid_head", False, True),
    }
    serves = {o.id: o.serves for o in rows.organisations}[town.ids["o2"]]
    assert set(serves) == {grid, town.ids["b2"]}
    roles = await house.pool.fetch(
        "select person_id from role_grant where area_id = $1 and role = 'grid_officer' and ends_on is null", grid
    )
    assert sorted(names[row[0]] for row in roles) == ["officer", "p2", "q2"]


async def test_what_was_merged_stays_readable_and_leads_to_the_survivor(town: Town, house: House) -> None:
    gone, grid = await second_grid(town, house), town.ids["grid"]
    await town.call("POST", f"/areas/{grid}/merge", town.keeper(), {"area_ids": [str(gone)]})
    old = (await town.get("resident", f"/areas/{gone}")).json()
    assert (old["closed"], old["closed_on"], old["polygons"], old["allowed_actions"]) == (True, "2026-03-02", [], [])
    assert [heir["name"] for heir in old["succeeded_by"]] == ["第一网格"]
    # A grid's officer sees what belonged to the other one: it lies below theirs now.
    assert [step["name"] for step in old["path"]][-2:] == ["第一网格", "第二网格"]
    history = (await town.call("GET", f"/areas/{gone}/history", town.keeper())).json()["items"]
    assert history[0]["action"] == "merged" and history[0]["facts"]["polygons"]
    assert history[0]["facts"]["parent_id"] == str(town.ids["here"])
    found = await town.get(
        "resident", "/areas/locate", lat=town.lat + 0.00295, lon=town.lon + 0.0008, coord_sys="wgs84"
    )
    assert found.json()["area"]["name"] == "第一网格"


async def test_an_old_id_leads_through_several_changes_to_what_is_there(town: Town, house: House) -> None:
    gone, grid = await second_grid(town, house), town.ids["grid"]
    await town.call("POST", f"/areas/{grid}/merge", town.keeper(), {"area_ids": [str(gone)]})
    parts = [{"name": "东网格"}, {"name": "西网格"}]
    await town.call("POST", f"/areas/{grid}/split", town.keeper(), {"parts": parts})
    old = (await town.get("resident", f"/areas/{gone}")).json()
    assert sorted(heir["name"] for heir in old["succeeded_by"]) == ["东网格", "西网格"]
    await assert_tree(house, town.ids["here"])


async def test_loading_the_source_again_undoes_nothing_of_it(town: Town, house: House) -> None:
    gone, grid = await second_grid(town, house), town.ids["grid"]
    await town.call("POST", f"/areas/{gone}/merge", town.keeper(), {"area_ids": [str(grid)]})
    areas = [AreaSeed(f"{town.name}/late", f"{town.name}/compound", "building", "7号楼")]
    again = await load(house.pool, house.clock, DirectorySeed(areas=[*town.seed.areas, *areas]))
    assert (again.counts["areas"].created, again.counts["areas"].changed) == (1, 0)
    assert (await path_of(house, again.ids[f"{town.name}/late"]))[-3:] == ["第二网格", "和平小区", "7号楼"]
    await assert_tree(house, town.ids["here"])


async def test_a_split_puts_parts_in_its_place(town: Town, house: House) -> None:
    grid = town.ids["grid"]
    second = await made(town, "grid", "compound", "望江苑")
    inside = await made(town, second, "building", "1栋")
    company = OrganisationSeed(
        f"{town.name}/o3", f"{town.name}/here", "school", "小学", serves_keys=(f"{town.name}/grid",)
    )
    await load(house.pool, house.clock, DirectorySeed(organisations=[company]))
    parts = [
        {"name": "东网格", "households": 10},
        {"name": "西网格", "child_ids": [str(second)], "polygons": outline(town.lat, town.lon)},
    ]
    answer = await town.call("POST", f"/areas/{grid}/split", town.keeper(), {"parts": parts, "rest": 0})
    assert answer.status_code == 200, answer.text
    assert answer.json()["closed"]
    east, west = (UUID(heir["id"]) for heir in answer.json()["succeeded_by"])
    assert (await path_of(house, inside))[-3:] == ["西网格", "望江苑", "1栋"]
    assert (await path_of(house, town.ids["building"]))[-3:] == ["东网格", "和平小区", "1号楼"]
    officers = (await town.get("resident", f"/areas/{town.ids['building']}/officers")).json()["items"]
    assert ("grid_officer", "东网格") in [(o["kind"], o["area"]["name"]) for o in officers]
    serves = await house.pool.fetchval("select serves from organisation where name = '小学' and serves && $1", [east])
    assert set(serves) == {east, west}
    roles = await house.pool.fetch(
        "select area_id from role_grant where person_id = $1 and ends_on is null", town.ids["officer"]
    )
    assert [role["area_id"] for role in roles] == [east]
    await assert_tree(house, town.ids["here"])


@pytest.mark.parametrize(
    "body, problems",
    [
        ({"parts": [{"name": "一"}]}, [("/parts", "too_short")]),
        ({"parts": [{"name": "一"}, {"name": "二"}], "rest": 2}, [("", "rest_unknown")]),
        (
            {"parts": [{"name": "一"}, {"name": "二", "child_ids": ["building"]}]},
            [("/parts/1/child_ids/0", "unknown_area")],
        ),
        (
            {"parts": [{"name": "一", "child_ids": ["compound"]}, {"name": "二", "child_ids": ["compound"]}]},
            [("/parts/1/child_ids/0", "duplicate")],
        ),
        ({"parts": [{"name": "一", "code": "X"}, {"name": "二", "code": "X"}]}, [("/code", "duplicate_code")]),
    ],
)  # fmt: skip
async def test_a_wrong_split_is_refused_and_nothing_happens(
    town: Town, house: House, body: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    for part in body["parts"]:
        part["child_ids"] = [str(town.ids.get(word, word)) for word in part.get("child_ids", [])]
    answer = await town.call("POST", f"/areas/{town.ids['grid']}/split", town.keeper(), body)
    assert said(answer) == (422, problems)
    assert not await house.pool.fetchval("select closed from area where id = $1", town.ids["grid"])


async def test_communities_streets_and_districts_stay_apart(town: Town) -> None:
    for path, body in (
        (f"/areas/{town.ids['here']}/merge", {"area_ids": [str(town.ids["there"])]}),
        (f"/areas/{town.ids['here']}/split", {"parts": [{"name": "一"}, {"name": "二"}]}),
    ):
        answer = await town.call("POST", path, town.founder, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "directory.tenants_stay_apart")
        assert answer.json()["allowed_actions"] == ["update", "move", "close"]


async def test_an_area_is_closed_when_nothing_and_nobody_is_left(town: Town, house: House) -> None:
    building, close = town.ids["building"], f"/areas/{town.ids['building']}/close"
    busy = await town.call("POST", close, town.keeper(), {})
    assert (busy.status_code, busy.json()["code"]) == (409, "directory.area_in_use")
    assert (busy.json()["areas"], busy.json()["homes"]) == (0, 2)
    full = await town.call("POST", f"/areas/{town.ids['grid']}/close", town.keeper(), {})
    assert full.json()["areas"] == 1
    await house.pool.execute("update person set home_id = null where home_id = $1", building)
    closed = await town.call("POST", close, town.keeper(), {})
    assert (closed.json()["closed"], closed.json()["closed_on"]) == (True, "2026-03-02")
    assert await house.pool.fetchval("select ends_on from office where area_id = $1", building) == date(2026, 3, 2)
    found = await town.get("resident", "/areas/locate", lat=town.lat + 0.0005, lon=town.lon + 0.0005, coord_sys="wgs84")
    assert found.json()["area"]["name"] == "第一网格"
    again = await town.call("POST", close, town.keeper(), {})
    assert (again.status_code, again.json()["code"]) == (409, "directory.area_closed")
    assert await house.pool.fetchval("select count(*) from area where id = $1", building) == 1


async def test_one_event_tells_of_each_change(town: Town, house: House) -> None:
    gone = await second_grid(town, house)
    count = "select count(*) from outbox"
    before = await house.pool.fetchval(count)
    await town.call("POST", f"/areas/{town.ids['grid']}/merge", town.keeper(), {"area_ids": [str(gone)]})
    assert await house.pool.fetchval(count) == before + 1
    kinds = await house.pool.fetchval("select payload->'kinds' from outbox order by seq desc limit 1")
    assert all(f'"{kind}"' in kinds for kind in ("area", "person", "organisation", "office"))


async def test_a_stranger_learns_nothing_by_trying(town: Town) -> None:
    outsider = Actor(town.ids["clerk"], (Grant(Role.COMMUNITY_ADMIN, new_id()),))
    for action, body in (("move", {"parent_id": str(new_id())}), ("close", {})):
        there = await town.call("POST", f"/areas/{town.ids['grid']}/{action}", outsider, body)
        nowhere = await town.call("POST", f"/areas/{new_id()}/{action}", outsider, body)
        assert there.status_code == nowhere.status_code == 404
