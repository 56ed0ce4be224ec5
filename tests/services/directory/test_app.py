"""The app as a whole: who is let in, what it says of itself."""

import inspect
from pathlib import Path

import httpx
import orjson
import pytest
from pydantic import BaseModel

from services.directory.actions.tokens import actor_for
from services.directory.main import create_app
from services.directory.settings import Settings
from shared.infra.auth import TokenIssuer, make_key, service_token
from shared.infra.web.routes import Declaration, DeclaredRoute, Reach
from shared.infra.web.service import ServiceApp
from tests.services.directory.town import Town

_ROUTES = [
    "/areas/locate?lat=1&lon=1&coord_sys=wgs84",
    "/areas/01932f08-2222-7d0e-9a53-2f3c1d1c8a11",
    "/areas",
    "/areas/01932f08-2222-7d0e-9a53-2f3c1d1c8a11/coverage",
    "/kinds",
    "/organisations",
    "/organisations/resolve?name=x",
    "/organisations/01932f08-2222-7d0e-9a53-2f3c1d1c8a11",
    "/responsibilities?category=x&area=01932f08-2222-7d0e-9a53-2f3c1d1c8a11",
    "/me",
    "/memberships?person=01932f08-2222-7d0e-9a53-2f3c1d1c8a11",
    "/enrolments",
    "/councils",
]


@pytest.mark.parametrize("route", _ROUTES)
async def test_nobody_is_let_in_without_a_good_token(town: Town, route: str, tmp_path: Path) -> None:
    good = await town.token("resident")
    make_key(tmp_path, "key-1")
    # Signed with a key of the same name that is not ours.
    forged = TokenIssuer(tmp_path, "key-1")
    actor = await actor_for(town.house.pool, town.ids["resident"])
    service = service_token(town.house.settings.service_token_key, "petitions")
    bad = ["", "Bearer", "Bearer ", f"Basic {good}", f"Bearer {good}x", f"Bearer {good[:-9]}", f"Bearer {service}"]
    for token in [*bad, f"Bearer {forged.access_token(actor)}"]:
        answer = await town.api.get(f"/api/v1{route}", headers={"authorization": token} if token else {})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), token
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path, allow", [("locate", "GET, HEAD, OPTIONS"), ("import", "OPTIONS, POST")])
async def test_an_address_that_is_declared_as_it_stands_is_no_id(town: Town, path: str, allow: str) -> None:
    answer = await town.api.put(f"/api/v1/areas/{path}")
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)


async def test_problems_speak_the_callers_language(town: Town) -> None:
    for language, title in (("en-GB,en;q=0.9", "Please sign in"), ("zh", "请先登录"), ("fr", "请先登录")):
        answer = await town.api.get("/api/v1/me", headers={"accept-language": language})
        assert answer.json()["title"] == title


async def test_it_is_alive_and_ready(api: httpx.AsyncClient) -> None:
    assert (await api.get("/healthz")).json() == {"status": "alive"}
    assert (await api.get("/readyz")).json() == {"status": "ready"}


async def test_without_its_database_it_is_alive_and_not_ready(environment: dict[str, str], tmp_path: Path) -> None:
    lost = f"postgresql://nobody@/nothing?host={tmp_path}"
    app = create_app(Settings(LINLI_DIRECTORY_DATABASE_URL=lost))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://d") as api:
        assert (await api.get("/healthz")).status_code == 200
        answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def declared(app: ServiceApp) -> list[Declaration]:
    """What the routes that can be called from outside say of themselves."""
    routes = [route.declared for route in app.routes if isinstance(route, DeclaredRoute)]
    return [one for one in routes if one.reach is not Reach.INTERNAL]


async def test_its_document_says_what_each_route_answers(app: ServiceApp, api: httpx.AsyncClient) -> None:
    document = (await api.get("/openapi.json")).json()
    assert set(document["paths"]) == {one.path for one in declared(app)}
    for one in declared(app):
        said = document["paths"][one.path][one.method.lower()]
        assert said["summary"] and said["description"], one.name
        assert said["responses"][str(one.status)]["content"]["application/json"]["example"], one.name
        assert "401" in said["responses"] and said["x-roles"]


async def test_every_example_is_what_the_route_takes_and_gives(app: ServiceApp) -> None:
    for one in declared(app):
        assert one.answer is not None
        assert one.answer.model_validate_json(orjson.dumps(one.example)).model_dump(mode="json") == one.example, (
            one.name
        )
        if one.sends is not None:
            body: type[BaseModel] = inspect.signature(one.endpoint).parameters["body"].annotation
            body.model_validate_json(orjson.dumps(one.sends))
