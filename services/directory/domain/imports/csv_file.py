"""Tables as CSV: one thing a line. What a spreadsheet in China writes is read as it comes.

UTF-8, with or without a byte order mark, or GB 18030 (which Excel's "CSV" is there); headings in Chinese or English.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from services.directory.domain.imports.lines import MOST_LINES, Cells, Reading

L = TypeVar("L")


_UTF8_BOM = b"\xef\xbb\xbf"
_CJK = re.compile(r"[\u3400-\u9fff]")
#: So much readable Chinese before the first wrong byte is no accident: the file is UTF-8, and damaged.
_SURELY_UTF8 = 4


@dataclass(frozen=True, slots=True)
class Table(Generic[L]):
    """What a table holds: its columns and what each may be called, which must be there, and what a line comes to.

    `things` are what its lines are, in Chinese (with the measure word) and in English.
    """

    headings: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    line: Callable[[Cells], L]
    things: tuple[str, str]

    def column(self, heading: str) -> str:
        """The column that a heading names; nothing when there is none."""
        wanted = heading.strip().lower()
        return next((column for column, headings in self.headings.items() if wanted in headings), "")


def read_csv(content: bytes, table: Table[L]) -> Reading[L]:
    """The lines of a table, and everything that is wrong with them."""
    reading: Reading[L] = Reading()
    text = _decoded(content, reading)
    if text is None:
        return reading
    records = _records(text, reading)
    line, header = next(records, (1, []))
    columns = _columns(line, header, reading, table)
    if columns is None:
        return reading
    names = {column: heading.strip() for column, heading in zip(columns, header, strict=True)}
    reading.columns.update(names)
    for line, given in records:
        if len(given) != len(columns):
            zh = f"有 {len(given)} 格，标题有 {len(columns)} 格"
            reading.flaw(line, "", "cells", zh, f"{len(given)} cells where the heading has {len(columns)}")
            continue
        before = len(reading.flaws)
        found = table.line(Cells(line, dict(zip(columns, given, strict=True)), names, reading))
        if len(reading.flaws) == before:
            reading.lines.append(found)
        if len(reading.lines) > MOST_LINES:
            zh, en = (
                f"一个文件最多 {MOST_LINES} {table.things[0]}",
                f"at most {MOST_LINES} {table.things[1]} in one file",
            )
            reading.flaw(line, "", "too_many", zh, en)
            break
    return reading


def _decoded(content: bytes, reading: Reading[Any]) -> str | None:
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


def _records(text: str, reading: Reading[Any]) -> Iterator[tuple[int, list[str]]]:
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


def _columns(line: int, header: list[str], reading: Reading[Any], table: Table[Any]) -> list[str] | None:
    """What each cell of a line means; None when that is not clear."""
    found = [table.column(heading) for heading in header]
    before = len(reading.flaws)
    for heading, column in zip(header, found, strict=True):
        if not column:
            known = "、".join(headings[0] for headings in table.headings.values())
            reading.flaw(line, heading.strip()[:40], "column", f"未知的列；可用：{known}", f"unknown; known: {known}")
        elif found.count(column) > 1:
            reading.flaw(line, heading.strip(), "column_twice", "出现了不止一次", "more than once")
    for column in table.required:
        if column not in found:
            reading.flaw(line, column, "column_missing", "缺少这一列", "this column is missing")
    return found if len(reading.flaws) == before else None
