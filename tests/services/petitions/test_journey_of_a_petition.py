"""A petition from its submission to its end: what each action does, and what everybody sees of it."""

from datetime import timedelta

import pytest

from shared.kernel.clock import MovedClock
from tests.support.world import World


async def submitted(world: World, **more: object) -> dict:
    body = {"text": "2单元门禁坏了三天，晚上陌生人可以随意进出。", "location": world.location(), **more}
    answer = await world.resident.post("/petitions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def brought_to(world: World, status: str) -> dict:
    """A petition in that status, brought there by real actions."""
    petition = await submitted(world)
    path = f"/petitions/{petition['id']}"
    lead = {"type": "organisation", "id": str(world.ids["property"])}
    steps = [
        ("accepted", world.grid_officer, "accept", {}),
        ("dispatched", world.community_staff, "dispatch", {"lead": lead}),
        ("in_progress", world.property_staff, "start", {}),
        ("resolved", world.property_staff, "resolve", {"outcome": "solved", "text": "换了电源"}),
        ("closed", world.resident, "confirm", {"rating": 5, "contacted": True}),
    ]
    if status == "rejected":
        steps = [("rejected", world.community_staff, "reject", {"reason": "no_facts", "text": "请补充地点"})]
    if status == "withdrawn":
        steps = [("withdrawn", world.resident, "withdraw", {})]
    for reached, person, action, body in steps:
        if petition["status"] == status:
            break
        answer = await person.post(f"{path}/{action}", body)
        assert answer.status_code == 200, answer.text
        petition = answer.json()
        assert petition["status"] == reached
    assert petition["status"] == status
    return petition


async def test_a_report_reaches_the_officer_of_its_place_with_a_promise(world: World, clock: MovedClock) -> None:
    petition = await submitted(world)
    assert petition["status"] == "submitted"
    assert petition["area"]["id"] == str(world.ids["building"])
    assert petition["tenant"]["id"] == str(world.ids["here"])
    assert petition["holder"] == {
        "type": "person",
        "id": str(world.grid_officer.id),
        "name": (await world.grid_officer.get("/me")).json()["person"]["name"],
    }
    assert petition["respond_by"].startswith((clock.now() + timedelta(hours=24)).isoformat()[:16])
    assert petition["allowed_actions"] == ["withdraw"]
    held = (await world.grid_officer.get("/petitions?scope=held")).json()["items"]
    assert [item["id"] for item in held] == [petition["id"]]


async def test_a_gcj02_point_finds_the_same_building(world: World) -> None:
    from shared.kernel.geo import Point, to_gcj02

    bent = to_gcj02(Point(*world.place))
    location = {"lat": bent.lat, "lon": bent.lon, "coord_sys": "gcj02"}
    petition = await submitted(world, location=location)
    assert petition["area"]["id"] == str(world.ids["building"])
    assert abs(petition["location"]["lat"] - world.place[0]) < 1e-6
    shown = (await world.resident.get(f"/petitions/{petition['id']}?out=gcj02")).json()["location"]
    assert abs(shown["lat"] - bent.lat) < 1e-6 and shown["coord_sys"] == "gcj02"


async def test_a_point_between_buildings_goes_to_the_smallest_area_that_holds_it(world: World) -> None:
    lat, lon = world.place[0] + 0.005, world.place[1]
    petition = await submitted(world, location={"lat": lat, "lon": lon, "coord_sys": "wgs84"})
    assert petition["area"]["id"] == str(world.ids["grid"])


async def test_where_no_grid_has_an_officer_the_residents_committee_holds_it(world: World) -> None:
    lat, lon = world.place[0], world.place[1] + 0.02
    petition = await submitted(world, location={"lat": lat, "lon": lon, "coord_sys": "wgs84"})
    assert petition["holder"]["type"] == "organisation"
    assert petition["holder"]["id"] == str(world.ids["committee"])


async def test_a_category_sets_the_deadline_class(world: World, clock: MovedClock) -> None:
    petition = await submitted(world, category=str(world.ids["gas"]))
    assert petition["urgency"] == "danger"
    assert petition["respond_by"].startswith((clock.now() + timedelta(hours=1)).isoformat()[:16])


async def test_the_whole_way_leaves_one_history_row_for_each_change(world: World) -> None:
    petition = await brought_to(world, "closed")
    assert [row["action"] for row in petition["history"]] == [
        "submit", "accept", "dispatch", "start", "resolve", "confirm",
    ]  # fmt: skip
    assert [row["version"] for row in petition["history"]] == [1, 2, 3, 4, 5, 6]
    assert [row["actor_role"] for row in petition["history"]] == [
        "reporter", "grid_officer", "community_staff", "organisation_staff", "organisation_staff", "reporter",
    ]  # fmt: skip
    rows = (await world.resident.get(f"/petitions/{petition['id']}/history")).json()["items"]
    assert rows == petition["history"]
    assert petition["outcome"] == "solved" and petition["closed_at"]


async def test_an_internal_note_is_shown_to_those_who_handle_it_only(world: World) -> None:
    petition = await brought_to(world, "accepted")
    lead = {"type": "organisation", "id": str(world.ids["property"])}
    body = {"lead": lead, "note": "住户情绪激动，先打电话"}
    await world.community_staff.post(f"/petitions/{petition['id']}/dispatch", body)

    async def note(person) -> str | None:
        return (await person.get(f"/petitions/{petition['id']}")).json()["history"][-1].get("internal_note")

    assert await note(world.property_staff) == body["note"]
    assert await note(world.community_staff) == body["note"]
    assert await note(world.resident) is None
    assert await note(world.oversight) is None


async def test_the_reporter_is_named_to_those_who_handle_it_only(world: World) -> None:
    petition = await brought_to(world, "dispatched")

    async def reporter(person) -> dict | None:
        return (await person.get(f"/petitions/{petition['id']}")).json().get("reporter")

    assert (await reporter(world.property_staff))["id"] == str(world.resident.id)
    assert await reporter(world.building_head) is None
    assert await reporter(world.oversight) is None


async def test_a_dispute_begins_another_round_and_the_second_goes_to_the_street(world: World) -> None:
    petition = await brought_to(world, "resolved")
    path = f"/petitions/{petition['id']}"
    first = (await world.resident.post(f"{path}/dispute", {"solved": "no", "text": "晚上又坏了"})).json()
    assert (first["status"], first["round"], first["level"]) == ("in_progress", 2, "community")
    await world.property_staff.post(f"{path}/resolve", {"outcome": "solved", "text": "又修了"})
    second = (await world.resident.post(f"{path}/dispute", {"solved": "partly", "text": "还有一扇"})).json()
    assert (second["status"], second["round"], second["level"]) == ("in_progress", 3, "street")


async def test_a_rejection_tells_the_reporter_where_else_to_turn(world: World) -> None:
    petition = await brought_to(world, "rejected")
    seen = (await world.resident.get(f"/petitions/{petition['id']}")).json()
    assert seen["history"][-1]["public_note"] == "请补充地点"
    assert seen["history"][-1]["facts"] == {"reason": "no_facts"}
    assert seen["allowed_actions"] == []


async def test_a_rating_is_never_shown_to_staff(world: World) -> None:
    petition = await brought_to(world, "closed")
    for person in (world.community_staff, world.property_staff, world.street_staff, world.oversight):
        assert "rating" not in (await person.get(f"/petitions/{petition['id']}")).text


async def test_a_co_handler_sees_it_but_does_not_act(world: World) -> None:
    petition = await brought_to(world, "accepted")
    lead = {"type": "person", "id": str(world.grid_officer.id)}
    helper = {"type": "organisation", "id": str(world.ids["property"])}
    path = f"/petitions/{petition['id']}"
    answer = await world.community_staff.post(f"{path}/dispatch", {"lead": lead, "co_handlers": [helper]})
    assert answer.status_code == 200
    seen = await world.property_staff.get(path)
    assert seen.status_code == 200 and seen.json()["allowed_actions"] == []
    refused = await world.property_staff.post(f"{path}/start", {})
    assert refused.status_code == 403 and refused.json()["code"] == "petition.not_yours"


STATES = ["submitted", "accepted", "dispatched", "in_progress", "resolved", "closed", "rejected", "withdrawn"]
BODIES = {
    "accept": {},
    "reject": {"reason": "no_facts", "text": "请补充"},
    "dispatch": None,
    "start": {},
    "resolve": {"outcome": "solved", "text": "好了"},
    "confirm": {"rating": 4, "contacted": True},
    "dispute": {"solved": "no", "text": "没好"},
    "withdraw": {},
}


@pytest.mark.parametrize("status", STATES)
async def test_what_a_state_does_not_allow_is_a_409_that_changes_nothing(world: World, status: str) -> None:
    from services.petitions.domain.permissions import Relation
    from services.petitions.domain.states import MOVES, Action, Status

    petition = await brought_to(world, status)
    path = f"/petitions/{petition['id']}"
    for action, body in BODIES.items():
        if Status(status) in MOVES[Action(action)].starts:
            continue
        who = MOVES[Action(action)].who
        person = world.resident if Relation.REPORTER in who else world.community_staff
        if who == frozenset({Relation.HOLDER}):
            held_by_property = petition["holder"]["id"] == str(world.ids["property"])
            person = world.property_staff if held_by_property else world.grid_officer
        body = body if body is not None else {"lead": {"type": "organisation", "id": str(world.ids["property"])}}
        refused = await person.post(f"{path}/{action}", body)
        assert refused.status_code == 409, f"{status} {action}: {refused.text}"
        assert refused.json()["state"] == status
        seen = (await person.get(path)).json()
        assert refused.json()["allowed_actions"] == seen["allowed_actions"]
    after = (await world.community_staff.get(path)).json()
    assert (after["status"], after["version"]) == (status, petition["version"])


async def test_a_petition_belongs_to_its_place_and_its_reporter_always_sees_it(world: World) -> None:
    report = {"text": "路过看到井盖松了", "location": world.location()}
    petition = (await world.stranger.post("/petitions", report)).json()
    assert petition["tenant"]["id"] == str(world.ids["here"])
    path = f"/petitions/{petition['id']}"
    assert (await world.stranger.get(path)).json()["allowed_actions"] == ["withdraw"]
    assert [item["id"] for item in (await world.stranger.get("/petitions")).json()["items"]] == [petition["id"]]
    assert (await world.community_staff.get(path)).status_code == 200
    assert (await world.strange_staff.get(path)).status_code == 404
