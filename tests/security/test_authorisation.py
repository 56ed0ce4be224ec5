"""Who may call what: every cell of the table of rights is called, and so are all who are nobody."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from jose import jwt
from starlette.routing import Mount, Route, WebSocketRoute

from deploy.assemble import Assembly
from deploy.routes import as_markdown, declared_routes
from deploy.services import SERVICES
from gateway.routing import owner_of
from shared.infra.auth import AUDIENCE, ISSUER, TokenIssuer, service_token
from shared.infra.web.routes import Declaration, DeclaredRoute, Reach
from shared.infra.web.service import UNDECLARED, check_declared
from shared.kernel.actor import Role
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.security.calls import call, outcome, state_of, thing_for
from tests.security.table import CELLS, DECLARED, ROWS, Outcome, Row, expected
from tests.security.things import Things
from tests.security.town import Town


@pytest.fixture(scope="module")
async def things(
    assembly: Assembly, client: httpx.AsyncClient, issuer: TokenIssuer, clock: MovedClock
) -> AsyncIterator[Things]:
    yield Things(await Town.build(assembly, client, issuer), clock)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
async def test_every_cell_of_the_table_is_as_declared(row: Row, things: Things) -> None:
    wanted = {cell: expected(row, *cell) for cell in CELLS}
    found: dict[Any, Any] = {}
    refused = [cell for cell in CELLS if wanted[cell] is not Outcome.IN]
    for cell in refused:
        # Made before, so that only the calls could change anything.
        thing = await thing_for(things, row, *cell)
        await things.town.stand(things.town.caller(*cell, thing))
    before = await state_of(things)
    for cell in refused:
        thing = await thing_for(things, row, *cell)
        found[cell] = outcome(row, thing, await call(things, row, things.town.caller(*cell, thing), thing))
    assert await state_of(things) == before, "a refused call changed something"
    for cell in [cell for cell in CELLS if wanted[cell] is Outcome.IN]:
        thing = await thing_for(things, row, *cell)
        await things.town.stand(things.town.caller(*cell, thing))
        found[cell] = outcome(row, thing, await call(things, row, things.town.caller(*cell, thing), thing))
    assert {cell: got for cell, got in found.items() if got != wanted[cell]} == {}
    assert len(found) == len(CELLS)


def test_the_table_has_every_declared_route_and_every_outcome() -> None:
    assert {row.name for row in ROWS} == set(DECLARED)
    assert {expected(row, *cell) for row in ROWS for cell in CELLS} == set(Outcome)
    for row in ROWS:
        assert any(expected(row, *cell) is Outcome.IN for cell in CELLS), row.title


def test_the_table_for_auditors_names_every_address() -> None:
    table = as_markdown()
    for name in [declared.name for declared in declared_routes()] + [f"GET {path}" for path in UNDECLARED]:
        assert table.count(f"| {name} |") == 1, name


def _tokens(environment: dict[str, str]) -> dict[str, str | None]:
    """Every way of being nobody."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(new_id()), "sid": str(new_id()), "exp": now + 600, "iat": now}
    good["roles"] = [{"role": role} for role in Role]
    folder = Path(environment["LINLI_KEYS"])
    pem = (folder / "key-1.pem").read_text()
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    foreign = ec.generate_private_key(ec.SECP256R1()).private_bytes(*form).decode()
    public = orjson.dumps(orjson.loads((folder / "jwks.json").read_bytes())["keys"][0]).decode()

    def signed(key: str = pem, kid: str = "key-1", algorithm: str = "ES256", **other: Any) -> str:
        claims = {name: value for name, value in (good | other).items() if value is not None}
        return "Bearer " + jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})

    head, body, signature = signed().removeprefix("Bearer ").split(".")
    other = jwt.encode(good | {"sub": str(new_id())}, "x", algorithm="HS256").split(".")[1]
    return {
        "no token": None,
        "nothing after the word": "Bearer ",
        "no token at all": "Bearer abc",
        "another scheme": f"Basic {head}.{body}.{signature}",
        "expired": signed(exp=now - 10),
        "without an end": signed(exp=None),
        "not for us": signed(aud="elsewhere"),
        "for services": signed(aud="linli-internal"),
        "of another issuer": signed(iss="elsewhere"),
        "of nobody": signed(sub=None),
        "signed by another key": signed(foreign),
        "with an unknown key": signed(foreign, kid="key-2"),
        "with a key that is a path": signed(foreign, kid="../key-1"),
        "unsigned": f"Bearer eyJhbGciOiJub25lIiwia2lkIjoia2V5LTEifQ.{other}.",
        "signed with the public key": signed(public, algorithm="HS256"),
        "with another signature": f"Bearer {head}.{body}.{signature[::-1]}",
        "with other claims": f"Bearer {head}.{other}.{signature}",
        "with an unknown role": signed(roles=[{"role": "emperor"}]),
        "of a service": "Bearer " + service_token(environment["LINLI_SERVICE_TOKEN_KEY"], "volunteers"),
    }


