"""The embedded PostgreSQL: made once, started or found again, stopped.

It listens on a unix socket in a folder of its own and on no port. Its log holds what the server does and
never a statement or a value, since those are people's words and numbers.
"""

import locale
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

from deploy.machine import account as accounts
from deploy.machine import processes
from deploy.machine.folder import Json, fresh_log, last_line, private, read_json, short_name, write_json
from deploy.machine.problems import copied_folder, disk_full, explained, server_failed, wrong_major

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_BYTES = 107
# What needs no quoting, neither in the configuration nor in a URL.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
START_SECONDS = 60
# A folder that lost power replays its log first; orphans of a killed server need a moment to notice.
BUSY_SECONDS = 15
CONFIGURATION = """\
# Written by Linli at every start; changes here do not last.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 64MB
wal_compression = on
max_wal_size = 512MB
checkpoint_timeout = 10min
checkpoint_completion_target = 0.9
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
shared_preload_libraries = ''
# No statement and no value ever reaches the log.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


@dataclass
class Postgres:
    """One server for one data folder."""

    folder: Path
    secret: Json
    account: accounts.Account = field(default_factory=accounts.choose_account)

    def __post_init__(self) -> None:
        with explained(self.folder):
            self.base = self._base()
            self.data = self.base / "data"
            self.log = self.base / "postgres.log"
            private(self.base)
            self.socket = self._socket_folder()
            self.account.give(self.base)
            self.account.give(self.socket)
            self._record()

    def url(self, role: str, database: str) -> str:
        password = self.secret["postgres"][role]
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.socket))}&port=5432"

    def start(self) -> str:
        """Make sure that it runs; say "running" when it already did, else "started"."""
        with explained(self.base):
            if process := self.process():
                if self._answers():
                    return "running"
                processes.stop(process, (signal.SIGINT, 30), (signal.SIGQUIT, 10))
            if not (self.data / "PG_VERSION").exists():
                self._make()
            self._check_major()
            self._write("postgresql.conf", CONFIGURATION.format(socket=self.socket))
            self._launch()
        return "started"

    def stop(self) -> None:
        """Fast: open transactions are rolled back, what was committed stays. Harder only if that hangs."""
        if process := self.process():
            processes.stop(process, (signal.SIGINT, 20), (signal.SIGQUIT, 20), (signal.SIGKILL, 5))

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.socket, ignore_errors=True)
        shutil.rmtree(self.base, ignore_errors=True)

    def process(self) -> psutil.Process | None:
        """The server of exactly this data folder, whoever started it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None
        return processes.find(pid, "-D", str(self.data))

    def _base(self) -> Path:
        """Where it was, or where it goes: within the folder, or outside when another user runs it."""
        record = read_json(self.folder / "postgres.json")
        within = self.folder / "postgres"
        if not record:
            outside = accounts.HOUSE / short_name(self.folder, self.secret)
            return outside if self.account.run_as else within
        original, base = Path(record["folder"]), Path(record["base"])
        if base == original / "postgres":
            return within
        if original != self.folder and read_json(original / "postgres.json") == record:
            raise copied_folder(self.folder, original)
        return base

    def _socket_folder(self) -> Path:
        """A short private folder, chosen once.

        It is within the base when its path is short and plain enough for a socket, else below /tmp, where the
        server itself keeps the socket's time fresh so that no cleaner takes it.
        """
        within = self.base / "socket"
        if len(os.fsencode(within / SOCKET_NAME)) <= SOCKET_BYTES and PLAIN_PATH.fullmatch(str(within)):
            return private(within)
        record = read_json(self.folder / "postgres.json")
        recorded = Path(record.get("socket", within))
        if record.get("folder") == str(self.folder) and self._is_private(recorded):
            return recorded
        return self._folder_in_tmp()

    def _folder_in_tmp(self) -> Path:
        return Path(tempfile.mkdtemp(prefix="linli-", dir="/tmp"))

    def _is_private(self, folder: Path) -> bool:
        try:
            found = folder.lstat()
        except OSError:
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == self.account.uid and not found.st_mode & 0o077

    def _record(self) -> None:
        places = {"folder": self.folder, "base": self.base, "data": self.data, "socket": self.socket}
        record = {name: str(path) for name, path in places.items()} | {"log": str(self.log)}
        write_json(self.folder / "postgres.json", record)

    def _make(self) -> None:
        """Make the cluster beside its place and move it there whole.

        Text sorts by code point (the builtin provider), but what counts as a letter comes from the
        system's locale: with plain C, pg_trgm finds no letters in Chinese and every search comes back empty.
        """
        half, password = self.base / "data.new", self.base / "password"
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self._write(password, self.secret["postgres"]["postgres"])
        try:
            made = self._run(
                "initdb",
                *("-D", str(half), "--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--locale=C", f"--lc-ctype={_letters()}"),
            )
        finally:
            password.unlink()
        if made.returncode != 0:
            log = self.folder / "initdb.log"
            log.write_text(made.stdout, encoding="utf-8")
            raise disk_full(self.base) if "No space left" in made.stdout else self._failed(log)
        half.rename(self.data)

    def _check_major(self) -> None:
        found = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        expected = accounts.postgres_version().split(".")[0]
        if found != expected:
            raise wrong_major(self.data, found, expected)

    def _launch(self) -> None:
        """pg_ctl gives the server a session of its own and waits until it takes connections."""
        fresh_log(self.log)
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            self._clear_traces()
            where = ("-D", str(self.data), "-l", str(self.log))
            started = self._run("pg_ctl", "start", *where, "-t", str(START_SECONDS), "-w", "--silent")
            if started.returncode == 0:
                return
            if not self.log.exists():
                self._write(self.log, started.stdout)
            if "No space left" in self._log_end():
                raise disk_full(self.base)
            if "still in use" not in self._log_end() or time.monotonic() > deadline:
                raise self._failed(self.log)
            time.sleep(0.2)

    def _clear_traces(self) -> None:
        """Remove what a killed server left; its process id may be another program's by now.

        Called only when `process()` found no server. Should an orphan of one still hold the shared memory,
        the new server sees that by itself, refuses, and is tried again.
        """
        for trace in (self.data / "postmaster.pid", *self.socket.glob(f"{SOCKET_NAME}*")):
            trace.unlink(missing_ok=True)

    def _answers(self) -> bool:
        arguments = ("-h", str(self.socket), "-p", "5432", "-t", "10")
        deadline = time.monotonic() + START_SECONDS
        while (code := self._run("pg_isready", *arguments).returncode) == 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        return code == 0

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").split("\n")[-6:])

    def _failed(self, log: Path) -> Exception:
        return server_failed("PostgreSQL", log, last_line(log))

    def _write(self, name: str | Path, text: str) -> None:
        path = self.data / name
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        self.account.give(path)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as its user, with nothing of our environment."""
        return subprocess.run(
            [str(self.account.programs / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=self.base,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            umask=0o077,
            start_new_session=True,
            **self.account.run_as,
        )


def _letters() -> str:
    """A locale of this system that knows all letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "zh_CN.UTF-8", "UTF-8"):
            try:
                return locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
