"""GET /organisations."""

from typing import Any

import pytest

from services.directory.house import House
from services.directory.schemas.organisations import OrganisationList
from shared.infra.auth import TokenIssuer
from tests.services.directory.town import Town


async def listed(town: Town, person: str, **query: Any) -> OrganisationList:
    answer = await town.get(person, "/organisations", **query)
    assert answer.status_code == 200, answer.text
    page = OrganisationList.model_validate_json(answer.content)
    assert page.model_dump(mode="json") == answer.json()
    return page


async def names(town: Town, person: str, **query: Any) -> set[str]:
    return {item.name for item in (await listed(town, person, **query)).items}


@pytest.mark.parametrize(
    "person, seen",
    [
        ("resident", "城建办 甲社区居委会 平安物业 测试区医院"),  # 平安物业 is kept by 乙 and serves a compound of 甲
        ("officer", "城建办 甲社区居委会 平安物业 测试区医院"),
        ("stranger", "城建办 平安物业 乙社区小学 测试区医院"),
        ("clerk", "城建办 甲社区居委会 平安物业 乙社区小学 测试区医院"),
        ("worker", "城建办 甲社区居委会 平安物业 乙社区小学 测试区医院"),
    ],
)
async def test_those_of_my_communities_and_above_and_those_that_serve_them(town: Town, person: str, seen: str) -> None:
    assert await names(town, person) == set(seen.split())


async def test_other_towns_are_not_there(town: Town, house: House, issuer: TokenIssuer) -> None:
    await Town.build(house, town.api, issuer)
    assert {item.tenant.id for item in (await listed(town, "clerk", limit=100)).items} <= set(town.ids.values())


async def test_what_is_said_of_one(town: Town) -> None:
    items = {item.name: item for item in (await listed(town, "resident")).items}
    company = items["平安物业"]
    assert (company.id, company.kind) == (town.ids["property"], "property_company")
    assert (company.tenant.name, [area.name for area in company.serves]) == ("乙社区", ["和平小区"])
    parent = items["测试区医院"].parent
    assert parent is not None and parent.name == "城建办"
    assert items["城建办"].aliases == ["城建办（测试街道办事处）"]


async def test_areas_outside_of_the_scope_are_not_named(town: Town) -> None:
    items = {item.name: item for item in (await listed(town, "stranger")).items}
    assert items["平安物业"].serves == []


async def test_filters_combine(town: Town) -> None:
    assert await names(town, "clerk", kind="school") == {"乙社区小学"}
    assert await names(town, "clerk", q="社区") == {"甲社区居委会", "乙社区小学"}
    assert await names(town, "clerk", q="街道办事处") == {"城建办"}
    assert await names(town, "clerk", q="社区", kind="residents_committee") == {"甲社区居委会"}
    assert await names(town, "clerk", q="%") == set()
    assert await names(town, "clerk", kind="nothing") == set()


async def test_who_serves_an_area_or_what_lies_around_it(town: Town) -> None:
    def of(area: str) -> str:
        return str(town.ids[area])

    assert await names(town, "resident", area=of("building")) == {"甲社区居委会", "平安物业"}
    assert await names(town, "resident", area=of("here")) == {"甲社区居委会"}
    assert await names(town, "clerk", area=of("grid-there"), kind="school") == {"乙社区小学"}
    assert await names(town, "resident", area=of("grid-there")) == set()  # outside of the scope
    first = await listed(town, "resident", area=of("building"), limit=1)
    rest = await listed(town, "resident", area=of("building"), limit=1, cursor=first.next_cursor)
    assert {item.name for item in (*first.items, *rest.items)} == {"甲社区居委会", "平安物业"}


async def test_the_closed_are_left_out(town: Town, house: House) -> None:
    await house.pool.execute("update organisation set closed = true where id = $1", town.ids["urban"])
    assert "城建办" not in await names(town, "clerk")


async def test_pages_give_everything_once_newest_first(town: Town) -> None:
    everything = [item.id for item in (await listed(town, "clerk", limit=100)).items]
    assert everything == sorted(everything, reverse=True)
    for size in (1, 2, 5):
        seen, cursor = [], None
        while True:
            page = await listed(town, "clerk", limit=size, **({"cursor": cursor} if cursor else {}))
            seen += [item.id for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == everything


@pytest.mark.parametrize(
    "query, status, named",
    [
        ({"limit": 0}, 422, "limit"),
        ({"limit": 101}, 422, "limit"),
        ({"limit": "viele"}, 422, "limit"),
        ({"cursor": "x"}, 400, "cursor"),
        ({"cursor": "时时时"}, 400, "cursor"),
        ({"cursor": "A" * 201}, 422, "cursor"),
        ({"q": "\0"}, 422, "q"),
        ({"q": "物" * 65}, 422, "q"),
        ({"kind": "a\nb"}, 422, "kind"),
        ({"tenant": "x"}, 400, "tenant"),
        ({"offset": 5}, 400, "offset"),
    ],
)
async def test_a_wrong_wish_is_named(town: Town, query: dict[str, object], status: int, named: str) -> None:
    answer = await town.get("resident", "/organisations", **query)
    assert answer.status_code == status, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [named]