def _path(declared: Declaration) -> str:
    return re.sub(r"\{\w+\}", lambda _: str(new_id()), declared.path)


async def test_nobody_gets_in_anywhere(client: httpx.AsyncClient, environment: dict[str, str], things: Things) -> None:
    before, found = await state_of(things), {}
    for name, token in _tokens(environment).items():
        headers = {"authorization": token} if token is not None else {}
        for declared in DECLARED.values():
            if declared.reach is not Reach.PUBLIC:
                answer = await client.request(declared.method, _path(declared), headers=headers)
                found[name, declared.name] = answer.status_code, answer.json()["code"]
    assert {cell: got for cell, got in found.items() if got != (401, "unauthenticated")} == {}
    assert await state_of(things) == before


async def test_a_photo_opens_by_its_own_link_alone(client: httpx.AsyncClient, things: Things) -> None:
    row = next(row for row in ROWS if row.noun == "photo")
    thing = await thing_for(things, row, *CELLS[0])
    links = things.town.house("petitions").links
    path = row.declared.path.replace("{id}", thing.id)
    good = links.sign(path)
    assert (await client.get(good)).status_code == 200
    another = links.sign(f"/api/v1/attachments/{new_id()}/photo").partition("?")[2]
    past = links._signature(path, 1_000_000_000)
    for query, status in (
        ("", 422),
        ("expires=9999999999&signature=abcdefghijklmnop", 404),
        (another, 404),
        (f"expires=1000000000&signature={past}", 404),
        (good.partition("?")[2].replace("expires=", "expires=1"), 404),
    ):
        assert (await client.get(f"{path}?{query}")).status_code == status, query
    assert {d.name for d in DECLARED.values() if d.reach is Reach.PUBLIC} == {
        "GET /api/v1/attachments/{id}/photo", "GET /api/v1/attachments/{id}/thumbnail",
    }  # fmt: skip


INTERNAL = [declared for declared in declared_routes() if declared.reach is Reach.INTERNAL]


