"""No statement of volunteers that runs while somebody waits, or again and again, reads all of a table that grows.

Driven through the API and the jobs on 20,000 openings and 100,000 service records with their ledger; PostgreSQL logs
what was sent and how it was carried out.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from deploy.assemble import Assembly
from deploy.machine.servers import Servers
from services.volunteers.actions.awarding_again import announce_again
from services.volunteers.actions.finishing import finish_due
from services.volunteers.actions.petitions import ask_state, note_change
from services.volunteers.actions.points import award, post
from services.volunteers.actions.sealing import seal
from services.volunteers.domain.ledger import Account, AccountKind, LotTerms, Scheme, Transfer, TransferKind
from services.volunteers.domain.ledger import correction_of as taken_back
from services.volunteers.house import House
from shared.contracts.events import Envelope
from shared.infra import bus, outbox
from shared.infra.auth import TokenIssuer
from shared.infra.outbox import Relay
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import MovedClock
from shared.kernel.ids import new_id
from tests.bench.data import Town, found_town
from tests.bench.elsewhere import add_elsewhere
from tests.bench.filling import filling
from tests.bench.street import COMMUNITIES
from tests.bench.volunteering import make_services
from tests.support.person import Person
from tests.support.plans import Plans, check, fill_frame, installation

_RECORDS = 100_000
_IN_EACH = 5
#: Tables that do not grow with what people do.
_SMALL = frozenset({"lease", "feed_position"})

#: Accounts and petitions of the communities elsewhere, and the events of all that was approved in the last days. Some
#: of it still waits for its points.
_MORE = """
insert into account (tenant_id, id, scheme, kind, owner_id, version, balance, spendable)
select tenant_id, id, 'resident', 'volunteer', id, 0, 0, 0 from person where display_name = '远处居民';
insert into petition (tenant_id, id, version, number, status, area_id)
select tenant_id, id, 1, id::text, 'submitted', tenant_id from person where display_name = '远处居民';
update service_record set status = 'approved'
 where id in (select id from service_record where status = 'submitted' order by id limit 50);
insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, payload, published_at)
select tenant_id, gen_random_uuid(), 'service_record.approved', id, 5, now(), '{}', now() - interval '1 hour'
  from service_record where status in ('approved', 'awarded');
"""


@dataclass
class Here:
    """A street in which much was done for others."""

    town: Town
    people: dict[str, Person]
    assembly: Assembly
    plans: Plans
    environment: dict[str, str]
    opening_id: UUID
    record_id: UUID

    @property
    def house(self) -> House:
        house: House = self.assembly.app("volunteers").state.house
        return house

    async def check(self, work: Any) -> None:
        check(await self.plans.of(work), _SMALL)

    async def event(self, about: str, of: str = "volunteers") -> Envelope:
        """What was last told of something; read with a role whose statements are not logged."""
        found = await _first(self.environment, of, f"{_EVENT} where aggregate_id = $1 order by seq desc", UUID(about))
        return outbox._envelope(found)


_EVENT = """
select id, type, tenant_id, aggregate_id, aggregate_version, at, traceparent, payload::text as payload from outbox
"""


#: Somebody who has done much and is free now, with the last that they did.
_FREE = """
select person_id, opening_id, id from service_record r
 where tenant_id = $1 and status = 'awarded'
   and not exists (select from service_record o where o.person_id = r.person_id
                      and tstzrange(o.starts_at, o.ends_at) && tstzrange(now(), now() + interval '10 minutes'))
 order by id desc limit 1
