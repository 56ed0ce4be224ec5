"""A service record from the claim to the award: what each action does, who may, and what everybody sees."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.journey import photo_of
from services.volunteers.actions.awarding import mark_awarded
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.services.volunteers.steps import (
    brought_to,
    claimed,
    code_of,
    events,
    history,
    house_of,
    key,
    opened,
)
from tests.support.person import Person
from tests.support.world import World

BODIES: dict[str, dict[str, Any]] = {
    "check-in": {"code": "00000000"},
    "check-out": {"code": "00000000"},
    "submit": {"text": "做完了"},
    "approve": {},
    "reject": {"text": "没有来"},
    "cancel": {},
}
STATES = ["confirmed", "checked_in", "checked_out", "submitted", "approved", "cancelled", "rejected"]
MAY = {
    "volunteer": {
        "confirmed": ["check-in", "cancel"],
        "checked_in": ["check-out"],
        "checked_out": ["submit"],
    },
    "team_leader": {"confirmed": ["cancel"], "submitted": ["approve", "reject"]},
    "community_staff": {"confirmed": ["cancel"], "submitted": ["approve", "reject"]},
    "street_staff": {"confirmed": ["cancel"], "submitted": ["approve", "reject"]},
    "oversight": {},
}
#: What each of them may do in some state; the rest is a 403 whatever the state.
EVER = {who: {action for actions in states.values() for action in actions} for who, states in MAY.items()}


async def test_the_whole_way_to_the_points(world: World, clock: MovedClock) -> None:
    record = await brought_to(world, clock, "approved")
    assert record["points"] == 15 and record["rule_version"] == 1 and record["evidence_grade"] == "A"
    assert [row["action"] for row in record["history"]] == ["claim", "check-in", "check-out", "submit", "approve"]
    assert record["text"] == "值守两小时，帮六位老人开了门。"
    changed = [f"service_record.{s}" for s in ("confirmed", "checked_in", "checked_out", "submitted", "approved")]
    assert (await events(world, record["id"]))[:5] == changed
    payload = await house_of(world).pool.fetchval(
        "select payload::text from outbox where aggregate_id = $1 and type = 'service_record.approved'",
        UUID(record["id"]),
    )
    assert '"points": 15' in payload and '"evidence_grade": "A"' in payload
    rows = await history(world, record["id"])
    assert [row["actor_role"] for row in rows][:5] == ["volunteer"] * 4 + ["team_leader"]
    assert rows[3]["note_digest"] is not None and "老人" not in str(dict(rows[3]))


@pytest.mark.parametrize("status", STATES)
async def test_every_action_in_every_state_by_everybody(world: World, clock: MovedClock, status: str) -> None:
    record = await brought_to(world, clock, status)
    path = f"/service-records/{record['id']}"
    if status == "confirmed":
        clock.move(timedelta(hours=1))
    for who, states in MAY.items():
        person = world.people[who]
        shown = (await person.get(path)).json()
        assert shown["allowed_actions"] == states.get(status, []), who
        for action, body in BODIES.items():
            if action in states.get(status, []) and not action.startswith("check"):
                continue
            answer = await person.post(f"{path}/{action}", body)
            if action in states.get(status, []):
                assert answer.status_code == 422, "a wrong code"
            elif action in EVER[who]:
                assert answer.status_code == 409, f"{who} {action}: {answer.text}"
                assert answer.json()["state"] in (status, "awarded" if status == "approved" else status)
                assert answer.json()["allowed_actions"] == states.get(status, [])
            else:
                assert answer.status_code == 403, f"{who} {action}: {answer.text}"
    by_people = [row for row in await history(world, record["id"]) if row["action"] != "award"]
    assert len(by_people) == len(record["history"]), "nothing was written"


async def test_other_people_see_nothing(world: World, clock: MovedClock) -> None:
    record = await brought_to(world, clock, "submitted")
    path = f"/service-records/{record['id']}"
    for who in (
        "volunteer2",
        "neighbour",
        "building_head",
        "grid_officer",
        "property_staff",
        "stranger",
        "strange_staff",
    ):
        assert (await world.people[who].get(path)).status_code == 404, who
    for action, body in BODIES.items():
        assert (await world.strange_staff.post(f"{path}/{action}", body)).status_code == 404
        assert (await world.volunteer2.post(f"{path}/{action}", body)).status_code in (403, 404)
    assert (await world.volunteer.get(f"/service-records/{new_id()}")).status_code == 404


async def test_oversight_sees_the_service_but_not_who_and_what_they_wrote(world: World, clock: MovedClock) -> None:
    record = await brought_to(world, clock, "submitted")
    seen = (await world.oversight.get(f"/service-records/{record['id']}")).json()
    assert seen["status"] == "submitted" and seen["minutes"] == 0
    assert seen["view"] == "overseen" and not {"person", "text", "attachments"} & set(seen)
    assert all("note" not in row for row in seen["history"])
    assert (await world.team_leader.get(f"/service-records/{record['id']}")).json()["person"]["name"]


async def test_check_in_has_its_time(world: World, clock: MovedClock) -> None:
    opening = await opened(world, clock)
    record = await claimed(world, opening)
    path = f"/service-records/{record['id']}"
    early = await world.volunteer.post(f"{path}/check-in", {"code": await code_of(world, opening["id"])})
    assert early.status_code == 409 and early.json()["code"] == "service_record.not_now"
    assert early.json()["allowed_actions"] == ["cancel"]
    opens_at = datetime.fromisoformat(opening["starts_at"]) - timedelta(minutes=30)
    assert early.json()["opens_at"] == opens_at.isoformat()
    clock.move(timedelta(minutes=30))
    first = await code_of(world, opening["id"])
    clock.move(timedelta(seconds=60))
    for wrong in (first, "AAAA0000", "签到"):
        refused = await world.volunteer.post(f"{path}/check-in", {"code": wrong})
        assert refused.status_code == 422 and refused.json()["code"] == "service_record.wrong_code"
        assert refused.json()["errors"][0]["pointer"] == "/code"
    now = await code_of(world, opening["id"])
    clock.move(timedelta(seconds=30))
    there = await world.volunteer.post(f"{path}/check-in", {"code": f" {now[:4].lower()}-{now[4:]} "})
    assert there.status_code == 200, "the step before is accepted too"
    clock.move(timedelta(hours=2, minutes=30))
    out = await world.volunteer.post(f"{path}/check-out", {"code": await code_of(world, opening["id"])})
    assert out.status_code == 200 and out.json()["minutes"] == 120


async def test_the_code_of_another_opening_is_wrong(world: World, clock: MovedClock) -> None:
    opening, other = await opened(world, clock), await opened(world, clock)
    record = await claimed(world, opening)
    clock.move(timedelta(hours=1))
    code = await code_of(world, other["id"])
    refused = await world.volunteer.post(f"/service-records/{record['id']}/check-in", {"code": code})
    assert refused.status_code == 422


async def test_who_can_look_the_code_up_proves_less_and_never_approves_themselves(
    world: World, clock: MovedClock, issuer: TokenIssuer
) -> None:
    here = world.ids["here"]
    actor = Actor(new_id(), (Grant(Role.VOLUNTEER, here), Grant(Role.TEAM_LEADER, here)), world.ids["building"])
    leader = Person("leader", actor.person_id, issuer.access_token(actor), world.volunteer.client)
    opening = await opened(world, clock, by=leader)
    record = await claimed(world, opening, by=leader)
    clock.move(timedelta(hours=1))
    path = f"/service-records/{record['id']}"
    for action in ("check-in", "check-out"):
        answer = await leader.post(f"{path}/{action}", {"code": await code_of(world, opening["id"], leader)})
        assert answer.json()["evidence_grade"] == "C"
    assert (await leader.post(f"{path}/submit", {"text": "带队值守"})).json()["allowed_actions"] == []
    refused = await leader.post(f"{path}/approve")
    assert refused.status_code == 403 and refused.json()["code"] == "volunteers.four_eyes"
    approved = await world.community_staff.post(f"{path}/approve")
    assert approved.status_code == 200 and approved.json()["evidence_grade"] == "C"


async def test_a_holder_who_leads_approves_though_they_have_no_area(world: World, clock: MovedClock) -> None:
    body = {"text": "门禁坏了", "location": world.location()}
    petition_id = (await world.resident.post("/petitions", body)).json()["id"]
    await world.grid_officer.post(f"/petitions/{petition_id}/accept")
    lead = {"type": "organisation", "id": str(world.ids["property"])}
    await world.community_staff.post(f"/petitions/{petition_id}/dispatch", {"lead": lead})
    opening = await opened(world, clock, by=world.property_staff, petition_id=petition_id)
    record = await claimed(world, opening)
    clock.move(timedelta(hours=1))
    path = f"/service-records/{record['id']}"
    for action in ("check-in", "check-out"):
        await world.volunteer.post(
            f"{path}/{action}", {"code": await code_of(world, opening["id"], world.property_staff)}
        )
    await world.volunteer.post(f"{path}/submit", {"text": "做完了"})
    (waiting,) = (await world.property_staff.get("/service-records?scope=led&status=submitted")).json()["items"]
    assert waiting["id"] == record["id"] and waiting["person"]["name"]
    approved = await world.property_staff.post(f"{path}/approve")
    assert approved.status_code == 200 and approved.json()["petition_id"] == petition_id
    assert approved.json()["history"][-1]["actor_role"] == "leader"


async def test_photos_are_the_volunteers_own_and_are_used_once(world: World, clock: MovedClock) -> None:
    async def a_photo(who: Person) -> str:
        photo = {"file": ("值守.png", photo_of("值守", "PNG"), "image/png")}
        return str((await who.post("/attachments", files=photo)).json()["id"])

    record = await brought_to(world, clock, "checked_out")
    path = f"/service-records/{record['id']}/submit"
    mine, theirs = await a_photo(world.volunteer), await a_photo(world.neighbour)
    for ids in ([theirs], [mine, theirs], [str(new_id())]):
        refused = await world.volunteer.post(path, {"text": "做完了", "attachments": ids})
        assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/attachments"
    done = await world.volunteer.post(path, {"attachments": [mine]})
    assert done.status_code == 200 and done.json()["text"] is None
    (photo,) = done.json()["attachments"]
    assert photo["id"] == mine
    assert (await world.volunteer.client.get(photo["thumbnail_url"])).headers["content-type"] == "image/jpeg"
    (seen,) = (await world.team_leader.get(f"/service-records/{record['id']}")).json()["attachments"]
    assert seen["id"] == mine
    assert "attachments" not in (await world.oversight.get(f"/service-records/{record['id']}")).json()


async def test_without_petitions_photos_wait_and_words_do_not(
    world: World, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> httpx.Response:
        raise httpx.ConnectError("away")

    record = await brought_to(world, clock, "checked_out")
    path = f"/service-records/{record['id']}/submit"
    monkeypatch.setattr(house_of(world).petitions, "request", away)
    refused = await world.volunteer.post(path, {"text": "做完了", "attachments": [str(new_id())]})
    assert refused.status_code == 503 and refused.json()["part"] == "petitions"
    assert (await world.volunteer.post(path, {"text": "做完了"})).status_code == 200


async def test_two_who_decide_at_once_one_wins_and_the_other_hears_the_new_state(
    world: World, clock: MovedClock
) -> None:
    record = await brought_to(world, clock, "submitted")
    path = f"/service-records/{record['id']}"
    answers = await asyncio.gather(
        world.team_leader.post(f"{path}/approve"),
        world.community_staff.post(f"{path}/reject", {"text": "没有来"}),
        world.street_staff.post(f"{path}/approve"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    state = next(answer.json()["status"] for answer in answers if answer.status_code == 200)
    states = {answer.json()["state"] for answer in answers if answer.status_code == 409}
    assert states <= ({state} if state == "rejected" else {"approved", "awarded"})
    rows = await history(world, record["id"])
    assert len([row for row in rows if row["action"] in ("approve", "reject")]) == 1


async def test_a_retried_action_answers_the_same_and_leaves_one_row(world: World, clock: MovedClock) -> None:
    record, headers = await brought_to(world, clock, "submitted"), key()
    path = f"/service-records/{record['id']}/approve"
    answers = await asyncio.gather(*(world.team_leader.post(path, headers=headers) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == answers[0].json() for answer in answers)
    rows = await history(world, record["id"])
    assert [row["action"] for row in rows].count("approve") == 1
    reused = await world.team_leader.post(f"/service-records/{record['id']}/reject", {"text": "x"}, headers=headers)
    assert reused.status_code == 422 and reused.json()["code"] == "idempotency_key_reused"


async def test_an_award_is_marked_once(world: World, clock: MovedClock) -> None:
    record, transfer_id = await brought_to(world, clock, "submitted"), new_id()
    # Without its event, so that no worker of another test comes first.
    approve = "update service_record set status = 'approved' where id = $1"
    await house_of(world).pool.execute(approve, UUID(record["id"]))
    arguments = (world.ids["here"], UUID(record["id"]), transfer_id, clock.now(), None)
    async with house_of(world).pool.acquire() as connection:
        assert await mark_awarded(connection, *arguments) is True
        assert await mark_awarded(connection, *arguments) is False
    seen = (await world.volunteer.get(f"/service-records/{record['id']}")).json()
    assert seen["status"] == "awarded" and seen["transfer_id"] == str(transfer_id)
    assert seen["history"][-1]["action"] == "award" and seen["allowed_actions"] == []
    assert (await events(world, record["id"]))[-1] == "service_record.awarded"
