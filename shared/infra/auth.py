"""Access tokens: the only place that touches python-jose.

ES256, key by id, `exp aud iss sub` required (python-jose accepts tokens without them unless told). Services verify
the token themselves and trust no header. Between services a token of its own audience is signed with a shared key.
"""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk, jwt
from jose.exceptions import JOSEError

from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.errors import Unauthenticated
from shared.kernel.ids import new_id

AUDIENCE = "linli"
INTERNAL_AUDIENCE = "linli-internal"
ISSUER = "linli-directory"
ACCESS_LIFE = timedelta(minutes=15)

_REQUIRED = {f"require_{claim}": True for claim in ("exp", "aud", "iss", "sub")}
_KEPT = 10_000
_RELOAD_SECONDS = 5.0


def make_key(folder: Path, kid: str) -> None:
    """Makes a signing key: `<kid>.pem` (private, 0600) for the directory, and its public half in `jwks.json`.

    Cut short in between, it goes on where it was: a private key that is there already is published, not replaced.
    """
    secret = folder / f"{kid}.pem"
    if not secret.exists():
        private = ec.generate_private_key(ec.SECP256R1())
        form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        unfinished = secret.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(private.private_bytes(*form))
        unfinished.replace(secret)
    pem = secret.read_bytes()
    jwks = folder / "jwks.json"
    keys = [key for key in _published(jwks) if key["kid"] != kid]
    public = jwk.construct(pem.decode(), "ES256").public_key().to_dict()
    keys.append({k: v.decode() if isinstance(v, bytes) else v for k, v in public.items()} | {"kid": kid, "use": "sig"})
    fresh = jwks.with_suffix(".new")
    fresh.write_bytes(orjson.dumps({"keys": keys}))
    fresh.replace(jwks)


def _published(jwks: Path) -> list[dict[str, Any]]:
    return list(orjson.loads(jwks.read_bytes())["keys"]) if jwks.exists() else []


def has_key(folder: Path, kid: str) -> bool:
    """Whether a key of this name was made and published."""
    return (folder / f"{kid}.pem").exists() and kid in [key["kid"] for key in _published(folder / "jwks.json")]


def is_demo(kid: str) -> bool:
    """The demo's keys say so in their name; production never accepts them."""
    return kid.startswith("demo-")


class TokenIssuer:
    """Signs access tokens with one private key."""

    def __init__(self, folder: Path, kid: str) -> None:
        self.kid = kid
        self._key = jwk.construct((folder / f"{kid}.pem").read_text(), "ES256")

    def access_token(self, actor: Actor, life: timedelta = ACCESS_LIFE) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(actor.person_id),
            "sid": str(actor.session_id or new_id()),
            "iat": now,
            "exp": now + int(life.total_seconds()),
            "roles": [_grant_out(grant) for grant in actor.grants],
        }
        if actor.home_id:
            claims["home"] = str(actor.home_id)
        return str(jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self.kid}))


class TokenVerifier:
    """Verifies access tokens against the published keys; remembers verified tokens until they expire, within bounds."""

    def __init__(self, jwks: Path, *, production: bool = False) -> None:
        self._path = jwks
        self._production = production
        self._keys: dict[str, Any] = {}
        self._loaded = 0.0
        self._known: dict[bytes, tuple[float, Actor]] = {}

    def actor(self, authorization: bytes | None) -> Actor:
        """The caller behind an Authorization header; raises Unauthenticated."""
        if authorization is None or authorization[:7].lower() != b"bearer ":
            raise Unauthenticated
        token = authorization[7:]
        known = self._known.get(token)
        if known is not None and known[0] > time.time():
            return known[1]
        actor, expires = self._verify(token)
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[token] = (expires, actor)
        return actor

    def _verify(self, token: bytes) -> tuple[Actor, float]:
        try:
            text = token.decode("ascii")
            key = self._key(jwt.get_unverified_header(text).get("kid", ""))
            claims = jwt.decode(text, key, algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER, options=_REQUIRED)
            return _actor_in(claims), float(claims["exp"])
        except (JOSEError, ValueError, KeyError, TypeError) as error:
            raise Unauthenticated from error

    def _key(self, kid: str) -> Any:
        if kid not in self._keys and time.monotonic() - self._loaded > _RELOAD_SECONDS:
            self._loaded = time.monotonic()
            published = orjson.loads(self._path.read_bytes())["keys"]
            good = (key for key in published if not (self._production and is_demo(key["kid"])))
            self._keys = {key["kid"]: jwk.construct(key, "ES256") for key in good}
        return self._keys[kid]

    def key_ids(self) -> list[str]:
        """The ids of the published keys; a production setting refuses demo keys by them."""
        return [key["kid"] for key in orjson.loads(self._path.read_bytes())["keys"]]


def service_token(key: str, service: str) -> str:
    """A short-lived token with which one service calls another's internal routes."""
    claims = {"iss": service, "sub": service, "aud": INTERNAL_AUDIENCE, "exp": int(time.time()) + 300}
    return str(jwt.encode(claims, key, algorithm="HS256"))


def check_service_token(key: str, authorization: bytes | None) -> str:
    """The service that calls; raises Unauthenticated."""
    if authorization is None or authorization[:7].lower() != b"bearer ":
        raise Unauthenticated
    try:
        token = authorization[7:].decode("ascii")
        claims = jwt.decode(token, key, algorithms=["HS256"], audience=INTERNAL_AUDIENCE, options=_REQUIRED)
    except (JOSEError, ValueError) as error:
        raise Unauthenticated from error
    return str(claims["sub"])


def _grant_out(grant: Grant) -> dict[str, str]:
    if grant.area_id is not None:
        return {"role": grant.role, "area": str(grant.area_id)}
    if grant.organisation_id is not None:
        return {"role": grant.role, "organisation": str(grant.organisation_id)}
    return {"role": grant.role}


def _actor_in(claims: dict[str, Any]) -> Actor:
    grants = tuple(
        Grant(
            Role(given["role"]),
            UUID(given["area"]) if "area" in given else None,
            UUID(given["organisation"]) if "organisation" in given else None,
        )
        for given in claims["roles"]
    )
    home = UUID(claims["home"]) if claims.get("home") else None
    return Actor(UUID(claims["sub"]), grants, home, UUID(claims["sid"]))
