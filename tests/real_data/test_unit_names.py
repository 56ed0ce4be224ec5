"""Pingshan's 156 names of handling units: each leads to one unit with its parent, none is there twice."""

from collections import Counter
from collections.abc import Callable

import pytest

from deploy.imports import pingshan
from deploy.imports.pingshan import PingshanImport
from services.directory.domain.unit_names import Known, key_of, meant
from shared.kernel.ids import new_id
from tests.real_data.test_pingshan import PINGSHAN, pytestmark, rows

__all__ = ["pytestmark"]

#: A dash and two units for testing mean nobody; what every street has and is written without one means all of them.
NOBODY = {"-", "区测试责任单位一", "区责任单位"}
SEVERAL = {"城建办", "机关事务中心", "消防安全委员会办公室", "消防安全管理委员会办公室"}


@pytest.fixture(scope="module")
def result() -> PingshanImport:
    return pingshan.read(PINGSHAN, None)


def known(result: PingshanImport, *, with_aliases: bool) -> list[Known]:
    """The units as the directory has them; without aliases by the name alone."""
    areas = {area.key: area.name for area in result.directory.areas}
    units = {unit.key: unit for unit in result.directory.organisations}
    ids = {key: new_id() for key in units}
    found = []
    for unit in units.values():
        above = [areas[key] for key in (unit.tenant_key, *unit.serves_keys)]
        above += [units[unit.parent_key].name] if unit.parent_key else []
        parent_id = ids[unit.parent_key] if unit.parent_key else None
        aliases = unit.aliases if with_aliases else ()
        found.append(Known(ids[unit.key], unit.name, aliases, parent_id, above))
    return found


def found_by(count: Callable[[int], bool], found: dict[str, list[Known]]) -> set[str]:
    return {name for name, units in found.items() if count(len(units))}


def test_each_of_the_names_leads_to_one_unit(result: PingshanImport) -> None:
    units = known(result, with_aliases=True)
    found = {row["name"]: meant(row["name"], units) for row in rows("disposeunit.csv")}
    assert found_by(lambda n: n == 0, found) == NOBODY
    assert found_by(lambda n: n > 1, found) == SEVERAL
    one = {name: units[0] for name, units in found.items() if len(units) == 1}
    for name, unit in one.items():
        assert name in (unit.name, *unit.aliases)
    with_parent = [unit for unit in {unit.id: unit for unit in one.values()}.values() if unit.parent_id]
    print(
        f"\n{len(found)} names: {len(one)} lead to one of {len({unit.id for unit in one.values()})} units, "
        f"{len(with_parent)} of them with a parent; {len(SEVERAL)} name a task that several streets have, "
        f"{len(NOBODY)} nobody"
    )
    assert len(found) == 156


def test_the_rules_alone_find_nearly_all_of_them_and_never_a_wrong_one(result: PingshanImport) -> None:
    """Without the aliases that the import knows by the numbers of the source."""
    units = known(result, with_aliases=False)
    pairs = zip(units, known(result, with_aliases=True), strict=True)
    spellings = {unit.id: {taught.name, *taught.aliases} for unit, taught in pairs}
    found = {row["name"]: meant(row["name"], units) for row in rows("disposeunit.csv")}
    missed = found_by(lambda n: n == 0, found) - NOBODY
    print(f"\n{156 - len(NOBODY) - len(SEVERAL) - len(missed)} by the rules alone, not {'、'.join(sorted(missed))}")
    assert len(missed) <= 3
    for name, (unit, *others) in ((name, units) for name, units in found.items() if units):
        assert others or name in spellings[unit.id], (name, unit.name)


def test_no_unit_is_there_twice(result: PingshanImport) -> None:
    organisations = result.directory.organisations
    tasks = Counter((unit.tenant_key, unit.parent_key, key_of(unit.name)) for unit in organisations)
    assert [key for key, times in tasks.items() if times > 1] == []
    spellings = Counter(
        spelling for unit in organisations for spelling in {unit.name, *unit.aliases} if "（" in spelling
    )
    assert [spelling for spelling, times in spellings.items() if times > 1] == []
