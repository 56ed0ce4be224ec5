"""Bad input gets a clear problem that names the field, in two languages, and changes nothing."""

from typing import Any

import pytest

from tests.services.petitions.test_journey_of_a_petition import brought_to, submitted
from tests.support.world import World

LONG = "长" * 2001

#: What is changed in a good report, and the pointer that the problem must name.
REPORTS: list[tuple[dict[str, Any], str]] = [
    ({"text": None}, ""),
    ({"text": ""}, "/text"),
    ({"text": "   "}, "/text"),
    ({"text": LONG}, "/text"),
    ({"text": 5}, "/text"),
    ({"text": "a\u0000b"}, "/text"),
    ({"text": "a\u001bb"}, "/text"),
    ({"title": "题" * 61}, "/title"),
    ({"title": "两\n行"}, "/title"),
    ({"location": None}, "/location"),
    ({"location": {"lat": 91, "lon": 0, "coord_sys": "wgs84"}}, "/location/lat"),
    ({"location": {"lat": 0, "lon": 181, "coord_sys": "wgs84"}}, "/location/lon"),
    ({"location": {"lat": 0, "lon": 0, "coord_sys": "bd09"}}, "/location/coord_sys"),
    ({"location": {"lat": 0, "lon": 0}}, "/location/coord_sys"),
    ({"location": {"lat": 0, "lon": 0, "coord_sys": "wgs84"}}, "/location"),
    ({"category": "doors"}, "/category"),
    ({"category": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11"}, "/category"),
    ({"attachments": "x"}, "/attachments"),
    ({"attachments": ["x"]}, "/attachments/0"),
    ({"attachments": ["01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11"]}, "/attachments"),
    ({"attachments": ["01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11"] * 2}, ""),
    ({"attachments": ["01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11"] * 10}, "/attachments"),
    ({"anonymity": "full"}, "/anonymity"),
    ({"status": "closed"}, "/status"),
    ({"reporter_id": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11"}, "/reporter_id"),
]


async def test_every_wrong_field_of_a_report_is_named(world: World) -> None:
    for change, pointer in REPORTS:
        body = {"text": "路灯不亮", "location": world.location()} | change
        refused = await world.resident.post("/petitions", body)
        assert refused.status_code == 422, f"{change}: {refused.text}"
        assert pointer in [error["pointer"] for error in refused.json()["errors"]], f"{change}: {refused.text}"
    assert (await world.resident.get("/petitions")).json()["items"] == []


async def test_all_wrong_fields_are_named_at_once(world: World) -> None:
    refused = await world.resident.post("/petitions", {"title": "题" * 61, "location": {"lat": "x"}})
    pointers = {error["pointer"] for error in refused.json()["errors"]}
    assert pointers == {"/title", "/location/lat", "/location/lon", "/location/coord_sys"}


async def test_a_place_far_away_from_every_community_is_refused_even_for_somebody_at_home_here(world: World) -> None:
    swapped = {"lat": world.place[1] - 60, "lon": world.place[0], "coord_sys": "wgs84"}
    refused = await world.resident.post("/petitions", {"text": "路灯不亮", "location": swapped})
    assert refused.status_code == 422 and refused.json()["code"] == "petition.place_outside"


#: State to bring the petition to, who acts, action, body, pointer.
ACTIONS: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("submitted", "grid_officer", "accept", {"urgency": "soon"}, "/urgency"),
    ("submitted", "grid_officer", "accept", {"category": "x"}, "/category"),
    ("submitted", "grid_officer", "accept", {"category": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11"}, "/category"),
    ("submitted", "community_staff", "reject", {"reason": "no_facts"}, "/text"),
    ("submitted", "community_staff", "reject", {"reason": "lazy", "text": "不"}, "/reason"),
    ("accepted", "community_staff", "dispatch", {}, "/lead"),
    ("accepted", "community_staff", "dispatch", {"lead": {"type": "robot", "id": "x"}}, "/lead/type"),
    (
        "accepted",
        "community_staff",
        "dispatch",
        {"lead": {"type": "organisation", "id": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11"}},
        "/lead/id",
    ),
    ("in_progress", "property_staff", "resolve", {"outcome": "magic", "text": "x"}, "/outcome"),
    ("in_progress", "property_staff", "resolve", {"outcome": "solved", "text": ""}, "/text"),
    ("resolved", "resident", "confirm", {"rating": 6, "contacted": True}, "/rating"),
    ("resolved", "resident", "confirm", {"rating": 5}, "/contacted"),
    ("resolved", "resident", "dispute", {"solved": "yes", "text": "x"}, "/solved"),
    ("resolved", "resident", "dispute", {"solved": "no", "text": LONG}, "/text"),
    ("submitted", "resident", "withdraw", {"why": "x"}, "/why"),
]


@pytest.mark.parametrize(("status", "who", "action", "body", "pointer"), ACTIONS)
async def test_every_wrong_field_of_an_action_is_named_and_nothing_changes(
    world: World, status: str, who: str, action: str, body: dict[str, Any], pointer: str
) -> None:
    petition = await brought_to(world, status)
    path = f"/petitions/{petition['id']}"
    refused = await world.people[who].post(f"{path}/{action}", body)
    assert refused.status_code == 422, refused.text
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]
    assert (await world.community_staff.get(path)).json()["version"] == petition["version"]


async def test_a_lead_of_another_community_is_no_handler_here(world: World) -> None:
    petition = await brought_to(world, "accepted")
    stranger = {"lead": {"type": "person", "id": str(world.stranger.id)}}
    refused = await world.community_staff.post(f"/petitions/{petition['id']}/dispatch", stranger)
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/lead/id"


async def test_another_communitys_petition_does_not_exist(world: World) -> None:
    petition = await submitted(world)
    path = f"/petitions/{petition['id']}"
    for person in (world.stranger, world.strange_staff, world.neighbour, world.other_grid_officer):
        assert (await person.get(path)).status_code == 404
        assert (await person.get(f"{path}/history")).status_code == 404
    for action, body in (("accept", {}), ("dispatch", {"lead": {"type": "person", "id": str(world.resident.id)}})):
        assert (await world.strange_staff.post(f"{path}/{action}", body)).status_code == 404
    assert (await world.neighbour.post(f"{path}/withdraw", {})).status_code == 404
    assert (await world.resident.get(path)).json()["version"] == 1


async def test_a_role_that_may_never_do_it_is_a_403(world: World) -> None:
    petition = await submitted(world)
    path = f"/petitions/{petition['id']}"
    lead = {"lead": {"type": "organisation", "id": str(world.ids["property"])}}
    tries = [
        (world.resident, "accept", {}),
        (world.neighbour, "reject", {"reason": "no_facts", "text": "x"}),
        (world.grid_officer, "reject", {"reason": "no_facts", "text": "x"}),
        (world.property_staff, "dispatch", lead),
        (world.oversight, "accept", {}),
        (world.platform_admin, "dispatch", lead),
        (world.community_staff, "withdraw", {}),
        (world.grid_officer, "confirm", {"rating": 5, "contacted": True}),
    ]
    for person, action, body in tries:
        refused = await person.post(f"{path}/{action}", body)
        assert refused.status_code == 403, f"{person.name} {action}: {refused.text}"
    assert (await world.resident.get(path)).json()["version"] == 1


@pytest.mark.parametrize(
    "token",
    [None, "", "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp4", "Bearer " + "x" * 5000],
    ids=["none", "empty", "bare", "garbage", "dots", "basic", "long"],
)
async def test_a_broken_token_is_a_401(world: World, token: str | None) -> None:
    headers = {} if token is None else {"authorization": token}
    body = {"text": "路灯不亮", "location": world.location()}
    refused = await world.resident.client.post("/api/v1/petitions", json=body, headers=headers)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_token_that_was_changed_is_a_401(world: World) -> None:
    head, claims, signature = world.resident.token.split(".")
    for forged in (f"{head}.{claims}.{signature[:-4]}AAAA", f"{head}.{claims[:-2]}AA.{signature}", f"{head}.{claims}."):
        answer = await world.resident.client.get("/api/v1/petitions", headers={"authorization": f"Bearer {forged}"})
        assert answer.status_code == 401


async def test_what_is_no_json_is_refused(world: World) -> None:
    json = {"content-type": "application/json"}
    cases = [
        (b"{", json, 400),
        (b"", json, 400),
        (b"\xff\xfe", json, 400),
        (b"[" * 5000, json, 400),
        (b"[]", json, 422),
        (b'"x"', json, 422),
        (b"text=x", {"content-type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b'{"text": "' + b"a" * 1_000_001 + b'"}', json, 413),
    ]
    for content, headers, status in cases:
        refused = await world.resident.post("/petitions", content=content, headers=headers)
        assert refused.status_code == status, f"{content[:20]!r}: {refused.text}"


async def test_an_unknown_parameter_is_a_400_that_names_it(world: World) -> None:
    for path in ("/petitions?scop=mine", "/categories?x=1", "/petitions?limit=5&offset=3"):
        refused = await world.resident.get(path)
        assert refused.status_code == 400, path
        assert refused.json()["errors"][0]["pointer"] in ("scop", "x", "offset")


async def test_wrong_parameters_are_named(world: World) -> None:
    cases = [("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("scope=all", "scope")]
    cases += [("category=x", "category"), ("q=" + "长" * 51, "q"), ("q=长", "q"), ("with=everything", "with")]
    for query, pointer in cases:
        refused = await world.resident.get(f"/petitions?{query}")
        assert refused.status_code == 422, query
        assert refused.json()["errors"][0]["pointer"] == pointer, refused.text
    assert (await world.resident.get("/petitions?status=open")).status_code == 422
    assert (await world.resident.get("/petitions?cursor=zzz")).status_code == 400


async def test_an_id_that_is_none_names_nothing(world: World) -> None:
    for path in ("/petitions/x", "/petitions/x/history", "/petitions/123"):
        assert (await world.resident.get(path)).status_code == 404


async def test_problems_speak_the_callers_language(world: World) -> None:
    body = {"text": LONG, "location": world.location()}
    chinese = (await world.resident.post("/petitions", body)).json()
    english = (await world.resident.post("/petitions", body, headers={"accept-language": "en-GB,en"})).json()
    assert chinese["errors"][0]["message"] == "最多 2000 个字"
    assert english["errors"][0]["message"] == "at most 2000 characters"
    assert chinese["code"] == english["code"] == "invalid"
    assert chinese["request_id"] != english["request_id"]
