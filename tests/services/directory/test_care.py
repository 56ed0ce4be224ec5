"""Who is looked after is known to those who look after them and to who assigns, and to nobody else."""

import asyncio
from typing import Any
from uuid import UUID

import httpx

from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.ids import new_id
from tests.services.directory.test_people import PHONE, entered, officer, said, staff
from tests.services.directory.town import Town


async def admin(town: Town, house: House) -> Actor:
    """The worker as an administrator of the community, by a role that stands in the register."""
    await house.pool.execute(
        "insert into role_grant (tenant_id, id, version, person_id, role, area_id) values ($1, $2, 1, $3, $4, $5)",
        *(town.ids["there"], new_id(), town.ids["worker"], "community_admin", town.ids["here"]),
    )
    return Actor(town.ids["worker"], (Grant(Role.COMMUNITY_ADMIN, town.ids["here"]),))


def of(town: Town, word: str, role: Role = Role.VOLUNTEER) -> Actor:
    return Actor(town.ids[word], (Grant(role, town.ids["here"]),))


async def assigned(
    town: Town,
    who: Actor,
    person: dict[str, Any],
    *helpers: str,
    kinds: tuple[str, ...] = ("lives_alone",),
    version: int = 0,
) -> httpx.Response:
    body = {"kinds": kinds, "helper_ids": [str(town.ids[word]) for word in helpers]}
    return await town.call("PUT", f"/people/{person['id']}/care", who, body, if_match=f'"{version}-0"')


async def test_only_who_is_assigned_and_who_assigns_sees_it(town: Town, house: House) -> None:
    chief, person = await admin(town, house), await entered(town, name="孤老", phone=PHONE)
    done = await assigned(town, chief, person, "head", "resident", kinds=("lives_alone", "disability"))
    assert done.status_code == 200, done.text
    assert [helper["name"] for helper in done.json()["helpers"]] == ["马桂兰", "李秀英"]
    path = f"/people/{person['id']}/care"
    for who in (chief, of(town, "head"), of(town, "resident", Role.RESIDENT)):
        assert (await town.call("GET", path, who)).json()["kinds"] == ["lives_alone", "disability"]
    mine = (await town.call("GET", "/care", of(town, "head"))).json()["items"]
    assert [(one["name"], one["kinds"], one["home"]["name"]) for one in mine] == [
        ("孤老", ["lives_alone", "disability"], "1号楼")
    ]
    everybody = [staff(town), officer(town), town.keeper(Role.PLATFORM_ADMIN, "district"), town.keeper(Role.OVERSIGHT)]
    everybody += [Actor(UUID(person["id"]), (Grant(Role.RESIDENT, town.ids["here"]),)), town.keeper()]
    everybody += [Actor(town.ids["stranger"], (Grant(Role.COMMUNITY_ADMIN, town.ids["there"]),))]
    for who in everybody:  # the last but one has the role by token only
        assert (await town.call("GET", path, who)).status_code == 404
        assert (await town.call("GET", "/care", who)).json()["items"] == []
    for address in (f"/people/{person['id']}", "/people?q=孤老"):
        seen = await town.call("GET", address, staff(town))
        assert "lives_alone" not in seen.text and "disability" not in seen.text


async def test_who_is_assigned_no_longer_sees_nothing_from_that_moment(town: Town, house: House) -> None:
    chief, person = await admin(town, house), await entered(town)
    await assigned(town, chief, person, "head", "resident")
    path = f"/people/{person['id']}/care"
    assert (await assigned(town, chief, person, "resident", version=1)).json()["helpers"][0]["name"] == "李秀英"
    assert (await town.call("GET", path, of(town, "head"))).status_code == 404
    assert (await town.call("GET", "/care", of(town, "head"))).json()["items"] == []
    await house.pool.execute(
        "update role_grant set ends_on = '2026-03-02', version = version + 1 where person_id = $1 and role = $2",
        *(town.ids["worker"], "community_admin"),
    )
    assert (await town.call("GET", path, chief)).status_code == 404
    late = await assigned(town, chief, person, version=2)
    assert (late.status_code, late.json()["code"]) == (403, "directory.role_ended")
    assert (await town.call("GET", path, of(town, "resident"))).status_code == 200


async def test_what_is_wrong_is_named_and_two_who_assign_at_once_do_not_overwrite(town: Town, house: House) -> None:
    chief, person = await admin(town, house), await entered(town)
    stranger, self_ = str(town.ids["stranger"]), person["id"]
    body = {"kinds": ["lives_alone", "sad"], "helper_ids": [str(town.ids["head"]), stranger, self_]}
    wrong = await town.call("PUT", f"/people/{person['id']}/care", chief, body, if_match='"0-0"')
    assert said(wrong) == (
        422,
        [("/kinds/1", "unknown_kind"), ("/helper_ids/1", "unknown_person"), ("/helper_ids/2", "unknown_person")],
    )
    answers = await asyncio.gather(*(assigned(town, chief, person, "head") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    there = Actor(town.ids["stranger"], (Grant(Role.COMMUNITY_ADMIN, town.ids["there"]),))
    assert (await assigned(town, there, person, version=1)).status_code == 404


async def test_no_history_says_for_what_somebody_is_looked_after(town: Town, house: House) -> None:
    chief, person = await admin(town, house), await entered(town)
    await assigned(town, chief, person, "head", kinds=("disability",))
    rows = await house.pool.fetch(
        "select t::text as row from person_history t where person_id = $1", UUID(person["id"])
    )
    assert len(rows) == 2 and all("disability" not in row["row"] for row in rows)


async def test_care_follows_when_records_are_merged(town: Town, house: House) -> None:
    chief = await admin(town, house)
    survivor, old = await entered(town), await entered(town)
    await assigned(town, chief, survivor, "head", kinds=("over_70",))
    await assigned(town, chief, old, "head", "resident", kinds=("lives_alone",))
    merged = await town.call("POST", f"/people/{survivor['id']}/merge", staff(town), {"person_ids": [old["id"]]})
    assert merged.status_code == 200, merged.text
    care = (await town.call("GET", f"/people/{survivor['id']}/care", chief)).json()
    assert care["kinds"] == ["lives_alone", "over_70"]
    assert sorted(helper["name"] for helper in care["helpers"]) == ["李秀英", "马桂兰"]
    assert (await town.call("GET", f"/people/{old['id']}/care", chief)).status_code == 404
    assert len((await town.call("GET", "/care", of(town, "head"))).json()["items"]) == 1