"""


async def _first(environment: dict[str, str], service: str, query: str, *given: Any) -> Any:
    connection = await asyncpg.connect(environment[f"LINLI_{service.upper()}_OWNER_DATABASE_URL"])
    try:
        return await connection.fetchrow(query, *given)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
async def here(servers: Servers, environment: dict[str, str]) -> AsyncIterator[Here]:
    async with installation(servers, environment, "volunteers") as given:
        await add_elsewhere(given, "volunteers")
        town = await found_town(given)
        await make_services(given, _RECORDS, _IN_EACH)
        await fill_frame(given, "volunteers")
        async with filling(given, "volunteers", "account", "petition", "outbox") as connection:
            await connection.execute(_MORE)
        assembly = Assembly()
        transport = httpx.ASGITransport(app=assembly.gateway, raise_app_exceptions=False)
        async with (
            assembly.gateway.router.lifespan_context(assembly.gateway),
            httpx.AsyncClient(transport=transport, base_url="http://linli") as client,
        ):
            people = {
                name: Person(name, town.actors[name].person_id, token, client) for name, token in town.tokens.items()
            }
            grid_id = next(iter(town.actors["grid_officer"].area_roots()))
            leads = Actor(new_id(), (Grant(Role.TEAM_LEADER, grid_id),), grid_id)
            people["team_leader"] = _person(given, leads, client)
            done = await _first(given, "volunteers", _FREE, town.community_id)
            free = replace(town.actors["volunteer"], person_id=done["person_id"])
            people["volunteer"] = _person(given, free, client)
            yield Here(town, people, assembly, Plans(servers.postgres.log), given, done["opening_id"], done["id"])


def _person(environment: dict[str, str], actor: Actor, client: httpx.AsyncClient) -> Person:
    token = TokenIssuer(Path(environment["LINLI_KEYS"]), "key-1").access_token(actor)
    return Person("another", actor.person_id, token, client)


_OPENINGS = ["", "status=open", "status=open,full", "status=done", "with=allowed_actions"]
_OPENINGS += ["near=30.001,110.001", "near=30.001,110.001&status=open", "near=30.001,110.001&limit=50"]


@pytest.mark.parametrize("filters", _OPENINGS)
@pytest.mark.parametrize("who", ["resident", "volunteer", "property_staff", "community_staff", "street_staff"])
async def test_a_list_of_openings_reads_little_more_than_it_shows(here: Here, who: str, filters: str) -> None:
    await here.check(lambda: here.people[who].get(f"/openings?{filters}"))


_RECORD_FILTERS = ["", "status=submitted", "status=rejected", "status=confirmed,awarded", "with=allowed_actions"]
_RECORD_FILTERS += ["opening={opening}", "opening={opening}&status=submitted"]
_SCOPES = [("volunteer", "mine"), ("community_staff", "led"), ("volunteer", "led"), ("team_leader", "area")]
_SCOPES += [("community_staff", "area"), ("street_staff", "area")]


@pytest.mark.parametrize("filters", _RECORD_FILTERS)
@pytest.mark.parametrize(("who", "scope"), _SCOPES)
async def test_a_list_of_records_reads_little_more_than_it_shows(
    here: Here, who: str, scope: str, filters: str
) -> None:
    given = filters.format(opening=here.opening_id)
    await here.check(lambda: here.people[who].get(f"/service-records?scope={scope}&{given}"))


async def test_reading_one_reads_one(here: Here) -> None:
    volunteer, staff = here.people["volunteer"], here.people["community_staff"]
    opening, record = f"/openings/{here.opening_id}", f"/service-records/{here.record_id}"
    for who in (volunteer, staff, here.people["street_staff"], here.people["property_staff"]):
        await here.check(partial(who.get, opening))
    await here.check(partial(staff.get, f"{opening}/check-in-code"))
    for who in (volunteer, staff, here.people["street_staff"]):
        await here.check(partial(who.get, record))


async def test_points_are_read_of_one_account(here: Here) -> None:
    volunteer = here.people["volunteer"]
    await here.check(lambda: volunteer.get("/points/me"))
    await here.check(lambda: volunteer.get("/points/me/transfers"))
    following = (await volunteer.get("/points/me/transfers?limit=20")).json()["next_cursor"]
    assert following
    await here.check(lambda: volunteer.get(f"/points/me/transfers?limit=20&cursor={following}"))


def _offer(**more: Any) -> dict[str, Any]:
    """It begins at once; so does not meet what the volunteer has done or is to do."""
    now = datetime.now(UTC)
    window = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(minutes=1)).isoformat()}
    return {"kind": "task", "title": "看门", "text": "晚饭后看门", "capacity": 1, "points": 3} | window | more


async def _twice(who: Person, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The second time it is known already."""
    key = {"idempotency-key": str(new_id())}
    for _ in range(2):
        answer = await who.post(path, body, headers=key)
        assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


