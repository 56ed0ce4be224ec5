"""Who lives behind each door: kinds of households, dealt to the flats.

The kinds and how many there are of each make the community the size and age that the newspapers tell of; what the
register shows is counted from here. A year of birth does not move, so ages are as of the year of the register.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from deploy.demo.chance import between, fraction
from deploy.demo.names import Folks, Generation, household_names

REGISTER_YEAR = 2026
OLD_FROM = 60

_AGES: dict[Generation, tuple[int, int]] = {
    Generation.OLD: (OLD_FROM, 91),
    Generation.GROWN: (24, OLD_FROM - 1),
    Generation.CHILD: (0, 17),
}
#: How many households of each kind: o an old person, g a grown-up, c a child.
_KINDS: tuple[tuple[int, str], ...] = (
    (120, "o"),
    (165, "oo"),
    (120, "oggc"),
    (78, "g"),
    (156, "gg"),
    (330, "ggc"),
    (135, "ggcc"),
)
_LETTERS = {generation.value[0]: generation for generation in Generation}


@dataclass(frozen=True, slots=True)
class Door:
    """A flat: the key of the area that it opens to (an entrance, a floor, a building), and the number on it."""

    home_key: str
    flat: str


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody at home behind a door."""

    home_key: str
    flat: str
    name: str
    generation: Generation
    birth_year: int


@cache
def residents(doors: tuple[Door, ...], folks: Folks, taken: frozenset[str] = frozenset()) -> tuple[Resident, ...]:
    """Everybody who lives behind the doors, door by door; nobody has a name in `taken`.

    As many doors as there are households get each kind as often as it says, fewer or more get the same mixture.
    """
    kinds = [kind for count, kind in _KINDS for _ in range(count)]
    shuffled = sorted(doors, key=lambda door: fraction("door", door.home_key, door.flat))
    dealt = {door: kinds[number * len(kinds) // len(doors)] for number, door in enumerate(shuffled)}
    return tuple(resident for door in doors for resident in _behind(door, dealt[door], folks, taken))


def _behind(door: Door, kind: str, folks: Folks, taken: frozenset[str]) -> list[Resident]:
    label = f"{door.home_key}/{door.flat}"
    generations = tuple(_LETTERS[letter] for letter in kind)
    names = household_names(label, generations, folks, taken)
    years = [_birth_year(generation, label, number) for number, generation in enumerate(generations)]
    everybody = zip(names, generations, years, strict=True)
    return [Resident(door.home_key, door.flat, name, generation, year) for name, generation, year in everybody]


def _birth_year(generation: Generation, *label: object) -> int:
    youngest, oldest = _AGES[generation]
    return REGISTER_YEAR - int(between(youngest, oldest + 1, "age", *label))


def counted(everybody: Iterable[Resident]) -> Counter[str]:
    """How many of them live in each entrance, floor or building, by its key."""
    return Counter(resident.home_key for resident in everybody)
