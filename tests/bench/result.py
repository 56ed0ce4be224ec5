"""How the result is shown: a table, a JSON file for programs, a plot."""

import json
from pathlib import Path
from xml.sax.saxutils import escape

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tests.bench.rounds import Row

_BAR, _LEFT, _WIDTH = 26, 110, 420  # pixels: a row's height, the names' column, the length of the floor


def show(rows: list[Row], console: Console) -> None:
    table = Table(
        box=SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
        caption="floor: the best SQL behind a bare ASGI app · system: the whole house in one process\n"
        "µs: processor time a request, PostgreSQL included",
        caption_justify="left",
    )
    table.add_column("", no_wrap=True)
    table.add_column("unit", min_width=11)
    for heading in ("floor", "system", "ratio", "target", "µs floor", "µs system"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        ratio = f"{row.ratio:.2f}" if row.reached else f"[bold red]{row.ratio:.2f}[/]"
        target = "—" if row.target is None else f"{row.target:.2f}"
        costs = f"{row.floor_cost:,.0f}", f"{row.system_cost:,.0f}"
        table.add_row(row.name, row.unit, f"{row.floor:,.0f}", f"{row.system:,.0f}", ratio, target, *costs)
    console.print(table)


def write(rows: list[Row], folder: Path) -> None:
    """`bench.json` and `bench.svg` in the data folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    figures = [
        {
            "name": row.name,
            "unit": row.unit,
            "floor": round(row.floor, 1),
            "system": round(row.system, 1),
            "ratio": round(row.ratio, 3),
        }
        for row in rows
    ]
    (folder / "bench.json").write_text(json.dumps({"rows": figures}, ensure_ascii=False, indent=2) + "\n")
    (folder / "bench.svg").write_text(plot(rows), encoding="utf-8")


def plot(rows: list[Row]) -> str:
    """Each row's ratio as a bar; the line at the right is the floor, the mark the target."""
    height = (len(rows) + 2) * _BAR
    right = _LEFT + _WIDTH
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right + 90} {height}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{right + 90}" height="{height}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="16" fill="#555">system / floor</text>',
        f'<text x="{right}" y="16" fill="#555" text-anchor="middle">1.0</text>',
        f'<line x1="{right}" x2="{right}" y1="{_BAR}" y2="{height - _BAR}" stroke="#555"/>',
    ]
    for number, row in enumerate(rows, start=1):
        top, length = number * _BAR, min(row.ratio, 1.1) * _WIDTH
        colour = "#3b7a57" if row.reached else "#b03a2e"
        parts.append(f'<text x="{_LEFT - 8}" y="{top + 17}" text-anchor="end">{escape(row.name)}</text>')
        parts.append(f'<rect x="{_LEFT}" y="{top + 4}" width="{length:.1f}" height="{_BAR - 8}" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + length + 6:.1f}" y="{top + 17}">{row.ratio:.2f} · {row.system:,.0f}/s</text>')
        if row.target is not None:
            at = _LEFT + row.target * _WIDTH
            parts.append(f'<line x1="{at}" x2="{at}" y1="{top + 1}" y2="{top + _BAR - 1}" stroke="#d4a017" '
                         'stroke-width="3"/>')  # fmt: skip
    return "\n".join([*parts, "</svg>"]) + "\n"
