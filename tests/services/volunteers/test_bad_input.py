"""Bad input gets a clear problem that names the field, and changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.services.volunteers.steps import brought_to, history, offer
from tests.support.world import World

SOME_ID = "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11"

#: What is changed in a good offer, and the pointer that the problem must name.
OFFERS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "party"}, "/kind"),
    ({"kind": "service_post"}, "/kind"),
    ({"kind": None}, "/kind"),
    ({"title": ""}, "/title"),
    ({"title": "  "}, "/title"),
    ({"title": "题" * 61}, "/title"),
    ({"title": "两\n行"}, "/title"),
    ({"title": None}, "/title"),
    ({"text": ""}, "/text"),
    ({"text": "长" * 2001}, "/text"),
    ({"text": "a\u0000b"}, "/text"),
    ({"text": 5}, "/text"),
    ({"petition_id": "x"}, "/petition_id"),
    ({"petition_id": SOME_ID}, "/petition_id"),
    ({"petition_id": SOME_ID, "area_id": SOME_ID}, "/area_id"),
    ({"area_id": "x"}, "/area_id"),
    ({"area_id": SOME_ID}, "/area_id"),
    ({"starts_at": "2026-03-01"}, "/starts_at"),
    ({"starts_at": "2026-03-01T09:00:00"}, "/starts_at"),
    ({"starts_at": 1_772_000_000}, "/starts_at"),
    ({"starts_at": "1772000000"}, "/starts_at"),
    ({"starts_at": "2026-02-30T09:00:00+08:00"}, "/starts_at"),
    ({"starts_at": "明天"}, "/starts_at"),
    ({"starts_at": None}, "/starts_at"),
    ({"ends_at": "0001-01-01T00:00:00+14:00", "starts_at": "0001-01-01T00:00:00+14:00"}, "/ends_at"),
    ({"ends_at": "0001-01-02T00:00:00+14:00", "starts_at": "0001-01-01T00:00:00+14:00"}, "/ends_at"),
    ({"ends_at": "9999-12-31T23:59:59-12:00", "starts_at": "9999-12-31T00:00:00-12:00"}, "/starts_at"),
    ({"ends_at": "9999-12-31T23:59:59-12:00"}, "/ends_at"),
    ({"capacity": 0}, "/capacity"),
    ({"capacity": 1001}, "/capacity"),
    ({"capacity": 1.5}, "/capacity"),
    ({"capacity": "2"}, "/capacity"),
    ({"capacity": True}, "/capacity"),
    ({"capacity": 10**30}, "/capacity"),
    ({"points": -1}, "/points"),
    ({"points": 1001}, "/points"),
    ({"points": 0.5}, "/points"),
    ({"status": "full"}, "/status"),
    ({"leader_id": SOME_ID}, "/leader_id"),
]


@pytest.mark.parametrize(("change", "pointer"), OFFERS)
async def test_every_wrong_field_of_an_offer_is_named(
    world: World, clock: MovedClock, change: dict[str, Any], pointer: str
) -> None:
    refused = await world.team_leader.post("/openings", offer(clock, **change))
    assert refused.status_code == 422, refused.text
    assert pointer in [error["pointer"] for error in refused.json()["errors"]], refused.text
    assert (await world.team_leader.get("/openings")).json()["items"] == []


async def test_times_of_an_offer_must_make_sense(world: World, clock: MovedClock) -> None:
    now = clock.now()

    def after(**times: float) -> str:
        return (now + timedelta(**times)).isoformat()

    cases = [
        ({"starts_at": after(hours=2), "ends_at": after(hours=2)}, "/ends_at", "before_start"),
        ({"starts_at": after(hours=2), "ends_at": after(hours=1)}, "/ends_at", "before_start"),
        ({"starts_at": after(hours=-2), "ends_at": after(hours=0)}, "/ends_at", "past"),
        ({"starts_at": after(hours=1), "ends_at": after(days=31, hours=1.1)}, "/ends_at", "too_long"),
        ({"starts_at": after(days=367), "ends_at": after(days=368)}, "/starts_at", "too_far"),
    ]
    for change, pointer, code in cases:
        refused = await world.team_leader.post("/openings", offer(clock, **change))
        assert refused.status_code == 422, refused.text
        (error,) = refused.json()["errors"]
        assert (error["pointer"], error["code"]) == (pointer, code)
    longest = {"starts_at": after(hours=-1), "ends_at": after(days=30, hours=23)}
    assert (await world.team_leader.post("/openings", offer(clock, **longest))).status_code == 201


async def test_all_wrong_fields_are_named_at_once(world: World) -> None:
    refused = await world.team_leader.post("/openings", {})
    pointers = {error["pointer"] for error in refused.json()["errors"]}
    assert pointers == {"/kind", "/title", "/text", "/starts_at", "/ends_at", "/capacity", "/points"}


@pytest.mark.parametrize(
    ("status", "action", "body", "pointer"),
    [
        ("confirmed", "check-in", {}, "/code"),
        ("confirmed", "check-in", {"code": ""}, "/code"),
        ("confirmed", "check-in", {"code": 12345678}, "/code"),
        ("confirmed", "check-in", {"code": "A" * 21}, "/code"),
        ("confirmed", "cancel", {"text": "长" * 1001}, "/text"),
        ("confirmed", "cancel", {"reason": "x"}, "/reason"),
        ("checked_out", "submit", {}, "/attachments"),
        ("checked_out", "submit", {"text": ""}, "/text"),
        ("checked_out", "submit", {"text": "长" * 2001}, "/text"),
        ("checked_out", "submit", {"text": "x", "attachments": ["x"]}, "/attachments/0"),
        ("checked_out", "submit", {"text": "x", "attachments": [SOME_ID] * 2}, "/attachments"),
        ("checked_out", "submit", {"attachments": [SOME_ID]}, "/attachments"),
    ],
)
async def test_every_wrong_field_of_a_volunteers_action_is_named(
    world: World, clock: MovedClock, status: str, action: str, body: dict[str, Any], pointer: str
) -> None:
    record = await brought_to(world, clock, status)
    if status == "confirmed":
        clock.move(timedelta(hours=1))
    refused = await world.volunteer.post(f"/service-records/{record['id']}/{action}", body)
    assert refused.status_code == 422, refused.text
    assert pointer in [error["pointer"] for error in refused.json()["errors"]], refused.text
    assert len(await history(world, record["id"])) == len(record["history"])


async def test_every_wrong_field_of_a_decision_is_named(world: World, clock: MovedClock) -> None:
    record = await brought_to(world, clock, "submitted")
    path = f"/service-records/{record['id']}"
    for action, body, pointer in (
        ("approve", {"points": 1000}, "/points"),
        ("reject", {}, "/text"),
        ("reject", {"text": " "}, "/text"),
        ("reject", {"text": "长" * 1001}, "/text"),
    ):
        refused = await world.team_leader.post(f"{path}/{action}", body)
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_actions_without_members_need_no_body(world: World, clock: MovedClock) -> None:
    record = await brought_to(world, clock, "submitted")
    path = f"/service-records/{record['id']}/approve"
    refused = await world.team_leader.post(path, content=b"points=1000")
    assert refused.status_code == 415
    assert (await world.team_leader.post(path, content=b"")).status_code == 200


async def test_wrong_parameters_of_lists_are_named(world: World) -> None:
    cases = [("openings", "near=1,1&status=open,done", "status")]
    cases += [("openings", f"near={near}", "near") for near in ("x", "91,0", "0,181", "1", "1,2,3", "nan,1", "1,inf")]
    cases += [
        ("openings", "status=closed", "status"),
        ("openings", "coord_sys=bd09", "coord_sys"),
        ("openings", "limit=0", "limit"),
        ("openings", "limit=101", "limit"),
        ("openings", "out=bd09", "out"),
        ("openings", "with=x", "with"),
        ("service-records", "scope=all", "scope"),
        ("service-records", "status=open", "status"),
        ("service-records", "opening=x", "opening"),
    ]
    for noun, query, pointer in cases:
        refused = await world.volunteer.get(f"/{noun}?{query}")
        assert refused.status_code == 422, query
        assert refused.json()["errors"][0]["pointer"] == pointer, query
    for path in ("openings?page=2", "openings?cursor=x", "openings?near=1,1&cursor=x", "service-records?cursor=zzzz"):
        assert (await world.volunteer.get(f"/{path}")).status_code == 400, path
    newest = (await world.volunteer.get(f"/openings?near=1,1&cursor={new_id().hex[:22]}")).status_code
    assert newest == 400


async def test_what_is_no_id_names_nothing(world: World) -> None:
    for path in ("openings/x", "service-records/x"):
        assert (await world.volunteer.get(f"/{path}")).status_code == 404
