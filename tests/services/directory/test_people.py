"""People of the register: entered, found, corrected, masked to everybody; given in full for a reason and on record."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.directory.domain.id_numbers import check_character
from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from tests.services.directory.town import Town

PHONE, ADDRESS = "13809901234", "测试区和平路和平小区1号楼2单元501室"


def id_number(born: str = "19490312", sequence: str = "002") -> str:
    first = f"650203{born}{sequence}"
    return first + check_character(first)


def staff(town: Town) -> Actor:
    """The street's clerk, whose role stands in the register."""
    return town.keeper(Role.STREET_STAFF, "street")


def officer(town: Town) -> Actor:
    return Actor(town.ids["officer"], (Grant(Role.GRID_OFFICER, town.ids["grid"]),))


async def entered(town: Town, actor: Actor | None = None, home: str = "building", **more: Any) -> dict[str, Any]:
    body = {"name": "古丽娜", "home_id": str(town.ids[home]), **more}
    answer = await town.call("POST", "/people", actor or staff(town), body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def said(answer: httpx.Response) -> tuple[int, list[tuple[str, str]]]:
    """Status and problems by pointer."""
    return answer.status_code, [(e["pointer"], e["code"]) for e in answer.json().get("errors", [])]


async def etag(town: Town, actor: Actor, path: str) -> str:
    return str((await town.call("GET", path, actor)).headers["etag"])


async def changed(town: Town, actor: Actor, path: str, body: dict[str, Any]) -> httpx.Response:
    return await town.call("PUT", path, actor, body, if_match=await etag(town, actor, path))


async def test_what_leads_to_a_door_is_masked_in_every_answer(town: Town) -> None:
    number = id_number()
    made = await entered(town, phone="+86 138 0990 1234", id_number=number.lower(), address=ADDRESS, door="501")
    assert (made["phone"], made["id_number"], made["door"]) == ("138****1234", f"6502**********{number[-4:]}", "5**")
    assert made["address"] == "测试区和平路和平小区***" and made["birth_year"] == 1949
    path = f"/people/{made['id']}"
    whole = {"phone": PHONE}
    answers = [
        await town.call("GET", path, staff(town)),
        await town.call("GET", "/people?limit=100", staff(town)),
        await town.call("POST", "/people/look-up", staff(town), whole),
        await changed(town, staff(town), path, {"name": "古丽娜", "home_id": str(town.ids["building"])}),
        await town.call("GET", f"/areas/{town.ids['building']}/households", staff(town)),
    ]
    for answer in answers:
        assert answer.status_code == 200 and made["id"] in answer.text
        for secret in (PHONE, number, ADDRESS, '"501"'):  # without quotes an id may have it
            assert secret not in answer.text
    assert answers[3].json() | {"allowed_actions": []} == made | {"allowed_actions": []}  # what was left out stayed


async def test_people_are_found_by_telephone_and_identity_number_however_they_are_written(town: Town) -> None:
    number = id_number(sequence="117")
    made = await entered(town, phone="０１３-809 901 235".replace("０", ""), id_number=number)
    for body in ({"phone": "0086-138 0990 1235"}, {"phone": "１３８０９９０１２３５"}, {"id_number": f" {number} "}):
        answer = await town.call("POST", "/people/look-up", staff(town), body)
        assert [item["id"] for item in answer.json()["items"]] == [made["id"]], answer.text
    other = await town.call("POST", "/people/look-up", staff(town), {"phone": "13809901236"})
    assert other.json()["items"] == []
    both = await town.call("POST", "/people/look-up", staff(town), {"phone": PHONE, "id_number": number})
    assert said(both) == (422, [("", "one_of")])


async def test_a_list_has_those_of_the_area_by_how_their_names_begin(town: Town) -> None:
    first = await entered(town, name="欧阳娜")
    second = await entered(town, name="欧阳锋", home="compound")
    there = await entered(town, town.keeper(Role.STREET_STAFF, "street"), home="there", name="欧阳克")

    async def ids(actor: Actor, query: str) -> list[str]:
        answer = await town.call("GET", f"/people?{query}", actor)
        return [item["id"] for item in answer.json()["items"]]

    assert await ids(staff(town), "q=欧阳") == [there["id"], second["id"], first["id"]]
    assert await ids(staff(town), f"q=欧阳&area={town.ids['here']}") == [second["id"], first["id"]]
    assert await ids(staff(town), f"q=欧阳&area={town.ids['building']}") == [first["id"]]
    assert await ids(officer(town), "q=欧阳") == [second["id"], first["id"]]
    assert await ids(officer(town), f"area={town.ids['there']}") == []
    page = (await town.call("GET", f"/people?q=欧阳&limit=2&area={town.ids['street']}", staff(town))).json()
    assert [item["id"] for item in page["items"]] == [there["id"], second["id"]]
    assert await ids(staff(town), f"q=欧阳&limit=2&cursor={page['next_cursor']}") == [first["id"]]


@pytest.mark.parametrize(
    "given, found",
    [
        ({"phone": "12345"}, [("/phone", "phone_form")]),
        ({"phone": "6234567"}, [("/phone", "phone_form")]),
        ({"id_number": "1234"}, [("/id_number", "id_number_form")]),
        ({"id_number": "650203194903120021"}, [("/id_number", "id_number_check")]),
        ({"id_number": "65020319490230002X"}, [("/id_number", "id_number_date")]),
        ({"id_number": id_number("20990101")}, [("/id_number", "id_number_date")]),
        ({"id_number": id_number(), "birth_year": 1950}, [("/birth_year", "other_birth_year")]),
        ({"birth_year": 2099, "phone": "1"}, [("/phone", "phone_form"), ("/birth_year", "birth_year")]),
        ({"door": "5" * 41}, [("/door", "door_form")]),
        ({"work_organisation_id": str(UUID(int=7))}, [("/work_organisation_id", "unknown_organisation")]),
        ({"party_member": True}, [("/party_member", "not_yours")]),
        ({"kept_by": str(UUID(int=7))}, [("", "one_of")]),
    ],
)
async def test_what_is_wrong_is_named_by_its_field_and_nothing_is_stored(
    town: Town, house: House, given: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    counted = "select (select count(*) from person) + (select count(*) from sealed_value)"
    before = await house.pool.fetchval(counted)
    body = {"name": "古丽娜", "home_id": str(town.ids["building"]), **given}
    answer = await town.call("POST", "/people", staff(town), body)
    assert said(answer) == (422, found)
    assert all(str(value) not in answer.text for value in given.values() if isinstance(value, str) and len(value) > 4)
    assert await house.pool.fetchval(counted) == before


async def test_fields_are_given_in_full_once_for_a_reason_and_on_record(town: Town, house: House) -> None:
    made = await entered(town, phone=PHONE, id_number=id_number(), address=ADDRESS, door="501")
    path = f"/people/{made['id']}"
    body = {"fields": ["door", "phone", "phone"], "reason": "petition", "note": "楼上漏水，联系13800000000"}
    answers = await asyncio.gather(
        *(town.call("POST", f"{path}/reveal", officer(town), body, idempotency_key="reveal-1") for _ in range(3))
    )
    for answer in answers:
        assert answer.json() == {"person_id": made["id"], "phone": PHONE, "door": "501"}, answer.text
    log = (await town.call("GET", f"{path}/access-log", staff(town))).json()["items"]
    assert [(line["by"]["id"], line["role"], line["reason"], line["fields"]) for line in log] == [
        (str(town.ids["officer"]), "grid_officer", "petition", ["phone", "door"])
    ]
    assert log[0]["note"] == body["note"]
    oversight = town.keeper(Role.OVERSIGHT, "here")
    assert (await town.call("GET", f"{path}/access-log", oversight)).json()["items"] == log
    # The line itself can be neither changed nor taken away, and says nothing that must be erasable.
    raw = await house.pool.fetchval("select to_jsonb(l)::text from access_log l where person_id = $1", UUID(made["id"]))
    assert PHONE not in raw and "漏水" not in raw
    assert (await town.call("POST", f"{path}/reveal", officer(town), {"fields": ["phone"]})).status_code == 422


async def test_a_role_that_has_ended_reveals_nothing_from_that_moment(town: Town, house: House) -> None:
    made = await entered(town, phone=PHONE)
    path, body = f"/people/{made['id']}/reveal", {"fields": ["phone"], "reason": "service"}
    who, key = officer(town), {"idempotency_key": "reveal-2"}
    assert (await town.call("POST", path, who, body, **key)).status_code == 200
    await house.pool.execute(
        "update role_grant set ends_on = '2026-03-02', version = version + 1 where person_id = $1",
        town.ids["officer"],
    )
    for headers in ({}, key):  # also what was answered before under this key
        answer = await town.call("POST", path, who, body, **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "directory.role_ended")
        assert PHONE not in answer.text
    assert await house.pool.fetchval("select count(*) from access_log where person_id = $1", UUID(made["id"])) == 1


async def test_party_membership_is_told_to_those_who_work_with_members_alone(town: Town) -> None:
    admin = town.keeper(Role.COMMUNITY_ADMIN, "here")
    made = await entered(town, admin, party_member=True)
    path = f"/people/{made['id']}"

    async def seen(actor: Actor) -> Any:
        return (await town.call("GET", path, actor)).json()["party_member"]

    assert await seen(admin) is True
    assert await seen(officer(town)) is None
    assert await seen(Actor(town.ids["stranger"], (Grant(Role.COMMUNITY_STAFF, town.ids["here"]),))) is None
    # The clerk holds the office of the community's party secretary.
    assert await seen(town.keeper(Role.COMMUNITY_STAFF, "here")) is True
    assert (await changed(town, officer(town), path, {"name": "古丽", "home_id": str(town.ids["building"])})).is_success
    assert await seen(admin) is True  # who is not told leaves it as it is


async def test_two_who_correct_at_once_do_not_overwrite_each_other(town: Town) -> None:
    made = await entered(town)
    path, body = f"/people/{made['id']}", {"name": "古丽娜·买买提", "home_id": str(town.ids["building"])}
    tag = await etag(town, staff(town), path)
    answers = await asyncio.gather(*(town.call("PUT", path, staff(town), body, if_match=tag) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert (await town.call("PUT", path, staff(town), body)).status_code == 428


async def test_somebody_elses_people_do_not_exist(town: Town) -> None:
    here = await entered(town, phone=PHONE)
    stranger = Actor(town.ids["stranger"], (Grant(Role.COMMUNITY_STAFF, town.ids["there"]),))
    path, tag = f"/people/{here['id']}", await etag(town, staff(town), f"/people/{here['id']}")
    body = {"name": "别人", "home_id": str(town.ids["there"])}
    answers = [
        await town.call("GET", path, stranger),
        await town.call("PUT", path, stranger, body, if_match=tag),
        await town.call("POST", f"{path}/reveal", stranger, {"fields": ["phone"], "reason": "service"}),
        await town.call("GET", f"{path}/access-log", stranger),
        await town.call("GET", f"/areas/{town.ids['building']}/households", stranger),
    ]
    assert {answer.status_code for answer in answers} == {404}
    found = await town.call("POST", "/people/look-up", stranger, {"phone": PHONE})
    assert found.json()["items"] == []
    moved = await town.call("POST", "/people", stranger, {"name": "古丽", "home_id": str(town.ids["building"])})
    assert said(moved) == (422, [("/home_id", "unknown_area")])


async def test_an_area_that_is_not_there_is_none_and_nobody_is_put_out_of_sight(town: Town) -> None:
    nowhere = {"name": "甲", "home_id": str(UUID(int=7))}
    assert said(await town.call("POST", "/people", staff(town), nowhere)) == (422, [("/home_id", "unknown_area")])
    made = await entered(town, officer(town))
    path = f"/people/{made['id']}"
    for home in (None, str(town.ids["there"]), str(UUID(int=7))):
        answer = await changed(town, officer(town), path, {"name": "甲", "home_id": home})
        assert said(answer) == (422, [("/home_id", "unknown_area")])
    moved = await changed(town, staff(town), path, {"name": "甲", "home_id": str(town.ids["there"])})
    assert said(moved) == (422, [("/home_id", "other_tenant")])
    assert (await changed(town, staff(town), path, {"name": "甲"})).json()["home"] is None


async def test_a_resident_sees_their_own_masked_and_corrects_it(town: Town, house: House) -> None:
    resident = Actor(town.ids["resident"], (Grant(Role.RESIDENT, town.ids["here"]),), town.ids["building"])
    me = await town.call("GET", "/me", resident)
    assert me.json()["contact"] == {"phone": None, "id_number": None, "address": None, "door": None}
    tag = me.headers["etag"]
    body = {"phone": "138 0990 7777", "address": ADDRESS}
    done = await town.call("PUT", "/me/contact", resident, body, if_match=tag)
    assert done.json()["contact"]["phone"] == "138****7777", done.text
    assert (await town.call("PUT", "/me/contact", resident, body, if_match=tag)).status_code == 412
    shown = await town.call("GET", "/me", resident)
    assert said(await town.call("PUT", "/me/contact", resident, {}, if_match=tag)) == (422, [("", "missing")])
    gone = await town.call("PUT", "/me/contact", resident, {"phone": None}, if_match=shown.headers["etag"])
    assert (gone.json()["contact"]["phone"], gone.json()["contact"]["address"]) == (None, "测试区和平路和平小区***")
    actions = await house.pool.fetch(
        "select action, facts from person_history where person_id = $1 order by version", town.ids["resident"]
    )
    assert [row["action"] for row in actions] == ["correct", "correct"]
    assert "138" not in str([row["facts"] for row in actions])


async def test_a_door_makes_one_household_and_who_moves_leaves_it(town: Town) -> None:
    together = [await entered(town, name=f"住户{n}", door=door) for n, door in enumerate(("7-1A", "7-1a", "７-１Ａ"))]
    path = f"/areas/{town.ids['building']}/households"
    found = (await town.call("GET", path, staff(town))).json()["items"]
    assert [[person["name"] for person in household["people"]] for household in found] == [["住户0", "住户1", "住户2"]]
    body = {"name": "住户0", "home_id": str(town.ids["compound"])}
    assert (await changed(town, staff(town), f"/people/{together[0]['id']}", body)).json()["door"] is None
    assert len((await town.call("GET", path, staff(town))).json()["items"][0]["people"]) == 2
    again = await town.call("POST", path, staff(town), {"door": "7-1a"})
    assert said(again) == (422, [("/door", "duplicate_door")])
    made = await town.call("POST", path, staff(town), {"door": "8-2"})
    own = f"/households/{made.json()['id']}"
    assert said(await changed(town, staff(town), own, {"door": "7-1A"})) == (422, [("/door", "duplicate_door")])
    assert (await changed(town, staff(town), own, {"door": "8-3"})).json()["door"] == "8**"
    assert (await changed(town, staff(town), own, {"closed": True})).json()["closed"] is True
    lived_in = f"/households/{found[0]['id']}"
    answer = await changed(town, staff(town), lived_in, {"closed": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "directory.household_in_use")


async def test_ten_at_once_behind_a_new_door_are_one_household(town: Town) -> None:
    people = [entered(town, name=f"同住{n}", home="compound", door="301") for n in range(10)]
    await asyncio.gather(*people)
    found = await town.call("GET", f"/areas/{town.ids['compound']}/households", staff(town))
    assert [len(household["people"]) for household in found.json()["items"]] == [10]


async def test_households_follow_their_area_when_it_is_merged_and_end_with_it(town: Town, house: House) -> None:
    made = await town.call(
        "POST", "/areas", town.keeper(), {"parent_id": str(town.ids["compound"]), "kind": "building", "name": "9号楼"}
    )
    old = made.json()["id"]
    body = {"name": "古丽娜", "home_id": old, "door": "501"}
    person = (await town.call("POST", "/people", staff(town), body)).json()["id"]
    path = f"/areas/{town.ids['building']}"
    assert (await town.call("POST", f"{path}/merge", town.keeper(), {"area_ids": [old]})).status_code == 200
    found = (await town.call("GET", f"{path}/households", staff(town))).json()["items"]
    assert [p["id"] for household in found for p in household["people"]] == [person]
    assert (await town.call("GET", f"/people/{person}", staff(town))).json()["door"] == "5**"
    empty = (await town.call("POST", f"/areas/{town.ids['grid-there']}/households", staff(town), {"door": "1"})).json()
    keeper = town.keeper(Role.COMMUNITY_ADMIN, "there")
    assert (await town.call("POST", f"/areas/{town.ids['grid-there']}/close", keeper, {})).status_code == 200
    assert await house.pool.fetchval("select closed from household where id = $1", UUID(empty["id"]))
