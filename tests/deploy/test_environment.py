"""What `make` says on a machine where something is missing, before anything is installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "grep", "awk", "df", "cat", "tail", "uname", "rm", "mkdir")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without environment, in a folder with a space and Chinese characters."""
    project = tmp_path / "邻里 项目"
    (project / "deploy").mkdir(parents=True)
    for name in ("deploy/environment.sh", "requirements.lock", "pyproject.toml"):
        shutil.copy(PROJECT / name, project / name)
    return project


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """All that the script may find on this machine; a test puts Pythons into it."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    return tools


def put_python(tools: Path, name: str, body: str) -> None:
    """A Python that answers as an old or incomplete one does."""
    program = tools / name
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


def said(project: Path, tools: Path, **environment: str) -> str:
    command = [str(tools / "sh"), str(project / "deploy/environment.sh")]
    made = subprocess.run(command, env={"PATH": str(tools), **environment}, capture_output=True, text=True)
    assert made.returncode == 1
    assert "Traceback" not in made.stderr
    return made.stderr


def test_no_python(project: Path, tools: Path) -> None:
    assert "There is no Python; install Python 3.11 or later" in said(project, tools)


def test_too_old_a_python(project: Path, tools: Path) -> None:
    put_python(tools, "python3", 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac')
    assert "Python 3.9 is too old, Linli needs 3.11 or later" in said(project, tools)


def test_a_python_without_venv_names_the_package(project: Path, tools: Path) -> None:
    put_python(tools, "python3", 'case "$2" in *print*) echo 3.11 ;; *venv*) exit 1 ;; esac')
    answer = said(project, tools)
    assert "python3-venv" in answer and "python3.11-venv" in answer


def test_a_named_python_that_does_not_run(project: Path, tools: Path) -> None:
    assert "PYTHON=/nowhere/python is no Python that runs" in said(project, tools, PYTHON="/nowhere/python")


def test_a_full_disk(project: Path, tools: Path) -> None:
    (tools / "df").unlink()
    put_python(tools, "df", "printf 'Filesystem\\n/dev/x 100 99 1024 99%% /\\n'")
    assert "The disk is full" in said(project, tools)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere; a mounted read-only disk is tried by hand")
def test_a_read_only_folder(project: Path, tools: Path) -> None:
    project.chmod(0o555)
    try:
        assert "cannot be written" in said(project, tools)
    finally:
        project.chmod(0o755)


def test_an_index_that_has_nothing_for_this_machine(project: Path, tools: Path, tmp_path: Path) -> None:
    (tools / "python3").symlink_to(sys.executable)
    empty = tmp_path / "index"
    empty.mkdir()
    answer = said(project, tools, PYTHON=sys.executable, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(empty))
    assert "The package index has nothing for" in answer
    assert (project / ".venv/linli-unfinished").exists()
