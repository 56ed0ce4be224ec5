"""The command: what it says, and what production refuses."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.keys import DEMO_KEY, ensure_key
from tests.support.world import World


def linli(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        *("run", "serve", "work", "migrate", "demo", "journey", "token", "ledger verify", "rebuild"),
        *("import", "import pingshan", "import areas", "import divisions", "import people", "keys list", "keys rotate"),
    ],
)
def test_every_command_has_a_help_that_says_what_it_does(command: str) -> None:
    answer = linli(*command.split(), "--help")
    assert answer.returncode == 0 and len(answer.stdout.splitlines()) > 4


def test_the_version_is_the_projects() -> None:
    assert linli("version").stdout.startswith("linli ")


def test_without_settings_and_data_it_says_what_to_do(tmp_path: Path) -> None:
    without = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    answer = subprocess.run(
        [sys.executable, "-m", "deploy", "ledger", "verify"],
        env=without | {"LINLI_DATA": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 1 and "make run" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", ["demo", "token resident", "serve", "work"])
def test_production_refuses_the_demo_and_its_key(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    ensure_key(tmp_path, DEMO_KEY)
    answer = linli(*command.split(), LINLI_PRODUCTION="true", LINLI_KEYS=str(tmp_path))
    assert answer.returncode == 1
    assert "production" in answer.stderr.lower() and "Traceback" not in answer.stderr


def test_a_service_alone_must_know_where_the_others_are(environment: dict[str, str]) -> None:
    answer = linli("serve", "petitions")
    assert answer.returncode == 1 and "LINLI_DIRECTORY_URL" in answer.stderr


def test_keys_are_listed_and_rotated(environment: dict[str, str]) -> None:
    rotated = linli("keys", "rotate")
    made = re.search(r"sealed with (data-[0-9]+) now", rotated.stdout)
    assert rotated.returncode == 0 and made, rotated.stderr
    listed = linli("keys", "list")
    *older, newest = (line.split() for line in listed.stdout.splitlines())
    assert listed.returncode == 0 and newest[0] == made[1]
    assert older and {sealed for _, sealed in older} == {"0"}


async def test_a_damaged_copy_of_the_directory_is_rebuilt(world: World) -> None:
    copy = world.assembly.app("petitions").state.house.pool
    await copy.execute("delete from office where tenant_id = $1", world.ids["here"])
    await copy.execute("update area set name = 'damaged', version = 1000 where tenant_id = $1", world.ids["here"])
    rebuilt = linli("rebuild", "petitions")
    assert rebuilt.returncode == 0, rebuilt.stderr
    names = await copy.fetch("select name from area where tenant_id = $1", world.ids["here"])
    assert len(names) == 4 and all(row["name"] != "damaged" for row in names)
    offices = await copy.fetch("select kind from office where tenant_id = $1", world.ids["here"])
    assert {row["kind"] for row in offices} == {"grid_officer", "building_head"}


def test_the_ledger_and_the_migrations_can_be_checked(environment: dict[str, str]) -> None:
    verified = linli("ledger", "verify")
    assert verified.returncode == 0 and "the ledger is right" in verified.stdout, verified.stderr
    rewritten = linli("ledger", "verify", "--head", "ab" * 32)
    assert rewritten.returncode == 1 and "ab" * 32 in rewritten.stderr and "Traceback" not in rewritten.stderr
    checked = linli("migrate", "--check")
    assert checked.returncode == 0, checked.stdout
