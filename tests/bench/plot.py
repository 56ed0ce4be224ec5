"""The plot: each row's ratio as a bar, with the target that it has to reach or must not pass."""

from xml.sax.saxutils import escape

from tests.bench.rounds import Row

_HEIGHT, _NAMES, _UNIT, _FIGURES, _MOST = 26, 370, 320, 260, 1.6  # pixels, and the longest bar as a ratio
_TOP = 64
_GOOD, _BAD, _PLAIN, _MARK = "#3b7a57", "#b03a2e", "#7d8a97", "#d4a017"


def plot(rows: list[Row]) -> str:
    """An SVG of all rows."""
    width, height = _NAMES + int(_MOST * _UNIT) + _FIGURES, _TOP + (len(rows) + 1) * _HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-size="13" '
        "font-family=\"'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif\">",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text x="16" y="24" font-size="16" font-weight="bold">邻里性能 · Linli, measured</text>',
        f'<text x="16" y="46" fill="#555">系统与基线（或上限）之比 · system to floor, or to limit；'
        f'<tspan fill="{_MARK}" font-weight="bold">┃ 目标 · target</tspan>，'
        f'<tspan fill="{_GOOD}">■ 达到 · reached</tspan>，<tspan fill="{_BAD}">■ 未达到 · missed</tspan></text>',
    ]
    for step in range(0, int(_MOST * 4) + 1, 2):
        at = _NAMES + step / 4 * _UNIT
        parts.append(f'<line x1="{at}" x2="{at}" y1="{_TOP}" y2="{height - _HEIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{at}" y="{height - 8}" fill="#555" text-anchor="middle">{step / 4:g}</text>')
    for number, row in enumerate(rows):
        parts += _bar(row, _TOP + number * _HEIGHT)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(row: Row, top: int) -> list[str]:
    middle, target = top + 17, row.target
    length = min(row.ratio, _MOST) * _UNIT
    bound = target.least if target.least is not None else target.most
    colour = _PLAIN if bound is None else _GOOD if row.reached else _BAD
    name = f"{target.zh} · {target.en}"
    figures = f"{row.ratio:.2f} ({target}) · {_short(row.system)} / {_short(row.floor)} {row.unit.split(',')[0]}"
    parts = [
        f'<text x="{_NAMES - 8}" y="{middle}" text-anchor="end" font-size="12">{escape(name)}</text>',
        f'<rect x="{_NAMES}" y="{top + 4}" width="{length:.1f}" height="{_HEIGHT - 8}" fill="{colour}"/>',
    ]
    reach = length
    if bound is not None:
        at = _NAMES + bound * _UNIT
        reach = max(reach, bound * _UNIT)
        parts.append(f'<line x1="{at}" x2="{at}" y1="{top + 1}" y2="{top + _HEIGHT - 1}" stroke="{_MARK}" '
                     'stroke-width="3"/>')  # fmt: skip
    parts.append(f'<text x="{_NAMES + reach + 8:.1f}" y="{middle}" font-size="12">{escape(figures)}</text>')
    return parts


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
