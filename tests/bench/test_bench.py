"""The bench itself: a run with tiny settings ends, leaves nothing behind, and writes what it promises."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench.result import write
from tests.bench.rounds import Row

pytestmark = pytest.mark.long

_FEW = ["list", "p99_list", "detail", "points", "submit", "home", "award", "race", "locate", "locate_copy_outside"]
_TINY = (*_FEW, "--petitions", "2000", "--rounds", "1", "--seconds", "1")


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench", *arguments],
        env=os.environ | {"LINLI_DATA": str(folder / "data"), "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _database(folder: Path) -> Path:
    """Where the running bench keeps its database: as root outside of its folder."""
    [record] = folder.glob("linli-bench-*/data/postgres.json")
    return Path(json.loads(record.read_text(encoding="utf-8"))["base"])


def test_a_tiny_run_writes_its_figures(tmp_path: Path) -> None:
    running = _start(tmp_path, *_TINY)
    output = running.communicate(timeout=170)[0]
    # With so little measured a ratio may be anything; a traceback or a sentence about worthless figures may not be.
    assert running.returncode in (0, 1) and "µs system" in output, output
    figures = json.loads((tmp_path / "data" / "bench.json").read_text(encoding="utf-8"))
    assert sorted(row["name"] for row in figures["rows"]) == sorted(_FEW)
    for row in figures["rows"]:
        assert set(row) == {"name", "unit", "floor", "system", "ratio"}
        assert row["floor"] > 0 and row["system"] > 0
        assert row["ratio"] == pytest.approx(row["system"] / row["floor"], rel=0.01, abs=0.001)
    ElementTree.parse(tmp_path / "data" / "bench.svg")
    assert not list(tmp_path.glob("linli-bench-*"))


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_stops_what_it_started(tmp_path: Path, told: signal.Signals) -> None:
    running = _start(tmp_path, *_TINY, "--rounds", "9")
    assert running.stdout is not None
    while "list                 1/9" not in (line := running.stdout.readline()):
        assert line, "the bench ended before it was told to"
    database = _database(tmp_path)
    assert database.exists()
    running.send_signal(told)
    assert running.wait(60) == 1
    assert not database.exists()
    assert not list(tmp_path.glob("linli-bench-*"))
    running.stdout.close()


def test_a_row_fails_beyond_a_tenth_of_its_target() -> None:
    def row(name: str, floor: float, system: float) -> Row:
        return Row(name, "", floor, system)

    assert not row("list", 1000, 440).reached
    assert row("list", 1000, 460).reached
    assert row("memory", 400, 440).reached
    assert not row("memory", 400, 450).reached


def test_what_was_measured_before_stays_in_the_files(tmp_path: Path) -> None:
    write([Row("list", "requests/s", 1000, 600)], tmp_path)
    write([Row("memory", "MB", 400, 300)], tmp_path)
    rows = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["rows"]
    assert [(row["name"], row["ratio"]) for row in rows] == [("list", 0.6), ("memory", 0.75)]
    ElementTree.parse(tmp_path / "bench.svg")
