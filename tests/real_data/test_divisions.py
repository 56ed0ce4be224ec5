"""The national divisions: what is loaded of a district is what the tables hold of it."""

import csv
import gzip
import os
from pathlib import Path

import asyncpg
import pytest

from deploy.imports.divisions import read_divisions
from tests.deploy.test_cli import linli

DATA = Path(os.environ.get("LINLI_REAL_DATA", Path(__file__).parents[2] / "../shared/data")).resolve()
DIVISIONS = DATA / "divisions"

pytestmark = pytest.mark.skipif(
    not DIVISIONS.is_dir(), reason=f"no real data at {DIVISIONS} (LINLI_REAL_DATA says where)"
)


def codes(prefix: str) -> set[str]:
    """Every code of the tables that begins so, counted apart from the import."""
    found: set[str] = set()
    for name in ("areas.csv", "streets.csv"):
        with (DIVISIONS / name).open(encoding="utf-8") as file:
            found |= {row["code"] for row in csv.DictReader(file)}
    with gzip.open(DIVISIONS / "villages.csv.gz", "rt", encoding="utf-8") as file:
        found |= {row["code"] for row in csv.DictReader(file)}
    return {code for code in found if code.startswith(prefix)}


@pytest.mark.parametrize("prefix", ["44", "4403", "650203"])
def test_every_division_of_the_tables_is_there_once_below_its_own(prefix: str) -> None:
    areas = read_divisions(DIVISIONS, prefix)
    assert {area.code for area in areas} == codes(prefix) and len(areas) == len(codes(prefix))
    for area in areas:
        assert area.code is not None and len(area.code) == {"district": 6, "street": 9, "community": 12}[area.kind]
        assert area.parent_key in (None, f"areas/{area.code[:-3]}")


async def test_a_district_is_loaded_with_its_streets_and_communities(environment: dict[str, str]) -> None:
    connection = await asyncpg.connect(environment["LINLI_DIRECTORY_DATABASE_URL"])
    for new in (True, False):
        answer = linli("import", "divisions", str(DIVISIONS), "--area", "650204")
        assert answer.returncode == 0, answer.stderr
        assert f"divisions: {len(codes('650204')) if new else 0} new, 0 changed" in answer.stdout, answer.stdout
        # What its people call it since, it is called.
        await connection.execute("update area set name = '我们的社区' where code = '650204001001'")
    assert await connection.fetchval("select name from area where code = '650204001001'") == "我们的社区"
    assert not await connection.fetchval("select count(*) from area where code like '650204%' and name like '%居委会'")
    rows = await connection.fetch(
        """select a.code, a.id = a.tenant_id as own, p.code as above from area a left join area p on p.id = a.parent_id
            where a.code like '650204%'"""
    )
    await connection.close()
    assert {row["code"] for row in rows} == codes("650204")
    assert all(row["own"] and row["above"] == (row["code"][:-3] if len(row["code"]) > 6 else None) for row in rows)
