"""The areas of Pingshan, and in which of them an event lies.

The statistical codes decide what exists and what lies where (12 digits: 6 district, 3 street, 3 community).
Names in events are looked up, not trusted: `community.csv` gives two spellings of one community the same
number, and that is how a misspelling is recognised, without a list of misspellings here.

No point is used, as a place or as a centre: `pingshan_points` says why.
"""

from dataclasses import dataclass
from pathlib import Path

from deploy.imports.pingshan_points import Points
from deploy.imports.report import Effect, ImportProblem, Problem
from deploy.imports.tables import Row, read_table
from services.directory.domain.seed import AreaSeed

DISTRICT_NAME = "坪山区"


@dataclass(frozen=True, slots=True)
class Community:
    """A community with its statistical code, in which those of its street and district are contained."""

    name: str
    code: str

    @property
    def street_code(self) -> str:
        return self.code[:9]


@dataclass(frozen=True, slots=True)
class Names:
    """What is known by name, and what by the number that the events' system gives it."""

    communities: dict[str, Community]
    streets: dict[str, str]
    community_numbers: dict[str, Community]
    street_numbers: dict[str, str]


class Places:
    """District, streets and communities of the statistical table, found by name or number."""

    def __init__(self, directory: Path, problems: list[Problem]) -> None:
        table = _stat_table(directory, problems)
        communities = {community.name: community for community, _ in table}
        streets = {street: community.street_code for community, street in table}
        listed = read_table(directory / "community.csv", ("id", "name", "aID", "long", "lat", "street_id"), problems)
        numbers = _by_number(listed, communities)
        self.names = Names(
            communities=communities | _aliases(listed, communities, numbers, problems),
            streets=streets,
            community_numbers=numbers,
            street_numbers=_street_numbers(directory, streets, problems),
        )
        self.district_code = _district_code(table)
        self.areas = _areas(self.district_code, table)
        self._points = Points(listed)
        problems.extend(self._points.problems)

    def street_name(self, code: str) -> str:
        """The name of the street with this 9-digit code."""
        return next(name for name, known in self.names.streets.items() if known == code)

    def street_code(self, row: Row) -> str:
        """The code of the street that an event names by name or number, or ""."""
        return self.names.streets.get(row["street"]) or self.names.street_numbers.get(row["street_id"], "")

    def locate(self, row: Row, problems: list[Problem]) -> str:
        """The code of the smallest area that the event names: community, else street, else the district."""
        problems.extend(self._points.own_point(row))
        community = self._community(row, problems)
        street = self.street_code(row)
        if community is None:
            problems.append(_kept_above(row, self.street_name(street) if street else ""))
            return street or self.district_code
        if street != community.street_code:
            problems.append(_other_street(row, self.street_name(community.street_code)))
        return community.code

    def _community(self, row: Row, problems: list[Problem]) -> Community | None:
        """By name; where the name says nothing, by number."""
        found = self.names.communities.get(row["community"]) or self.names.community_numbers.get(row["community_id"])
        if found is not None and row["community"] != found.name:
            problems.append(row.problem("community", f"按{found.name}处理", f"taken as {found.name}", Effect.CORRECTED))
        return found


def area_key(code: str) -> str:
    """The lasting key of the area with this statistical code."""
    return f"areas/{code}"


def _stat_table(directory: Path, problems: list[Problem]) -> list[tuple[Community, str]]:
    """The communities that have a code, each with the name of its street, in the order of the codes."""
    columns = ("community", "stat_code_12", "street_in_stat_table")
    found: dict[str, tuple[Community, str]] = {}
    for row in read_table(directory / "community_to_stat_code.csv", columns, problems):
        name, code, street = row["community"], row["stat_code_12"], row["street_in_stat_table"]
        if not name or not street or not _is_code(code):
            what = ("没有 12 位统计代码，不作为社区", "no 12-digit code: no community of its own")
            problems.append(row.problem("stat_code_12", *what, Effect.LEFT_OUT))
        elif code in found:
            what = ("代码重复，以前一行为准", "the code occurred before: the first row counts")
            problems.append(row.problem("stat_code_12", *what, Effect.LEFT_OUT))
        else:
            found[code] = Community(name, code), street
    return [found[code] for code in sorted(found)]


def _is_code(code: str) -> bool:
    return len(code) == 12 and code.isascii() and code.isdigit()


def _district_code(table: list[tuple[Community, str]]) -> str:
    codes = sorted({community.code[:6] for community, _ in table})
    if len(codes) == 1:
        return codes[0]
    raise ImportProblem(
        f"community_to_stat_code.csv 应只含一个区的社区，现有：{'、'.join(codes) or '无'}。",
        f"community_to_stat_code.csv must hold one district, not {', '.join(codes) or 'none'}.",
    )


def _areas(district: str, table: list[tuple[Community, str]]) -> list[AreaSeed]:
    """Parents before children, each level in the order of the codes."""
    streets = {community.street_code: street for community, street in table}
    return [
        AreaSeed(area_key(district), None, "district", DISTRICT_NAME, district),
        *(AreaSeed(area_key(code), area_key(district), "street", name, code) for code, name in streets.items()),
        *(
            AreaSeed(area_key(item.code), area_key(item.street_code), "community", item.name, item.code)
            for item, _ in table
        ),
    ]


def _by_number(listed: list[Row], communities: dict[str, Community]) -> dict[str, Community]:
    return {row["aID"]: communities[row["name"]] for row in listed if row["aID"] and row["name"] in communities}


def _aliases(
    listed: list[Row],
    communities: dict[str, Community],
    numbers: dict[str, Community],
    problems: list[Problem],
) -> dict[str, Community]:
    """Names without a code of their own that share their number with a community that has one."""
    aliases: dict[str, Community] = {}
    for row in listed:
        if row["name"] in communities:
            continue
        same = numbers.get(row["aID"]) if row["name"] else None
        if same is None:
            what = (
                "不是社区，其事件归到街道或区",
                "no community: its events are kept at their street or district",
            )
            problems.append(row.problem("name", *what, Effect.LEFT_OUT))
        else:
            aliases[row["name"]] = same
            what = (
                f"与{same.name}同号，按{same.name}处理",
                f"has the number of {same.name} and is taken as it",
            )
            problems.append(row.problem("name", *what, Effect.CORRECTED))
    return aliases


def _street_numbers(directory: Path, streets: dict[str, str], problems: list[Problem]) -> dict[str, str]:
    """Street codes by the number that events carry."""
    numbers: dict[str, str] = {}
    for row in read_table(directory / "street.csv", ("id", "name", "aID"), problems):
        if row["name"] in streets:
            numbers[row["aID"]] = streets[row["name"]]
        else:
            what = (
                "不在统计代码表中，其事件归到区",
                "not in the table of codes: its events are kept at the district",
            )
            problems.append(row.problem("name", *what, Effect.LEFT_OUT))
    return numbers


def _kept_above(row: Row, street: str) -> Problem:
    if street:
        what = (f"社区不明，归到{street}", f"the community is not known: kept at {street}")
        return row.problem("community", *what, Effect.KEPT_AT_STREET)
    what = (
        f"街道和社区均不明，归到{DISTRICT_NAME}",
        f"neither street nor community is known: kept at {DISTRICT_NAME}",
    )
    return row.problem("community", *what, Effect.KEPT_AT_DISTRICT)


def _other_street(row: Row, right: str) -> Problem:
    what = (
        f"{row['community']}属于{right}，按社区处理",
        f"the community lies in {right}: the community counts",
    )
    return row.problem("street", *what, Effect.CORRECTED)
