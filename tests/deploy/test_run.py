"""The runner: one per folder, one clear sentence for what is wrong, and an orderly end."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.machine import processes
from deploy.machine.folder import read_json
from deploy.machine.servers import open_servers

PROJECT = Path(__file__).resolve().parents[2]
Runner = subprocess.Popen[str]
Run = Callable[[int], Runner]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    if (tmp_path / "data" / "secrets.json").exists():
        open_servers(tmp_path / "data").remove()


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    """Start the runner on the folder; it prints what it does."""
    started: list[Runner] = []

    def begin(port: int) -> Runner:
        command = [sys.executable, "-m", "tests.deploy.runner", str(port), str(folder)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        started.append(subprocess.Popen(command, cwd=PROJECT, text=True, start_new_session=True, **pipes))
        return started[-1]

    yield begin
    for runner in started:
        runner.terminate()
        runner.communicate()


def until(runner: Runner, word: str) -> str:
    """Read what the runner says up to the line with this word."""
    assert runner.stdout
    said = ""
    for line in runner.stdout:
        said += line
        if word in line:
            return said
    raise AssertionError(said)


def children(folder: Path) -> list[psutil.Process]:
    return [psutil.Process(pid) for pid in read_json(folder / "state.json")["children"].values()]


def test_ctrl_c_stops_all_in_order_and_a_second_one_changes_nothing(run: Run, folder: Path, port: int) -> None:
    runner = run(port)
    until(runner, f"ready http://127.0.0.1:{port}")
    running = children(folder)
    runner.send_signal(signal.SIGINT)
    runner.send_signal(signal.SIGINT)
    said, _ = runner.communicate(timeout=30)
    stops = [said.index(f"{name} stopped") for name in ("web", "worker", "NATS", "PostgreSQL")]
    assert stops == sorted(stops) and runner.returncode == 0
    servers = open_servers(folder)
    assert all(processes.gone(process) for process in running)
    assert servers.postgres.process() is None and servers.nats.process() is None


def test_a_second_runner_is_refused_with_the_address_of_the_first(run: Run, port: int) -> None:
    until(run(port), "ready")
    second = run(port)
    said, _ = second.communicate(timeout=30)
    assert f"Linli is already running at http://127.0.0.1:{port}" in said and second.returncode == 1


def test_a_taken_port_is_one_sentence_that_names_another(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        runner = run(taken)
        said, _ = runner.communicate(timeout=30)
    assert f"Port {taken} is in use" in said and "make run PORT=" in said
    assert "Traceback" not in said and runner.returncode == 1


def test_web_and_worker_end_with_a_killed_runner_and_the_next_one_adopts(run: Run, folder: Path, port: int) -> None:
    runner = run(port)
    until(runner, "ready http")
    orphans = children(folder)
    runner.kill()
    runner.wait()
    for orphan in orphans:
        processes.wait_until_gone(orphan, 10)
        assert processes.gone(orphan)
    again = until(run(port), "ready http")
    assert again.count("adopted from the last run") == 2


def test_a_dead_child_is_started_again(run: Run, folder: Path, port: int) -> None:
    runner = run(port)
    until(runner, "ready http")
    web = children(folder)[0]
    processes.stop(web, (signal.SIGKILL, 5))
    assert "web ended (-9)" in until(runner, "it starts again in")
