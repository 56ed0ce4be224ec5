"""One area of a file, and one thing that is wrong with a file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from services.directory.domain.rings import Corner
from shared.kernel.errors import FieldProblem
from shared.kernel.geo import to_wgs84

#: Areas that one file may bring; with them an import stays within some hundred megabytes.
MOST_LINES = 200_000

_WHOLE = re.compile(r"[0-9]{1,8}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
#: What a spreadsheet would take for a formula; a name or code never begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = {"code": 64, "parent_code": 64, "name": 100, "kind": 64}

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


@dataclass(frozen=True, slots=True)
class Line:
    """One area as a file describes it. Rings and centre in WGS-84, latitude first."""

    where: Where
    code: str
    parent_code: str
    kind: str
    name: str
    centre: Corner | None = None
    rings: tuple[tuple[Corner, ...], ...] = ()
    households: int | None = None
    residents: int | None = None
    rings_at: tuple[str, ...] = ()  # where each ring stands, below `where`


@dataclass(slots=True)
class Reading:
    """A file while it is read: its good lines, and what is wrong with the others."""

    lines: list[Line] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)  # what each column is called in the file

    def add(self, where: Where, cells: Mapping[str, str], columns: Mapping[str, str]) -> Line | None:
        """Takes in one area from its cells; `columns` says what each is called in the file."""
        before = len(self.flaws)
        self.columns.update(columns)
        words = {name: self._word(where, cells, columns, name) for name in ("code", "parent_code", "kind", "name")}
        line = Line(
            where,
            code=words["code"],
            parent_code=words["parent_code"],
            kind=words["kind"],
            name=words["name"],
            centre=self._centre(where, cells, columns),
            households=self._count(where, cells, columns, "households"),
            residents=self._count(where, cells, columns, "residents"),
        )
        return line if len(self.flaws) == before else None

    def named(self, flaws: Iterable[Flaw]) -> list[Flaw]:
        """Flaws that were found later, with their columns called as in the file."""
        return [replace(flaw, column=self.columns.get(flaw.column, flaw.column)) for flaw in flaws]

    def flaw(self, where: Where, column: str, code: str, zh: str, en: str) -> None:
        self.flaws.append(Flaw(where, column, f"import.{code}", zh, en))

    def _word(self, where: Where, cells: Mapping[str, str], columns: Mapping[str, str], name: str) -> str:
        given = cells.get(name, "")
        text, column = given.strip(" "), columns.get(name, name)
        if text.startswith(_FORMULA):
            zh, en = "不能以 = + - @ 开头（会被表格软件当作公式）", "must not begin with = + - @, as a formula does"
            self.flaw(where, column, "formula", zh, en)
        elif not text and name != "parent_code":
            self.flaw(where, column, "missing", "不能为空", "must not be empty")
        elif len(text) > _LONGEST[name]:
            limit = _LONGEST[name]
            self.flaw(where, column, "too_long", f"最多 {limit} 个字", f"at most {limit} characters")
        elif not text.isprintable():
            self.flaw(where, column, "control_character", "不能包含控制字符", "must not contain control characters")
        return text

    def _count(self, where: Where, cells: Mapping[str, str], columns: Mapping[str, str], name: str) -> int | None:
        text = cells.get(name, "").strip()
        if not text:
            return None
        if not _WHOLE.fullmatch(text) or int(text) > 10_000_000:
            zh, en = "应为 0 到 10000000 的整数", "a whole number from 0 to 10000000"
            self.flaw(where, columns.get(name, name), "number", zh, en)
            return None
        return int(text)

    def _centre(self, where: Where, cells: Mapping[str, str], columns: Mapping[str, str]) -> Corner | None:
        given = {name: cells.get(name, "").strip() for name in ("lat", "lon")}
        system = cells.get("coord_sys", "").strip().lower() or "wgs84"
        if system not in ("wgs84", "gcj02"):
            self.flaw(
                where, columns.get("coord_sys", "coord_sys"), "coord_sys", "应为 wgs84 或 gcj02", "wgs84 or gcj02"
            )
            return None
        if not any(given.values()):
            return None
        wrong = [name for name, text in given.items() if not _DEGREES.fullmatch(text)]
        for name in wrong:
            self.flaw(where, columns.get(name, name), "degrees", "应为十进制度数", "decimal degrees")
        if wrong:
            return None
        point = to_wgs84(float(given["lat"]), float(given["lon"]), "gcj02" if system == "gcj02" else "wgs84")
        return point.lat, point.lon


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
