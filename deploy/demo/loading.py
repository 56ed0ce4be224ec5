"""Loads the demo into a running installation: the directory's seed, categories, a year of petitions, openings.

Petitions go through the service's own actions on a clock that is set back, so that their history was made by real
actions; openings go over HTTP as their leaders. Everything is named by keys: an interrupted load goes on where it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson

from deploy.assemble import Assembly
from deploy.demo import petitions as content
from deploy.demo.areas import COMMUNITY, DISTRICT
from deploy.demo.categories import category_seeds
from deploy.demo.changzheng import CAST, directory_seed
from deploy.demo.openings import demo_openings
from deploy.machine.folder import write_json
from deploy.migrating import DEMO_KEY, ensure_key
from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.petitions.actions import commands
from services.petitions.actions.categories import load_categories
from services.petitions.actions.external_refs import known_numbers, note_number
from services.petitions.actions.handle import Decide, act
from services.petitions.actions.submit import Report, submit
from services.petitions.domain.states import Action
from services.petitions.house import House
from shared.infra.auth import TokenIssuer
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor, Role
from shared.kernel.clock import MovedClock
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
    async with assembly.opened() as houses:
        directory, petitions = houses["directory"], houses["petitions"]
        loaded = await load(directory.pool, directory.clock, seed, progress)
        await petitions.directory.catch_up()
        await houses["volunteers"].directory.catch_up()
        categories = await load_categories(petitions.pool, loaded.ids[DISTRICT], category_seeds())
        actors = {p.key: await actor_for(directory.pool, loaded.ids[p.key]) for p in seed.people}
        await _load_petitions(petitions, _Names(loaded.ids, categories, actors), progress)
        tokens = {key: issuer.access_token(actor, TOKEN_LIFE) for key, actor in actors.items()}
        await _load_openings(base_url, tokens, loaded.ids, progress)
    people = {name: _person(actors[key], tokens[key]) for name, key in CAST.items()}
    write_json(file, {"base_url": base_url, "people": people})


def _person(actor: Actor, token: str) -> dict[str, Any]:
    work = sorted(actor.organisations(), key=str)
    return {
        "access_token": token,
        "person_id": str(actor.person_id),
        "organisation_id": str(work[0]) if work else None,
    }


@dataclass(frozen=True, slots=True)
class _Names:
    """What keys stand for."""

    ids: dict[str, UUID]
    categories: dict[str, UUID]
    actors: dict[str, Actor]

    def staff_of(self, organisation_key: str) -> Actor:
        """Somebody who acts for the organisation."""
        organisation = self.ids[organisation_key]
        role = frozenset({Role.ORGANISATION_STAFF})
        return next(actor for actor in self.actors.values() if organisation in actor.organisations(role))

    def by_id(self, person_id: UUID) -> Actor:
        return next(actor for actor in self.actors.values() if actor.person_id == person_id)


async def _load_petitions(house: House, names: _Names, progress: Progress) -> None:
    now = datetime.now(UTC)
    tenant = names.ids[COMMUNITY]
    known = await known_numbers(house.pool, _SYSTEM, [tenant])
    # Oldest first, so that numbers and history grow as they would have.
    planned = sorted(content.demo_petitions(), key=lambda petition: -petition.age_days)
    for number, petition in enumerate(planned, 1):
        if str(number) not in known:
            course = _Course(house, names, petition, f"demo-{number}", now)
            await course.play()
            await note_number(house.pool, _SYSTEM, str(number), tenant, course.id)
        progress("petitions", number, len(planned))


class _Course:
    """One petition from its submission to where its course ends."""

    def __init__(self, house: House, names: _Names, petition: content.DemoPetition, key: str, now: datetime) -> None:
        self.names, self.petition, self.key, self.now = names, petition, key, now
        self.submitted = now - timedelta(days=petition.age_days)
        self.clock = MovedClock(self.submitted)
        self.house = replace(house, clock=self.clock)
        self.reporter = names.actors[petition.reporter_key]
        self.staff = names.actors[CAST["community_staff"]]
        self.id = UUID(int=0)

    async def play(self) -> None:
        petition = self.petition
        self.id, holder_id = await self._submit()
        holder = self.names.staff_of(petition.lead_key) if petition.lead_key else self.names.by_id(holder_id)
        steps = _STEPS[petition.course]
        if Action.ACCEPT in steps:
            await self._do(0.05, Action.ACCEPT, self.staff, commands.accept(self.house.pool, None, None))
        if petition.lead_key and Action.ACCEPT in steps and petition.course != "accepted":
            lead = commands.Party("organisation", self.names.ids[petition.lead_key])
            await self._do(0.1, Action.DISPATCH, self.staff, commands.dispatch(self.house, lead, [], petition.note))
        if Action.START in steps:
            await self._do(0.2, Action.START, holder, commands.start(None if petition.lead_key else petition.note))
        if Action.RESOLVE in steps:
            outcome: Any = str(petition.outcome)
            await self._do(1.0, Action.RESOLVE, holder, commands.resolve(outcome, petition.resolve_text, ()))
        await self._end()

    async def _submit(self) -> tuple[UUID, UUID]:
        petition = self.petition
        report = Report(
            lat=petition.place[0],
            lon=petition.place[1],
            coord_sys="wgs84",
            title=petition.title,
            text=petition.text,
            category_id=self.names.categories[petition.category_key],
            attachment_ids=(),
            anonymity="none",
            channel="miniprogram",
        )
        made = orjson.loads(await submit(self.house, self.reporter, report, Once(self.key, b"demo"), None))
        return UUID(made["id"]), UUID(made["holder"]["id"])

    async def _end(self) -> None:
        petition = self.petition
        if petition.course == "closed":
            decide = commands.confirm(petition.rating or 5, bool(petition.contacted))
            later = timedelta(days=petition.took_days + petition.confirm_days)
            await self._at(self.submitted + later, Action.CONFIRM, self.reporter, decide)
        elif petition.course == "rejected":
            decide = commands.reject(str(petition.reject_reason), petition.reject_text)
            await self._do(1.0, Action.REJECT, self.staff, decide)
        elif petition.course == "withdrawn":
            await self._do(1.0, Action.WITHDRAW, self.reporter, commands.withdraw(petition.withdraw_text))

    async def _do(self, share: float, action: Action, actor: Actor, decide: Decide) -> None:
        """At that share of the time that the petition took."""
        took = self.petition.took_days or self.petition.age_days
        await self._at(self.submitted + timedelta(days=took * share), action, actor, decide)

    async def _at(self, when: datetime, action: Action, actor: Actor, decide: Decide) -> None:
        self.clock.at = min(when, self.now)
        await act(self.house, actor, self.id, action, decide, Once(f"{self.key}-{action}", b"demo"), None)


async def _open_titles(client: httpx.AsyncClient, token: str) -> set[str]:
    """What is offered already; when the days have passed, the demo may offer it again."""
    headers = {"authorization": f"Bearer {token}"}
    answer = await client.get("/api/v1/openings?status=open&limit=100", headers=headers)
    answer.raise_for_status()
    return {item["title"] for item in answer.json()["items"]}


_HANDLED = (Action.ACCEPT, Action.START, Action.RESOLVE)
_STEPS: dict[str, tuple[Action, ...]] = {
    "submitted": (),
    "accepted": _HANDLED[:1],
    "dispatched": _HANDLED[:1],
    "in_progress": _HANDLED[:2],
    "resolved": _HANDLED,
    "closed": _HANDLED,
    "rejected": (),
    "withdrawn": (),
}


async def _load_openings(base_url: str, tokens: dict[str, str], ids: dict[str, UUID], progress: Progress) -> None:
    openings = demo_openings()
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=10) as client:
        there = await _open_titles(client, tokens[openings[0].leader_key])
        for number, opening in enumerate(openings, 1):
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
            progress("openings", number, len(openings))
