"""Codes of areas: the national statistical code down to the community, a community's own below it.

统计用区划代码: 6 digits for the county or district, 3 more for the street, 3 more for the community. Registers also
write all of them with 12 digits, the missing places as zeros; Linli keeps the digits that say something.
"""

_DIGITS = {"district": 6, "street": 9, "community": 12}
_FULL = 12


def canonical(kind: str, code: str) -> str | None:
    """The code as it is kept; None when an area of this kind cannot have it."""
    digits = _DIGITS.get(kind)
    if digits is None:
        return code
    if not (code.isascii() and code.isdigit()):
        return None
    if len(code) == _FULL and code[digits:].strip("0") == "":
        return code[:digits]
    return code if len(code) == digits else None


def spellings(code: str) -> list[str]:
    """The code and what it is kept as when it is written with all 12 digits."""
    found = [code]
    if len(code) == _FULL and code.isascii() and code.isdigit():
        found += [code[:digits] for digits in (9, 6) if not code[digits:].strip("0")]
    return found


def digits_of(kind: str) -> int | None:
    """How many digits the statistical code of such an area has; None where communities use codes of their own."""
    return _DIGITS.get(kind)


def follows(kind: str, code: str, parent_kind: str, parent_code: str | None) -> bool:
    """Whether a statistical code begins with that of the area above."""
    if parent_code is None or kind not in _DIGITS or parent_kind not in _DIGITS:
        return True
    return code.startswith(parent_code)
