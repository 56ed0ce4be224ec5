"""Who was entered twice is found and made one: what they held follows, the old id leads on, and nobody gains by it."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.directory.actions import merge_people, ties_following
from services.directory.actions.load import load
from services.directory.actions.tokens import actors_for, person_by_key
from services.directory.domain.seed import DirectorySeed, GrantSeed, MembershipSeed, OfficeSeed, PersonSeed
from services.directory.house import House
from services.directory.tables import SCHEMA
from shared.kernel.actor import Actor, Grant, Role
from tests.services.directory.test_areas_changes import feed
from tests.services.directory.test_people import ADDRESS, PHONE, changed, entered, id_number, officer, said, staff
from tests.services.directory.town import SINCE, Town


async def merged(
    town: Town, survivor: dict[str, Any], *others: dict[str, Any], actor: Actor | None = None, **head: str
) -> httpx.Response:
    body = {"person_ids": [other["id"] for other in others]}
    return await town.call("POST", f"/people/{survivor['id']}/merge", actor or staff(town), body, **head)


async def test_the_same_telephone_number_or_likeness_is_listed_with_its_reasons(town: Town) -> None:
    first = await entered(town, name="李秀兰", phone=PHONE, id_number=id_number(sequence="611"), birth_year=1949)
    second = await entered(town, name="李秀兰", phone=PHONE, birth_year=1949)
    third = await entered(town, name="李秀蓝", home="there", id_number=id_number(sequence="611"))
    fourth = await entered(town, name="陈默")
    found = (await town.call("GET", f"/people/duplicates?area={town.ids['street']}", staff(town))).json()["items"]
    assert [(item["person"]["id"], [(one["id"], one["reasons"]) for one in item["alike"]]) for item in found] == [
        (first["id"], [(second["id"], ["likeness", "phone"]), (third["id"], ["id_number"])])
    ]
    assert fourth["id"] not in str(found) and PHONE not in str(found)
    there = town.keeper(Role.COMMUNITY_ADMIN, "there")
    assert (await town.call("GET", "/people/duplicates", there)).json()["items"] == []
    page = await town.call("GET", f"/people/duplicates?area={town.ids['here']}&limit=1", staff(town))
    assert [one["id"] for one in page.json()["items"][0]["alike"]] == [second["id"]]


async def test_a_merged_record_gets_nothing_more(town: Town) -> None:
    """Nobody signs in as it, so whatever it were given would be nobody's: petitions above all."""
    gone, survivor = await entered(town, name="李秀兰"), await entered(town, name="李秀兰")
    assert (await merged(town, survivor, gone)).status_code == 200
    keeper, person = town.keeper(Role.STREET_STAFF, "street"), {"person_id": gone["id"]}
    office = await town.call("GET", f"/offices?area={town.ids['grid']}", keeper)
    for path, body in (
        ("/offices", {"kind": "floor_contact", "area_id": str(town.ids["building"])}),
        (f"/offices/{office.json()['items'][0]['id']}/hand-over", {}),
        (f"/people/{town.ids['officer']}/hand-over", {}),
        ("/grants", {"role": "volunteer", "area_id": str(town.ids["here"])}),
        ("/memberships", {"kind": "member", "organisation_id": str(town.ids["committee"])}),
    ):
        refused = await town.call("POST", path, keeper, body | person)
        assert refused.status_code == 422, (path, refused.text)
        (error,) = refused.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/person_id", "merged") and survivor["id"] in error["message"]


