"""How the result is shown: a table, a JSON file for programs, a plot. What was not measured now stays as it was."""

import json
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tests.bench.plot import plot
from tests.bench.rounds import Row
from tests.bench.targets import TARGETS


def show(rows: list[Row], console: Console) -> None:
    table = Table(
        box=SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
        caption="floor: the best SQL behind a bare ASGI app, or what the design allows · system: the whole house\n"
        "µs: processor time a request, PostgreSQL included",
        caption_justify="left",
    )
    table.add_column("", no_wrap=True)
    table.add_column("unit", min_width=11)
    for heading in ("floor", "system", "ratio", "target", "µs floor", "µs system"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        ratio = f"{row.ratio:.2f}" if row.reached else f"[bold red]{row.ratio:.2f}[/]"
        costs = ("" if cost is None else f"{cost:,.0f}" for cost in (row.floor_cost, row.system_cost))
        table.add_row(row.name, row.unit, figure(row.floor), figure(row.system), ratio, str(row.target), *costs)
    console.print(table)


def figure(value: float) -> str:
    """As many digits as tell something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write(rows: list[Row], folder: Path) -> None:
    """`bench.json` and `bench.svg` in the data folder, in the order of the targets."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "bench.json"
    figures = {row["name"]: row for row in _before(file)} | {row.name: _figures(row) for row in rows}
    kept = [figures[name] for name in TARGETS if name in figures]
    file.write_text(json.dumps({"rows": kept}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / "bench.svg").write_text(plot([_row(row) for row in kept]), encoding="utf-8")


def _before(file: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["rows"]
    except (OSError, ValueError, KeyError):
        return []
    return rows


def _figures(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "unit": row.unit,
        "floor": round(row.floor, 3),
        "system": round(row.system, 3),
        "ratio": round(row.ratio, 3),
    }


def _row(figures: dict[str, Any]) -> Row:
    return Row(figures["name"], figures["unit"], figures["floor"], figures["system"])
