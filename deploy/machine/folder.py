"""The data folder: where it is, who may read it, its passwords, its lock and the little it remembers."""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.machine.problems import already_running, disk_full, explained, foreign_folder, not_ours

SERVICES = ("petitions", "volunteers", "directory")
NEEDED_BYTES = 200 * 1024 * 1024
LOG_BYTES = 10 * 1024 * 1024

Json = dict[str, Any]


def data_folder() -> Path:
    """`LINLI_DATA=`, or `.linli` in the project that holds this code (in an image: where we stand)."""
    chosen = os.environ.get("LINLI_DATA")
    if chosen:
        return Path(chosen).expanduser().resolve()
    project = Path(__file__).resolve().parents[2]
    root = project if (project / "pyproject.toml").exists() else Path.cwd()
    return root / ".linli"


def open_folder(folder: Path) -> Path:
    """Make the folder private, or refuse one that belongs to somebody else."""
    folder = folder.resolve()
    with explained(folder):
        private(folder)
        found = folder.stat()
        if found.st_uid != os.geteuid():
            raise foreign_folder(folder, user_name(found.st_uid))
        if found.st_mode & 0o077:
            _close(folder)
        if shutil.disk_usage(folder).free < NEEDED_BYTES:
            raise disk_full(folder)
    return folder


#: What tests and the bench leave in the data folder, also where nothing ever ran.
_RESULTS = {"artefacts", "bench.json", "bench.svg"}


def _close(folder: Path) -> None:
    """Only an empty folder or one of ours: `LINLI_DATA=/srv` must not lock others out of /srv."""
    if {entry.name for entry in folder.iterdir()} - _RESULTS and not (folder / "secrets.json").exists():
        raise not_ours(folder)
    folder.chmod(0o700)


def private(folder: Path) -> Path:
    """Make a folder that only we may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def read_json(path: Path) -> Json:
    """What was remembered; nothing when the file is not there or was cut short."""
    try:
        remembered = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return remembered if isinstance(remembered, dict) else {}


def write_json(path: Path, content: Json) -> None:
    """Replace the file in one step, so that a crash leaves the old one or the new one."""
    write_private(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def remember(folder: Path, **facts: Any) -> None:
    """Add to `state.json`: ports and process ids that the next start wants to know."""
    write_json(folder / "state.json", read_json(folder / "state.json") | facts)


def load_secrets(folder: Path) -> Json:
    """The passwords and keys of this folder, made once.

    A file that cannot be read back is an error and never a reason to make new ones: the database would
    no longer know them.
    """
    path = folder / "secrets.json"
    if not path.exists():
        write_json(path, _new_secrets())
    kept: Json = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _new_secrets() -> Json:
    roles = [f"{service}_{right}" for service in SERVICES for right in ("owner", "app")]
    return {
        "postgres": {name: secrets.token_hex(24) for name in ("postgres", *roles)},
        "nats": {name: secrets.token_hex(24) for name in ("admin", *SERVICES)},
        "url_signing_key": secrets.token_hex(32),
        "service_token_key": secrets.token_hex(32),
        "folder_id": secrets.token_hex(16),
    }


def short_name(folder: Path, secret: Json) -> str:
    """A name for what lies outside the folder: by its path and its id, so that a new folder at an old place
    never meets the remains of the one before."""
    return hashlib.sha256(f"{folder}\0{secret['folder_id']}".encode()).hexdigest()[:12]


@contextmanager
def runner_lock(folder: Path, port: int) -> Iterator[None]:
    """One runner per folder; the kernel lets go of the lock when the process is gone, however it went."""
    with explained(folder):
        lock = open(folder / "lock", "a+", encoding="utf-8")  # noqa: SIM115 the next line closes it
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = read_json(folder / "lock")
            raise already_running(folder, holder.get("pid"), holder.get("port")) from None
        lock.truncate(0)
        json.dump({"pid": os.getpid(), "port": port}, lock)
        lock.flush()
        yield
        lock.truncate(0)


def fresh_log(path: Path) -> Path:
    """A log that grew long makes room once, at a start, and keeps the one before."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return path


def last_line(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
