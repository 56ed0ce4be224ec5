"""The street that the bench measures on, brought in as any seed is, and those of its people who call."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from deploy.assemble import Assembly
from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.petitions.actions.categories import load_categories
from services.petitions.domain.seed import CategorySeed
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor
from tests.bench.reports import KINDS
from tests.bench.street import corner, street

#: Who calls, by the keys of the seed.
_CALLERS = {
    "resident": "0/resident/0",
    "volunteer": "0/resident/50",
    "community_staff": "0/staff",
    "street_staff": "street/staff",
    "grid_officer": "0/grid/0/officer",
    "property_staff": "0/property_staff",
}


@dataclass(frozen=True, slots=True)
class Town:
    """What the bench needs to know of the street: who calls, with which token, and what they ask for."""

    actors: dict[str, Actor]
    tokens: dict[str, str]
    street_id: UUID
    community_id: UUID
    category_ids: list[UUID]
    place: tuple[float, float]  # in the resident's building

    def report(self, words: str) -> dict[str, Any]:
        """The body of a submission."""
        return {
            "category": str(self.category_ids[0]),
            "title": "楼道灯不亮",
            "text": f"2单元二到四层的楼道灯都不亮，晚上看不清台阶，已经有人摔了。{words}",
            "location": {"lat": self.place[0], "lon": self.place[1], "coord_sys": "wgs84"},
        }


async def found_town(environment: dict[str, str]) -> Town:
    """The street with its people, in fresh databases, which are also those of this process's environment."""
    async with Assembly().opened() as houses:
        directory, petitions = houses["directory"], houses["petitions"]
        loaded = await load(directory.pool, directory.clock, street())
        for service in ("petitions", "volunteers"):
            await houses[service].directory.catch_up()
        seeds = [CategorySeed(f"kind/{i}", None, zh, en) for i, (zh, en, _, _) in enumerate(KINDS)]
        categories = await load_categories(petitions.pool, loaded.ids["street"], seeds)
        actors = {name: await actor_for(directory.pool, loaded.ids[key]) for name, key in _CALLERS.items()}
    issuer = TokenIssuer(Path(environment["LINLI_KEYS"]), "key-1")
    lat, lon = corner(0)
    return Town(
        actors=actors,
        tokens={name: issuer.access_token(actor, timedelta(hours=1)) for name, actor in actors.items()},
        street_id=loaded.ids["street"],
        community_id=loaded.ids["0"],
        category_ids=list(categories.values()),
        place=(lat + 0.001, lon + 0.001),
    )


async def closed_petitions(environment: dict[str, str], reporter_id: UUID, limit: int = 40) -> list[Any]:
    """Id and number of petitions that somebody reported, with the whole history."""
    connection = await asyncpg.connect(environment["LINLI_PETITIONS_DATABASE_URL"])
    try:
        rows: list[Any] = await connection.fetch(
            "select id, number from petition where reporter_id = $1 and status = 'closed' order by id desc limit $2",
            reporter_id,
            limit,
        )
    finally:
        await connection.close()
    return rows
