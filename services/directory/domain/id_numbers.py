"""Citizens' identity numbers 公民身份号码 (GB 11643-1999): region, date of birth, sequence, check character."""

import re
from datetime import date

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
#: ISO 7064 MOD 11-2, as GB 11643 writes it down: the weight of each place, and the character of each remainder.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHARACTERS = "10X98765432"
_FIRST_YEAR = 1850


def check_character(first: str) -> str:
    """The last character of the number that begins with these 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return _CHARACTERS[total % 11]


def has_form(number: str) -> bool:
    """18 characters, the last one perhaps an X."""
    return _FORM.fullmatch(number) is not None


def born_on(number: str) -> date | None:
    """The date of birth in a number of the right form; None when there is no such day."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= _FIRST_YEAR else None


def is_checked(number: str) -> bool:
    """Whether the check character of a number of the right form is right."""
    return check_character(number[:17]) == number[17]


def masked(number: str) -> str:
    """1101**********0012: region without the county, and the end."""
    return f"{number[:4]}{'*' * 10}{number[-4:]}"
