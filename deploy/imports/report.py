"""What an import found wrong: in which line, in two languages, and what it did about it.

A row that cannot be taken as it stands is never dropped silently. Either something sensible is done and
said here, or it is left out and said here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ImportProblem(Exception):
    """The import cannot go on: one sentence in each language that says what to mend."""

    def __init__(self, what_zh: str, what_en: str) -> None:
        super().__init__(what_en)
        self.what_zh = what_zh
        self.what_en = what_en


class Effect(StrEnum):
    """What was done with a row, or with one value of it."""

    CORRECTED = "corrected"  # taken as what it evidently means
    ASSUMED = "assumed"  # unknown word, the nearest of ours was taken
    KEPT_AT_STREET = "kept_at_street"  # no community known
    KEPT_AT_DISTRICT = "kept_at_district"  # no street known either
    KEPT_HIGHER = "kept_higher"  # put under the nearest known category above
    NO_ORGANISATION = "no_organisation"  # nobody real is named
    NO_POINT = "no_point"  # the point says less than the area does
    LEFT_OUT = "left_out"  # not imported


EFFECT_ZH: dict[Effect, str] = {
    Effect.CORRECTED: "已更正",
    Effect.ASSUMED: "按默认值",
    Effect.KEPT_AT_STREET: "归到街道",
    Effect.KEPT_AT_DISTRICT: "归到区",
    Effect.KEPT_HIGHER: "归到上级分类",
    Effect.NO_ORGANISATION: "不设承办单位",
    Effect.NO_POINT: "不用坐标",
    Effect.LEFT_OUT: "未导入",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong value in one line (the first line of the file is 1) and what became of it."""

    file: str
    line: int
    column: str
    value: str
    what_zh: str
    what_en: str
    effect: Effect


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as somebody walks through the files: by file, then by line, each only once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.column))


def summary(problems: Iterable[Problem], language: str = "zh") -> list[str]:
    """One sentence per kind of problem, with every line in which it occurs: long reports stay readable."""
    lines: dict[tuple[str, str, Effect], list[int]] = defaultdict(list)
    for problem in problems:
        lines[problem.file, problem.column, problem.effect].append(problem.line)
    return [_sentence(*kind, found, language) for kind, found in sorted(lines.items())]


def _sentence(file: str, column: str, effect: Effect, lines: list[int], language: str) -> str:
    where = ", ".join(str(line) for line in sorted(lines))
    if language == "en":
        return f"{file}, {column}: {effect.value.replace('_', ' ')} {len(lines)} times (line {where})"
    return f"{file} {column} 列：{EFFECT_ZH[effect]} {len(lines)} 处（第 {where} 行）"
