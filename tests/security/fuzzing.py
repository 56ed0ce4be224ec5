"""Schemathesis over the gateway of this process, as people who may call, about things that exist.

Schemathesis runs in a thread and has a loop of its own, but the house's connections belong to the tests' loop: the
`Bridge` carries each request over. Generated ids name nothing and a generated token nobody, so `_Town` gives most
requests an id of a thing that is there and the token of somebody who may call.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import schemathesis
import schemathesis.engine
from schemathesis import HookContext
from schemathesis.engine import events
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.clock import MovedClock
from tests.services.petitions.test_journey_of_a_petition import brought_to as petition_in
from tests.services.volunteers.steps import brought_to as record_in
from tests.services.volunteers.steps import offer, opened
from tests.support.world import _PEOPLE, World

#: Held against every answer. Who may call what is the business of test_authorisation.py.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)
#: In every ten requests, so many name a thing that exists; the rest keep the id that was generated.
_REAL = 8
_A_DAY = timedelta(days=1)
_ANYWHERE = {"petition_id": None, "area_id": None}


@dataclass(frozen=True, slots=True)
class Bridge:
    """An ASGI app that runs each request on another loop: the whole request in, the whole answer out."""

    app: ASGIApp
    loop: asyncio.AbstractEventLoop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise NotImplementedError  # the house is open already
        sent: list[Message] = []
        while not sent or sent[-1].get("more_body"):
            sent.append(await receive())
        answering = asyncio.run_coroutine_threadsafe(self._answer(scope, sent), self.loop)
        for message in await asyncio.wrap_future(answering):
            await send(message)

    async def _answer(self, scope: Scope, sent: list[Message]) -> list[Message]:
        answer: list[Message] = []

        async def receive() -> Message:
            return sent.pop(0) if sent else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            answer.append(message)

        await self.app(scope, receive, send)
        return answer


@dataclass(frozen=True, slots=True)
class Town:
    """The ids of what exists, by the noun of its address, and the tokens of people, by role.

    `sensible` replaces the place or the times of what is created at that address: by chance never here and now.
    """

    ids: dict[str, list[str]]
    tokens: dict[str, list[str]]
    sensible: dict[str, dict[str, Any]]
    chance: random.Random

    @classmethod
    async def build(cls, world: World, clock: MovedClock) -> "Town":
        """A world with a petition and a service record in each state."""
        states = ("submitted", "accepted", "dispatched", "in_progress", "resolved", "closed", "rejected", "withdrawn")
        petitions = [(await petition_in(world, state))["id"] for state in states]
        records, openings = [], [(await opened(world, clock))["id"]]
        for state in ("approved", "rejected", "submitted", "checked_out", "checked_in", "cancelled", "confirmed"):
            record = await record_in(world, clock, state)
            records.append(record["id"])
            openings.append(record["opening"]["id"])
            clock.move(_A_DAY)
        areas = [str(world.ids[name]) for name in ("street", "here", "there", "grid", "building")]
        offices = [item["id"] for item in (await world.platform_admin.get("/offices")).json()["items"]]
        people = [str(world.ids[name]) for name in ("neighbour", "volunteer", "grid_officer", "stranger")]
        ids = {"petitions": petitions, "openings": openings, "service-records": records, "areas": areas}
        ids |= {"offices": offices, "people": people}
        ids |= await _ties(world)
        spare, ids["households"] = await _registered(world)
        tokens: dict[str, list[str]] = {}
        for name, held in _PEOPLE.items():
            for role, _ in held:
                tokens.setdefault(role, []).append(world.people[name].token)
        times = offer(clock)
        member = {"organisation_id": str(world.ids["property"]), "person_id": str(world.ids["resident"])}
        sensible = {
            "/api/v1/petitions": {"location": world.location(), "category": None, "attachments": []},
            "/api/v1/openings": {name: times[name] for name in ("starts_at", "ends_at")} | _ANYWHERE,
            "/api/v1/areas": {"parent_id": areas[3], "kind": "building", "code": None, "centre": None, "polygons": []},
            "/api/v1/areas/{area_id}/move": {"parent_id": areas[2]},
            "/api/v1/offices": {"person_id": people[0], "kind": "floor_contact", "area_id": areas[4]},
            "/api/v1/grants": {
                "person_id": people[0],
                "role": "volunteer",
                "area_id": areas[1],
                "organisation_id": None,
            },
            "/api/v1/offices/{office_id}/hand-over": {"person_id": people[1]},
            "/api/v1/people/{person_id}/hand-over": {"person_id": people[0]},
            "/api/v1/people": {"home_id": areas[4], "kept_by": None, "phone": "13809901234", "id_number": None},
            "/api/v1/people/{person_id}": {"home_id": areas[4], "phone": "13809901234", "id_number": None},
            "/api/v1/people/{person_id}/merge": {"person_ids": [spare]},
            "/api/v1/people/{person_id}/care": {"kinds": ["disability"], "helper_ids": people[1:2]},
            "/api/v1/people/look-up": {"phone": "13809901234", "id_number": None},
            "/api/v1/memberships": {**member, "kind": "staff", "on_behalf_of_id": None},
            "/api/v1/enrolments": {**member, "community_id": areas[1]},
            "/api/v1/councils": {"area_id": areas[1], "rhythms": [{"kind": "council_meeting", "months": 1}]},
            "/api/v1/councils/{id}/seat": {"organisation_id": member["organisation_id"]},
            "/api/v1/councils/{id}/meetings": {"kind": "council_meeting"},
        }
        return cls(ids, tokens, sensible, random.Random(1))

    def place(self, case: schemathesis.Case) -> None:
        """Gives a request a caller who may call, and mostly an id that exists; a spoilt id stays spoilt."""
        roles = case.operation.definition.raw["x-roles"]
        role = self.chance.choice([known for known in roles if known in self.tokens])
        case.headers["Authorization"] = f"Bearer {self.chance.choice(self.tokens[role])}"
        made = case.path in self.sensible and isinstance(case.body, dict) and _is_valid(case)
        if made and self.chance.randrange(10) < _REAL:
            case.body = case.body | self.sensible[case.path]
        if case.method == "PUT" and self.chance.randrange(10) < _REAL:
            case.headers["If-Match"] = '"1-0"'
        there = self.ids.get(case.path.removeprefix("/api/v1/").split("/")[0])
        for name, given in case.path_parameters.items():
            if there and _is_id(given) and self.chance.randrange(10) < _REAL:
                case.path_parameters[name] = self.chance.choice(there)


async def _ties(world: World) -> dict[str, list[str]]:
    """A membership, an enrolment and a council."""
    admin, ids = world.platform_admin, world.ids
    member = {"organisation_id": str(ids["property"]), "person_id": str(ids["neighbour"])}
    bodies = {
        "memberships": {**member, "kind": "member"},
        "enrolments": {**member, "community_id": str(ids["here"])},
        "councils": {"area_id": str(ids["street"]), "name": "大工委"},
    }
    ties = {noun: [(await admin.post(f"/{noun}", body)).json()["id"]] for noun, body in bodies.items()}
    council, unit = ties["councils"][0], {"organisation_id": str(ids["committee"])}
    await admin.post(f"/councils/{council}/seat", unit)
    need = {"council_id": council, "kind": "room", "title": "缺场地"}
    ties["needs"] = [(await admin.post("/needs", need)).json()["id"] for _ in range(3)]
    ties["resources"] = [(await admin.post("/resources", need | unit)).json()["id"]]
    project = {"council_id": council, "title": "对接", "need_ids": ties["needs"][:1]}
    ties["projects"] = [(await admin.post("/projects", project)).json()["id"]]
    promised = {"council_id": council, "title": "协议书", "party_ids": [str(ids["committee"])]}
    promised |= {"starts_on": "2026-01-01", "ends_on": "2199-01-01", "clauses": [{"field": "safety", "text": "巡逻"}]}
    ties["agreements"] = [(await admin.post("/agreements", promised)).json()["id"]]
    return ties


async def _registered(world: World) -> tuple[str, list[str]]:
    """Somebody to be merged into others, and the household where they live."""
    body = {"name": "住户", "home_id": str(world.ids["building"]), "door": "501", "phone": "13809901234"}
    person = (await world.street_staff.post("/people", body)).json()["id"]
    homes = await world.street_staff.get(f"/areas/{world.ids['building']}/households")
    return person, [home["id"] for home in homes.json()["items"]]


def _is_id(given: object) -> bool:
    try:
        return str(UUID(str(given))) == given
    except ValueError:
        return False


#: Refusals that tell of two fields together, of what exists, or of the moment: JSON Schema cannot say them.
BEYOND_THE_DOCUMENT = {
    "text_or_photo",
    "place_of_petition",
    "repeated",
    "before_start",
    "too_long",
    "too_short",  # what is searched for: two Hanzi or a word
    "past",
    "too_far",
    "near_done",
    "place_outside",
    "petition.place_outside",
    "idempotency_key_reused",
    "cursor_form",
    "service_record.wrong_code",
    "string_too_short",  # spaces at the ends are taken away first
    "one_line",  # and line breaks
    "unknown_category",
    "unknown_handler",
    "unknown_attachment",
    "unknown_petition",
    "unknown_area",
    "unknown_kind",
    "rank",  # what may lie below what
    "closed",
    "cycle",
    "council",
    "duplicate",
    "duplicate_code",
    "code_form",
    "code_prefix",
    "other_kind",
    "one_of",
    "one_root",
    "same_person",
    "merged",
    "day_out_of_range",
    "days",  # it ends before it begins, or is handed over before that
    "unknown_organisation",
    "unknown_council",
    "wrong_root",  # what a role may count for
    "phone_form",
    "id_number_form",
    "id_number_date",
    "id_number_check",
    "birth_year",
    "other_birth_year",
    "address_form",
    "door_form",
    "door_without_home",
    "duplicate_door",
    "not_yours",
    "other_tenant",
    "unknown_person",
    "not_a_tenant",
    "not_a_community",
    "not_a_member",
    "not_at_home",
    "not_delegated",
    "itself",
    "held_by_another",
    "ends_before_start",
    "later_than_before",
    "before_told",
    "future",
    "overlap",
    "outside",
    "not_a_party",
    "unknown_clause",
    "unknown_need",
    "unknown_resource",
    "rest_unknown",
    "closes_before",
    "parent_elsewhere",
    "not_formed",
    "credit_code_form",
    "credit_code_check",
    "ends_on",
    "polygon_hole",
    "seed.polygon_open",
    "seed.polygon_crossing",
    "seed.polygon_points",
    "seed.swapped",
    "swapped",
    "degrees",
    "coord_sys_missing",
    "outside_every_area",
    "unknown_facility",
    "tenant_stays",
    "missing",  # the centre of an area that has none
    "interval_order",
    "season_order",
    "age_order",
    "schedule_missing",
}
_FORM = (400, 413, 415, 422)


def _is_valid(case: schemathesis.Case) -> bool:
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


@dataclass(slots=True)
class Run:
    """What came of it."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    operations: Counter[str] = field(default_factory=Counter)

    def add(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        self.cases += len(recorder.interactions)
        self.operations[recorder.label] += len(recorder.interactions)
        self.statuses.update(i.response.status_code for i in recorder.interactions.values() if i.response)
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    self._failed(recorder, case_id, check)

            self._count_refusal(recorder, case_id)

    def _count_refusal(self, recorder: Any, case_id: str) -> None:
        """What the document allows may only be refused for what no document can say."""
        case, seen = recorder.cases[case_id].value, recorder.interactions.get(case_id)
        if case.path.endswith(("/attachments", "/import")):  # what is in a file, no document says
            return
        if not _is_valid(case) or seen is None or seen.response is None or seen.response.status_code not in _FORM:
            return
        problem = json.loads(seen.response.content)
        codes = {error["code"] for error in problem.get("errors", [])} or {problem["code"]}
        if codes - BEYOND_THE_DOCUMENT:
            where = f"{recorder.label}: valid, but {', '.join(sorted(codes - BEYOND_THE_DOCUMENT))}"
            self.failures.setdefault(where, f"{seen.request.uri} {str(case.body)[:300]}\n  {seen.response.text[:500]}")

    def _failed(self, recorder: Any, case_id: str, check: Any) -> None:
        """One of each kind for each operation is enough to read."""
        seen = recorder.interactions.get(case_id)
        request = f"{seen.request.method} {seen.request.uri} {str(seen.request.body)[:300]}" if seen else ""
        answer = f"{seen.response.status_code} {seen.response.text[:500]}" if seen and seen.response else ""
        failure = check.failure_info.failure
        where = f"{recorder.label}: {check.name}"
        self.failures.setdefault(where, f"{failure.title} {failure.message[:600]}\n  {request}\n  {answer}")

    def __str__(self) -> str:
        shares = ", ".join(f"{status}: {number}" for status, number in sorted(self.statuses.items()))
        return f"{self.cases} cases at {len(self.operations)} operations ({shares}), {len(self.failures)} failures"


_ALL_PHASES = ("examples", "coverage", "fuzzing", "stateful")


def fuzz(
    app: ASGIApp,
    town: Town,
    loop: asyncio.AbstractEventLoop,
    examples: int,
    phases: tuple[str, ...],
    say: Callable[[str], None],
) -> Run:
    """Runs the phases over every documented operation; in a thread, while `loop` serves."""
    on: dict[str, Any] = {phase: {"enabled": phase in phases} for phase in _ALL_PHASES}
    # Ids that Schemathesis remembers of answers leave it few cases to try; the town has better ones.
    on["fuzzing"]["extra-data-sources"] = {"responses": False}
    config = schemathesis.Config.from_dict(
        {
            "seed": 1,
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "phases": on,
            "checks": {"enabled": False} | {check: {"enabled": True} for check in CHECKS},
            "warnings": False,
            "continue-on-failure": True,
        }
    )
    schema = schemathesis.openapi.from_asgi("/openapi.json", Bridge(app, loop), config=config)

    @schemathesis.hook
    def before_call(context: HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
        town.place(case)

    try:
        return _watched(schema, say)
    finally:
        schemathesis.hooks.unregister(before_call)  # it is there for this process, not for this run


def _watched(schema: BaseSchema, say: Callable[[str], None]) -> Run:
    run = Run()
    for event in schemathesis.engine.from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            run.add(event)
            say(f"{event.phase.name} {event.label}: {run}")
        elif isinstance(event, (events.NonFatalError, events.FatalError)):
            run.failures[f"error {getattr(event, 'label', '')}"] = str(getattr(event, "value", event))
    return run
