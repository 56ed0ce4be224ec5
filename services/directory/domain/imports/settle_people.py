"""Holds the people of a file against each other and against the register, and makes a seed of them.

Whoever has the identity number of somebody who is there is that person; without a number it is the one who has the
same name, year of birth and home, and where several have those, the one behind the same door. So the same file again
changes nothing, and a later one corrects. What is not clear is a flaw: another name to a known number, two who would
fit, two lines for one person.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.directory.domain.imports.lines import Flaw
from services.directory.domain.imports.people_lines import PersonLine
from services.directory.domain.seed import DirectorySeed, HouseholdSeed, PersonSeed


@dataclass(frozen=True, slots=True)
class KnownArea:
    """An area in which people of the file may live."""

    id: UUID
    key: str
    closed: bool


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody whom the register has already."""

    key: str
    name: str
    party_member: bool
    skills: tuple[str, ...]
    has_id_number: bool
    household_key: str | None


#: Name, year of birth and home.
Likeness = tuple[str, int | None, UUID | None]


@dataclass(frozen=True, slots=True)
class PeopleGround:
    """What the register has where the file lands: areas by code, people by identity number and by likeness, households
    by area and door."""

    tenant_key: str
    areas: Mapping[str, Sequence[KnownArea]]
    by_number: Mapping[str, KnownPerson]
    alike: Mapping[Likeness, Sequence[KnownPerson]]
    doors: Mapping[tuple[UUID, str], str]


@dataclass(slots=True)
class SettledPeople:
    """What a file comes to: a seed, and what is wrong."""

    seed: DirectorySeed = field(default_factory=DirectorySeed)
    flaws: list[Flaw] = field(default_factory=list)


def settle_people(lines: Sequence[PersonLine], ground: PeopleGround, new_key: Callable[[str], str]) -> SettledPeople:
    """Every line as a seed; whatever is wrong is said by its line. `new_key` gives a key that nobody has."""
    return _Settling(lines, ground, new_key).run()


class _Settling:
    """Goes through the lines once; each check says what it found."""

    def __init__(self, lines: Sequence[PersonLine], ground: PeopleGround, new_key: Callable[[str], str]) -> None:
        self.lines = lines
        self.ground = ground
        self.new_key = new_key
        self.households: dict[tuple[UUID, str], HouseholdSeed] = {}
        self.seen: dict[object, PersonLine] = {}
        self.meant: dict[str, PersonLine] = {}
        self.settled = SettledPeople()

    def run(self) -> SettledPeople:
        for line in self.lines:
            self.settled.flaws += [*self._home(line), *self._twice(line), *self._known(line)]
        if not self.settled.flaws:
            people = [self._seed(line) for line in self.lines]
            self.settled.seed = DirectorySeed(people=people, households=list(self.households.values()))
        return self.settled

    def _area(self, line: PersonLine) -> KnownArea | None:
        return next((area for area in self.ground.areas.get(line.area_code, ()) if not area.closed), None)

    def _home(self, line: PersonLine) -> Iterator[Flaw]:
        known = self.ground.areas.get(line.area_code, ())
        if not line.area_code:
            return
        if not known:
            zh, en = f"没有编码为“{line.area_code}”的区域", f"no area has the code “{line.area_code}”"
            yield _flaw(line, "area_code", "unknown_area", zh, en)
        elif all(area.closed for area in known):
            yield _flaw(line, "area_code", "closed", "这个区域已撤销", "this area is closed")
        elif sum(not area.closed for area in known) > 1:
            zh, en = "这里有几个区域用这个编码，请导入到各自的社区", "several areas here have this code"
            yield _flaw(line, "area_code", "ambiguous_code", zh, f"{en}: import into each community")

    def _twice(self, line: PersonLine) -> Iterator[Flaw]:
        """Two lines for one person: the same number, or all that is said of them without one."""
        same: object = line.id_number or (line.name, line.birth_year, line.area_code, line.door, line.phone)
        first = self.seen.setdefault(same, line)
        if first is not line:
            column = "id_number" if line.id_number else "name"
            zh, en = f"与第 {first.where} 行是同一个人", f"the same person as in line {first.where}"
            yield _flaw(line, column, "duplicate", zh, en)

    def _match(self, line: PersonLine) -> Sequence[KnownPerson]:
        """Who of the register it may be."""
        if line.id_number and line.id_number in self.ground.by_number:
            return [self.ground.by_number[line.id_number]]
        area = self._area(line)
        alike = self.ground.alike.get((line.name, line.birth_year, area.id if area else None), ())
        fitting = [person for person in alike if not (line.id_number and person.has_id_number)]
        door = self.ground.doors.get((area.id, line.door)) if area and line.door else None
        behind = [person for person in fitting if door is not None and person.household_key == door]
        return behind if len(fitting) > 1 and behind else fitting

    def _known(self, line: PersonLine) -> Iterator[Flaw]:
        known = self._match(line)
        if len(known) > 1:
            zh, en = (
                "登记中有几个同名、同年出生、同住处的人，请给出身份证号",
                "several people in the register fit this line",
            )
            yield _flaw(line, "name", "ambiguous", zh, f"{en}: give the identity number")
        elif known and self.meant.setdefault(known[0].key, line) is not line:
            first = self.meant[known[0].key].where
            zh, en = f"与第 {first} 行是登记中的同一个人", f"the same person of the register as in line {first}"
            yield _flaw(line, "name", "duplicate", zh, en)
        elif known and known[0].name != line.name:
            zh, en = (
                "这个身份证号已登记在另一个姓名下",
                "this identity number stands in the register under another name",
            )
            yield _flaw(line, "id_number", "other_person", zh, en)

    def _seed(self, line: PersonLine) -> PersonSeed:
        area, known = self._area(line), next(iter(self._match(line)), None)
        household = self._household(area, line.door) if area and line.door else None
        return PersonSeed(
            key=known.key if known else self.new_key("person"),
            tenant_key=self.ground.tenant_key,
            name=line.name,
            home_key=area.key if area else None,
            birth_year=line.birth_year,
            phone=line.phone,
            id_number=line.id_number,
            address=line.address,
            party_member=line.party_member if line.party_member is not None else bool(known and known.party_member),
            household_key=household,
            skills=line.skills if line.skills is not None else known.skills if known else (),
        )

    def _household(self, area: KnownArea, door: str) -> str:
        """The household behind a door: one that is there, or one of the file for all who live behind it."""
        there = self.ground.doors.get((area.id, door))
        if there is not None:
            return there
        made = self.households.get((area.id, door))
        if made is None:
            made = self.households[area.id, door] = HouseholdSeed(self.new_key("household"), area.key, door)
        return made.key


def _flaw(line: PersonLine, column: str, code: str, zh: str, en: str) -> Flaw:
    return Flaw(line.where, column, f"import.{code}", zh, en)
