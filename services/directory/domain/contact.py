"""What leads to a person's door: telephone, identity number, address, and the door of a household.

All of it is kept sealed (shared/infra/sealing) and shown masked. Here stands what is right, one way of writing for
each, and the masks; nothing here knows how anything is sealed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.directory.domain import id_numbers, phones
from shared.kernel.errors import FieldProblem
from shared.kernel.words import Word


class Field(Word):
    """What is sealed of a person or a household, each for itself."""

    PHONE = "phone", "电话"
    ID_NUMBER = "id_number", "身份证号"
    ADDRESS = "address", "地址"
    DOOR = "door", "门牌"


@dataclass(frozen=True, slots=True)
class ToSeal:
    """A text that is to be sealed for its owner, a person or a household; None: nothing is kept of it any more."""

    tenant_id: UUID
    owner_id: UUID
    field: str
    text: str | None


#: What is said of a person itself; a door belongs to a household.
OF_PERSON = (Field.PHONE, Field.ID_NUMBER, Field.ADDRESS)
#: What an address ends with where it is cut short for showing.
_CUT = "***"
_LONGEST = {Field.PHONE: 40, Field.ID_NUMBER: 40, Field.ADDRESS: 200, Field.DOOR: 40}
#: Latin letters and digits as wide as Chinese characters, and the ideographic space, as they are written elsewhere.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def written(field: Field, text: str) -> str | None:
    """The one way in which it is kept; None when it cannot be such a thing at all."""
    plain = " ".join(text.translate(_NARROW).split())
    if not plain or len(text) > _LONGEST[field]:
        return None
    match field:
        case Field.PHONE:
            return phones.normalised(plain)
        case Field.ID_NUMBER:
            number = plain.replace(" ", "").upper()
            return number if id_numbers.has_form(number) else None
        case Field.DOOR:
            return plain.upper()
        case Field.ADDRESS:
            return plain


def problems(pointer: str, field: Field, text: str, day: date) -> Iterator[FieldProblem]:
    """What is wrong with it on that day; nothing of it is quoted."""
    kept = written(field, text)
    if kept is None:
        yield FieldProblem(pointer, *_FORMS[field])
    elif field is Field.ID_NUMBER:
        born = id_numbers.born_on(kept)
        if born is None or born > day:
            zh, en = "第 7–14 位不是有效的出生日期", "digits 7 to 14 are no date of birth"
            yield FieldProblem(pointer, "id_number_date", zh, en)
        elif not id_numbers.is_checked(kept):
            zh, en = "校验码（最后一位）不对", "the check character at the end is wrong"
            yield FieldProblem(pointer, "id_number_check", zh, en)


def read(at: str, given: Mapping[Field, str | None], day: date) -> tuple[dict[Field, str | None], list[FieldProblem]]:
    """What was given in the way in which it is kept (None: to be taken away), and all that is wrong with it."""
    wrong = [p for field, text in given.items() if text for p in problems(f"{at}/{field}", field, text, day)]
    return {field: written(field, text) if text else None for field, text in given.items()}, wrong


def birth_year(id_number: str | None) -> int | None:
    """What an identity number says of somebody's age."""
    born = id_numbers.born_on(id_number) if id_number else None
    return born.year if born else None


def masked(field: Field, text: str) -> str:
    """As it may be shown to whoever sees the person."""
    match field:
        case Field.PHONE:
            return phones.masked(text)
        case Field.ID_NUMBER:
            return id_numbers.masked(text)
        case Field.ADDRESS:
            return _coarse(text)
        case Field.DOOR:
            return f"{text[: len(text) > 1]}{'*' * max(1, len(text) - 1)}"


def _coarse(address: str) -> str:
    """The street or compound: what stands before the first number, at most half of it."""
    before_number = next((i for i, character in enumerate(address) if character.isdigit()), len(address))
    return address[: min(before_number, (len(address) + 1) // 2)] + _CUT


_FORMS: dict[Field, tuple[str, str, str]] = {
    Field.PHONE: (
        "phone_form",
        "应为 11 位手机号，或带区号的固定电话",
        "a mobile number of 11 digits, or a fixed one with its area code",
    ),
    Field.ID_NUMBER: ("id_number_form", "应为 18 位身份证号", "an identity number has 18 characters"),
    Field.ADDRESS: ("address_form", "不能为空，最多 200 个字", "not empty, at most 200 characters"),
    Field.DOOR: ("door_form", "不能为空，最多 40 个字", "not empty, at most 40 characters"),
}
