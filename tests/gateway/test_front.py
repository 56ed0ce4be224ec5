"""The front door: routing, limits, what it adds and hides; a dead service takes down its own paths only."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from deploy.assemble import Assembly
from gateway.main import create_app
from gateway.settings import Settings
from gateway.upstreams import InProcess, Remote, Upstream
from shared.kernel.clock import MovedClock
from tests.support.processes import free_port
from tests.support.world import World


@asynccontextmanager
async def gateway(upstreams: dict[str, Upstream], **settings: int) -> AsyncIterator[httpx.AsyncClient]:
    given = {f"LINLI_GATEWAY_{name.upper()}": str(value) for name, value in settings.items()}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    app = create_app(upstreams, Settings())
    os.environ.update({name: value for name, value in before.items() if value is not None})
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://linli") as client:
            yield client


def services() -> dict[str, Upstream]:
    made = Assembly()
    return {name: InProcess(name, made.app(name)) for name in ("directory", "petitions", "volunteers")}


async def test_internal_routes_are_not_reachable_from_outside(world: World) -> None:
    client = world.resident.client
    for path in ("/internal/v1/changes", "/api/v1/internal/v1/changes", "/api/v1/../../internal/v1/changes"):
        for headers in ({}, {"authorization": f"Bearer {world.platform_admin.token}"}):
            answer = await client.get(path, headers=headers)
            assert answer.status_code in (401, 404), path
            assert "items" not in answer.text and "areas" not in answer.json()


async def test_dots_and_slashes_lead_nowhere(world: World) -> None:
    client = world.resident.client
    for path in ("/api/v1/petitions/", "/api/v1/petitions/%2e%2e/me", "/api/v1//petitions"):
        answer = await client.get(httpx.URL("http://linli", raw_path=path.encode()))
        assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json", path


async def test_a_request_id_goes_through_everything(world: World) -> None:
    mine = await world.resident.get("/petitions", headers={"x-request-id": "my-request-0001"})
    assert mine.headers["x-request-id"] == "my-request-0001"
    refused = await world.resident.get("/petitions?x=1", headers={"x-request-id": "my-request-0002"})
    assert refused.json()["request_id"] == refused.headers["x-request-id"] == "my-request-0002"
    for forged in ("a b", "x" * 100, "<script>", "短"):
        answer = await world.resident.get("/petitions", headers={"x-request-id": forged.encode()})
        assert answer.headers["x-request-id"] != forged
    assert len(answer.headers.get_list("x-request-id")) == 1


async def test_a_call_between_services_carries_the_request_id(
    world: World, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    petitions = world.assembly.app("volunteers").state.house.petitions

    async def note(request: httpx.Request) -> None:
        seen.append(request.headers["x-request-id"])

    monkeypatch.setitem(petitions.event_hooks, "request", [note])
    petition = (await world.resident.post("/petitions", {"text": "路灯不亮", "location": world.location()})).json()
    body = {"kind": "task", "petition_id": petition["id"], "title": "看路灯", "text": "晚上看看", "capacity": 1}
    starts = clock.now()
    body |= {"points": 5, "starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
    opened = await world.community_staff.post("/openings", body, headers={"x-request-id": "my-request-0003"})
    assert opened.status_code == 201
    assert seen == ["my-request-0003"]


async def test_limits_are_told_and_kept_per_caller(world: World) -> None:
    async with gateway(services(), caller_per_minute=5) as client:
        mine = {"authorization": f"Bearer {world.resident.token}"}
        first = await client.get("/api/v1/petitions", headers=mine)
        assert first.headers["ratelimit-policy"] == '"caller";q=5;w=60'
        assert first.headers["ratelimit"].startswith('"caller";r=4;t=')
        codes = [(await client.get("/api/v1/petitions", headers=mine)).status_code for _ in range(6)]
        assert codes == [200, 200, 200, 200, 429, 429]
        refused = await client.get("/api/v1/petitions", headers=mine)
        assert 1 <= int(refused.headers["retry-after"]) <= 61
        assert refused.json()["code"] == "too_many_requests"
        other = await client.get("/api/v1/petitions", headers={"authorization": f"Bearer {world.neighbour.token}"})
        assert other.status_code == 200


async def test_a_dead_service_takes_down_its_own_paths_only(world: World) -> None:
    upstreams = services() | {"volunteers": Remote("volunteers", f"http://127.0.0.1:{free_port()}")}
    async with gateway(upstreams) as client:
        mine = {"authorization": f"Bearer {world.resident.token}"}
        assert (await client.get("/api/v1/petitions", headers=mine)).status_code == 200
        down = await client.get("/api/v1/points/me", headers=mine)
        assert down.status_code == 503 and down.json()["code"] == "unavailable"
        assert int(down.headers["retry-after"]) > 0
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        home = (await client.get("/api/v1/home", headers=mine)).json()
        assert home["missing"] == ["tasks", "points"]
        assert home["me"]["person"]["id"] == str(world.resident.id) and home["petitions"] == []
        document = (await client.get("/openapi.json")).json()
        assert document["x-missing"] == ["volunteers"] and "/api/v1/petitions" in document["paths"]


async def test_the_first_screen_has_all_parts(world: World) -> None:
    await world.resident.post("/petitions", {"text": "路灯不亮", "location": world.location()})
    mine = (await world.resident.get("/home")).json()
    assert mine["missing"] == [] and len(mine["petitions"]) == 1 and mine["points"]["balance"] == 0
    officer = (await world.grid_officer.get("/home")).json()
    assert len(officer["held"]) == 1 and officer["held"][0]["allowed_actions"] == ["accept"]
    assert (await world.resident.client.get("/api/v1/home")).status_code == 401


async def test_the_document_has_every_route_with_roles_problems_and_examples(world: World) -> None:
    document = (await world.resident.client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert "x-missing" not in document
    operations = [op for path in document["paths"].values() for op in path.values()]
    assert len(operations) >= 30
    for path, methods in document["paths"].items():
        assert "/internal" not in path
        for operation in methods.values():
            assert operation["summary"] and operation["description"], path
            assert operation["x-roles"] and operation["x-reach"], path
            assert any(code in operation["responses"] for code in ("401", "404")), path
            done = next(answer for code, answer in operation["responses"].items() if code.startswith("2"))
            picture = operation["tags"] == ["attachments"] and "get" in methods
            assert picture or "example" in done["content"]["application/json"], path
    submit = document["paths"]["/api/v1/petitions"]["post"]
    assert "门禁" in str(submit["responses"]["201"]["content"]["application/json"]["example"])
    assert any(p["name"] == "Idempotency-Key" for p in submit["parameters"])


async def test_keys_health_and_metrics_are_public(world: World) -> None:
    client = world.resident.client
    keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert keys and all(key["kty"] == "EC" and "d" not in key for key in keys)
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    metrics = (await client.get("/metrics")).text
    assert 'linli_request_seconds_count{app="gateway"' in metrics
    assert str(world.resident.id) not in metrics


async def test_an_unknown_address_and_an_unknown_method_are_problems(world: World) -> None:
    client = world.resident.client
    nowhere = await client.get("/api/v1/nothing")
    assert nowhere.status_code == 404 and nowhere.json()["code"] == "no_such_address"
    wrong = await client.put("/api/v1/petitions")
    assert wrong.status_code == 405 and wrong.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_gateways_own_problems_speak_the_callers_language(world: World, language: str) -> None:
    answer = await world.resident.client.get("/api/v1/nothing", headers={"accept-language": language})
    assert answer.headers["content-language"] == language


async def test_some_services_can_share_a_port_without_the_gateway(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_VOLUNTEERS_URL", "http://127.0.0.1:1")
    app = Assembly().without_gateway(("directory", "petitions"))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://linli") as client:
            mine = {"authorization": f"Bearer {world.resident.token}"}
            assert (await client.get("/api/v1/petitions", headers=mine)).status_code == 200
            assert (await client.get("/api/v1/me", headers=mine)).status_code == 200
            assert (await client.get("/internal/v1/changes")).status_code == 401
            assert (await client.get("/readyz")).status_code == 200
            assert (await client.get("/api/v1/points/me", headers=mine)).status_code == 404
