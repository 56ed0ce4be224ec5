"""The one-machine servers: they start anywhere, are found again, lose nothing and leave nothing."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import nats
import psutil
import pytest
from nats.js.api import ConsumerConfig

from deploy.machine import MachineProblem, Servers, processes, start_servers
from deploy.machine.account import HOUSE
from deploy.machine.folder import open_folder, read_json, remember
from deploy.machine.nats import ANY_PORT, DURABLES
from deploy.machine.nats import program as nats_program

ROOT = os.geteuid() == 0
PHONE = "13800138000"
Start = Callable[[Path], Servers]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start servers; whatever the test did to them, nothing stays."""
    started: list[Servers] = []

    def begin(folder: Path) -> Servers:
        started.append(start_servers(folder))
        return started[-1]

    yield begin
    for servers in started:
        servers.remove()


async def one(servers: Servers, statement: str) -> object:
    connection = await asyncpg.connect(servers.environment()["LINLI_DATABASE_URL"])
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def bus_answers(servers: Servers) -> bool:
    client = await nats.connect(servers.environment()["LINLI_BUS_URL"])
    try:
        return (await client.jetstream().account_info()).streams >= 0
    finally:
        await client.close()


def modes(*paths: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owner of each path and of every folder above it."""
    every = {place for path in paths for place in (path, *path.parents)}
    return {place: (s.st_mode, s.st_uid, s.st_gid) for place in every for s in [place.stat()]}


def start_and_die(folder: Path) -> None:
    """Start the servers from a process that is then killed without a word."""
    code = (
        "import os, sys; from pathlib import Path; from deploy.machine import start_servers\n"
        "servers = start_servers(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(folder)]).returncode == -signal.SIGKILL


async def test_both_servers_answer_and_removing_them_leaves_nothing(tmp_path: Path, start: Start) -> None:
    servers = start(tmp_path / "data")
    assert str(await one(servers, "show server_version")).startswith("18.")
    assert await bus_answers(servers)
    assert stat.S_IMODE(servers.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((servers.folder / "secrets.json").stat().st_mode) == 0o600
    running = [servers.postgres.process(), servers.nats.process()]
    servers.remove()
    assert all(process and processes.gone(process) for process in running)
    assert not any(path.exists() for path in (servers.folder, servers.postgres.base, servers.postgres.socket))


async def test_chinese_words_have_letters_for_the_search(tmp_path: Path, start: Start) -> None:
    servers = start(tmp_path / "data")
    await one(servers, "create extension pg_trgm")
    assert await one(servers, "select show_trgm('路灯坏了') <> '{}'") is True


async def test_what_people_wrote_never_reaches_the_log(tmp_path: Path, start: Start) -> None:
    servers = start(tmp_path / "data")
    await one(servers, "create table people (phone text unique)")
    await one(servers, f"insert into people values ('{PHONE}')")
    for wrong in (f"insert into people values ('{PHONE}')", f"select '{PHONE}x'::uuid"):
        with pytest.raises(asyncpg.PostgresError):
            await one(servers, wrong)
    servers.stop()
    assert PHONE not in servers.postgres.log.read_text(encoding="utf-8")


async def test_servers_of_a_killed_runner_are_adopted(tmp_path: Path, start: Start) -> None:
    folder = tmp_path / "data"
    start_and_die(folder)
    servers = start(folder)
    before = servers.postgres.process(), servers.nats.process()
    assert all(before)
    assert servers.start() == {"PostgreSQL": "running", "NATS": "running"}
    assert (servers.postgres.process(), servers.nats.process()) == before
    assert await one(servers, "select 1") == 1 and await bus_answers(servers)


async def test_a_bus_whose_runner_died_before_noting_its_id_is_found_all_the_same(tmp_path: Path, start: Start) -> None:
    servers = start(tmp_path / "data")
    first = servers.nats.process()
    remember(servers.folder, nats_pid=None, nats_port=ANY_PORT)
    again = start(tmp_path / "data")
    assert first and processes.gone(first)
    running = [p for p in psutil.process_iter() if processes.find(p.pid, "-c", str(again.nats.config))]
    assert running == [again.nats.process()]
    assert await bus_answers(again)


async def test_what_was_acknowledged_survives_a_killed_server(tmp_path: Path, start: Start) -> None:
    servers = start(tmp_path / "data")
    await one(servers, "create table kept (n int)")
    await one(servers, "insert into kept values (7)")
    client = await nats.connect(servers.environment()["LINLI_BUS_URL"])
    await client.jetstream().add_stream(name="kept", subjects=["kept.>"])
    await client.jetstream().publish("kept.one", b"7")
    await client.close()
    for process in (servers.postgres.process(), servers.nats.process()):
        assert process and processes.stop(process, (signal.SIGKILL, 5))
    assert servers.revive() == ["PostgreSQL", "NATS"]
    assert await one(servers, "select n from kept") == 7
    client = await nats.connect(servers.environment()["LINLI_BUS_URL"])
    assert (await client.jetstream().stream_info("kept")).state.messages == 1
    await client.close()


async def test_a_stale_process_id_that_is_another_program_now_confuses_nobody(tmp_path: Path, start: Start) -> None:
    servers = start(tmp_path / "data")
    servers.stop()
    account = servers.postgres.account
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, cwd="/", **account.run_as) as other:
        trace = servers.postgres.data / "postmaster.pid"
        trace.write_text(f"{other.pid}\n{servers.postgres.data}\n1\n5432\n", encoding="utf-8")
        account.give(trace)
        assert servers.postgres.process() is None
        servers.start()
        assert await one(servers, "select 1") == 1
        assert other.poll() is None
        other.communicate()


def long_name(parent: Path) -> Path:
    """A folder whose path has 200 bytes and more than a socket's path may have."""
    return parent / ("x" * (199 - len(os.fsencode(parent))))


@pytest.mark.parametrize("shape", ["a space", "邻里 数据", "a neighbour's", "long"])
async def test_any_path_will_do(tmp_path: Path, start: Start, shape: str) -> None:
    folder = long_name(tmp_path) if shape == "long" else tmp_path / shape
    servers = start(folder)
    assert len(os.fsencode(servers.postgres.socket / ".s.PGSQL.5432")) <= 107
    assert await one(servers, "select 1") == 1 and await bus_answers(servers)


@pytest.mark.skipif(not ROOT, reason="only root keeps its data outside the folder")
async def test_as_root_below_a_closed_home_no_mode_or_owner_changes(tmp_path: Path, start: Start) -> None:
    home = tmp_path / "home"
    (home / "project").mkdir(parents=True)
    home.chmod(0o700)
    wheel = nats_program()
    before = modes(home / "project", wheel, Path(sys.prefix), Path.home())
    servers = start(home / "project" / ".linli")
    assert await one(servers, "select 1") == 1
    assert modes(home / "project", wheel, Path(sys.prefix), Path.home()) == before
    assert servers.postgres.base.parent == HOUSE
    assert stat.S_IMODE(servers.postgres.base.stat().st_mode) == 0o700
    assert read_json(servers.folder / "postgres.json")["data"] == str(servers.postgres.data)


async def test_a_copied_folder_never_touches_the_database_of_the_original(tmp_path: Path, start: Start) -> None:
    servers = start(tmp_path / "data")
    servers.stop()
    subprocess.run(["cp", "-rp", tmp_path / "data", tmp_path / "copy"], check=True)
    if ROOT:
        with pytest.raises(MachineProblem, match="is a copy of"):
            start_servers(tmp_path / "copy")
    else:
        assert start(tmp_path / "copy").postgres.data != servers.postgres.data


def test_a_folder_with_other_things_in_it_is_refused_and_stays_open(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    (shared / "letter.txt").touch()
    with pytest.raises(MachineProblem, match="holds other files"):
        start_servers(shared)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755


def test_a_folder_in_which_only_tests_left_their_results_is_taken_and_closed(tmp_path: Path) -> None:
    folder = tmp_path / ".linli"
    (folder / "artefacts").mkdir(parents=True)
    (folder / "bench.json").touch()
    folder.chmod(0o755)
    assert stat.S_IMODE(open_folder(folder).stat().st_mode) == 0o700


async def test_a_service_publishes_and_reads_what_is_its_own_and_nothing_else(tmp_path: Path, start: Start) -> None:
    environment = start(tmp_path / "data").environment()
    admin = await nats.connect(environment["LINLI_BUS_URL"])
    for name in ("petitions", "volunteers"):
        await admin.jetstream().add_stream(name=name, subjects=[f"{name}.>"])
    ours, theirs = DURABLES["petitions"][0], DURABLES["volunteers"][0]
    for durable in (ours, theirs):
        await admin.jetstream().add_consumer("volunteers", ConsumerConfig(durable_name=durable))
    await admin.jetstream().publish("volunteers.fact", b"true")

    refused: asyncio.Queue[str] = asyncio.Queue()

    async def note(error: Exception) -> None:
        refused.put_nowait(str(error))

    petitions = await nats.connect(
        environment["LINLI_PETITIONS_BUS_URL"], inbox_prefix=b"_INBOX_petitions", error_cb=note
    )
    stream = petitions.jetstream()
    assert (await stream.publish("petitions.fact", b"true")).seq == 1
    reader = await stream.pull_subscribe_bind(durable=ours, stream="volunteers")
    [message] = await reader.fetch(1, timeout=5)
    await message.ack_sync()
    for subject in ("volunteers.forged", f"$JS.API.CONSUMER.MSG.NEXT.volunteers.{theirs}"):
        await petitions.publish(subject, b"1")
        said = await asyncio.wait_for(refused.get(), 5)
        assert "permissions violation" in said and subject.lower() in said.lower()
    await petitions.close()
    await admin.close()
