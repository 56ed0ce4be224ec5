"""`make run`: everything on one machine, from nothing to an address that answers, until told to stop."""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.machine import processes
from deploy.machine.folder import open_folder, runner_lock
from deploy.machine.problems import port_impossible, port_taken, process_failed
from deploy.machine.servers import Servers, open_servers
from deploy.machine.signals import Signals, Stop
from deploy.machine.supervisor import PROGRAM, Child, Supervisor, stop_leftovers
from deploy.machine.words import say, step

READY_SECONDS = 90
TEND_SECONDS = 0.5
PATIENCE = 3

Prepare = Callable[[dict[str, str]], None]
Ready = Callable[[dict[str, str], str], None]


def run(port: int, data: Path, prepare: Prepare, ready: Ready, program: tuple[str, ...] = PROGRAM) -> None:
    """Serve on this machine until Ctrl-C or SIGTERM; `prepare` migrates, `ready` greets.

    `program` is what runs as `… serve --port N` and `… work`.
    """
    folder = open_folder(data)
    signals = Signals()
    with runner_lock(folder, port), signals.caught():
        try:
            stop_leftovers(folder)
            check_port(port)
            with _servers(folder, signals) as servers:
                environment = servers.environment()
                prepare(environment)
                with _children(Supervisor(folder, port, environment, program), signals) as supervisor:
                    say(f"邻里：{supervisor.address}", "Ctrl-C stops it · 按 Ctrl-C 停止")
                    ready(environment, supervisor.address)
                    _serve(servers, supervisor, signals)
        except Stop:
            say("已全部停止", "everything is stopped")


@contextmanager
def _servers(folder: Path, signals: Signals) -> Iterator[Servers]:
    """Both servers for as long as this lasts; stopped in order, the second also when the first resists."""
    servers = open_servers(folder)
    with ExitStack() as stack:
        stack.callback(_stop, "PostgreSQL", servers.postgres.stop)
        stack.callback(_stop, "NATS", servers.nats.stop)
        stack.callback(signals.over)
        with signals.held():
            _start("PostgreSQL", servers.postgres.start)
            _start("NATS", servers.nats.start)
        yield servers


@contextmanager
def _children(supervisor: Supervisor, signals: Signals) -> Iterator[Supervisor]:
    """Web and worker for as long as this lasts."""
    with ExitStack() as stack:
        stack.callback(supervisor.stop)
        stack.callback(signals.over)
        with step("服务就绪", "web and worker are ready"):
            with signals.held():
                supervisor.start()
            _wait_until_ready(supervisor)
        yield supervisor


def _start(name: str, start: Callable[[], str]) -> None:
    with step(f"{name} 正在运行", f"{name} is running") as notes:
        if start() == "running":
            notes.append("沿用上次留下的进程 · adopted from the last run")


def _stop(name: str, stop: Callable[[], None]) -> None:
    with step(f"{name} 已停止", f"{name} stopped"):
        stop()


def _serve(servers: Servers, supervisor: Supervisor, signals: Signals) -> None:
    """Nothing to do but to look after what runs."""
    while True:
        time.sleep(TEND_SECONDS)
        with signals.held():
            for name in servers.revive():
                say(f"{name} 曾中断，已重新启动", f"{name} had ended and was started again")
            supervisor.tend()


def _wait_until_ready(supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not (_answers(f"{supervisor.address}/readyz") and all(child.alive() for child in supervisor.children)):
        supervisor.tend()
        if hopeless := _hopeless(supervisor.children, deadline):
            raise process_failed(hopeless.name, hopeless.log)
        time.sleep(0.1)


def _hopeless(children: list[Child], deadline: float) -> Child | None:
    """The one that died again and again, or the web process when time is up."""
    dying = [child for child in children if child.failures >= PATIENCE]
    if dying:
        return dying[0]
    return children[0] if time.monotonic() > deadline else None


def _answers(url: str) -> bool:
    """Ask directly; a proxy of the environment knows nothing of this machine."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def check_port(port: int) -> None:
    """Say who has the port before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise port_impossible(port, error.strerror or "EACCES") from error
        except OverflowError as error:
            raise port_impossible(port, "0–65535") from error
        except OSError as error:
            raise port_taken(port, processes.listener(port)) from error
