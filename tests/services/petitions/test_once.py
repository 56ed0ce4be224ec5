"""Nothing happens twice: retries, two at once, and photos that can be used once."""

import asyncio

from deploy.journey import photo_of
from shared.kernel.ids import new_id
from tests.services.petitions.test_journey_of_a_petition import brought_to, submitted
from tests.support.world import World


def key() -> dict[str, str]:
    return {"idempotency-key": str(new_id())}


async def test_a_retried_report_is_one_petition(world: World) -> None:
    body, headers = {"text": "路灯不亮", "location": world.location()}, key()
    first = await world.resident.post("/petitions", body, headers=headers)
    again = await world.resident.post("/petitions", body, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert len((await world.resident.get("/petitions")).json()["items"]) == 1


async def test_the_same_report_sent_ten_times_at_once_is_one_petition(world: World) -> None:
    body, headers = {"text": "路灯不亮", "location": world.location()}, key()
    answers = await asyncio.gather(*(world.resident.post("/petitions", body, headers=headers) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await world.resident.get("/petitions")).json()["items"]) == 1


async def test_a_key_used_for_other_content_is_refused(world: World) -> None:
    headers = key()
    await world.resident.post("/petitions", {"text": "路灯不亮", "location": world.location()}, headers=headers)
    other = await world.resident.post("/petitions", {"text": "别的事", "location": world.location()}, headers=headers)
    assert other.status_code == 422 and other.json()["code"] == "idempotency_key_reused"
    assert len((await world.resident.get("/petitions")).json()["items"]) == 1


async def test_a_key_belongs_to_its_caller(world: World) -> None:
    body, headers = {"text": "路灯不亮", "location": world.location()}, key()
    mine = await world.resident.post("/petitions", body, headers=headers)
    theirs = await world.neighbour.post("/petitions", body, headers=headers)
    assert theirs.status_code == 201 and theirs.json()["id"] != mine.json()["id"]


async def test_a_retried_action_answers_the_same_and_leaves_one_row(world: World) -> None:
    petition, headers = await submitted(world), key()
    path = f"/petitions/{petition['id']}/accept"
    first = await world.grid_officer.post(path, {}, headers=headers)
    again = await world.grid_officer.post(path, {}, headers=headers)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert len(again.json()["history"]) == 2


async def test_who_acted_before_it_passed_to_others_is_given_the_answer_again_without_what_is_theirs(
    world: World,
) -> None:
    petition, headers = await brought_to(world, "dispatched"), key()
    path = f"/petitions/{petition['id']}"
    first = await world.property_staff.post(f"{path}/start", {}, headers=headers)
    lead = {"type": "organisation", "id": str(world.ids["committee"])}
    await world.community_staff.post(f"{path}/dispatch", {"lead": lead, "note": "物业不办"})
    again = await world.property_staff.post(f"{path}/start", {}, headers=headers)
    assert first.status_code == again.status_code == 200 and again.json()["id"] == petition["id"]
    assert again.json()["view"] == "onlooker" and again.json()["allowed_actions"] == []
    assert (await world.property_staff.get(path)).status_code == 404
    for other in ({}, key()):
        assert (await world.property_staff.post(f"{path}/start", {}, headers=other)).status_code == 404
    elsewhere = f"/petitions/{(await submitted(world))['id']}/start"
    other = await world.property_staff.post(elsewhere, {}, headers=headers)
    assert other.status_code == 404, "a key opens the petition that it was used for, and no other"


async def test_two_who_act_at_once_one_wins_and_the_other_hears_the_new_state(world: World) -> None:
    for _ in range(10):
        petition = await submitted(world)
        path = f"/petitions/{petition['id']}"
        answers = await asyncio.gather(
            world.grid_officer.post(f"{path}/accept", {}),
            world.community_staff.post(f"{path}/accept", {"urgency": "complex"}),
            world.resident.post(f"{path}/withdraw", {}),
            world.street_staff.post(f"{path}/accept", {}),
        )
        codes = sorted(answer.status_code for answer in answers)
        # Accepted first, the reporter may still withdraw: then both happened, one after the other.
        assert codes in ([200, 409, 409, 409], [200, 200, 409, 409])
        lost = next(answer for answer in answers if answer.status_code == 409).json()
        assert lost["state"] in ("accepted", "withdrawn")
        seen = (await world.resident.get(path)).json()
        assert seen["version"] == 1 + codes.count(200) == len(seen["history"])


async def test_a_photo_is_taken_once_and_only_by_its_uploader(world: World) -> None:
    photo = {"file": ("a.jpg", photo_of("坏"), "image/jpeg")}
    mine = (await world.resident.post("/attachments", files=photo)).json()["id"]
    report = {"text": "坏了", "location": world.location(), "attachments": [mine]}
    stolen = await world.neighbour.post("/petitions", report)
    assert stolen.status_code == 422
    assert stolen.json()["errors"][0]["pointer"] == "/attachments"
    first = await world.resident.post("/petitions", report)
    assert first.status_code == 201 and first.json()["attachments"][0]["id"] == mine
    second = await world.resident.post("/petitions", report)
    assert second.status_code == 422
    assert len((await world.resident.get("/petitions")).json()["items"]) == 1


async def test_two_reports_that_race_for_one_photo_one_gets_it(world: World) -> None:
    photo = {"file": ("a.jpg", photo_of("坏"), "image/jpeg")}
    mine = (await world.resident.post("/attachments", files=photo)).json()["id"]
    report = {"text": "坏了", "location": world.location(), "attachments": [mine]}
    answers = await asyncio.gather(*(world.resident.post("/petitions", report) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422, 422]


async def test_a_retried_upload_is_one_photo(world: World) -> None:
    content, headers = photo_of("坏"), key()
    first = await world.resident.post("/attachments", files={"file": ("a.jpg", content, "image/jpeg")}, headers=headers)
    again = await world.resident.post("/attachments", files={"file": ("a.jpg", content, "image/jpeg")}, headers=headers)
    assert first.json()["id"] == again.json()["id"]


async def test_photos_of_a_resolution_stand_with_its_change(world: World) -> None:
    petition = await brought_to(world, "in_progress")
    photo = {"file": ("a.png", photo_of("好", "PNG"), "image/png")}
    after = (await world.property_staff.post("/attachments", files=photo)).json()["id"]
    resolve = {"outcome": "solved", "text": "修好了", "attachments": [after]}
    done = (await world.property_staff.post(f"/petitions/{petition['id']}/resolve", resolve)).json()
    assert done["attachments"][0]["action_version"] == done["version"]
