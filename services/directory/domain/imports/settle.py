"""Holds the areas of a file against each other and against the tree, and makes a seed of them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.directory.domain import codes
from services.directory.domain.checks import place
from services.directory.domain.imports.area_lines import Line
from services.directory.domain.imports.lines import Flaw
from services.directory.domain.kinds import Kinds
from services.directory.domain.rings import Bounds, bounds_of, lies_inside
from services.directory.domain.seed import AreaSeed


@dataclass(frozen=True, slots=True)
class Known:
    """An area that the tree has at or below the place of the import."""

    id: UUID
    key: str
    kind: str
    name: str
    code: str | None
    closed: bool
    bounds: Bounds | None = None


@dataclass(slots=True)
class Settled:
    """What a file comes to: seeds, each with its line, and what is wrong or strange."""

    seeds: list[AreaSeed] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    warnings: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an import lands: `below`, what is known there by code, codes that exist outside of it, and those of them
    that are taken in the same tenant."""

    below: Known
    known: Mapping[str, Sequence[Known]]
    elsewhere: Collection[str]
    taken: Collection[str] = frozenset()

    def key_of(self, code: str) -> str:
        """The lasting key of a code here, for an area that is not known yet."""
        return f"{self.below.id}/{code}"


def parents_wanted(lines: Sequence[Line]) -> set[str]:
    """The codes above that no line of the file brings itself."""
    wanted = {code for line in lines if line.parent_code for code in codes.spellings(line.parent_code)}
    return wanted - {line.code for line in lines}


def settle(lines: Sequence[Line], kinds: Kinds, ground: Ground) -> Settled:
    """Every line as a seed; whatever is wrong is said by its line."""
    return _Settling(lines, kinds, ground).run()


