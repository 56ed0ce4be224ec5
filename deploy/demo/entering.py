"""Enters what a council's organisations do together, over HTTP and in the name of somebody who may.

What stands there under its title stays as it is, so entering it again changes nothing.
"""

from collections.abc import Sequence
from typing import Any

import httpx

from deploy.demo.stage import TOKEN_LIFE, Stage
from services.directory.actions.tokens import actor_for
from shared.kernel.ids import new_id


def resources(stage: Stage, place: str, given: Sequence[tuple[str, str, str]], since: str) -> list[dict[str, Any]]:
    """The bodies of resources out of rows: the unit by its word, the kind, what it gives."""
    return [
        {
            "kind": kind,
            "title": title,
            "organisation_id": str(stage.ids[f"organisations/{place}/{unit}"]),
            "starts_on": since,
        }
        for unit, kind, title in given
    ]


async def enter(
    stage: Stage, person_key: str, noun: str, council_key: str, bodies: Sequence[dict[str, Any]]
) -> dict[str, str]:
    """`noun` is agreements, resources, needs or projects; each body lacks only its council. Gives the ids by title."""
    actor = await actor_for(stage.directory.pool, stage.ids[person_key])
    council_id = str(stage.ids[council_key])
    headers = {"authorization": f"Bearer {stage.issuer.access_token(actor, TOKEN_LIFE)}"}
    async with httpx.AsyncClient(base_url=stage.base_url, trust_env=False, timeout=15, headers=headers) as client:
        there = await client.get(f"/api/v1/{noun}", params={"council": council_id, "limit": 100})
        there.raise_for_status()
        ids = {item["title"]: item["id"] for item in there.json()["items"]}
        for number, body in enumerate(bodies, 1):
            if body["title"] not in ids:
                once = {"idempotency-key": str(new_id())}
                made = await client.post(f"/api/v1/{noun}", json={"council_id": council_id, **body}, headers=once)
                made.raise_for_status()
                ids[body["title"]] = made.json()["id"]
            stage.progress(noun, number, len(bodies))
    return ids