async def test_what_a_record_held_follows_to_the_survivor(town: Town, house: House) -> None:
    k = town.name
    people = [
        PersonSeed(
            f"{k}/old", f"{k}/here", "李秀兰", f"{k}/building", 1949, phone=PHONE, address=ADDRESS, skills=("理发",)
        ),
        PersonSeed(f"{k}/new", f"{k}/here", "李秀兰", phone="13900000000", party_member=True, skills=("修伞",)),
    ]
    offices = [OfficeSeed(f"{k}/old", "sanitation_officer", f"{k}/building", SINCE)]
    offices += [OfficeSeed(f"{k}/{word}", "floor_contact", f"{k}/building", SINCE) for word in ("old", "new")]
    memberships = [
        MembershipSeed(f"{k}/old", f"{k}/property", "staff", SINCE),
        *(MembershipSeed(f"{k}/{word}", f"{k}/committee", "member", SINCE) for word in ("old", "new")),
    ]
    grants = [GrantSeed(f"{k}/old", Role.RESIDENT, area_key=f"{k}/here")]
    grants += [GrantSeed(f"{k}/{word}", Role.BUILDING_HEAD, area_key=f"{k}/building") for word in ("old", "new")]
    seed = DirectorySeed(people=people, offices=offices, memberships=memberships, grants=grants)
    ids = (await load(house.pool, house.clock, seed, None, house.sealer)).ids
    old, new = ids[f"{k}/old"], ids[f"{k}/new"]
    answer = await merged(town, {"id": str(new)}, {"id": str(old)})
    assert answer.status_code == 200, answer.text
    detail = answer.json()
    assert (detail["phone"], detail["address"]) == ("139****0000", "测试区和平路和平小区***")
    assert (detail["birth_year"], detail["home"]["id"]) == (1949, str(town.ids["building"]))
    assert detail["skills"] == ["修伞", "理发"]
    rows = await house.pool.fetch(
        "select kind, person_id, ends_on is null as goes_on from office where person_id = any($1) order by kind, 3",
        [old, new],
    )
    assert [tuple(row) for row in rows] == [
        ("floor_contact", old, False),
        ("floor_contact", new, True),
        ("sanitation_officer", new, True),
    ]
    members = "select kind, ends_on is null as goes_on from membership where person_id = $1 order by kind"
    assert [tuple(row) for row in await house.pool.fetch(members, new)] == [("member", True), ("staff", True)]
    assert [tuple(row) for row in await house.pool.fetch(members, old)] == [("member", False)]
    actors = await actors_for(house.pool, [old, new], date(2026, 3, 2))
    assert set(actors) == {new} and actors[new].roles == {Role.RESIDENT, Role.BUILDING_HEAD}
    assert await person_by_key(house.pool, f"{k}/old") == new
    # Nothing of theirs stays with the old record, and a second load does not bring it back.
    assert await house.pool.fetchval("select count(*) from sealed_value where owner_id = $1", old) == 0
    again = await load(house.pool, house.clock, DirectorySeed(people=people[:1]), None, house.sealer)
    assert (again.counts["people"].unchanged, again.ids[f"{k}/old"]) == (1, new)


async def test_the_old_id_leads_to_the_survivor_and_others_go_on_showing_the_name(town: Town, house: House) -> None:
    first, second, third = [await entered(town, name="李秀兰", phone=PHONE) for _ in range(3)]
    body = {"fields": ["phone"], "reason": "service"}
    assert (await town.call("POST", f"/people/{first['id']}/reveal", officer(town), body)).is_success
    assert (await merged(town, second, first)).status_code == 200
    assert (await merged(town, third, second)).status_code == 200
    old = (await town.call("GET", f"/people/{first['id']}", staff(town))).json()
    assert old["merged_into"] == {"id": third["id"], "name": "李秀兰"} and old["allowed_actions"] == []
    found = await town.call("POST", "/people/look-up", staff(town), {"phone": PHONE})
    assert [item["id"] for item in found.json()["items"]] == [third["id"]]
    # Who was shown what of any of the records stands in the log of the one that goes on.
    log = (await town.call("GET", f"/people/{third['id']}/access-log", staff(town))).json()["items"]
    assert [line["reason"] for line in log] == ["service"]
    row = next(p for p in (await feed(house)).people if str(p.id) == first["id"])
    assert (row.display_name, row.erased, row.home_id, row.version) == ("李秀兰", False, None, 2)
    assert str(row.merged_into) == second["id"]
    me = Actor(UUID(first["id"]), (Grant(Role.RESIDENT, town.ids["here"]),))
    assert (await town.call("GET", "/me", me)).status_code == 401
    answer = await changed(
        town, staff(town), f"/people/{first['id']}", {"name": "甲", "home_id": str(town.ids["here"])}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "directory.person_merged")
    assert answer.json()["survivor"] == second["id"]
    actions = await house.pool.fetch(
        "select action from person_history where person_id = $1 order by id", UUID(second["id"])
    )
    assert [row["action"] for row in actions] == ["create", "merge", "merged"]


