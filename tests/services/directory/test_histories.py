"""Whoever looks after a place reads what was done to the records there, by whom; nobody else does."""

from typing import Any

import pytest

from services.directory.house import House
from shared.kernel.actor import Actor, Grant, Role
from tests.services.directory.test_care import admin, assigned
from tests.services.directory.test_enrolments import enrol, member_of_the_hospital
from tests.services.directory.test_joint_work import listed, promised, seated
from tests.services.directory.test_memberships import wish
from tests.services.directory.test_people import PHONE, entered
from tests.services.directory.town import Town


async def lines(town: Town, path: str, actor: Actor | None = None) -> list[dict[str, Any]]:
    answer = await town.call("GET", f"/{path}/history", actor or town.keeper(Role.COMMUNITY_STAFF))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def done(town: Town, method: str, path: str, body: Any, actor: Actor | None = None) -> dict[str, Any]:
    answer = await town.call(method, path, actor or town.keeper(), body)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def test_a_council_tells_who_took_a_seat_and_which_meetings_were_noted(town: Town) -> None:
    council = await seated(town)
    await done(town, "POST", f"/councils/{council}/meetings", {"kind": "council_meeting", "held_on": "2026-02-27"})
    meeting, seat, create = await lines(town, f"councils/{council}")
    assert [line["action"] for line in (meeting, seat, create)] == ["note_meeting", "seat", "create"]
    assert meeting["facts"] == {"kind": "council_meeting", "held_on": "2026-02-27"}
    assert seat["facts"] == {"organisation_id": str(town.ids["property"]), "starts_on": "2025-03-01"}
    assert (create["version"], create["role"]) == (1, "community_admin") and create["by"]["name"]


async def test_an_agreement_tells_when_it_was_made_changed_and_fulfilled(town: Town) -> None:
    made = await done(town, "POST", "/agreements", promised(town, await seated(town)))
    first = made["clauses"][0]["id"]
    await done(town, "POST", f"/agreements/{made['id']}/fulfil", {"clause_id": first, "note": "已完成"})
    told = [(line["action"], line["version"]) for line in await lines(town, f"agreements/{made['id']}")]
    assert told == [("fulfil", 2), ("make", 1)]


@pytest.mark.parametrize("noun", ["resources", "needs"])
async def test_a_list_tells_who_took_something_off_it(town: Town, noun: str) -> None:
    entry = await listed(town, noun, await seated(town))
    await done(town, "POST", f"/{noun}/{entry['id']}/withdraw", {})
    withdrawn, entered_ = await lines(town, f"{noun}/{entry['id']}")
    assert (withdrawn["action"], withdrawn["role"]) == ("withdraw", "community_admin")
    assert (entered_["action"], entered_["role"], entered_["facts"]) == ("enter", "community_staff", {"kind": "room"})


async def test_a_project_and_its_need_tell_that_they_were_joined_and_done(town: Town) -> None:
    council = await seated(town)
    need, resource = await listed(town, "needs", council), await listed(town, "resources", council)
    body = {"council_id": council, "title": "合唱队进校园", "need_ids": [need["id"]], "resource_ids": [resource["id"]]}
    project = await done(town, "POST", "/projects", body)
    await done(town, "POST", f"/projects/{project['id']}/finish", {"note": "每周六排练"})
    assert [line["action"] for line in await lines(town, f"projects/{project['id']}")] == ["finish", "join"]
    assert [line["action"] for line in await lines(town, f"needs/{need['id']}")] == ["finish", "join", "enter"]


async def test_memberships_and_enrolments_tell_who_entered_and_ended_them(town: Town) -> None:
    joined = await done(town, "POST", "/memberships", wish(town, "staff"))
    await done(town, "POST", f"/memberships/{joined['id']}/end", {})
    assert [line["action"] for line in await lines(town, f"memberships/{joined['id']}")] == ["end", "join"]
    await member_of_the_hospital(town, "head")
    come = await done(town, "POST", "/enrolments", enrol(town, "head"))
    (line,) = await lines(town, f"enrolments/{come['id']}")
    assert (line["action"], line["facts"]) == ("enrol", {"on": "2026-03-02"})


async def test_a_record_of_a_person_tells_which_fields_changed_and_never_that_somebody_looks_after_them(
    town: Town, house: House
) -> None:
    chief, person = await admin(town, house), await entered(town, name="孤老", phone=PHONE)
    assert (await assigned(town, chief, person, "head")).status_code == 200
    kept = await house.pool.fetch("select action from person_history where person_id = $1", person["id"])
    assert {row["action"] for row in kept} == {"create", "care"}
    (line,) = await lines(town, f"people/{person['id']}", chief)
    assert line["action"] == "create" and PHONE not in str(line)


async def test_others_find_no_history(town: Town) -> None:
    path = f"/councils/{await seated(town)}/history"
    elsewhere = Actor(town.ids["stranger"], (Grant(Role.COMMUNITY_ADMIN, town.ids["there"]),))
    officer = Actor(town.ids["officer"], (Grant(Role.GRID_OFFICER, town.ids["grid"]),))
    for who in (elsewhere, officer):
        assert (await town.call("GET", path, who)).status_code == 404
    assert (await town.call("GET", path, town.keeper(Role.RESIDENT))).status_code == 403


async def test_a_long_history_comes_in_pages(town: Town) -> None:
    council = await seated(town)
    for day in range(1, 6):
        held = {"kind": "council_meeting", "held_on": f"2026-02-0{day}"}
        await done(town, "POST", f"/councils/{council}/meetings", held)
    seen, cursor = [], ""
    while cursor is not None:
        page = await town.call("GET", f"/councils/{council}/history?limit=3{cursor}", town.keeper())
        seen += [line["version"] for line in page.json()["items"]]
        cursor = f"&cursor={page.json()['next_cursor']}" if page.json()["next_cursor"] else None
    assert seen == [7, 6, 5, 4, 3, 2, 1]
