"""Who is meant by a name, who handles what where, who supports which area."""

from typing import Any

import httpx
import pytest

from services.directory.actions.load import load
from services.directory.domain.organisations import FormationStatus, Responsibility
from services.directory.domain.seed import DirectorySeed, OrganisationSeed, SupportSeed
from services.directory.house import House
from shared.kernel.actor import Role
from shared.kernel.errors import Invalid
from tests.services.directory.test_areas_changes import said
from tests.services.directory.test_credit_code import GOOD
from tests.services.directory.test_organisation_changes import fresh_code, put
from tests.services.directory.town import SINCE, Town


async def resolved(town: Town, name: str, person: str = "resident") -> tuple[str | None, list[str]]:
    answer = await town.get(person, "/organisations/resolve", name=name)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    one = found["organisation"] and found["organisation"]["name"]
    return one, [item["name"] for item in found["items"]]


@pytest.mark.parametrize(
    "written, name",
    [
        ("城建办", "城建办"),
        ("城建办（测试街道办事处）", "城建办"),
        ("城建办公室( 测试街道 )", "城建办"),
        ("测试街道城建办", "城建办"),
        ("甲社区居民委员会", "甲社区居委会"),
        ("深圳市测试区医院", "测试区医院"),
        ("平安物业", "平安物业"),
        ("城建办（别处街道办事处）", None),
        ("乙社区小学", None),  # outside of the resident's scope
        ("没有的单位", None),
    ],
)
async def test_any_spelling_leads_to_the_organisation(town: Town, written: str, name: str | None) -> None:
    assert await resolved(town, written) == (name, [name] if name else [])


async def test_a_name_that_several_have_is_not_guessed(town: Town, house: House) -> None:
    k = f"{town.name}/"
    units = [
        OrganisationSeed(k + word, k + tenant, "department", "劳动办", serves_keys=(k + tenant,))
        for word, tenant in (("labour", "here"), ("labour-there", "there"))
    ]
    await load(house.pool, house.clock, DirectorySeed(organisations=units))
    assert await resolved(town, "劳动办公室") == ("劳动办", ["劳动办"])
    assert await resolved(town, "劳动办公室", "clerk") == (None, ["劳动办", "劳动办"])
    answer = (await town.get("clerk", "/organisations/resolve", name="劳动管理办公室（乙社区）")).json()
    assert answer["organisation"]["tenant"]["name"] == "乙社区"


@pytest.mark.parametrize("query, status", [({}, 422), ({"name": ""}, 422), ({"name": "甲", "limit": 5}, 400)])
async def test_a_wrong_question_is_named(town: Town, query: dict[str, Any], status: int) -> None:
    assert (await town.get("resident", "/organisations/resolve", **query)).status_code == status


async def handled(town: Town, category: str, area: str, person: str = "resident") -> list[tuple[str, str, str]]:
    answer = await town.get(person, "/responsibilities", category=category, area=town.ids[area])
    assert answer.status_code == 200, answer.text
    return [(i["level"]["name"], i["organisation"]["name"], i["category"]) for i in answer.json()["items"]]


async def with_lists(town: Town, house: House) -> None:
    """Who handles roads: the committee in its community, a unit of the street for all, the company in its compound."""

    def one(word: str, tenant: str, name: str, serves: str, *lists: tuple[str, str]) -> OrganisationSeed:
        responsibilities = tuple(Responsibility(*each) for each in lists)
        key = f"{town.name}/{word}"
        served = (f"{town.name}/{serves}",)
        return OrganisationSeed(
            key, f"{town.name}/{tenant}", "department", name, serves_keys=served, responsibilities=responsibilities
        )

    await load(
        house.pool,
        house.clock,
        DirectorySeed(
            organisations=[
                one(
                    "a", "street", "市政办", "street", ("roads", "street"), ("roads", "community"), ("water", "street")
                ),
                one("b", "here", "甲工程队", "here", ("roads", "community"), ("roads.manhole", "community")),
                one("c", "here", "小区维修部", "compound", ("roads", "compound"), ("lift", "compound")),
                one("d", "there", "乙工程队", "there", ("roads", "community")),
                one("e", "here", "井盖班", "here", ("roads.manhole", "community")),
            ]
        ),
    )


async def test_each_level_has_who_serves_what_lies_nearest(town: Town, house: House) -> None:
    await with_lists(town, house)
    assert await handled(town, "roads", "building") == [
        ("和平小区", "小区维修部", "roads"),
        ("甲社区", "甲工程队", "roads"),
        ("测试街道", "市政办", "roads"),
    ]
    assert await handled(town, "roads", "here") == [("甲社区", "甲工程队", "roads"), ("测试街道", "市政办", "roads")]
    assert await handled(town, "roads", "grid-there", "stranger") == [
        ("乙社区", "乙工程队", "roads"),
        ("测试街道", "市政办", "roads"),
    ]
    assert await handled(town, "water", "building") == [("测试街道", "市政办", "water")]
    assert await handled(town, "gas", "building") == []


