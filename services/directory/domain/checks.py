"""What must be true of a seed before anything of it is stored. Every problem is found, not only the first."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from graphlib import CycleError, TopologicalSorter

from services.directory.domain import contact, plan_catalogue, rings
from services.directory.domain.contact import OF_PERSON, Field
from services.directory.domain.credit_code import canonical
from services.directory.domain.kinds import Kinds
from services.directory.domain.organisations import credit_code_problem
from services.directory.domain.seed import AreaSeed, DirectorySeed, GrantSeed, OrganisationSeed
from shared.kernel.errors import FieldProblem


class References:
    """Every key that a seed names, by what it names: its own rows and what they refer to."""

    def __init__(self, seed: DirectorySeed) -> None:
        self.areas: list[tuple[str, str]] = [*_area_references(seed), *plan_catalogue.area_references(seed)]
        self.organisations = [
            *(
                (f"/organisations/{i}/parent_key", o.parent_key)
                for i, o in enumerate(seed.organisations)
                if o.parent_key
            ),
            *((f"/memberships/{i}/organisation_key", m.organisation_key) for i, m in enumerate(seed.memberships)),
            *(
                (f"/memberships/{i}/on_behalf_of_key", m.on_behalf_of_key)
                for i, m in enumerate(seed.memberships)
                if m.on_behalf_of_key
            ),
            *(
                (f"/grants/{i}/organisation_key", g.organisation_key)
                for i, g in enumerate(seed.grants)
                if g.organisation_key
            ),
            *(
                (f"/people/{i}/work_organisation_key", p.work_organisation_key)
                for i, p in enumerate(seed.people)
                if p.work_organisation_key
            ),
            *((f"/supports/{i}/organisation_key", s.organisation_key) for i, s in enumerate(seed.supports)),
            *plan_catalogue.organisation_references(seed),
        ]
        self.households = [
            (f"/people/{i}/household_key", p.household_key) for i, p in enumerate(seed.people) if p.household_key
        ]
        self.people = [
            *((f"/offices/{i}/person_key", o.person_key) for i, o in enumerate(seed.offices)),
            *((f"/memberships/{i}/person_key", m.person_key) for i, m in enumerate(seed.memberships)),
            *((f"/grants/{i}/person_key", g.person_key) for i, g in enumerate(seed.grants)),
        ]


def _area_references(seed: DirectorySeed) -> Iterator[tuple[str, str]]:
    for i, area in enumerate(seed.areas):
        if area.parent_key is not None:
            yield f"/areas/{i}/parent_key", area.parent_key
    for i, organisation in enumerate(seed.organisations):
        yield f"/organisations/{i}/tenant_key", organisation.tenant_key
        for n, key in enumerate(organisation.serves_keys):
            yield f"/organisations/{i}/serves_keys/{n}", key
    for i, person in enumerate(seed.people):
        yield f"/people/{i}/tenant_key", person.tenant_key
        if person.home_key is not None:
            yield f"/people/{i}/home_key", person.home_key
    for i, household in enumerate(seed.households):
        yield f"/households/{i}/area_key", household.area_key
    for i, office in enumerate(seed.offices):
        yield f"/offices/{i}/area_key", office.area_key
    for i, grant in enumerate(seed.grants):
        if grant.area_key is not None:
            yield f"/grants/{i}/area_key", grant.area_key
    for i, support in enumerate(seed.supports):
        yield f"/supports/{i}/area_key", support.area_key


def check(
    seed: DirectorySeed,
    kinds: Kinds,
    areas: Collection[str],
    organisations: Collection[str],
    people: Collection[str],
    households: Collection[str],
) -> list[FieldProblem]:
    """All that is wrong with the seed; the collections are the keys that the directory knows already."""
    named = References(seed)
    return [
        *_duplicates(seed),
        *_unknown(named.areas, {a.key for a in seed.areas} | set(areas)),
        *_unknown(named.organisations, {o.key for o in seed.organisations} | set(organisations)),
        *_unknown(named.people, {p.key for p in seed.people} | set(people)),
        *_unknown(named.households, {h.key for h in seed.households} | set(households)),
        *_cycles("areas", [(a.key, a.parent_key) for a in seed.areas]),
        *_cycles("organisations", [(o.key, o.parent_key) for o in seed.organisations]),
        *(_unknown_kind(f"/areas/{i}", area) for i, area in enumerate(seed.areas) if area.kind not in kinds),
        *(problem for i, area in enumerate(seed.areas) for problem in place(f"/areas/{i}", area)),
        *(_unknown_office(f"/offices/{i}", o.kind) for i, o in enumerate(seed.offices) if o.kind not in kinds.offices),
        *_backwards("offices", ((o.starts_on, o.ends_on) for o in seed.offices)),
        *_backwards("grants", ((g.starts_on, g.ends_on) for g in seed.grants)),
        *(problem for i, one in enumerate(seed.organisations) for problem in _organisation(i, one, kinds)),
        *(problem for i, grant in enumerate(seed.grants) for problem in _root(f"/grants/{i}", grant)),
        *_contact(seed),
    ]


def _duplicates(seed: DirectorySeed) -> Iterator[FieldProblem]:
    """Keys are unique across kinds, since a caller gets all ids back in one dictionary."""
    keyed = [
        *((f"/areas/{i}", a.key) for i, a in enumerate(seed.areas)),
        *((f"/organisations/{i}", o.key) for i, o in enumerate(seed.organisations)),
        *((f"/people/{i}", p.key) for i, p in enumerate(seed.people)),
        *((f"/households/{i}", h.key) for i, h in enumerate(seed.households)),
        *((f"/facilities/{i}", f.key) for i, f in enumerate(seed.facilities)),
        *((f"/services/{i}", s.key) for i, s in enumerate(seed.services)),
    ]
    yield from _repeated(keyed)
    yield from _repeated(
        (f"/offices/{i}", (o.person_key, o.kind, o.area_key, o.starts_on if o.ends_on else None))
        for i, o in enumerate(seed.offices)
    )
    yield from _repeated(
        (f"/memberships/{i}", (m.person_key, m.kind, m.organisation_key)) for i, m in enumerate(seed.memberships)
    )
    yield from _repeated(
        (
            f"/grants/{i}",
            (g.person_key, g.role.value, g.area_key, g.organisation_key, g.starts_on if g.ends_on else None),
        )
        for i, g in enumerate(seed.grants)
    )
    yield from _repeated((f"/supports/{i}", (s.organisation_key, s.area_key)) for i, s in enumerate(seed.supports))
    yield from _repeated(
        (f"/organisations/{i}/credit_code", canonical(o.credit_code))
        for i, o in enumerate(seed.organisations)
        if o.credit_code
    )


def _repeated(rows: Iterable[tuple[str, object]]) -> Iterator[FieldProblem]:
    rows = list(rows)
    often = {key for key, times in Counter(key for _, key in rows).items() if times > 1}
    seen: set[object] = set()
    for pointer, key in rows:
        if key in often and key in seen:
            yield FieldProblem(pointer, "seed.duplicate", f"“{key}”出现了不止一次", f"“{key}” appears more than once")
        seen.add(key)


def _unknown(references: Sequence[tuple[str, str]], known: Collection[str]) -> Iterator[FieldProblem]:
    for pointer, key in references:
        if key not in known:
            zh, en = f"“{key}”既不在这批数据里，也不在系统里", f"“{key}” is neither in this seed nor in the directory"
            yield FieldProblem(pointer, "seed.unknown_key", zh, en)


def _cycles(table: str, parents: list[tuple[str, str | None]]) -> Iterator[FieldProblem]:
    try:
        TopologicalSorter({key: {parent} for key, parent in parents if parent is not None}).prepare()
    except CycleError as error:
        way = " → ".join(reversed(error.args[1]))
        yield FieldProblem(f"/{table}", "seed.cycle", f"上级关系成环：{way}", f"the parents go in a circle: {way}")


def _unknown_kind(pointer: str, area: AreaSeed) -> FieldProblem:
    zh, en = f"“{area.name}”的类型“{area.kind}”不存在", f"“{area.name}”: there is no kind “{area.kind}”"
    return FieldProblem(f"{pointer}/kind", "seed.unknown_kind", zh, en)


def _unknown_office(pointer: str, kind: str) -> FieldProblem:
    return FieldProblem(f"{pointer}/kind", "seed.unknown_kind", f"没有职务“{kind}”", f"there is no office “{kind}”")


def _backwards(table: str, days: Iterable[tuple[date | None, date | None]]) -> Iterator[FieldProblem]:
    for i, (starts_on, ends_on) in enumerate(days):
        if starts_on and ends_on and ends_on < starts_on:
            zh, en = f"{ends_on} 结束早于 {starts_on} 开始", f"ends on {ends_on}, before it begins on {starts_on}"
            yield FieldProblem(f"/{table}/{i}/ends_on", "seed.days", zh, en)


def _organisation(number: int, organisation: OrganisationSeed, kinds: Kinds) -> Iterator[FieldProblem]:
    """What is wrong with an organisation by itself: its kind, its credit code, its levels."""
    at, name = f"/organisations/{number}", organisation.name
    if organisation.kind not in kinds.organisations:
        zh, en = f"“{name}”的类型“{organisation.kind}”不存在", f"“{name}”: there is no kind “{organisation.kind}”"
        yield FieldProblem(f"{at}/kind", "seed.unknown_kind", zh, en)
    elif organisation.formation_status and not kinds.organisations[organisation.kind].formed:
        zh, en = f"“{name}”不是要选举成立的组织", f"“{name}” is nothing that has to be formed"
        yield FieldProblem(f"{at}/formation_status", "seed.not_formed", zh, en)
    if organisation.credit_code:
        problem = credit_code_problem(f"{at}/credit_code", canonical(organisation.credit_code))
        if problem:
            yield replace(problem, code=f"seed.{problem.code}")
    for n, one in enumerate(organisation.responsibilities):
        if one.level not in kinds:
            zh, en = f"没有“{one.level}”这一级", f"there is no level “{one.level}”"
            yield FieldProblem(f"{at}/responsibilities/{n}/level", "seed.unknown_kind", zh, en)


def place(pointer: str, area: AreaSeed) -> Iterator[FieldProblem]:
    """What is wrong with where an area is said to lie: its centre and its rings."""
    if area.centre is not None:
        if not rings.on_earth(*area.centre):
            yield _degrees(f"{pointer}/centre", area)
        elif rings.swapped(*area.centre):
            yield _swapped(f"{pointer}/centre", area)
    for n, ring in enumerate(area.polygons):
        at, name = f"{pointer}/polygons/{n}", area.name
        if not all(rings.on_earth(*corner) for corner in ring):
            yield _degrees(at, area)
        elif any(rings.swapped(*corner) for corner in ring):
            yield _swapped(at, area)
        elif not rings.is_closed(ring):
            zh, en = f"“{name}”的边界没有闭合（首尾应为同一点）", f"the ring of “{name}” does not end where it begins"
            yield FieldProblem(at, "seed.polygon_open", zh, en)
        elif rings.crosses_itself(ring):
            zh, en = f"“{name}”的边界自相交叉", f"the ring of “{name}” crosses itself"
            yield FieldProblem(at, "seed.polygon_crossing", zh, en)
        elif not rings.encloses(ring):
            zh, en = f"“{name}”的边界至少要有三个不在一条线上的点", f"the ring of “{name}” encloses nothing"
            yield FieldProblem(at, "seed.polygon_points", zh, en)


def _degrees(pointer: str, area: AreaSeed) -> FieldProblem:
    zh = f"“{area.name}”的坐标超出范围（顺序为纬度、经度）"
    return FieldProblem(pointer, "seed.degrees", zh, f"“{area.name}”: no degrees (latitude first, then longitude)")


def _swapped(pointer: str, area: AreaSeed) -> FieldProblem:
    zh = f"“{area.name}”的经纬度写反了（对调后才在中国境内）"
    en = f"“{area.name}”: latitude and longitude are swapped (the other way round they lie in China)"
    return FieldProblem(pointer, "seed.swapped", zh, en)


def _contact(seed: DirectorySeed) -> Iterator[FieldProblem]:
    """What is wrong with telephones, identity numbers, addresses and doors; a seed knows no day, so nobody is born too
    late for it."""
    given = [
        *((f"/people/{i}/{field}", field, getattr(p, field)) for i, p in enumerate(seed.people) for field in OF_PERSON),
        *((f"/households/{i}/door", Field.DOOR, h.door) for i, h in enumerate(seed.households)),
    ]
    for pointer, field, text in given:
        if text is not None:
            for problem in contact.problems(pointer, field, text, date.max):
                yield FieldProblem(pointer, f"seed.{problem.code}", problem.zh, problem.en)


def _root(pointer: str, grant: GrantSeed) -> Iterator[FieldProblem]:
    if (grant.area_key is None) == (grant.organisation_key is None):
        who = f"{grant.person_key} {grant.role.value}"
        zh, en = (
            f"{who}：角色须且只能落在一个区域或一个组织",
            f"{who}: a role has exactly one root, area or organisation",
        )
        yield FieldProblem(pointer, "seed.role_root", zh, en)
