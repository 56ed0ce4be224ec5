"""What `linli run` does beside starting processes: databases before, the demo after.

Both are commands of their own: what they take of memory is given back when they end, and the runner stays small.
"""

import os
import subprocess

from deploy.machine.problems import CommandFailed
from deploy.machine.supervisor import PROGRAM
from deploy.machine.words import step

_ADMINISTRATORS = ("LINLI_DATABASE_URL", "LINLI_BUS_URL")


def prepare(environment: dict[str, str], base_url: str) -> None:
    """Before web and worker start: databases and streams, and the demo's key when there is to be a demo."""
    environment["LINLI_PUBLIC_URL"] = base_url
    with step("数据库已就绪", "databases and streams are up to date"):
        _command(environment, "prepare")
    # Web and worker run as the services' own roles; they have no business with what only a migration needs.
    for name in [name for name in environment if name in _ADMINISTRATORS or "_OWNER_" in name]:
        del environment[name]


def greet(environment: dict[str, str], base_url: str) -> None:
    """When the address answers: the demo on the first start, the journey once per data folder."""
    _command(environment, "greet", "--base-url", base_url)


def _command(environment: dict[str, str], *words: str) -> None:
    """Runs `linli …`; what it says goes to the terminal, why it failed into the problem."""
    done = subprocess.run(
        (*PROGRAM, *words), env=os.environ | environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if done.returncode:
        raise CommandFailed(done.stderr.decode(errors="replace").strip())
