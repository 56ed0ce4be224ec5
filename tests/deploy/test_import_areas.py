"""`linli import areas` and `linli import divisions`: large files, problems in words, twice is as once."""

import csv
import gzip
import io
import json
import time
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy.imports.divisions import place_name, read_divisions
from deploy.imports.report import ImportProblem
from services.directory.actions.import_areas import read_areas
from services.directory.actions.load import load
from services.directory.domain.seed import AreaSeed, DirectorySeed
from shared.infra.directory_copy import LOCATE
from shared.kernel.clock import SystemClock
from tests.deploy.test_cli import linli


@pytest.fixture
async def community(environment: dict[str, str]) -> AsyncIterator[asyncpg.Pool]:
    """A community 990101001001 in a street and a district of its own; gives a pool to look with."""
    pool = await asyncpg.create_pool(environment["LINLI_DIRECTORY_DATABASE_URL"], min_size=0)
    areas = [
        AreaSeed("areas/990101", None, "district", "导入区", "990101"),
        AreaSeed("areas/990101001", "areas/990101", "street", "导入街道", "990101001"),
        AreaSeed("areas/990101001001", "areas/990101001", "community", "导入社区", "990101001001"),
    ]
    await load(pool, SystemClock(), DirectorySeed(areas=areas))
    yield pool
    await pool.close()


def ring(number: int) -> list[list[float]]:
    lat, lon = 30 + number // 200 * 0.0005, 110 + number % 200 * 0.0005
    return [[lon, lat], [lon + 0.0003, lat], [lon + 0.0003, lat + 0.0003], [lon, lat + 0.0003], [lon, lat]]


async def test_twenty_thousand_buildings_take_less_than_half_a_minute(
    community: asyncpg.Pool, environment: dict[str, str], tmp_path: Path
) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"C{n}", "kind": "building", "name": f"{n}号楼", "households": n % 90},
            "geometry": {"type": "Polygon", "coordinates": [ring(n)]},
        }
        for n in range(20_000)
    ]
    file = tmp_path / "buildings.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    checked = linli("import", "areas", str(file), "--tenant", "990101001001", "--dry-run")
    assert checked.returncode == 0 and "20000 would be new" in checked.stdout, checked.stderr
    started = time.perf_counter()
    loaded = linli("import", "areas", str(file), "--tenant", "990101001001")
    seconds = time.perf_counter() - started
    assert loaded.returncode == 0 and "20000 new" in loaded.stdout, loaded.stderr
    assert "areas" in loaded.stdout and "20000/20000" in loaded.stdout  # the bar
    assert seconds < 30, seconds
    again = linli("import", "areas", str(file), "--tenant", "990101001001")
    assert "0 new, 0 changed, 20000 as they were" in again.stdout
    await _located_by_the_index(environment)


async def _located_by_the_index(environment: dict[str, str]) -> None:
    """Among 20,000 outlines a point is found in less than 0.3 ms, and so is that it lies outside of all of them."""
    owner = await asyncpg.connect(environment["LINLI_DIRECTORY_OWNER_DATABASE_URL"])
    await owner.execute("analyze area_polygon")
    for lon, lat, inside in ((110.0126, 30.0251, True), (110.04999, 30.00049, False), (0.0, -60.0, False)):
        found = await owner.fetchrow(LOCATE, lon, lat)
        assert (found is not None) == inside
        times = []
        for _ in range(40):
            plan = await owner.fetchval(f"explain (analyze, format json) {LOCATE}", lon, lat)
            times.append(json.loads(plan)[0]["Execution Time"])
        assert "area_polygon_ring_idx" in plan
        assert min(times) < 0.3, times
    await owner.close()