async def test_nobody_comes_to_a_role_by_merging_whose_it_is(town: Town, house: House) -> None:
    k = town.name
    grants = [
        GrantSeed(f"{k}/admin", Role.COMMUNITY_ADMIN, area_key=f"{k}/here"),
        GrantSeed(f"{k}/plain", Role.COMMUNITY_STAFF, area_key=f"{k}/here"),
    ]
    people = [PersonSeed(f"{k}/{word}", f"{k}/here", "某某", f"{k}/building") for word in ("admin", "plain")]
    ids = (await load(house.pool, house.clock, DirectorySeed(people=people, grants=grants))).ids
    admin, plain = ({"id": str(ids[f"{k}/{word}"])} for word in ("admin", "plain"))
    thief = Actor(ids[f"{k}/plain"], (Grant(Role.COMMUNITY_STAFF, town.ids["here"]),))
    other = await entered(town)
    for survivor, code in ((plain, "directory.beyond_your_rank"), (other, "directory.beyond_your_rank")):
        answer = await merged(town, survivor, admin, actor=thief)
        assert (answer.status_code, answer.json()["code"]) == (403, code), answer.text
    # Street staff may give the role, and so may merge; but not into themselves.
    own = await merged(town, {"id": str(town.ids["clerk"])}, admin)
    assert own.json()["code"] == "directory.not_to_yourself", own.text
    assert (await merged(town, other, admin)).status_code == 200
    held = await house.pool.fetchval("select person_id from role_grant where role = 'community_admin' and area_id = $1"
                                     " and ends_on is null", town.ids["here"])  # fmt: skip
    assert held == UUID(other["id"])
    ended = "update role_grant set ends_on = '2026-03-02', version = version + 1 where person_id = $1"
    await house.pool.execute(ended, ids[f"{k}/plain"])
    late = await merged(town, other, await entered(town), actor=thief)
    assert late.json()["code"] == "directory.role_ended"


async def test_records_merge_once_and_never_in_a_circle(town: Town, house: House) -> None:
    first, second = await entered(town), await entered(town)
    answers = await asyncio.gather(*(merged(town, *pair) for pair in ((first, second), (second, first)) * 3))
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert [answer.status_code for answer in answers].count(200) == 1
    rows = await house.pool.fetch(
        "select merged_into from person where id = any($1)", [UUID(p["id"]) for p in (first, second)]
    )
    assert sorted(row["merged_into"] is None for row in rows) == [False, True]
    one = await entered(town)
    assert said(await merged(town, one, one)) == (422, [("/person_ids/0", "duplicate")])
    assert said(await merged(town, one, {"id": str(UUID(int=5))})) == (422, [("/person_ids/0", "unknown_person")])
    there = await entered(town, home="there")
    keeper = Actor(town.ids["clerk"], (Grant(Role.STREET_STAFF, town.ids["here"]),))
    refused = await merged(town, one, there, actor=keeper)
    assert said(refused)[0] in (403, 422)
    gone = await house.pool.fetchval("select merged_into from person where id = $1", UUID(there["id"]))
    assert gone is None


@pytest.mark.parametrize("table", sorted(SCHEMA.metadata.tables))
def test_every_table_that_names_a_person_follows_a_merge_or_is_history(table: str) -> None:
    own = [value for value in vars(merge_people).values() if isinstance(value, str)]
    statements = " ".join([*own, *ties_following.PEOPLE.values()])
    named = [column.name for column in SCHEMA.metadata.tables[table].columns if column.name.endswith("person_id")]
    history = "update" not in SCHEMA.metadata.tables[table].info["grants"]
    assert not named or history or f" {table} " in statements, f"{table} names people: {named}"
