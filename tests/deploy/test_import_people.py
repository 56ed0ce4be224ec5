"""`linli import people`: ten thousand at once, a hundred thousand wrong lines, problems in words, twice is as once."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from services.directory.actions.load import load
from services.directory.domain.id_numbers import check_character
from services.directory.domain.seed import AreaSeed, DirectorySeed
from shared.kernel.clock import SystemClock
from tests.deploy.test_cli import linli

COMMUNITY = "990102001001"


@pytest.fixture
async def register(environment: dict[str, str]) -> AsyncIterator[asyncpg.Pool]:
    """A community with 100 buildings; gives a pool to look with."""
    pool = await asyncpg.create_pool(environment["LINLI_DIRECTORY_DATABASE_URL"], min_size=0)
    areas = [
        AreaSeed("areas/990102", None, "district", "人员区", "990102"),
        AreaSeed("areas/990102001", "areas/990102", "street", "人员街道", "990102001"),
        AreaSeed(f"areas/{COMMUNITY}", "areas/990102001", "community", "人员社区", COMMUNITY),
        *(AreaSeed(f"areas/P{n}", f"areas/{COMMUNITY}", "building", f"{n}号楼", f"P{n}") for n in range(100)),
    ]
    await load(pool, SystemClock(), DirectorySeed(areas=areas))
    yield pool
    await pool.close()


def line(number: int) -> str:
    first = f"990102{1940 + number % 60}0101{number // 60 % 1000:03}"
    place, contact = f"P{number % 100},{number // 300}", f"139{number:08},{first + check_character(first)}"
    return f"张{number},{place},{contact},人员社区和平路{number % 100}号,否,理发\n"


HEADING = "姓名,区域编码,门牌,电话,身份证号,地址,党员,特长\n"


async def test_ten_thousand_people_take_less_than_a_minute(register: asyncpg.Pool, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(HEADING + "".join(line(n) for n in range(10_000)), encoding="gb18030")
    started = time.perf_counter()
    loaded = linli("import", "people", str(file), "--tenant", COMMUNITY)
    seconds = time.perf_counter() - started
    assert loaded.returncode == 0 and "10000 new" in loaded.stdout, loaded.stderr
    print(f"10,000 people in {seconds:.1f} s")
    assert seconds < 60
    again = linli("import", "people", str(file), "--tenant", COMMUNITY)
    assert "0 new, 0 changed, 10000 as they were" in again.stdout, again.stderr
    people = "select count(*) from person p join area a on a.id = p.tenant_id where a.code = $1"
    assert await register.fetchval(people, COMMUNITY) == 10_000


async def test_a_hundred_thousand_lines_with_a_problem_each_are_said_and_nothing_is_stored(
    register: asyncpg.Pool, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("姓名,区域编码\n" + "".join(f"张{n},Q{n}\n" for n in range(100_000)))
    before = await register.fetchval("select count(*) from person")
    answer = linli("import", "people", str(file), "--tenant", COMMUNITY)
    assert answer.returncode == 1 and "100000 problems, nothing was imported" in answer.stderr
    assert answer.stderr.count("\n") == 100_002 and "line 100001, column 区域编码" in answer.stderr
    assert "Traceback" not in answer.stderr and await register.fetchval("select count(*) from person") == before


def test_a_community_that_is_not_there_is_said_in_words(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("姓名\n张三\n")
    answer = linli("import", "people", str(file), "--tenant", "110101001001", "--dry-run")
    assert answer.returncode == 1 and "110101001001" in answer.stderr and "Traceback" not in answer.stderr