async def test_problems_are_said_by_line_in_both_languages_and_nothing_is_stored(
    community: asyncpg.Pool, tmp_path: Path
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("编码,类型,名称,上级编码\nQ1,网格,一网格,\nQ2,城堡,二,\nQ3,楼栋,=1,Q9\n", encoding="gb18030")
    answer = linli("import", "areas", str(file), "--tenant", "990101001001")
    assert answer.returncode == 1 and "Traceback" not in answer.stderr
    for said in ("第 3 行 类型 列", "line 3, column 类型", "第 4 行 名称 列", "nothing was imported"):
        assert said in answer.stderr
    assert await community.fetchval("select count(*) from area where code like 'Q_'") == 0


def test_a_hundred_thousand_lines_are_read_in_bounded_memory() -> None:
    rows = "".join(f"L{n},building,{n}号楼,,25.1,100.1,12,30\n" for n in range(100_000))
    content = ("code,kind,name,parent_code,lat,lon,households,residents\n" + rows).encode()
    tracemalloc.start()
    reading = read_areas(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(reading.lines), reading.flaws) == (100_000, [])
    assert peak < 150_000_000, peak


def test_one_place_must_be_named(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("code,kind,name\n")
    for options in ((), ("--tenant", "1", "--parent", "01932f08-2222-7d0e-9a53-2f3c1d1c8a11")):
        answer = linli("import", "areas", str(file), *options)
        assert answer.returncode == 2 and "--parent" in answer.stderr


def test_an_unknown_tenant_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("code,kind,name\n")
    answer = linli("import", "areas", str(file), "--tenant", "123456789012")
    assert answer.returncode == 1 and "123456789012" in answer.stderr and "Traceback" not in answer.stderr


def national(folder: Path, **rows: list[tuple[str, str]]) -> Path:
    """The three tables of the national divisions."""
    for name, found in rows.items():
        table = io.StringIO()
        csv.writer(table).writerows([("code", "name"), *found])
        content = table.getvalue().encode()
        if name == "villages":
            (folder / "villages.csv.gz").write_bytes(gzip.compress(content))
        else:
            (folder / f"{name}.csv").write_bytes(content)
    return folder


def test_divisions_are_districts_streets_and_communities_parents_first(tmp_path: Path) -> None:
    folder = national(
        tmp_path,
        areas=[("990201", "甲区"), ("990301", "乙区")],
        streets=[("990201001", "一街道"), ("990301001", "别处")],
        villages=[("990201001001", "东社区居委会"), ("990301001001", "别处")],
    )
    found = [(a.kind, a.code, a.parent_key) for a in read_divisions(folder, "9902")]
    assert found == [
        ("district", "990201", None),
        ("street", "990201001", "areas/990201"),
        ("community", "990201001001", "areas/990201001"),
    ]
    assert read_divisions(folder, "990201000000") == read_divisions(folder, "990201")
    for wrong in ("98", "9", "x", "990201001"):
        with pytest.raises(ImportProblem):
            read_divisions(folder, wrong)


@pytest.mark.parametrize(
    "title, place",
    [
        ("长征社区居委会", "长征社区"),
        ("泥营社区居民委员会", "泥营社区"),
        ("四营村委会", "四营村"),
        ("李家村村民委员会", "李家村"),
        ("东大街居委会", "东大街社区"),
        ("南桥村居委会", "南桥村"),
        ("第一生活区", "第一生活区"),
    ],
)
def test_a_place_is_not_called_by_its_committee(title: str, place: str) -> None:
    assert place_name(title) == place


@pytest.mark.parametrize("street", ["99020100", "990202001", "99020x001"])
def test_a_division_below_nothing_stops_the_import_with_its_line(tmp_path: Path, street: str) -> None:
    folder = national(tmp_path, areas=[("990201", "甲区")], streets=[(street, "一街道")], villages=[])
    with pytest.raises(ImportProblem, match=r"streets\.csv, line 2"):
        read_divisions(folder, "99")


def test_a_missing_table_is_said(tmp_path: Path) -> None:
    answer = linli("import", "divisions", str(tmp_path), "--area", "99", LINLI_KEYS="x")
    assert answer.returncode == 1 and "areas.csv" in answer.stderr and "Traceback" not in answer.stderr
