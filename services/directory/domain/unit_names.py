"""How organisations are written, and who is meant by a spelling. Nothing is looked up here.

`城建办（坑梓街道办事处）` is the unit 城建办 of a street, as is `坑梓街道城建办公室`; `财政局（国资办）` is one name.
Units are known by *keys*: names without what nobody means (width of brackets, blanks, 深圳市 before a name), in the
customary short form, once as they are written and once without their parent.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

#: Customary short forms of a street's units, longest first; spelled so, the names of one task are alike.
_SHORT_FORMS = (
    ("消防安全管理委员会", "消安委"),
    ("消防安全委员会", "消安委"),
    ("机关事务服务中心", "机关事务中心"),
    ("安全生产监督管理办公室", "安监办"),
    ("城市管理办公室", "城管办"),
    ("劳动管理办公室", "劳动办"),
    ("办公室", "办"),
)
#: Short forms of what everybody has.
_COMMON_FORMS = (
    ("居民委员会", "居委会"),
    ("业主委员会", "业委会"),
    ("股份有限公司", "公司"),
    ("有限责任公司", "公司"),
    ("有限公司", "公司"),
    ("街道办事处", "街道办"),
)
_STREET = "街道"
_OFFICE = "办事处"
_JURISDICTION = "辖区"
_BRACKET_AT_END = re.compile(r"(?P<base>.+?)（(?P<bracket>[^（）]+)）")
_BRACKET_IN_KEY = re.compile(r"(?P<base>.+?)\((?P<bracket>[^()]+)\)")
_HEAD_IN_KEY = re.compile(r"(?P<head>[^()]{2,}?)(?:街道办事处|街道办|街道|办事处)(?P<base>.{2,})")
_FULL_WIDTH = str.maketrans({"(": "（", ")": "）", " ": "", "\u3000": ""})
#: What says nothing about who it is.
_UNSAID = re.compile(r"[\s“”‘’\"'·•.,，。、]+")
#: 广东省, 深圳市, 坪山区 before a name. A community, a compound or a market is none of them.
_REGION = re.compile(
    r"(?:[^省市区县]{2,3}省)?(?:[^市区县镇街社]{2,4}市(?![场政民容]))?"
    r"(?:[^市区县镇街社]{2,3}(?<![社小片园校辖院景库])[区县])?(?=..)"
)
#: What stands behind the own name of a street or community where it is somebody's parent.
_ENDINGS = re.compile(r"(?:街道办|街道|办事处|辖区|社区|办)$")


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
        return _shortened(base, _SHORT_FORMS)

    def _street_in(self, bracket: str) -> str:
        """坪山街道办事处, 碧岭办, 马峦 and 坑梓辖区 all begin with the street's short name."""
        streets = self._streets.items()
        return next((code for name, code in streets if bracket.startswith(name.removesuffix(_STREET))), "")


def _heads(street: str) -> tuple[str, str]:
    """How a unit's name begins with its street: 坪山街道…, 马峦办事处…"""
    return street, street.removesuffix(_STREET) + _OFFICE


def _shortened(name: str, forms: Iterable[tuple[str, str]]) -> str:
    for long, short in forms:
        name = name.replace(long, short)
    return name


def key_of(name: str) -> str:
    """What is left of a name when everything is taken away that nobody means: two of one key are likely the same."""
    bare = _UNSAID.sub("", unicodedata.normalize("NFKC", name)).casefold()
    region = _REGION.match(bare)
    bare = bare[region.end() :] if region else bare
    return _shortened(bare, (*_SHORT_FORMS, *_COMMON_FORMS))


def own_name(key: str) -> str:
    """The own name in the key of a street or community: 坑梓街道办, 坑梓办 and 坑梓 are all 坑梓."""
    return _ENDINGS.sub("", key) or key


@dataclass(frozen=True, slots=True)
class Reading:
    """What a spelling may mean: a unit of that key as a whole, or the unit `base` of somebody called `parent`."""

    whole: str
    parts: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> list[str]:
        """All keys under which the unit may be known."""
        return [self.whole, *(base for base, _ in self.parts)]


def read(written: str) -> Reading:
    """The readings of a spelling: the bracket at its end, or the street at its head, may be the parent."""
    whole = key_of(written)
    bracket = _BRACKET_IN_KEY.fullmatch(whole)
    parts = [(bracket["base"], own_name(bracket["bracket"]))] if bracket else []
    for name in [whole, *(base for base, _ in parts)]:
        head = _HEAD_IN_KEY.fullmatch(name)
        if head:
            parts.append((head["base"], own_name(head["head"])))
    return Reading(whole, tuple(parts))


def search_keys(name: str, aliases: Iterable[str]) -> list[str]:
    """Every key under which somebody may look for a unit; who is meant, `meant` decides."""
    return sorted({key for spelling in (name, *aliases) for key in read(spelling).keys} - {""})


@dataclass(frozen=True, slots=True)
class Known:
    """A unit as the directory has it. `above`: the names of its parent and of who keeps it."""

    id: UUID
    name: str
    aliases: Sequence[str] = ()
    parent_id: UUID | None = None
    above: Sequence[str] = ()

    @property
    def names(self) -> set[str]:
        """The keys of what it is called, parent and all."""
        return {key_of(spelling) for spelling in (self.name, *self.aliases)}

    @property
    def keys(self) -> set[str]:
        """The same, and without its parent where that is said."""
        above = {own_name(key_of(name)) for name in self.above}
        readings = (read(spelling) for spelling in (self.name, *self.aliases))
        return self.names | {base for reading in readings for base, parent in reading.parts if parent in above}

    def is_part(self, base: str, parent: str) -> bool:
        """Whether it is the unit `base` of somebody called `parent`."""
        return parent in {own_name(key_of(name)) for name in self.above} and base in self.keys


def meant(written: str, known: Sequence[Known]) -> list[Known]:
    """Who may be meant by a spelling: one where it is clear; several where it names no parent and each could be it."""
    reading = read(written)
    rules: tuple[Callable[[Known], bool], ...] = (
        lambda unit: reading.whole in unit.names,
        lambda unit: any(unit.is_part(base, parent) for base, parent in reading.parts),
        lambda unit: reading.whole in unit.keys,
    )
    return next((found for fits in rules if (found := [unit for unit in known if fits(unit)])), [])


def similar(new: Known, known: Sequence[Known]) -> list[Known]:
    """Those that may be what somebody is about to enter. The same task below another parent is another unit."""
    return [
        unit
        for unit in known
        if unit.id != new.id
        and unit.keys & new.keys
        and (new.parent_id is None or unit.parent_id is None or new.parent_id == unit.parent_id)
    ]