async def test_every_step_from_the_offer_to_the_award_touches_that_one_alone(here: Here) -> None:
    volunteer, staff = here.people["volunteer"], here.people["community_staff"]

    async def journey() -> None:
        for end in ("cancel", "reject", "approve"):
            opening = await _twice(staff, "/openings", _offer())
            record = await _twice(volunteer, f"/openings/{opening['id']}/claim")
            path = f"/service-records/{record['id']}"
            assert (await volunteer.post(f"/openings/{opening['id']}/claim")).status_code == 409
            if end == "cancel":
                await _twice(volunteer, f"{path}/cancel", {"text": "来不了了"})
                continue
            for action in ("check-in", "check-out"):
                code = (await staff.get(f"/openings/{opening['id']}/check-in-code")).json()["code"]
                await _twice(volunteer, f"{path}/{action}", {"code": code})
            await _twice(volunteer, f"{path}/submit", {"text": "看了一晚上门"})
            await _twice(staff, f"{path}/{end}", {"text": "没有来"} if end == "reject" else {})
        approved = await here.event(record["id"])
        for _ in range(2):
            await award(here.house, approved)
        assert (await volunteer.get(path)).json()["status"] == "awarded"

    await here.check(journey)


async def test_a_task_out_of_a_petition_reads_that_petition(here: Here) -> None:
    resident, staff = here.people["resident"], here.people["community_staff"]

    async def offered() -> None:
        petition = (await resident.post("/petitions", here.town.report(""))).json()
        await _twice(staff, "/openings", _offer(petition_id=petition["id"]))
        await note_change(here.house, await here.event(petition["id"], "petitions"))
        await ask_state(here.house, UUID(petition["id"]))

    await here.check(offered)


async def test_posting_reads_the_accounts_that_it_moves_points_between(here: Here) -> None:
    account = Account(here.town.community_id, Scheme.RESIDENT, AccountKind.VOLUNTEER, here.people["volunteer"].id)

    async def move() -> None:
        redeemed = account.system(AccountKind.REDEEMED)
        spent = Transfer(new_id(), account, redeemed, 5, TransferKind.REDEMPTION, new_id())
        back = taken_back(spent, new_id(), new_id(), "取消兑换", LotTerms("A"))
        for transfer in (spent, spent, back):
            await post(here.house.pool, [transfer], datetime.now(UTC))

    await here.check(move)


async def test_what_runs_again_and_again_reads_what_waits(here: Here) -> None:
    house = here.house
    async with bus.connect(house.settings.bus_url, "volunteers") as client:
        relay = Relay("volunteers", house.pool, client)

        async def look() -> None:
            await _twice(here.people["community_staff"], "/openings", _offer())
            assert await relay.holds_lease()
            await relay.publish_batch()
            await seal(house.pool)
            await house.directory.catch_up()
            for statement, age in outbox._FORGET:
                await house.pool.execute(statement, datetime.now(UTC) - age)

        await here.check(look)


async def test_what_is_overdue_is_found_without_reading_what_is_not(here: Here) -> None:
    assert await announce_again(here.house) == 50
    await here.check(lambda: announce_again(here.house))
    clock = MovedClock(datetime.now(UTC))

    async def hour() -> None:
        clock.move(timedelta(hours=1))
        assert await finish_due(replace(here.house, clock=clock)) >= COMMUNITIES

    await here.check(hour)