async def test_a_list_that_names_the_category_itself_goes_before_one_that_names_what_stands_above(
    town: Town, house: House
) -> None:
    await with_lists(town, house)
    assert await handled(town, "roads.manhole", "building") == [
        ("和平小区", "小区维修部", "roads"),
        ("甲社区", "井盖班", "roads.manhole"),
        ("甲社区", "甲工程队", "roads.manhole"),
        ("测试街道", "市政办", "roads"),
    ]


async def test_an_area_outside_of_the_scope_is_not_there(town: Town, house: House) -> None:
    await with_lists(town, house)
    for area in (town.ids["grid-there"], "01932f08-2222-7d0e-9a53-2f3c1d1c8a11"):
        answer = await town.get("resident", "/responsibilities", category="roads", area=area)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for query in ({"category": "roads"}, {"category": "", "area": town.ids["here"]}, {"category": "x", "area": "y"}):
        assert (await town.get("resident", "/responsibilities", **query)).status_code == 422


async def test_the_list_is_set_as_a_whole(town: Town) -> None:
    path = f"{town.ids['committee']}/responsibilities"
    wanted = [{"category": "doors", "level": "community"}, {"category": "doors", "level": "compound"}]
    assert (await put(town, path, {"responsibilities": wanted})).json()["responsibilities"] == wanted
    assert await handled(town, "doors", "building") == [
        ("和平小区", "甲社区居委会", "doors"),
        ("甲社区", "甲社区居委会", "doors"),
    ]
    for wrong, problem in (
        ([{"category": "doors", "level": "castle"}], ("/responsibilities/0/level", "unknown_kind")),
        ([wanted[0], wanted[0]], ("/responsibilities/1", "duplicate")),
        ([{"category": "", "level": "grid"}], ("/responsibilities/0/category", "string_too_short")),
    ):
        assert said(await put(town, path, {"responsibilities": wrong})) == (422, [problem])
    assert (await put(town, path, {"responsibilities": []})).json()["responsibilities"] == []
    history = (await town.call("GET", f"/organisations/{town.ids['committee']}/history", town.keeper())).json()
    assert history["items"][0]["facts"] == {
        "changed": ["responsibilities"],
        "before": {"responsibilities": wanted},
    }


async def support(town: Town, body: dict[str, Any], root: str = "here", what: str = "hospital") -> httpx.Response:
    role = Role.STREET_STAFF if root == "street" else Role.COMMUNITY_ADMIN
    return await town.call("POST", f"/organisations/{town.ids[what]}/supports", town.keeper(role, root), body)


async def supporters(town: Town, area: str) -> list[tuple[str, str]]:
    found = (await town.get("resident", f"/areas/{town.ids[area]}")).json()["supported_by"]
    return [(one["organisation"]["name"], one["area"]["name"]) for one in found]


async def test_whoever_looks_after_an_area_assigns_who_supports_it(town: Town) -> None:
    """包联: a unit of the district stands by a community; its residents see who."""
    body = {"area_id": str(town.ids["here"]), "starts_on": "2026-01-05"}
    done = await support(town, body)
    assert [(s["area"]["name"], s["starts_on"], s["ends_on"]) for s in done.json()["supports"]] == [
        ("甲社区", "2026-01-05", None)
    ]
    assert await supporters(town, "building") == [("测试区医院", "甲社区")]
    assert (await support(town, body)).status_code == 422
    assert (await support(town, {"area_id": str(town.ids["street"])})).status_code == 403
    assert said(await support(town, {"area_id": str(town.ids["there"])})) == (422, [("/area_id", "unknown_area")])
    assert (await support(town, body, "there")).status_code == 422
    path = f"/organisations/{town.ids['hospital']}/supports"
    one = done.json()["supports"][0]["id"]
    assert (await town.call("POST", f"{path}/{town.ids['here']}/end", town.keeper(), {})).status_code == 404
    assert (await town.call("POST", f"{path}/{one}/end", town.keeper(root="there"), {})).status_code == 404
    wrong = await town.call("POST", f"{path}/{one}/end", town.keeper(), {"ends_on": "2025-12-31"})
    assert said(wrong) == (422, [("/ends_on", "ends_on")])
    ended = await town.call("POST", f"{path}/{one}/end", town.keeper(), {})
    assert ended.json()["supports"] == [] and await supporters(town, "building") == []
    again = await support(town, {"area_id": str(town.ids["here"])})
    assert again.status_code == 200
    past = (await town.get("resident", path)).json()["items"]
    assert [(s["starts_on"], s["ends_on"]) for s in past] == [("2026-03-02", None), ("2026-01-05", "2026-03-02")]
    first = (await town.get("resident", path, limit=1)).json()
    rest = (await town.get("resident", path, limit=1, cursor=first["next_cursor"])).json()
    assert first["items"] + rest["items"] == past and rest["next_cursor"] is None


