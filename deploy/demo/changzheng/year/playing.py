"""Plays the year: petitions and services by the services' own actions on a clock that is set back, so that its history
was made by real actions; coming openings go over HTTP as their leaders. What was interrupted goes on where it was.
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from deploy.demo.changzheng.areas import COMMUNITY
from deploy.demo.changzheng.people import register_everybody
from deploy.demo.changzheng.year.alone import alone
from deploy.demo.changzheng.year.courses import Cast, Course
from deploy.demo.changzheng.year.meetings import Meeting
from deploy.demo.changzheng.year.openings import demo_openings
from deploy.demo.changzheng.year.petitions import demo_petitions
from deploy.demo.changzheng.year.services import demo_services
from deploy.demo.stage import TOKEN_LIFE, Progress, Stage
from services.directory.actions.tokens import actors_for
from services.petitions.actions.external_refs import known_numbers, note_number
from services.petitions.house import House
from services.volunteers.house import House as VolunteersHouse
from services.volunteers.queries.offered import times_offered
from shared.kernel.ids import new_id

_SYSTEM = "demo"


async def play(stage: Stage) -> None:
    """Everything that is not there yet, oldest first."""
    people = {person.key: stage.ids[person.key] for person in register_everybody().people}
    found = await actors_for(stage.directory.pool, list(people.values()))
    cast = Cast(stage.ids, stage.categories, {key: found[id] for key, id in people.items() if id in found})
    await _load_petitions(stage.petitions, cast, stage.now, stage.progress)
    await _load_services(stage.volunteers, cast, stage.now, stage.progress)
    leaders = {opening.leader_key for opening in demo_openings()}
    tokens = {key: stage.issuer.access_token(cast.actors[key], TOKEN_LIFE) for key in leaders}
    await _load_openings(stage.base_url, tokens, stage.progress)


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
