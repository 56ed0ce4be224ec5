"""One OpenAPI document out of all services' documents."""

from typing import Any

import orjson
from starlette.types import Scope

from gateway.upstreams import Upstream, ask


async def merged(own: dict[str, Any], upstreams: dict[str, Upstream], scope: Scope) -> dict[str, Any]:
    """Paths and schemas of all; a service that is down is left out and named in `x-missing`."""
    document: dict[str, Any] = {
        "openapi": own["openapi"],
        "info": {"title": "Linli 邻里", "version": own["info"]["version"]},
        "paths": dict(own["paths"]),
        "components": {kind: dict(parts) for kind, parts in own["components"].items()},
    }
    for name, upstream in upstreams.items():
        try:
            status, body = await ask(upstream, scope, "/openapi.json")
        except Exception:
            status, body = 503, b""
        if status != 200:
            document.setdefault("x-missing", []).append(name)
            continue
        theirs = orjson.loads(body)
        document["paths"] |= theirs["paths"]
        _add_parts(document["components"], theirs["components"], name)
    return document


def _add_parts(parts: dict[str, Any], theirs: dict[str, Any], service: str) -> None:
    """Adds components; the same name for two different things would make the document lie."""
    for kind, named in theirs.items():
        for name, part in named.items():
            if parts.setdefault(kind, {}).setdefault(name, part) != part:
                raise ValueError(f"{service} has another {kind} {name} than the services before it")
