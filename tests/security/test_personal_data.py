"""Nothing that a person wrote, is called or carries comes out in a log, a metric, an event, history or an error."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import quote_plus

import asyncpg
import httpx
import pytest

from deploy.assemble import Assembly
from deploy.machine.servers import Servers
from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.directory.domain.seed import PersonSeed
from services.petitions.actions.categories import load_categories
from services.petitions.domain.seed import CategorySeed
from shared.infra import bus
from shared.infra.auth import TokenIssuer
from tests.security.life import PEOPLE, Life, seed, until
from tests.security.marks import Marks
from tests.security.traces import messages, traces
from tests.support.processes import many_processes, one_process
from tests.support.world import World

Processes = Callable[[Path, dict[str, str]], AbstractAsyncContextManager[str]]


@pytest.fixture(params=[(1, one_process), (2, many_processes)], ids=["one process", "many processes"])
def mode(request: pytest.FixtureRequest) -> tuple[int, Processes]:
    """Which run this is, and how the house stands."""
    run: tuple[int, Processes] = request.param
    return run


async def test_what_people_wrote_is_found_in_no_log_metric_event_history_or_error(
    mode: tuple[int, Processes],
    assembly: Assembly,
    issuer: TokenIssuer,
    servers: Servers,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    run, processes = mode
    mark = Marks(run)
    ids, tokens = await _settle(assembly, issuer, mark)
    for name, token in tokens.items():
        mark.keep(f"token of {name}", token.rsplit(".")[-1])
    for name in ("url_signing_key", "service_token_key"):
        mark.keep(name, servers.secret[name])
    for server in ("postgres", "nats"):
        for user, password in servers.secret[server].items():
            mark.keep(f"password of {user} at {server}", password)
    async with (
        processes(tmp_path, environment) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client,
    ):
        life = Life(client, mark, tokens, ids)
        await life.journey()
        await life.register()
        await life.mistakes()
        await _break_the_database(life, environment)
        await _break_the_worker(assembly, mark, environment, tmp_path)
        await _send_junk(mark, environment)
        found = [
            (name, marks) async for name, held in traces(url, tmp_path, servers, environment)
            if (marks := mark.found_in(held))
        ]  # fmt: skip
        # The junk was put on the bus by hand, and put aside: that it is found there shows that the search can see.
        assert sorted(name.split(" ")[0] for name, _ in found) == ["event", "event"], found
        assert all(marks == {"junk"} for _, marks in found), found
        await _sweep_up(mark, environment)
    assert len(mark.given) > 60 and len(life.refusals) > 40
    assert [refusal for refusal in life.refusals if mark.found_in(refusal)] == []
    logs = b"".join(log.read_bytes() for log in tmp_path.glob("*.log"))
    assert mark.found_in(logs) == set()
    for error in (b"CheckViolationError", b"InsufficientPrivilegeError", b'"event failed"', b'"job failed"'):
        assert error in logs, error
    assert b'"route":"/internal/v1/changes"' not in logs  # asked every second, and nothing to tell


@pytest.mark.parametrize(
    "form",
    [
        str.encode,
        lambda text: json.dumps(text).encode(),
        lambda text: json.dumps(json.dumps(text)).encode(),
        lambda text: quote_plus(text).encode(),
        lambda text: repr(text.encode()).encode(),
        lambda text: base64.b64encode(f"1{text}2".encode()),
        lambda text: base64.b64encode(f"12{text}3".encode()),
        lambda text: base64.urlsafe_b64encode(f"{text}3".encode()),
        lambda text: text.encode().hex().encode(),
        lambda text: text.encode("gb18030"),
    ],
)
def test_the_search_sees_through_every_form(form: Callable[[str], bytes]) -> None:
    mark = Marks(9)
    name, phone = mark("name"), mark.phone("phone")
    assert mark.found_in(b"before" + form(f"x {name} y") + b"after") == {"name"}
    assert mark.found_in(form(f"{phone}/{name}")) == {"name", "phone"}
    assert mark.found_in(form("somebody else")) == set()


@pytest.mark.parametrize("place", ["log", "history", "outbox"])
async def test_a_planted_mark_is_found_where_it_was_planted(
    place: str, world: World, servers: Servers, environment: dict[str, str], tmp_path: Path
) -> None:
    await world.resident.post("/petitions", {"text": "路灯不亮", "location": world.location()})
    mark = Marks(8)
    planted = json.dumps({"event": "request", "note": mark("planted")})
    owner = await asyncpg.connect(environment["LINLI_PETITIONS_OWNER_DATABASE_URL"])
    async with one_process(tmp_path, environment) as url:
        with (tmp_path / "web.log").open("a") as log:
            log.write(planted if place == "log" else "")
        if place == "history":
            await owner.execute(_PLANT_HISTORY, planted)
        elif place == "outbox":
            await owner.execute(_PLANT_OUTBOX, planted)
        found = [name async for name, held in traces(url, tmp_path, servers, environment) if mark.found_in(held)]
    await owner.execute("delete from petition_history where action = 'planted'")
    await owner.execute("delete from outbox where type = 'planted'")
    await owner.close()
    where = {"log": "log web.log", "history": "table petitions.petition_history", "outbox": "table petitions.outbox"}
    assert found == [where[place]]


async def _settle(assembly: Assembly, issuer: TokenIssuer, mark: Marks) -> tuple[dict[str, str], dict[str, str]]:
    """Loads the neighbourhood; gives ids and access tokens by name."""
    prefix = f"marked-{mark.run}/"
    directory, petitions = assembly.app("directory").state.house, assembly.app("petitions").state.house
    loaded = await load(directory.pool, directory.clock, seed(mark, prefix), None, directory.sealer)
    ids = {key.removeprefix(prefix): value for key, value in loaded.ids.items()}
    for service in ("petitions", "volunteers"):
        await assembly.app(service).state.house.directory.catch_up()
    await load_categories(petitions.pool, ids["street"], [CategorySeed("doors", None, "门禁", "Doors")])
    tokens = {name: issuer.access_token(await actor_for(directory.pool, ids[name])) for name in PEOPLE}
    return {name: str(value) for name, value in ids.items()}, tokens


@asynccontextmanager
async def _broken(environment: dict[str, str], service: str, how: str, mended: str) -> AsyncIterator[None]:
    owner = await asyncpg.connect(environment[f"LINLI_{service.upper()}_OWNER_DATABASE_URL"])
    await owner.execute(how)
    try:
        yield
    finally:
        await owner.execute(mended)
        await owner.close()


async def _break_the_database(life: Life, environment: dict[str, str]) -> None:
    """Statements that fail with the row in their error (DETAIL), that are not allowed, and that are cut off."""
    table = "alter table petition_text"
    check = f"{table} add constraint broken check (title is null) not valid"
    async with _broken(environment, "petitions", check, f"{table} drop constraint broken"):
        await life.act("resident", "/petitions", 500, **life.report())
    right = "insert on petition_text {} petitions_app"
    async with _broken(
        environment, "petitions", f"revoke {right.format('from')}", f"grant {right.format('to')}"
    ):  # fmt: skip
        await life.act("resident", "/petitions", 500, **life.report())
    admin = await asyncpg.connect(environment["LINLI_DATABASE_URL"])
    async with _broken(environment, "petitions", "begin; lock table petition_text in exclusive mode", "rollback"):
        waiting = asyncio.create_task(life.act("resident", "/petitions", 503, **life.report()))
        await until(partial(admin.fetchval, _CUT_OFF))
        await waiting
    await admin.close()


async def _break_the_worker(assembly: Assembly, mark: Marks, environment: dict[str, str], folder: Path) -> None:
    """The directory's copy of volunteers cannot be written: the job fails with a person's row in the error."""
    directory = assembly.app("directory").state.house
    table = "alter table person"
    check = f"{table} add constraint broken check (display_name = '') not valid"
    async with _broken(environment, "volunteers", check, f"{table} drop constraint broken"):
        prefix = f"marked-{mark.run}/"
        newcomer = PersonSeed(f"{prefix}newcomer", f"{prefix}here", mark("name-of-newcomer"), f"{prefix}building")
        more = seed(mark, prefix)
        people = [*more.people, newcomer]
        await load(directory.pool, directory.clock, replace(more, people=people), None, directory.sealer)

        async def failed() -> bool:
            return any(b'"job failed"' in log.read_bytes() for log in folder.glob("*work.log"))

        await until(failed)


async def _send_junk(mark: Marks, environment: dict[str, str]) -> None:
    """An event that no consumer can read is put aside."""
    async with bus.connect(environment["LINLI_BUS_URL"], "admin") as client:
        await client.jetstream().publish("petitions.petition.submitted", mark("junk").encode())

    async def put_aside() -> bool:
        return len(await _junk(mark, environment)) == 2

    await until(put_aside)


async def _junk(mark: Marks, environment: dict[str, str]) -> list[tuple[str, int]]:
    return [(s, n) async for s, n, held in messages(environment["LINLI_BUS_URL"]) if "junk" in mark.found_in(held)]


async def _sweep_up(mark: Marks, environment: dict[str, str]) -> None:
    """Other tests share the bus."""
    async with bus.connect(environment["LINLI_BUS_URL"], "admin") as client:
        for subject, number in await _junk(mark, environment):
            await client.jetstream().delete_msg(subject.split(".")[0], number)


_CUT_OFF = """
select bool_or(pg_terminate_backend(pid)) from pg_stat_activity
 where usename = 'petitions_app' and wait_event_type = 'Lock'
"""
_PLANT_HISTORY = """
insert into petition_history (tenant_id, petition_id, version, at, action, to_status, actor_role, facts)
select tenant_id, id, 1000, now(), 'planted', status, 'reporter', $1::jsonb from petition limit 1
"""
_PLANT_OUTBOX = """
insert into outbox (id, type, tenant_id, aggregate_id, aggregate_version, at, payload, published_at)
select gen_random_uuid(), 'planted', gen_random_uuid(), gen_random_uuid(), 1, now(), $1::jsonb, now()
"""
