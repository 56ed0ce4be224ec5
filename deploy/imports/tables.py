"""CSV files as rows that know their line. Nothing here knows what a column means."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from deploy.imports.report import Effect, ImportProblem, Problem

#: What people and systems write into a cell that must not be empty but is.
_BLANK = frozenset({"", "-", "－", "—", "null", "NULL", "None"})


@dataclass(frozen=True, slots=True)
class Row:
    """One record; a cell is read without blanks around it, and as "" where it only says "nothing"."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        value = self.cells[column].strip()
        return "" if value in _BLANK else value

    def problem(self, column: str, what_zh: str, what_en: str, effect: Effect) -> Problem:
        """A problem with this row's cell, as it stands in the file."""
        return Problem(self.file, self.line, column, self.cells[column], what_zh, what_en, effect)


def read_table(path: Path, columns: tuple[str, ...], problems: list[Problem]) -> list[Row]:
    """The rows of a UTF-8 file (with or without a byte order mark) that must have these columns.

    A row with too few or too many cells is left out and reported: its cells stand under the wrong headings.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(path, file, columns, problems))
    except FileNotFoundError:
        raise ImportProblem(f"缺少文件 {path}。", f"The file {path} is missing.") from None
    except OSError as error:
        raise ImportProblem(f"无法读取 {path}：{error}。", f"{path} cannot be read: {error}.") from None
    except UnicodeDecodeError:
        raise ImportProblem(
            f"{path} 不是 UTF-8 编码（可能是 GBK），请另存为 UTF-8 后再导入。",
            f"{path} is not UTF-8 (perhaps GBK): save it as UTF-8 and import it again.",
        ) from None


def _rows(path: Path, file: TextIO, columns: tuple[str, ...], problems: list[Problem]) -> Iterator[Row]:
    records = _records(path, file)
    _, header = next(records, (1, []))
    names = [name.strip() for name in header]
    missing = [column for column in columns if column not in names]
    if missing:
        raise ImportProblem(f"{path} 缺少列：{'、'.join(missing)}。", f"{path} lacks the columns {', '.join(missing)}.")
    for line, cells in records:
        if len(cells) == len(names):
            yield Row(path.name, line, dict(zip(names, cells, strict=True)))
        else:
            problems.append(_uneven(path.name, line, len(cells), len(names)))


def _records(path: Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not an empty line, with the line it begins in (a quoted cell may span several)."""
    reader = csv.reader(file, strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ImportProblem(
            f"{path} 从第 {begins} 行起不是有效的 CSV：{error}。",
            f"{path} is not valid CSV from line {begins} on: {error}.",
        ) from None


def _uneven(file: str, line: int, found: int, expected: int) -> Problem:
    return Problem(
        file,
        line,
        "",
        "",
        f"有 {found} 格，应为 {expected} 格",
        f"{found} cells where the header has {expected}",
        Effect.LEFT_OUT,
    )
