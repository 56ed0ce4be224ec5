"""The national table of divisions 统计用区划代码: districts, streets and communities of a province, city or district.

Read are `areas.csv` (districts), `streets.csv` and `villages.csv.gz` (communities and villages), as lines of code and
name. A province or city is above what Linli keeps: its districts are the roots of trees of their own.

The table calls communities and villages by their committees (长征社区居委会); here they get the name of the place.
"""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

from deploy.imports.report import ImportProblem
from services.directory.domain.codes import spellings
from services.directory.domain.seed import AreaSeed

_COMMITTEE = re.compile(r"(?P<place>.+?)(?P<kind>社区|村)?(?P<committee>居民委员会|居委会|村民委员会|村委会)")
_FILES = (("district", "areas.csv", 6), ("street", "streets.csv", 9), ("community", "villages.csv.gz", 12))


def read_divisions(folder: Path, code: str) -> list[AreaSeed]:
    """The divisions whose code begins with `code` (2 digits a province, 4 a city, 6 a district), parents first."""
    chosen = spellings(code)[-1]
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) in (2, 4, 6)):
        raise ImportProblem(
            f"“{code}”不是省（2 位）、市（4 位）或区县（6 位）代码。",
            f"“{code}” is no code of a province (2 digits), city (4) or district (6).",
        )
    found: list[AreaSeed] = []
    known: set[str] = set()
    for kind, name, digits in _FILES:
        for number, (own, title) in _rows(folder / name):
            if not own.startswith(chosen):
                continue
            above = own[: digits - 3] if kind != "district" else None
            if len(own) != digits or not own.isdigit() or (above is not None and above not in known):
                raise ImportProblem(
                    f"{name} 第 {number} 行的代码 {own} 不对：应为 {digits} 位，上级须在表中。",
                    f"{name}, line {number}: the code {own} is not {digits} digits below one that is there.",
                )
            known.add(own)
            title = place_name(title) if kind == "community" else title
            found.append(AreaSeed(f"areas/{own}", f"areas/{above}" if above else None, kind, title, own))
    if not found:
        raise ImportProblem(f"{folder} 里没有代码 {code} 的区划。", f"{folder} has no divisions with the code {code}.")
    return found


def place_name(title: str) -> str:
    """长征社区居委会 is the committee of 长征社区, 四营村委会 that of 四营村; other names stay."""
    found = _COMMITTEE.fullmatch(title)
    if found is None:
        return title
    return found["place"] + (found["kind"] or ("社区" if found["committee"].startswith("居") else "村"))


def _rows(path: Path) -> Iterator[tuple[int, tuple[str, str]]]:
    """Line number, code and name of each row; the big table is read as a stream."""
    try:
        with path.open("rb") as raw, gzip.open(raw) if path.suffix == ".gz" else raw as file:
            reader = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""), strict=True)
            if not {"code", "name"} <= set(reader.fieldnames or ()):
                raise ImportProblem(f"{path} 缺少列 code、name。", f"{path} lacks the columns code and name.")
            for row in reader:
                yield reader.line_num, (row["code"], row["name"])
    except FileNotFoundError:
        raise ImportProblem(f"缺少文件 {path}。", f"The file {path} is missing.") from None
    except (OSError, EOFError, csv.Error, UnicodeDecodeError) as error:
        raise ImportProblem(f"无法读取 {path}：{error}。", f"{path} cannot be read: {error}.") from None
