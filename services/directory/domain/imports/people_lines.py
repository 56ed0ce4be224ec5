"""One person of a table: what the cells say.

No cell is ever taken for a formula: one that begins like one is refused, but for a telephone with +86, which is held
against what a telephone is.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import partial

from services.directory.domain import contact
from services.directory.domain.contact import Field
from services.directory.domain.imports.csv_file import Table
from services.directory.domain.imports.lines import Cells, Where
from services.directory.domain.people import ages

HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("name", "姓名"),
    "area_code": ("area_code", "区域编码", "所在区域"),
    "door": ("door", "门牌", "房号"),
    "phone": ("phone", "电话", "手机", "联系电话"),
    "id_number": ("id_number", "身份证号", "公民身份号码"),
    "address": ("address", "地址", "住址"),
    "birth_year": ("birth_year", "出生年份"),
    "party_member": ("party_member", "党员", "是否党员"),
    "skills": ("skills", "特长"),
}
_YES, _NO = ("是", "yes", "true", "1"), ("否", "no", "false", "0")
_BETWEEN = re.compile(r"[、,，;；]")
_MOST_SKILLS = 20


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as a file describes them; contact data in the way in which it is kept. None: the file says nothing."""

    where: Where
    name: str
    area_code: str
    door: str | None
    phone: str | None
    id_number: str | None
    address: str | None
    birth_year: int | None
    party_member: bool | None
    skills: tuple[str, ...] | None


def _line_of(day: date, cells: Cells) -> PersonLine:
    """The person that the cells describe; what is wrong is said to the reading."""
    id_number = _contact(cells, Field.ID_NUMBER, day)
    door = _contact(cells, Field.DOOR, day) if cells.word("door", 40, required=False) else None
    area_code = cells.word("area_code", 64, required=False)
    if door and not area_code:
        cells.flaw("door", "door_without_home", "有门牌就要有区域编码", "a door needs the code of its area")
    return PersonLine(
        cells.where,
        name=cells.word("name", 50),
        area_code=area_code,
        door=door,
        phone=_contact(cells, Field.PHONE, day),
        id_number=id_number,
        address=_contact(cells, Field.ADDRESS, day) if cells.word("address", 200, required=False) else None,
        birth_year=_birth_year(cells, id_number, day),
        party_member=_yes_or_no(cells, "party_member"),
        skills=_skills(cells),
    )


def _contact(cells: Cells, field: Field, day: date) -> str | None:
    text = cells.text(field)
    if not text:
        return None
    problems = [*contact.problems("", field, text, day)]
    for problem in problems:
        cells.flaw(field, problem.code, problem.zh, problem.en)
    return None if problems else contact.written(field, text)


def _birth_year(cells: Cells, id_number: str | None, day: date) -> int | None:
    year, born = cells.whole("birth_year", most=9999), contact.birth_year(id_number)
    if not ages(year, day):
        cells.flaw("birth_year", "birth_year", "出生年份不对", "nobody alive was born then")
    elif year and born and year != born:
        zh, en = "与身份证号中的出生年份不同", "another year than in the identity number"
        cells.flaw("birth_year", "other_birth_year", zh, en)
    return year or born


def _yes_or_no(cells: Cells, column: str) -> bool | None:
    text = cells.text(column).lower()
    if text and text not in (*_YES, *_NO):
        cells.flaw(column, "yes_or_no", "应为 是 或 否", "是 (yes) or 否 (no)")
    return text in _YES if text else None


def _skills(cells: Cells) -> tuple[str, ...] | None:
    if not cells.word("skills", 400, required=False):
        return None
    found = tuple(dict.fromkeys(skill.strip() for skill in _BETWEEN.split(cells.text("skills")) if skill.strip()))
    if len(found) > _MOST_SKILLS or any(len(skill) > 40 for skill in found):
        cells.flaw("skills", "too_long", "最多 20 项，每项 40 个字", "at most 20, each of 40 characters")
    return found


def table_on(day: date) -> Table[PersonLine]:
    """The table of people, read on that day: nobody is born after it."""
    return Table(HEADINGS, ("name",), partial(_line_of, day), ("人", "people"))
