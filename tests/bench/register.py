"""What the directory answers, and how fast it takes in files.

Reads over a community of 54,000 people in 67 units and 2,000 entrances: milliseconds of one request through the gateway
and all, on one connection, the median of many. Imports: seconds of the service's own action, files read included.
"""

import time
from collections.abc import AsyncIterator, Collection
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

import httpx
import orjson

from deploy.assemble import Assembly
from services.directory.actions.import_areas import import_areas, read_areas
from services.directory.actions.import_people import import_people, read_people
from services.directory.actions.load import load
from services.directory.domain.days import day_of
from services.directory.domain.seed import AreaSeed, DirectorySeed, GrantSeed, OfficeSeed, OrganisationSeed, PersonSeed
from services.directory.domain.shaping import Importer
from services.directory.house import House
from shared.infra.auth import TokenIssuer
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor, Grant, Role
from tests.bench.load import BenchFailed
from tests.bench.rounds import Row, Tell

_PEOPLE, _UNITS, _BUILDINGS, _ENTRANCES = 54_000, 67, 500, 4
_ASKED = 15
_AREA_SECONDS, _PERSON_SECONDS = 30.0, 60.0
_IMPORTED_BUILDINGS, _IMPORTED_PEOPLE = 20_000, 10_000
#: Milliseconds that the design allows, or that a person does not notice.
_LIMITS = {"officers": 50.0, "subtree": 50.0, "coverage": 300.0, "statistics": 300.0}
ROWS = {*_LIMITS, "import_areas", "import_people"}


async def register(wanted: Collection[str], tell: Tell) -> AsyncIterator[Row]:
    """The rows that are wanted, on a street of their own."""
    assembly = Assembly()
    async with assembly.gateway.router.lifespan_context(assembly.gateway):
        house: House = assembly.app("directory").state.house
        ids = (await load(house.pool, house.clock, _seed(), sealer=house.sealer)).ids
        await house.pool.execute("analyze")
        tell(f"{_PEOPLE:,} people of a community are loaded")
        transport = httpx.ASGITransport(app=assembly.gateway, raise_app_exceptions=False)
        token = TokenIssuer(house.settings.keys, "key-1").access_token(
            Actor(ids["register/clerk"], (Grant(Role.STREET_STAFF, ids["register/street"]),))
        )
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://linli", headers=headers) as client:
            for name, path in _reads(ids).items():
                if name in wanted:
                    taken = await _milliseconds(client, path)
                    tell(f"{name:<20} {taken:.1f} ms")
                    yield Row(name, "ms", _LIMITS[name], taken)
        if "import_areas" in wanted:
            taken = await _import_areas(house, ids["register/here"])
            tell(f"{'import_areas':<20} {taken:.1f} s")
            yield Row("import_areas", "s", _AREA_SECONDS, taken)
        if "import_people" in wanted:
            taken = await _import_people(house, ids["register/there"])
            tell(f"{'import_people':<20} {taken:.1f} s")
            yield Row("import_people", "s", _PERSON_SECONDS, taken)


def _reads(ids: dict[str, UUID]) -> dict[str, str]:
    here = ids["register/here"]
    return {
        "officers": f"/api/v1/areas/{ids['register/b/0/0']}/officers",
        "subtree": f"/api/v1/areas?within={here}&limit=100",
        "coverage": f"/api/v1/areas/{here}/coverage",
        "statistics": f"/api/v1/statistics/directory?area={here}",
    }


async def _milliseconds(client: httpx.AsyncClient, path: str) -> float:
    taken = []
    for _ in range(_ASKED):
        started = time.perf_counter()
        answer = await client.get(path)
        taken.append(1000 * (time.perf_counter() - started))
        if answer.status_code != 200:
            raise BenchFailed(f"{path} answers {answer.status_code}")
    return median(taken)


def _seed() -> DirectorySeed:
    """A community with buildings and entrances, everybody at home in an entrance, a head for most buildings."""
    here = "register/here"
    areas = [
        AreaSeed("register/street", None, "street", "清册街道"),
        AreaSeed(here, "register/street", "community", "清册社区"),
        AreaSeed("register/there", "register/street", "community", "邻社区"),
        AreaSeed("register/there/b", "register/there", "building", "1号楼", "R1"),
    ]
    for building in range(_BUILDINGS):
        key = f"register/b/{building}"
        areas.append(AreaSeed(key, here, "building", f"{building}号楼"))
        areas += [AreaSeed(f"{key}/{n}", key, "entrance", f"{n + 1}单元", households=12) for n in range(_ENTRANCES)]
    people = [PersonSeed("register/clerk", "register/street", "清册员")]
    people += [
        PersonSeed(
            f"register/p/{n}",
            here,
            f"住户{n}",
            f"register/b/{n % _BUILDINGS}/{n // _BUILDINGS % _ENTRANCES}",
            1930 + n % 80,
        )
        for n in range(_PEOPLE)
    ]
    return DirectorySeed(
        areas=areas,
        organisations=[
            OrganisationSeed(f"register/u/{n}", here, "local_unit", f"单位{n}", serves_keys=(here,))
            for n in range(_UNITS)
        ],
        people=people,
        offices=[
            OfficeSeed(f"register/p/{n}", "building_head", f"register/b/{n}", date(2025, 1, 1))
            for n in range(_BUILDINGS - 7)
        ],
        grants=[GrantSeed("register/clerk", Role.STREET_STAFF, area_key="register/street")],
    )


async def _import_areas(house: House, parent: UUID) -> float:
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"I{n}", "kind": "building", "name": f"{n}号楼", "households": n % 90},
            "geometry": {"type": "Polygon", "coordinates": [_ring(n)]},
        }
        for n in range(_IMPORTED_BUILDINGS)
    ]
    content = orjson.dumps({"type": "FeatureCollection", "features": features})
    started = time.perf_counter()
    report = await import_areas(
        house.pool, house.clock, Importer(), parent, read_areas(content), Once(None, b""), dry_run=False
    )
    return _checked(time.perf_counter() - started, report.counts.created, _IMPORTED_BUILDINGS)


def _ring(number: int) -> list[tuple[float, float]]:
    lon, lat = 120 + number % 200 * 0.001, 35 + number // 200 * 0.001
    return [(lon, lat), (lon + 0.0008, lat), (lon + 0.0008, lat + 0.0008), (lon, lat + 0.0008), (lon, lat)]


async def _import_people(house: House, area_id: UUID) -> float:
    lines = (f"张{n},R1,{n // 3},139{n:08},和平路{n % 100}号\n" for n in range(_IMPORTED_PEOPLE))
    content = ("姓名,区域编码,门牌,电话,地址\n" + "".join(lines)).encode()
    started = time.perf_counter()
    reading = read_people(content, day_of(house.clock.now()))
    who: tuple[Any, ...] = house.pool, house.clock, house.sealer, None
    report = await import_people(*who, area_id, reading, Once(None, b""), dry_run=False)
    return _checked(time.perf_counter() - started, report.counts.created, _IMPORTED_PEOPLE)


def _checked(seconds: float, made: int, wanted: int) -> float:
    if made != wanted:
        raise BenchFailed(f"{made:,} of {wanted:,} rows were imported")
    return seconds
