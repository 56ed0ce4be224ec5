"""What every file is read into: its good lines, and each thing that is wrong with it, by line and column.

What one line says stands in `area_lines` and `people_lines`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Generic, TypeVar

from shared.kernel.errors import FieldProblem

#: Lines that one file may bring; with them an import stays within some hundred megabytes.
MOST_LINES = 200_000

_WHOLE = re.compile(r"[0-9]{1,8}")
#: What a spreadsheet would take for a formula; a name or code never begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

L = TypeVar("L")
Where = int | str


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong: in which line and column of a table, or at which pointer of a JSON document."""

    where: Where
    column: str
    code: str
    zh: str
    en: str

    @property
    def line(self) -> int | None:
        return self.where if isinstance(self.where, int) else None

    @property
    def pointer(self) -> str:
        """A JSON Pointer into the document; of a table `/line/column`."""
        if isinstance(self.where, int):
            return f"/{self.where}/{self.column}" if self.column else f"/{self.where}"
        return f"{self.where}/{self.column}" if self.column else self.where

    def field(self) -> FieldProblem:
        """The same as a problem tells it, with its place in words."""
        if isinstance(self.where, str):
            return FieldProblem(self.pointer, self.code, self.zh, self.en)
        zh, en = f"第 {self.where} 行", f"line {self.where}"
        if self.column:
            zh, en = f"{zh} {self.column} 列", f"{en}, column {self.column}"
        return FieldProblem(self.pointer, self.code, f"{zh}：{self.zh}", f"{en}: {self.en}")


@dataclass(slots=True)
class Reading(Generic[L]):
    """A file while it is read: its good lines, and what is wrong with the others."""

    lines: list[L] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)  # what each column is called in the file

    def named(self, flaws: Iterable[Flaw]) -> list[Flaw]:
        """Flaws that were found later, with their columns called as in the file."""
        return [replace(flaw, column=self.columns.get(flaw.column, flaw.column)) for flaw in flaws]

    def flaw(self, where: Where, column: str, code: str, zh: str, en: str) -> None:
        self.flaws.append(Flaw(where, column, f"import.{code}", zh, en))


@dataclass(frozen=True, slots=True)
class Cells:
    """One line before it is understood: its cells by column, and what each column is called in the file."""

    where: Where
    given: Mapping[str, str]
    names: Mapping[str, str]
    reading: "Reading[Any]"

    def flaw(self, column: str, code: str, zh: str, en: str) -> None:
        self.reading.flaw(self.where, self.names.get(column, column), code, zh, en)

    def text(self, column: str) -> str:
        """What stands there, without the blanks around it."""
        return self.given.get(column, "").strip()

    def word(self, column: str, longest: int, *, required: bool = True) -> str:
        """One line of text that is no formula."""
        text = self.given.get(column, "").strip(" ")
        if text.startswith(_FORMULA):
            zh, en = "不能以 = + - @ 开头（会被表格软件当作公式）", "must not begin with = + - @, as a formula does"
            self.flaw(column, "formula", zh, en)
        elif not text and required:
            self.flaw(column, "missing", "不能为空", "must not be empty")
        elif len(text) > longest:
            self.flaw(column, "too_long", f"最多 {longest} 个字", f"at most {longest} characters")
        elif not text.isprintable():
            self.flaw(column, "control_character", "不能包含控制字符", "must not contain control characters")
        return text

    def whole(self, column: str, most: int = 10_000_000) -> int | None:
        """A whole number; None when there is none."""
        text = self.text(column)
        if not text:
            return None
        if not _WHOLE.fullmatch(text) or int(text) > most:
            self.flaw(column, "number", f"应为 0 到 {most} 的整数", f"a whole number from 0 to {most}")
            return None
        return int(text)


def in_order(flaws: Iterable[Flaw]) -> list[Flaw]:
    """As somebody walks through the file."""
    return sorted(flaws, key=lambda flaw: _number(flaw.where))


def _number(where: Where) -> tuple[int, str]:
    if isinstance(where, int):
        return where, ""
    feature = re.match(r"/features/([0-9]+)", where)
    return (int(feature[1]) if feature else -1), where


def is_number(value: object) -> bool:
    """Whether a value of a JSON document is a number that can be a coordinate."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
