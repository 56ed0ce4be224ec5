"""The people's-livelihood requests of Pingshan district (2018): files in, seeds and a report out.

Read are `events.csv` (one closed event a row), the tables of streets, communities, statistical codes,
handling units and categories beside it, and a folder of messages for the texts that the events lack.
`eventsource.csv` and `property.csv` only repeat words that the events carry, and are not needed.

Nothing is loaded here, nothing is printed, and the same files always give the same result. Every line that
could not be taken as it stands is in `problems`, with what was done about it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deploy.imports.pingshan_categories import Categories
from deploy.imports.pingshan_places import DISTRICT_NAME, Places, area_key
from deploy.imports.pingshan_texts import MessageTexts, PathTexts, Texts
from deploy.imports.pingshan_units import Units
from deploy.imports.report import Effect, Problem, in_order
from deploy.imports.tables import Row, read_table
from services.directory.domain.seed import DirectorySeed
from services.petitions.domain.seed import CategorySeed, ClosedCase

SYSTEM = "pingshan"

_COLUMNS = (
    "rec_id",
    "create_time",
    "district",
    "street",
    "street_id",
    "community",
    "community_id",
    "lon",
    "lat",
    "event_type",
    "main_type",
    "sub_type",
    "dispose_unit",
    "dispose_unit_id",
    "event_src",
    "property",
    "result",
)

#: The source's kinds. 求决 asks that a problem be settled; 其他 stands beside real matters, so it is one too.
KINDS: dict[str, str] = {
    "投诉": "problem",
    "求决": "problem",
    "其他": "problem",
    "建议": "suggestion",
    "咨询": "consultation",
    "感谢": "praise",
}

#: The source's channels, as the way in which the resident came.
CHANNELS: dict[str, str] = {
    "@坪山": "miniprogram",  # the district's account inside WeChat
    "美丽深圳": "app",  # the city's app for reporting what is broken or dirty
    "12345": "phone",  # the mayor's hotline
    "12319": "phone",  # the city management hotline
    "固话投诉": "phone",  # a call to the office
    "政府信箱": "web",  # the letter box on the government's site
}

_IN_TIME: dict[str, bool] = {"按期办结": True, "逾期办结": False}
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T].*)?")


@dataclass(frozen=True, slots=True)
class PingshanImport:
    """What the files hold: parents before children, cases as in the file, problems by file and line."""

    directory: DirectorySeed
    categories: list[CategorySeed]
    cases: list[ClosedCase]
    problems: list[Problem]


def read(directory: Path, messages: Path | None) -> PingshanImport:
    """Reads the folder; without messages a case's text is the path of its category.

    Raises ImportProblem where a file or column is missing or a file cannot be read at all.
    """
    problems: list[Problem] = []
    places = Places(directory, problems)
    categories = Categories(directory, problems)
    events = _acceptable(read_table(directory / "events.csv", _COLUMNS, problems), problems)
    units = Units(directory, places, events, problems)
    texts = MessageTexts(messages, problems) if messages else PathTexts()
    cases = [_Reading(row, problems).case(places, units, categories, texts) for row in events]
    return PingshanImport(
        directory=DirectorySeed(areas=places.areas, organisations=units.organisations()),
        categories=categories.tree,
        cases=cases,
        problems=in_order(problems),
    )


def _acceptable(rows: list[Row], problems: list[Problem]) -> list[Row]:
    """The events that can become closed cases; the others are reported."""
    seen: set[str] = set()
    accepted: list[Row] = []
    for row in rows:
        objection = next(_objections(row, seen), None)
        if objection is None:
            accepted.append(row)
            seen.add(row["rec_id"])
        else:
            problems.append(objection)
    return accepted


def _objections(row: Row, seen: set[str]) -> Iterator[Problem]:
    """Why an event has to be left out. Elsewhere a guess would do; here it would be a false statement."""
    if not row["rec_id"]:
        yield row.problem("rec_id", "没有编号", "no number", Effect.LEFT_OUT)
    if row["rec_id"] in seen:
        yield row.problem("rec_id", "编号重复，以前一行为准", "occurred before: the first row counts", Effect.LEFT_OUT)
    if _day(row) is None:
        yield row.problem("create_time", "日期无法识别", "not a date", Effect.LEFT_OUT)
    if row["result"] not in _IN_TIME:
        what = ("不知是否办结、是否按期", "not known whether it was closed, and in time")
        yield row.problem("result", *what, Effect.LEFT_OUT)
    if row["district"] not in ("", DISTRICT_NAME):
        yield row.problem("district", f"不属于{DISTRICT_NAME}", f"not of {DISTRICT_NAME}", Effect.LEFT_OUT)


def _day(row: Row) -> date | None:
    match = _DAY.fullmatch(row["create_time"])
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One acceptable event on its way to a case."""

    row: Row
    problems: list[Problem]

    def case(self, places: Places, units: Units, categories: Categories, texts: Texts) -> ClosedCase:
        """Each question to the row in turn; who answers also reports."""
        number, day = self.row["rec_id"], _day(self.row)
        assert day is not None, "_acceptable lets no row without a day pass"
        kind = self._word("property", KINDS, "problem")
        path = categories.find(self.row, self.problems)
        content = texts.choose(number, path, kind)
        return ClosedCase(
            system=SYSTEM,
            number=number,
            area_key=area_key(places.locate(self.row, self.problems)),
            category_key=categories.key(path),
            organisation_key=units.find(self.row, self.problems),
            kind=kind,
            channel=self._word("event_src", CHANNELS, "import"),
            day=day,
            in_time=_IN_TIME[self.row["result"]],
            title=content.title,
            text=content.text,
        )

    def _word(self, column: str, known: dict[str, str], otherwise: str) -> str:
        """Our word for the source's; an unknown one gives the harmless word, and a line in the report."""
        found = known.get(self.row[column])
        if found is None:
            what = (f"未知的值，按 {otherwise} 处理", f"unknown, taken as {otherwise}")
            self.problems.append(self.row.problem(column, *what, Effect.ASSUMED))
        return found or otherwise