class _Settling:
    """Goes through the lines once; each check says what it found."""

    def __init__(self, lines: Sequence[Line], kinds: Kinds, ground: Ground) -> None:
        self.kinds = kinds
        self.ground = ground
        self.lines = self._spelt(lines)
        self.first: dict[str, Line] = {}
        for line in self.lines:
            self.first.setdefault(line.code, line)
        self.bounds = {code: bounds_of(line.rings) for code, line in self.first.items() if line.rings}
        self.settled = Settled()

    def run(self) -> Settled:
        checks: tuple[Callable[[Line], Iterator[Flaw]], ...] = (self._own, self._code, self._parent, self._outline)
        for line in self.lines:
            self.settled.flaws += [flaw for check in checks for flaw in check(line)]
            self.settled.warnings += self._strange(line)
        self.settled.flaws += self._cycles()
        if not self.settled.flaws:
            self.settled.lines = list(self.lines)
            self.settled.seeds = [self._seed(line) for line in self.lines]
        return self.settled

    def _spelt(self, lines: Sequence[Line]) -> list[Line]:
        """The lines with statistical codes as they are kept, whether written with 12 digits or fewer."""
        own = {line.code: codes.canonical(self._kind(line) or "", line.code) or line.code for line in lines}

        def parent(code: str) -> str:
            if code in own:
                return own[code]
            found = (c for c in codes.spellings(code) if c in self.ground.known or c in own.values())
            return next(found, code) if code else code

        memory: dict[str, str] = {}
        spelt = []
        for line in lines:
            if line.parent_code not in memory:
                memory[line.parent_code] = parent(line.parent_code)
            above = memory[line.parent_code]
            same = own[line.code] == line.code and above == line.parent_code
            spelt.append(line if same else replace(line, code=own[line.code], parent_code=above))
        return spelt

    def _kind(self, line: Line) -> str | None:
        found = self.kinds.by_name.get(line.kind.casefold())
        return found.key if found else None

    def _above(self, line: Line) -> tuple[str, str | None] | None:
        """Kind and code of the area above a line; None when that is not known."""
        if not line.parent_code:
            return self.ground.below.kind, self.ground.below.code
        if line.parent_code in self.first:
            kind = self._kind(self.first[line.parent_code])
            return (kind, line.parent_code) if kind else None
        known = self._open(line.parent_code)
        return (known[0].kind, known[0].code) if known else None

    def _open(self, code: str) -> list[Known]:
        return [known for known in self.ground.known.get(code, ()) if not known.closed]

    def _own(self, line: Line) -> Iterator[Flaw]:
        if self._kind(line) is None:
            keys = ", ".join(self.kinds.by_key)
            words = "、".join(kind.name_zh for kind in self.kinds.by_key.values())
            zh, en = f"没有“{line.kind}”这种区域", f"there is no kind “{line.kind}”"
            yield _flaw(line, "kind", "unknown_kind", f"{zh}；可用：{words}", f"{en}; known: {keys}")
        if self.first[line.code] is not line:
            zh, en = f"编码“{line.code}”前面已经出现过", f"the code “{line.code}” occurred before"
            yield _flaw(line, "code", "duplicate_code", zh, en)
        known = self.ground.known.get(line.code, ())
        if len(self._open(line.code)) > 1:
            zh, en = "这里有几个区域用这个编码，请导入到各自的社区", "several areas here have this code"
            yield _flaw(line, "code", "ambiguous_code", zh, f"{en}: import into each community")
        elif known and not self._open(line.code):
            zh, en = f"“{known[0].name}”用过这个编码，已撤销", f"“{known[0].name}” had this code and is closed"
            yield _flaw(line, "code", "closed", f"{zh}；请换一个", f"{en}: take another")
        elif not known and line.code in self.ground.taken:
            zh, en = (
                f"编码“{line.code}”在社区别处已被使用",
                f"the code “{line.code}” is taken elsewhere in the community",
            )
            yield _flaw(line, "code", "duplicate_code", zh, en)

    def _code(self, line: Line) -> Iterator[Flaw]:
        kind = self._kind(line)
        if kind is None:
            return
        code = codes.canonical(kind, line.code)
        above = self._above(line)
        if code is None:
            digits = codes.digits_of(kind)
            zh, en = f"应为 {digits} 位统计用区划代码", f"the statistical code has {digits} digits"
            yield _flaw(line, "code", "code_form", zh, en)
        elif above and not codes.follows(kind, code, above[0], codes.canonical(above[0], above[1] or "") or None):
            zh, en = f"应以上级的代码 {above[1]} 开头", f"it begins with {above[1]}, the code above"
            yield _flaw(line, "code", "code_prefix", zh, en)

    def _parent(self, line: Line) -> Iterator[Flaw]:
        above, kind = self._above(line), self._kind(line)
        if above is not None:
            if kind and not self.kinds.fits(kind, above[0]):
                (own, own_en), (up, up_en) = self.kinds.name(kind), self.kinds.name(above[0])
                yield _flaw(line, "parent_code", "rank", f"{own}不能设在{up}下面", f"{own_en}: not below a {up_en}")
        elif line.parent_code not in self.first:
            if line.parent_code in self.ground.elsewhere:
                zh = f"上级“{line.parent_code}”不在“{self.ground.below.name}”之内"
                en = f"“{line.parent_code}” does not lie in “{self.ground.below.name}”"
                yield _flaw(line, "parent_code", "other_tenant", zh, en)
            else:
                zh, en = f"没有编码为“{line.parent_code}”的区域", f"no area has the code “{line.parent_code}”"
                yield _flaw(line, "parent_code", "unknown_parent", zh, en)

    def _outline(self, line: Line) -> Iterator[Flaw]:
        for problem in place("", AreaSeed("", None, line.kind, line.name, None, line.centre, line.rings)):
            code = problem.code.replace("seed.", "import.")
            if problem.pointer == "/centre":
                yield Flaw(line.where, "lat", code, problem.zh, problem.en)
            else:
                at = line.rings_at[int(problem.pointer.rsplit("/", 1)[1])]
                yield Flaw(at, "", code, problem.zh, problem.en)

    def _strange(self, line: Line) -> list[Flaw]:
        """What is taken all the same: an outline or centre that is not inside of the one above."""
        around = self.bounds.get(line.parent_code) or self._known_bounds(line.parent_code)
        own = bounds_of(line.rings) if line.rings else (*line.centre, *line.centre) if line.centre else None
        if around is None or own is None or lies_inside(own, around):
            return []
        zh, en = f"“{line.name}”不在上级的边界之内", f"“{line.name}” is not inside the outline above it"
        at = Flaw(line.rings_at[0], "", "import.outside_parent", zh, en) if line.rings else None
        return [at or _flaw(line, "lat", "outside_parent", zh, en)]

    def _known_bounds(self, code: str) -> Bounds | None:
        if not code:
            return self.ground.below.bounds
        known = self._open(code)
        return known[0].bounds if known else None

    def _cycles(self) -> Iterator[Flaw]:
        """Every circle of parents, said at the first of its lines. Each line has one parent, so a walk finds it."""
        seen: dict[str, int] = {}
        for number, start in enumerate(self.first):
            code = start
            while code in self.first and code not in seen:
                seen[code] = number
                code = self.first[code].parent_code
            if code in self.first and seen[code] == number:
                way = [code]
                while self.first[way[-1]].parent_code != code:
                    way.append(self.first[way[-1]].parent_code)
                shown = " → ".join([*way[:20], code])
                zh, en = f"上级关系成环：{shown}", f"the parents go in a circle: {shown}"
                yield _flaw(self.first[code], "parent_code", "cycle", zh, en)

    def _seed(self, line: Line) -> AreaSeed:
        kind = self._kind(line) or line.kind
        return AreaSeed(
            key=self._key(line.code),
            parent_key=self._key(line.parent_code) if line.parent_code else self.ground.below.key,
            kind=kind,
            name=line.name,
            code=codes.canonical(kind, line.code),
            centre=line.centre,
            polygons=line.rings,
            households=line.households,
            residents=line.residents,
        )

    def _key(self, code: str) -> str:
        known = self._open(code)
        return known[0].key if known else self.ground.key_of(code)


def _flaw(line: Line, column: str, code: str, zh: str, en: str) -> Flaw:
    return Flaw(line.where, column, f"import.{code}", zh, en)