async def test_internal_routes_know_services_only(
    assembly: Assembly, environment: dict[str, str], things: Things
) -> None:
    tokens = _tokens(environment)
    trusted = tokens.pop("of a service")
    persons = {role: f"Bearer {things.town.person(new_id(), role, 'here').token}" for role in Role}
    for service in SERVICES:
        transport = httpx.ASGITransport(app=assembly.app(service), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://inside") as inside:
            for declared in INTERNAL:
                for name, token in (tokens | persons).items():
                    headers = {"authorization": token} if token is not None else {}
                    answer = await inside.request(declared.method, _path(declared), headers=headers)
                    assert answer.status_code in (401, 404), (service, declared.name, name)
                answer = await inside.request(declared.method, _path(declared), headers={"authorization": str(trusted)})
                assert answer.status_code != 401


async def test_nothing_internal_is_reached_through_the_gateway(
    client: httpx.AsyncClient, environment: dict[str, str]
) -> None:
    key = environment["LINLI_SERVICE_TOKEN_KEY"]
    headers = {"authorization": f"Bearer {service_token(key, 'volunteers')}"}
    for declared in INTERNAL:
        inner = _path(declared).removeprefix("/")
        rest = inner.removeprefix("internal/v1/")
        tricks = [
            f"/{inner}", f"//{inner}", f"/{inner}/", f"/./{inner}", f"/api/../{inner}", f"/api/v1/../../{inner}",
            f"/api/v1/petitions/../../../{inner}", f"/api/v1/petitions/%2e%2e/%2e%2e/%2e%2e/{inner}",
            f"/api/v1/petitions/..%2f..%2f..%2f{inner}", f"/api/v1/{inner}", f"/api/v1//{inner}",
            f"/%69nternal/v1/{rest}",
            f"/internal%2Fv1%2F{rest}", f"/INTERNAL/V1/{rest}", f"/Internal/v1/{rest}", f"/;/{inner}",
            f"/api/v1/petitions//{inner}", f"/api/v1/me/../{inner}", f"/{inner}?scope=mine", f"/\\{inner}",
            f"/api/v1/petitions/%252e%252e/%252e%252e/{inner}", f"/healthz/../{inner}", f"/docs/../{inner}",
        ]  # fmt: skip
        for trick in tricks:
            for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"):
                # The raw path goes out as it is written here: a client that resolved dots would prove nothing.
                url = httpx.URL("http://linli").copy_with(raw_path=trick.encode())
                answer = await client.request(method, url, headers=headers)
                assert answer.status_code in (401, 404), (method, trick, answer.status_code)


async def test_no_app_opens_with_a_route_that_says_nothing(environment: dict[str, str]) -> None:
    async def anything(*_: object) -> None: ...

    forgotten: list[Any] = [
        Route("/api/v1/secret", anything),
        Route("/metrics", anything, methods=["POST"]),
        Mount("/metrics", routes=[]),
        WebSocketRoute("/healthz", anything),
        type("Cunning", (DeclaredRoute,), {"__init__": lambda self: None})(),
    ]
    for route in forgotten:
        for app in (assembly := Assembly()).gateway, *(assembly.app(service) for service in SERVICES):
            app.router.routes.append(route)
            with pytest.raises(RuntimeError, match="does not declare"):
                async with app.router.lifespan_context(app):
                    pytest.fail("it opened")
    app = Assembly().gateway
    app.add_api_route("/api/v1/secret", anything)
    with pytest.raises(RuntimeError, match="does not declare"):
        check_declared(app.routes)


def test_nothing_stands_beside_the_routes(environment: dict[str, str]) -> None:
    """No middleware that answers, no fallback, and each declaration is served by the service that owns its word."""
    assembly = Assembly()
    apps: dict[str, FastAPI] = {"gateway": assembly.gateway} | {name: assembly.app(name) for name in SERVICES}
    served: dict[str, str] = {}
    for name, app in apps.items():
        assert app.user_middleware == [] and app.router.default == app.router.not_found
        check_declared(app.routes)
        for route in app.routes:
            if isinstance(route, DeclaredRoute):
                served[route.declared.name] = name
                # Between services a service token admits, not a role.
                assert bool(route.declared.roles) != (route.declared.reach is Reach.INTERNAL), route.path
    assert set(served) == {declared.name for declared in declared_routes()}
    for name, service in served.items():
        if "/api/v1/" in name:
            words = name.split("/api/v1/")[1].split("/")
            assert (owner_of(words) or "gateway") == service, name


def test_what_is_open_to_all_is_served_by_somebody(environment: dict[str, str]) -> None:
    gateway = Assembly().gateway
    assert {route.path for route in gateway.routes if type(route) is Route} == set(UNDECLARED)
