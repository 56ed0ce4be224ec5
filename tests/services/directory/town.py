"""A small town for one test: a district, a street, two communities, their organisations and people."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.directory.domain.seed import (
    AreaSeed,
    DirectorySeed,
    GrantSeed,
    MembershipSeed,
    OfficeSeed,
    OrganisationSeed,
    PersonSeed,
)
from services.directory.house import House
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from tests.support.contract import check_answer

SINCE = date(2025, 1, 1)
_NUMBERS = count(1)

Ring = tuple[tuple[float, float], ...]


def square(lat: float, lon: float, side: float) -> Ring:
    """A closed ring with its south-west corner there."""
    return ((lat, lon), (lat, lon + side), (lat + side, lon + side), (lat + side, lon), (lat, lon))


def town_seed(name: str, lat: float, lon: float) -> DirectorySeed:
    """A town whose keys begin with its name. Community 甲 lies in the south-west, 乙 to the east of it."""

    def k(word: str) -> str:
        return f"{name}/{word}"

    areas = [
        AreaSeed(k("district"), None, "district", "测试区", polygons=(square(lat, lon, 0.01),)),
        AreaSeed(k("street"), k("district"), "street", "测试街道", "440310001", polygons=(square(lat, lon, 0.008),)),
        AreaSeed(
            k("here"),
            k("street"),
            "community",
            "甲社区",
            "440310001001",
            centre=(lat + 0.002, lon + 0.002),
            polygons=(square(lat, lon, 0.004),),
            households=1200,
            residents=3100,
        ),
        AreaSeed(k("grid"), k("here"), "grid", "第一网格", polygons=(square(lat, lon, 0.002),)),
        AreaSeed(k("compound"), k("grid"), "compound", "和平小区"),
        AreaSeed(k("building"), k("compound"), "building", "1号楼", polygons=(square(lat, lon, 0.001),)),
        AreaSeed(k("there"), k("street"), "community", "乙社区", polygons=(square(lat, lon + 0.0041, 0.0039),)),
        AreaSeed(k("grid-there"), k("there"), "grid", "乙网格"),
    ]
    organisations = [
        OrganisationSeed(k("urban"), k("street"), "department", "城建办", aliases=("城建办（测试街道办事处）",)),
        OrganisationSeed(k("committee"), k("here"), "residents_committee", "甲社区居委会", serves_keys=(k("here"),)),
        OrganisationSeed(k("property"), k("there"), "property_company", "平安物业", serves_keys=(k("compound"),)),
        OrganisationSeed(k("school"), k("there"), "school", "乙社区小学", serves_keys=(k("there"),)),
        OrganisationSeed(k("hospital"), k("district"), "hospital", "测试区医院", parent_key=k("urban")),
    ]
    people = [
        PersonSeed(k("resident"), k("here"), "李秀英", k("building")),
        PersonSeed(k("head"), k("here"), "马桂兰", k("building")),
        PersonSeed(k("officer"), k("street"), "阿依古丽"),
        PersonSeed(k("clerk"), k("street"), "周建国"),
        PersonSeed(k("worker"), k("there"), "王师傅"),
        PersonSeed(k("stranger"), k("there"), "陈生", k("there")),
    ]
    return DirectorySeed(
        areas,
        organisations,
        people,
        offices=[
            OfficeSeed(k("officer"), "grid_officer", k("grid"), SINCE),
            OfficeSeed(k("head"), "building_head", k("building"), SINCE),
            OfficeSeed(k("clerk"), "community_party_secretary", k("here"), SINCE),
        ],
        memberships=[MembershipSeed(k("worker"), k("property"), "staff", SINCE)],
        grants=[
            GrantSeed(k("resident"), Role.RESIDENT, area_key=k("here")),
            GrantSeed(k("head"), Role.BUILDING_HEAD, area_key=k("building")),
            GrantSeed(k("officer"), Role.GRID_OFFICER, area_key=k("grid")),
            GrantSeed(k("clerk"), Role.STREET_STAFF, area_key=k("street")),
            GrantSeed(k("worker"), Role.ORGANISATION_STAFF, organisation_key=k("property")),
            GrantSeed(k("stranger"), Role.RESIDENT, area_key=k("there")),
        ],
    )


@dataclass(frozen=True, slots=True)
class Town:
    """A loaded town: ids by word (`here`, `resident`…), its south-west corner, and who may call."""

    name: str
    seed: DirectorySeed
    ids: dict[str, UUID]
    lat: float
    lon: float
    house: House
    api: httpx.AsyncClient
    issuer: TokenIssuer

    @classmethod
    async def build(cls, house: House, api: httpx.AsyncClient, issuer: TokenIssuer) -> "Town":
        number = next(_NUMBERS)
        name, lat, lon = f"town-{number}", 25.0, 100 + number * 0.02
        seed = town_seed(name, lat, lon)
        loaded = await load(house.pool, house.clock, seed)
        ids = {key.removeprefix(f"{name}/"): id for key, id in loaded.ids.items()}
        return cls(name, seed, ids, lat, lon, house, api, issuer)

    async def token(self, person: str) -> str:
        return self.issuer.access_token(await actor_for(self.house.pool, self.ids[person]))

    async def call(self, method: str, path: str, actor: Actor, body: Any = None, **headers: str) -> httpx.Response:
        """What an actor sends to an address below /api/v1; the answer is held against what the route declares."""
        sent = {"authorization": f"Bearer {self.issuer.access_token(actor)}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = {"json": body} if body is not None else {}
        answer = await self.api.request(method, f"/api/v1{path}", headers=sent, **content)
        check_answer(method, f"/api/v1{path.split('?')[0]}", answer)
        return answer

    def keeper(self, role: Role = Role.COMMUNITY_ADMIN, root: str = "here") -> Actor:
        """The street's clerk with another role."""
        return Actor(self.ids["clerk"], (Grant(role, self.ids[root]),))

    @property
    def founder(self) -> Actor:
        """An administrator of the platform for the whole district."""
        return self.keeper(Role.PLATFORM_ADMIN, "district")

    async def get(self, person: str, path: str, /, **query: Any) -> httpx.Response:
        """What the person reads at an address below /api/v1."""
        headers = {"authorization": f"Bearer {await self.token(person)}"}
        return await self.api.get(f"/api/v1{path}", params=query or None, headers=headers)
