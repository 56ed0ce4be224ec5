"""The bench itself: a run with tiny settings ends, leaves nothing behind, and writes what it promises."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from deploy.machine.account import HOUSE
from tests.bench.rounds import Row

pytestmark = pytest.mark.long

_TINY = ("--petitions", "2000", "--rounds", "1", "--seconds", "1")


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench", *arguments],
        env=os.environ | {"LINLI_DATA": str(folder / "data"), "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _left_behind(folder: Path) -> set[Path]:
    outside = set(HOUSE.iterdir()) if HOUSE.exists() else set()
    return outside | set(folder.glob("linli-bench-*"))


def test_a_tiny_run_writes_its_figures() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        before = _left_behind(folder)
        running = _start(folder, *_TINY)
        output = running.communicate(timeout=170)[0]
        # With so little measured a ratio may be anything; a traceback or a sentence about worthless figures may not be.
        assert running.returncode in (0, 1) and "µs system" in output, output
        figures = json.loads((folder / "data" / "bench.json").read_text(encoding="utf-8"))
        assert [row["name"] for row in figures["rows"]] == ["list", "detail", "submit", "award", "award_10", "award_2"]
        for row in figures["rows"]:
            assert set(row) == {"name", "unit", "floor", "system", "ratio"}
            assert row["floor"] > 0 and row["system"] > 0
            assert row["ratio"] == pytest.approx(row["system"] / row["floor"], rel=0.01)
        ElementTree.parse(folder / "data" / "bench.svg")
        assert _left_behind(folder) <= before


def test_told_to_stop_it_stops_what_it_started() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        before = _left_behind(folder)
        running = _start(folder, *_TINY)
        assert running.stdout is not None
        for line in running.stdout:
            if "list" in line:
                break
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 1
        assert _left_behind(folder) <= before


def test_a_row_fails_below_nine_tenths_of_its_target() -> None:
    def row(system: float, target: float | None) -> Row:
        return Row("list", "requests/s", 1000, system, 1, 1, target)

    assert not row(440, 0.5).reached
    assert row(460, 0.5).reached
    assert row(10, None).reached
