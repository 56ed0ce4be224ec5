"""Loads the demo into a running installation: the directory's seed, categories, a year of petitions and of services,
and what the teams offer next.

The past is played by the services' own actions on a clock that is set back, so that its history was made by real
actions; coming openings go over HTTP as their leaders. An interrupted load goes on where it was.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from deploy.assemble import Assembly
from deploy.demo.alone import alone
from deploy.demo.areas import COMMUNITY, DISTRICT
from deploy.demo.categories import category_seeds
from deploy.demo.changzheng import CAST, directory_seed
from deploy.demo.courses import Cast, Course
from deploy.demo.meetings import Meeting
from deploy.demo.openings import demo_openings
from deploy.demo.petitions import demo_petitions
from deploy.demo.services import demo_services
from deploy.keys import DEMO_KEY, ensure_key
from deploy.machine.folder import write_json
from services.directory.actions.load import load
from services.directory.actions.tokens import actors_for
from services.petitions.actions.categories import load_categories
from services.petitions.actions.external_refs import known_numbers, note_number
from services.petitions.house import House
from services.volunteers.house import House as VolunteersHouse
from services.volunteers.queries.offered import times_offered
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id

Progress = Callable[[str, int, int], None]

_SYSTEM = "demo"

#: The one exception to the 15 minutes of an access token; only demo tokens, only with the demo key.
TOKEN_LIFE = timedelta(days=30)


async def load_demo(file: Path, base_url: str, keys: Path, progress: Progress) -> None:
    """Loads everything and writes the people's tokens to `file` (mode 0600)."""
    seed = directory_seed()
    ensure_key(keys, DEMO_KEY)
    issuer = TokenIssuer(keys, DEMO_KEY)
    assembly = Assembly()
    now = assembly.clock.now()
    async with assembly.opened() as houses:
        directory, petitions, volunteers = houses["directory"], houses["petitions"], houses["volunteers"]
        loaded = await load(directory.pool, directory.clock, seed, progress)
        await petitions.directory.catch_up()
        await volunteers.directory.catch_up()
        categories = await load_categories(petitions.pool, loaded.ids[DISTRICT], category_seeds())
        found = await actors_for(directory.pool, [loaded.ids[person.key] for person in seed.people])
        actors = {p.key: found[loaded.ids[p.key]] for p in seed.people if loaded.ids[p.key] in found}
        cast = Cast(loaded.ids, categories, actors)
        await _load_petitions(petitions, cast, now, progress)
        await _load_services(volunteers, cast, now, progress)
        named = {*CAST.values(), *(opening.leader_key for opening in demo_openings())}
        tokens = {key: issuer.access_token(actors[key], TOKEN_LIFE) for key in named}
        await _load_openings(base_url, tokens, progress)
    people = {name: _person(actors[key], tokens[key]) for name, key in CAST.items()}
    write_json(file, {"base_url": base_url, "people": people})


def _person(actor: Actor, token: str) -> dict[str, Any]:
    work = sorted(actor.organisations(), key=str)
    return {
        "access_token": token,
        "person_id": str(actor.person_id),
        "organisation_id": str(work[0]) if work else None,
    }


async def _load_petitions(house: House, cast: Cast, now: datetime, progress: Progress) -> None:
    tenant = cast.ids[COMMUNITY]
    known = await known_numbers(house.pool, _SYSTEM, [tenant])
    # Oldest first, so that numbers and history grow as they would have.
    planned = demo_petitions(now.date())
    for number, petition in enumerate(planned, 1):
        if str(number) not in known:
            async with alone(house.pool) as connection:
                if str(number) not in await known_numbers(connection, _SYSTEM, [tenant]):
                    lonely: House = replace(house, pool=connection)
                    petition_id = await Course(lonely, cast, petition, f"petition-{number}", now).play()
                    await note_number(connection, _SYSTEM, str(number), tenant, petition_id)
        progress("petitions", number, len(planned))


async def _load_services(house: VolunteersHouse, cast: Cast, now: datetime, progress: Progress) -> None:
    """What stands there already is known by its leader, its title and the how-manieth of these it is."""
    planned = demo_services()
    community = cast.ids[COMMUNITY]
    there = await times_offered(house.pool, community)
    times: Counter[tuple[UUID, str]] = Counter()
    for number, service in enumerate(planned, 1):
        name = cast.ids[service.leader_key], service.title
        times[name] += 1
        if times[name] > there.get(name, 0):
            async with alone(house.pool) as connection:
                if times[name] > (await times_offered(connection, community)).get(name, 0):
                    await Meeting(house, connection, cast, service, now).play()
        progress("services", number, len(planned))


async def _open_titles(client: httpx.AsyncClient, token: str) -> set[str]:
    """What is offered already; when the days have passed, the demo may offer it again."""
    headers = {"authorization": f"Bearer {token}"}
    answer = await client.get("/api/v1/openings?status=open&limit=100", headers=headers)
    answer.raise_for_status()
    return {item["title"] for item in answer.json()["items"]}


async def _load_openings(base_url: str, tokens: dict[str, str], progress: Progress) -> None:
    openings = demo_openings()
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=10) as client:
        there = await _open_titles(client, tokens[openings[0].leader_key])
        for number, opening in enumerate(openings, 1):
            progress("openings", number, len(openings))
            if opening.title in there:
                continue
            starts = hour + timedelta(hours=opening.starts_in_hours)
            body = {
                "kind": opening.kind,
                "title": opening.title,
                "text": f"{opening.text}\n地点：{opening.address}",
                "starts_at": starts.isoformat(),
                "ends_at": (starts + timedelta(hours=opening.lasts_hours)).isoformat(),
                "capacity": opening.capacity,
                "points": opening.points,
            }
            headers = {"authorization": f"Bearer {tokens[opening.leader_key]}", "idempotency-key": str(new_id())}
            answer = await client.post("/api/v1/openings", json=body, headers=headers)
            answer.raise_for_status()
