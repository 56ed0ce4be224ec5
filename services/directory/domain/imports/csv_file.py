"""Tables of areas as CSV: one area a line. What a spreadsheet in China writes is read as it comes.

UTF-8, with or without a byte order mark, or GB 18030 (which Excel's "CSV" is there); headings in Chinese or English.
"""

import csv
import io
import re
from collections.abc import Iterator

from services.directory.domain.imports.lines import MOST_LINES, Reading

#: What each column may be called; the first three must be there.
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("code", "编码", "代码"),
    "kind": ("kind", "类型"),
    "name": ("name", "名称"),
    "parent_code": ("parent_code", "上级编码", "上级代码"),
    "lat": ("lat", "纬度"),
    "lon": ("lon", "经度"),
    "coord_sys": ("coord_sys", "坐标系"),
    "households": ("households", "户数"),
    "residents": ("residents", "人数", "人口"),
}
_REQUIRED = ("code", "kind", "name")
_COLUMNS = {heading: column for column, headings in HEADINGS.items() for heading in headings}

_UTF8_BOM = b"\xef\xbb\xbf"
_CJK = re.compile(r"[\u3400-\u9fff]")
#: So much readable Chinese before the first wrong byte is no accident: the file is UTF-8, and damaged.
_SURELY_UTF8 = 4


def read_csv(content: bytes) -> Reading:
    """The areas of a table, and everything that is wrong with its lines."""
    reading = Reading()
    text = _decoded(content, reading)
    if text is None:
        return reading
    records = _records(text, reading)
    line, header = next(records, (1, []))
    columns = _columns(line, header, reading)
    if columns is None:
        return reading
    names = {column: heading.strip() for column, heading in zip(columns, header, strict=True)}
    for line, cells in records:
        if len(cells) != len(columns):
            zh = f"有 {len(cells)} 格，标题有 {len(columns)} 格"
            reading.flaw(line, "", "cells", zh, f"{len(cells)} cells where the heading has {len(columns)}")
            continue
        found = reading.add(line, dict(zip(columns, cells, strict=True)), names)
        if found is not None:
            reading.lines.append(found)
        if len(reading.lines) > MOST_LINES:
            zh, en = f"一个文件最多 {MOST_LINES} 个区域", f"at most {MOST_LINES} areas in one file"
            reading.flaw(line, "", "too_many", zh, en)
            break
    return reading


def _decoded(content: bytes, reading: Reading) -> str | None:
    """The text; None, and the line of the first byte that does not fit, when it is in neither encoding."""
    if content.startswith(_UTF8_BOM):
        content = content[len(_UTF8_BOM) :]
        encodings = ["utf-8"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            wrong = error
            readable = content[: error.start].decode(encoding, "ignore")
            if encoding == "utf-8" and len(_CJK.findall(readable)) >= _SURELY_UTF8:
                break
    line = content.count(b"\n", 0, wrong.start) + 1
    zh = f"第 {wrong.start + 1} 个字节 0x{content[wrong.start]:02x} 既不是 UTF-8 也不是 GB 18030 文字"
    en = f"byte {wrong.start + 1}, 0x{content[wrong.start]:02x}, is text neither in UTF-8 nor in GB 18030"
    reading.flaw(line, "", "encoding", zh, en)
    return None


def _records(text: str, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not an empty line, with the line it begins in (a quoted cell may span several)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        reading.flaw(begins, "", "csv", f"不是有效的 CSV：{error}", f"no valid CSV: {error}")


def _columns(line: int, header: list[str], reading: Reading) -> list[str] | None:
    """What each cell of a line means; None when that is not clear."""
    found = [_COLUMNS.get(heading.strip().lower(), "") for heading in header]
    before = len(reading.flaws)
    for heading, column in zip(header, found, strict=True):
        if not column:
            known = "、".join(headings[0] for headings in HEADINGS.values())
            reading.flaw(line, heading.strip()[:40], "column", f"未知的列；可用：{known}", f"unknown; known: {known}")
        elif found.count(column) > 1:
            reading.flaw(line, heading.strip(), "column_twice", "出现了不止一次", "more than once")
    for column in _REQUIRED:
        if column not in found:
            reading.flaw(line, column, "column_missing", "缺少这一列", "this column is missing")
    return found if len(reading.flaws) == before else None
