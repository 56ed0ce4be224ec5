"""Tokens: what is accepted, and everything that is not."""

import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from jose import jwt

from shared.infra.auth import (
    AUDIENCE,
    ISSUER,
    TokenIssuer,
    TokenVerifier,
    check_service_token,
    make_key,
    service_token,
)
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.errors import Unauthenticated

SHARED_KEY = "k" * 64


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    make_key(tmp_path, "one")
    return tmp_path


def actor() -> Actor:
    grants = (Grant(Role.RESIDENT, area_id=uuid4()), Grant(Role.ORGANISATION_STAFF, organisation_id=uuid4()))
    return Actor(uuid4(), grants, uuid4(), uuid4())


def bearer(token: str) -> bytes:
    return f"Bearer {token}".encode()


def test_a_token_carries_the_actor(keys: Path) -> None:
    who = actor()
    token = TokenIssuer(keys, "one").access_token(who)
    verifier = TokenVerifier(keys / "jwks.json")
    assert verifier.actor(bearer(token)) == who
    assert verifier.actor(bearer(token)) == who


def test_the_private_key_is_nobody_elses_to_read(keys: Path) -> None:
    assert (keys / "one.pem").stat().st_mode & 0o077 == 0
    assert "PRIVATE" not in (keys / "jwks.json").read_text()
    assert '"d"' not in (keys / "jwks.json").read_text()


def test_a_new_key_is_found_and_old_tokens_stay_good(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = TokenVerifier(keys / "jwks.json")
    old = TokenIssuer(keys, "one").access_token(actor())
    verifier.actor(bearer(old))
    make_key(keys, "two")
    new = TokenIssuer(keys, "two").access_token(actor())
    seconds = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: seconds)
    verifier.actor(bearer(new))
    assert verifier.key_ids() == ["one", "two"]
    TokenVerifier(keys / "jwks.json").actor(bearer(old))


def test_an_expired_token_is_refused(keys: Path) -> None:
    token = TokenIssuer(keys, "one").access_token(actor(), timedelta(seconds=-1))
    with pytest.raises(Unauthenticated):
        TokenVerifier(keys / "jwks.json").actor(bearer(token))


def test_a_known_token_is_verified_anew_when_it_has_expired(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = TokenVerifier(keys / "jwks.json")
    token = TokenIssuer(keys, "one").access_token(actor(), timedelta(seconds=30))
    verifier.actor(bearer(token))
    later = time.time() + 31
    monkeypatch.setattr(time, "time", lambda: later)
    (keys / "jwks.json").write_text('{"keys": []}')
    monkeypatch.setattr(verifier, "_keys", {})
    with pytest.raises(Unauthenticated):
        verifier.actor(bearer(token))


@pytest.mark.parametrize("missing", ["exp", "aud", "iss", "sub", "roles"])
def test_a_token_without_a_claim_is_refused(keys: Path, missing: str) -> None:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "exp": time.time() + 60,
        "roles": [],
    }
    token = jwt.encode(
        {k: v for k, v in claims.items() if k != missing}, (keys / "one.pem").read_text(), "ES256", {"kid": "one"}
    )
    with pytest.raises(Unauthenticated):
        TokenVerifier(keys / "jwks.json").actor(bearer(token))


def test_the_algorithm_is_pinned(keys: Path) -> None:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "exp": time.time() + 60,
        "roles": [],
    }
    symmetric = jwt.encode(claims, "secret", "HS256", {"kid": "one"})
    other_audience = jwt.encode(claims | {"aud": "else"}, (keys / "one.pem").read_text(), "ES256", {"kid": "one"})
    unknown_key = jwt.encode(claims, (keys / "one.pem").read_text(), "ES256", {"kid": "nobody"})
    for token in (symmetric, other_audience, unknown_key):
        with pytest.raises(Unauthenticated):
            TokenVerifier(keys / "jwks.json").actor(bearer(token))


def test_a_service_token_opens_internal_routes_only(keys: Path) -> None:
    token = service_token(SHARED_KEY, "petitions")
    assert check_service_token(SHARED_KEY, bearer(token)) == "petitions"
    for wrong in (None, b"Bearer x", bearer(service_token("o" * 64, "petitions"))):
        with pytest.raises(Unauthenticated):
            check_service_token(SHARED_KEY, wrong)
    with pytest.raises(Unauthenticated):
        TokenVerifier(keys / "jwks.json").actor(bearer(token))
    person = TokenIssuer(keys, "one").access_token(actor())
    with pytest.raises(Unauthenticated):
        check_service_token(SHARED_KEY, bearer(person))
