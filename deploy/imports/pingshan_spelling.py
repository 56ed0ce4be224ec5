"""How the handling units of Pingshan are written: what of a name is the unit, and what its street.

`城建办（坑梓街道办事处）` is the unit 城建办 of a street; `财政局（国资办）` is one name. Nothing is looked
up here.
"""

import re
from dataclasses import dataclass

#: Customary short forms, longest first; spelled so, the names of one task are alike.
_SHORT_FORMS = (
    ("消防安全管理委员会", "消安委"),
    ("消防安全委员会", "消安委"),
    ("机关事务服务中心", "机关事务中心"),
    ("安全生产监督管理办公室", "安监办"),
    ("城市管理办公室", "城管办"),
    ("劳动管理办公室", "劳动办"),
    ("办公室", "办"),
)
_STREET = "街道"
_OFFICE = "办事处"
_JURISDICTION = "辖区"
_BRACKET_AT_END = re.compile(r"(?P<base>.+?)（(?P<bracket>[^（）]+)）")
_FULL_WIDTH = str.maketrans({"(": "（", ")": "）", " ": "", "\u3000": ""})


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing a unit: what stands before the bracket, and which street it names."""

    written: str
    base: str
    street: str  # code of the street in the bracket or at the head of the name, or ""
    serves_only: bool  # the bracket is a service area (坑梓辖区), not a parent


def spelled(name: str) -> str:
    """The name with brackets of one width and no blanks: differences that nobody means."""
    return name.translate(_FULL_WIDTH)


def office_name(street: str) -> str:
    """The street office of a street: 坪山街道办事处."""
    return street + _OFFICE


class UnitNames:
    """Reads names of units, knowing the streets (code by name)."""

    def __init__(self, streets: dict[str, str]) -> None:
        self._streets = streets

    def parse(self, written: str) -> Spelling:
        """The parts of a name. A bracket that names no street is part of the name."""
        match = _BRACKET_AT_END.fullmatch(written)
        street = self._street_in(match["bracket"]) if match else ""
        if match and street:
            return Spelling(written, match["base"], street, match["bracket"].endswith(_JURISDICTION))
        heading = (code for name, code in self._streets.items() if written.startswith(_heads(name)))
        return Spelling(written, written, next(heading, ""), serves_only=False)

    def task(self, base: str) -> str:
        """What a street's unit does, without its street and in the short form."""
        for head in (head for name in self._streets for head in _heads(name)):
            base = base.removeprefix(head)
        for long, short in _SHORT_FORMS:
            base = base.replace(long, short)
        return base

    def _street_in(self, bracket: str) -> str:
        """坪山街道办事处, 碧岭办, 马峦 and 坑梓辖区 all begin with the street's short name."""
        streets = self._streets.items()
        return next((code for name, code in streets if bracket.startswith(name.removesuffix(_STREET))), "")


def _heads(street: str) -> tuple[str, str]:
    """How a unit's name begins with its street: 坪山街道…, 马峦办事处…"""
    return street, street.removesuffix(_STREET) + _OFFICE
