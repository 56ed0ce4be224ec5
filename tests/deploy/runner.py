"""The runner with stand-ins for web and worker: `python -m tests.deploy.runner PORT FOLDER`."""

import sys
from pathlib import Path

from deploy.machine.problems import MachineProblem
from deploy.machine.run import run

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in.py")))


def prepared(environment: dict[str, str]) -> None:
    print("prepared", environment["LINLI_BUS_URL"].rsplit(":", 1)[1], flush=True)


def ready(environment: dict[str, str], address: str) -> None:
    print("ready", address, flush=True)


if __name__ == "__main__":
    try:
        run(int(sys.argv[1]), Path(sys.argv[2]), prepared, ready, STAND_IN)
    except MachineProblem as problem:
        sys.exit(str(problem))