async def test_areas_outside_of_the_scope_are_not_named_among_the_supported(town: Town) -> None:
    await support(town, {"area_id": str(town.ids["there"])}, "street")
    for person, seen in (("resident", 0), ("stranger", 1), ("clerk", 1)):
        detail = (await town.get(person, f"/organisations/{town.ids['hospital']}")).json()
        listed = (await town.get(person, f"/organisations/{town.ids['hospital']}/supports")).json()
        assert (len(detail["supports"]), len(listed["items"])) == (seen, seen), person


async def test_who_supports_an_area_follows_when_it_is_merged_and_ends_when_it_is_closed(town: Town) -> None:
    body = {"parent_id": str(town.ids["compound"]), "kind": "building", "name": "2号楼"}
    other = (await town.call("POST", "/areas", town.keeper(), body)).json()["id"]
    for area in (other, str(town.ids["building"])):
        assert (await support(town, {"area_id": area}, what="committee")).status_code == 200
        await support(town, {"area_id": other}, what="urban")
    merged = await town.call("POST", f"/areas/{town.ids['building']}/merge", town.keeper(), {"area_ids": [other]})
    assert sorted(one["organisation"]["name"] for one in merged.json()["supported_by"]) == ["城建办", "甲社区居委会"]
    empty = (await town.call("POST", "/areas", town.keeper(), body)).json()["id"]
    await support(town, {"area_id": empty}, what="urban")
    closed = await town.call("POST", f"/areas/{empty}/close", town.keeper(), {})
    assert closed.json()["supported_by"] == []


async def test_a_seed_says_what_it_knows_and_leaves_the_rest_to_people(town: Town, house: House) -> None:
    k, code = f"{town.name}/", fresh_code()
    seed = DirectorySeed(
        organisations=[
            OrganisationSeed(
                k + "owners", k + "here", "owners_committee", "和平业委会", serves_keys=(k + "compound",),
                credit_code=code.lower(), formation_status=FormationStatus.PREPARING,
                responsibilities=(Responsibility("property", "compound"),),
            )
        ],
        supports=[SupportSeed(k + "owners", k + "grid", SINCE)],
    )  # fmt: skip
    first = await load(house.pool, house.clock, seed)
    assert (first.counts["organisations"].created, first.counts["supports"].created) == (1, 1)
    id = first.ids[k + "owners"]
    await put(town, f"{id}/contact", {"phone": "0755-777"})
    again = await load(house.pool, house.clock, seed)
    assert (again.counts["organisations"].unchanged, again.counts["supports"].unchanged) == (1, 1)
    detail = (await town.get("resident", f"/organisations/{id}")).json()
    assert (detail["credit_code"], detail["formation_status"]) == (code, "preparing")
    assert detail["contact"]["phone"] == "0755-777"
    assert detail["responsibilities"] == [{"category": "property", "level": "compound"}]
    assert [one["area"]["name"] for one in detail["supports"]] == ["第一网格"]


async def test_a_wrong_seed_is_refused_with_every_problem(town: Town, house: House) -> None:
    k, code = f"{town.name}/", fresh_code()
    wrong = {
        "kind": ("castle", {}),
        "check": ("school", {"credit_code": GOOD[:-1] + "4"}),
        "formed": ("school", {"formation_status": FormationStatus.NONE}),
        "level": ("school", {"responsibilities": (Responsibility("doors", "castle"),)}),
        "one": ("school", {"credit_code": code}),
        "two": ("school", {"credit_code": code.lower()}),
    }
    seeds = [OrganisationSeed(k + word, k + "here", kind, word, **more) for word, (kind, more) in wrong.items()]
    supports = [SupportSeed(k + "nobody", k + "nowhere", SINCE)]
    with pytest.raises(Invalid) as refused:
        await load(house.pool, house.clock, DirectorySeed(organisations=seeds, supports=supports))
    assert {(problem.pointer, problem.code) for problem in refused.value.fields} == {
        ("/organisations/0/kind", "seed.unknown_kind"),
        ("/organisations/1/credit_code", "seed.credit_code_check"),
        ("/organisations/2/formation_status", "seed.not_formed"),
        ("/organisations/3/responsibilities/0/level", "seed.unknown_kind"),
        ("/organisations/5/credit_code", "seed.duplicate"),
        ("/supports/0/organisation_key", "seed.unknown_key"),
        ("/supports/0/area_key", "seed.unknown_key"),
    }
    await load(house.pool, house.clock, DirectorySeed(organisations=[seeds[4]]))
    with pytest.raises(Invalid) as taken:
        await load(house.pool, house.clock, DirectorySeed(organisations=[seeds[5]]))
    assert [problem.code for problem in taken.value.fields] == ["seed.credit_code_taken"]
