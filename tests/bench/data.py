"""The data that the bench measures on: one street, 20 communities, 100,000 petitions with words and history.

The directory comes in as any seed does; petitions are made set-wise by their owner's role, since 100,000 of them over
HTTP would take half an hour.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from deploy.assemble import Assembly
from services.directory.actions.load import load
from services.directory.actions.tokens import actor_for
from services.directory.domain.seed import (
    AreaSeed,
    DirectorySeed,
    GrantSeed,
    OfficeSeed,
    OrganisationSeed,
    PersonSeed,
)
from services.petitions.actions.categories import load_categories
from services.petitions.actions.submit import search_vector
from services.petitions.domain.numbers import number_of
from services.petitions.domain.seed import CategorySeed
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Role

COMMUNITIES = 20
_GRIDS = 4  # in a community
_BUILDINGS = 5  # in a grid
_RESIDENTS = 100  # in a community
_SIDE = 0.04  # degrees of a community
_SINCE = date(2025, 1, 1)

_KINDS = (
    ("门禁", "Doors", "{n}号楼2单元门禁坏了", "{n}号楼2单元的门禁已经坏了三天，晚上陌生人可以随意进出，请尽快修理。"),
    ("电梯", "Lifts", "{n}号楼电梯异响", "{n}号楼1单元的电梯运行时有异响，昨天还停在了五楼，老人上下楼很不方便。"),
    ("供水", "Water", "{n}号楼水压不足", "{n}号楼六楼以上这一周早晚水压都不够，热水器打不着火。"),
    ("照明", "Lighting", "{n}号楼楼道灯不亮", "{n}号楼3单元二到四层的楼道灯都不亮，晚上看不清台阶，已经有人摔了。"),
    ("停车", "Parking", "{n}号楼前消防通道被占", "{n}号楼前的消防通道每天晚上都停满了车，消防车根本进不来。"),
    ("环境", "Cleaning", "{n}号楼旁垃圾没清", "{n}号楼旁的垃圾桶满了三天没有清运，气味很大，招来很多苍蝇。"),
    ("噪声", "Noise", "{n}号楼下夜里施工", "{n}号楼下的门面装修到夜里十一点还在打孔，孩子没法睡觉。"),
    ("绿化", "Trees", "{n}号楼旁树枝挡窗", "{n}号楼东侧的大树枝叶挡住了二楼的窗户，白天也要开灯，希望修剪。"),
)
#: How petitions stand: the moves that led there, each with the role of who made it.
_MOVES = (
    ("submit", "submitted", "reporter"),
    ("accept", "accepted", "grid_officer"),
    ("dispatch", "dispatched", "community_staff"),
    ("start", "in_progress", "organisation_staff"),
    ("resolve", "resolved", "organisation_staff"),
    ("confirm", "closed", "reporter"),
)

_PLACES = """
create temp table community as
select row_number() over (order by a.id) - 1 as place, a.id, a.ancestors || a.id as path,
       buildings.ids as buildings, buildings.grids,
       (select array_agg(p.id order by p.id) from person p where p.tenant_id = a.id) as people,
       (select o.id from organisation o where o.tenant_id = a.id and o.kind = 'property_company' limit 1) as company
  from area a,
       lateral (select array_agg(b.id order by b.id) as ids, array_agg(b.parent_id order by b.id) as grids from area b
                 where b.tenant_id = a.id and b.kind = 'building') buildings
 where a.kind = 'community'
"""
_PETITIONS = """
insert into petition (tenant_id, id, version, number, kind, status, category_id, urgency, area_id, area_path,
                      level_area_id, reporter_id, anonymity, channel, holder_type, holder_id, co_handlers,
                      co_handler_ids, round, respond_by, resolve_by, responded_at, resolved_at, closed_at, outcome,
                      lat, lon, created_at, updated_at)
select c.id, uuidv7(at - now()), moves, number, 'problem', ($3::text[])[moves],
       ($4::uuid[])[1 + n % cardinality($4::uuid[])], 'ordinary', c.buildings[building],
       c.path || c.grids[building] || c.buildings[building], c.id, c.people[1 + n / 20 % cardinality(c.people)],
       'none', 'app', case when moves < 3 then 'person' else 'organisation' end,
       case when moves < 3 then (select person_id from office where area_id = c.grids[building] limit 1)
            else c.company end,
       '[]', '{}', 1, at + interval '1 day', at + interval '7 days',
       case when moves > 3 then at + interval '3 hours' end, case when moves > 4 then at + interval '4 hours' end,
       case when moves > 5 then at + interval '5 hours' end, case when moves > 4 then 'solved' end,
       30 + n % 100 * 0.0001, 110, at, at + moves * interval '1 hour'
  from (select n, number, now() - ($1::int - n) * interval '3 minutes' as at,
               -- old ones are closed, of the newest tenth some stand at every step
               case when n < $1::int * 0.9 then 6 else 1 + n * 7 % 6 end as moves
          from unnest($2::text[]) with ordinality as sequence(number, n)) given
  join community c on c.place = n % $5::int,
  lateral (select 1 + n / 20 % cardinality(c.buildings) as building) here
"""
_TEXTS = """
insert into petition_text (tenant_id, petition_id, title, text, search)
select p.tenant_id, p.id, ($1::text[])[1 + p.n % cardinality($1::text[])],
       ($2::text[])[1 + p.n % cardinality($2::text[])], ($3::text[])[1 + p.n % cardinality($3::text[])]::tsvector
  from (select tenant_id, id, row_number() over (order by id) as n from petition) p
"""
_HISTORY = """
insert into petition_history (tenant_id, petition_id, version, at, action, from_status, to_status, actor_id,
                              actor_role, facts)
select p.tenant_id, p.id, v, p.created_at + (v - 1) * interval '1 hour', ($1::text[])[v], ($2::text[])[v - 1],
       ($2::text[])[v], case when ($3::text[])[v] = 'reporter' then p.reporter_id else p.holder_id end,
       ($3::text[])[v], case when v = 5 then '{"outcome": "solved"}'::jsonb else '{}' end
  from petition p, generate_series(1, p.version) v
"""
_NOTES = """
insert into petition_note (tenant_id, petition_id, version, salt, public_note, internal_note)
select tenant_id, petition_id, version, uuid_send(petition_id), case when version = 5 then '已经修好，请您查看。' end,
       case when version = 3 then '请今天先派人看现场，再给居民回个电话。' end
  from petition_history where version in (3, 5)
"""
#: Every third came with a photo.
_PHOTOS = """
insert into attachment (tenant_id, id, owner_id, version, position, width, height)
select tenant_id, uuidv7(), id, 1, 1, 1280, 960
  from (select tenant_id, id, row_number() over (order by id) as n from petition) p where n % 3 = 0
"""


@dataclass(frozen=True, slots=True)
class Town:
    """What the bench needs to know of the data: who calls, with which token, and what they ask for."""

    staff: Actor
    staff_token: str
    reporter: Actor
    reporter_token: str
    community_id: UUID
    category_id: UUID
    petition_ids: list[UUID]  # reported by the reporter, with the whole history
    place: tuple[float, float]  # in the reporter's building

    def report(self, words: str) -> dict[str, Any]:
        """The body of a submission."""
        return {
            "category": str(self.category_id),
            "title": "楼道灯不亮",
            "text": f"2单元二到四层的楼道灯都不亮，晚上看不清台阶，已经有人摔了。{words}",
            "location": {"lat": self.place[0], "lon": self.place[1], "coord_sys": "wgs84"},
        }


async def fill(environment: dict[str, str], petitions: int) -> Town:
    """Fills fresh databases."""
    async with Assembly().opened(("directory", "petitions")) as houses:
        directory, house = houses["directory"], houses["petitions"]
        loaded = await load(directory.pool, directory.clock, _seed())
        await house.directory.catch_up()
        categories = await load_categories(house.pool, loaded.ids["street"], _categories())
        actors = {name: await actor_for(directory.pool, loaded.ids[name]) for name in ("0/staff", "0/resident/0")}
    await _make_petitions(environment["LINLI_PETITIONS_OWNER_DATABASE_URL"], list(categories.values()), petitions)
    staff, reporter = actors["0/staff"], actors["0/resident/0"]
    issuer = TokenIssuer(Path(environment["LINLI_KEYS"]), "key-1")
    life = timedelta(hours=1)
    return Town(
        staff=staff,
        staff_token=issuer.access_token(staff, life),
        reporter=reporter,
        reporter_token=issuer.access_token(reporter, life),
        community_id=loaded.ids["0"],
        category_id=categories["kind/0"],
        petition_ids=await _reported(environment["LINLI_PETITIONS_DATABASE_URL"], reporter.person_id),
        place=(_corner(0)[0] + 0.001, _corner(0)[1] + 0.001),
    )


async def _make_petitions(url: str, categories: list[UUID], petitions: int) -> None:
    texts = [(title.format(n=n), text.format(n=n)) for n in range(1, 31) for _, _, title, text in _KINDS]
    owner = await asyncpg.connect(url, command_timeout=120)
    try:
        await owner.execute(_PLACES)
        numbers = [number_of(sequence) for sequence in range(1, petitions + 1)]
        statuses = [status for _, status, _ in _MOVES]
        await owner.execute(_PETITIONS, petitions, numbers, statuses, categories, COMMUNITIES)
        await owner.execute("select setval('petition_number', $1)", petitions)
        await owner.execute(_TEXTS, [t for t, _ in texts], [t for _, t in texts], [search_vector(t) for _, t in texts])
        await owner.execute(_HISTORY, [a for a, _, _ in _MOVES], statuses, [r for _, _, r in _MOVES])
        await owner.execute(_NOTES)
        await owner.execute(_PHOTOS)
        # Only what was filled: a table that was vacuumed while it was empty is taken for tiny, and read as a whole.
        for table in ("petition", "petition_text", "petition_history", "petition_note", "attachment", "area", "person"):
            await owner.execute(f"vacuum analyze {table}")
    finally:
        await owner.close()


async def _reported(url: str, reporter_id: UUID) -> list[UUID]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "select id from petition where reporter_id = $1 and status = 'closed' order by id desc limit 40",
            reporter_id,
        )
    finally:
        await connection.close()
    return [row["id"] for row in rows]


def _categories() -> list[CategorySeed]:
    return [CategorySeed(f"kind/{i}", None, zh, en) for i, (zh, en, _, _) in enumerate(_KINDS)]


def _corner(community: int) -> tuple[float, float]:
    return 30.0 + community * _SIDE, 110.0


def _square(lat: float, lon: float, height: float, width: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    return (((lat, lon), (lat, lon + width), (lat + height, lon + width), (lat + height, lon), (lat, lon)),)


def _seed() -> DirectorySeed:
    """The street: communities lie one above the other, their grids side by side, buildings in a column."""
    everything = _square(30.0, 110.0, COMMUNITIES * _SIDE, _SIDE)
    seed = DirectorySeed(areas=[AreaSeed("street", None, "street", "长安街道", polygons=everything)])
    for community in range(COMMUNITIES):
        _add_community(seed, str(community), *_corner(community))
    return seed


def _add_community(seed: DirectorySeed, key: str, lat: float, lon: float) -> None:
    seed.areas.append(AreaSeed(key, "street", "community", f"第{key}社区", polygons=_square(lat, lon, _SIDE, _SIDE)))
    for kind in ("residents_committee", "property_company"):
        seed.organisations.append(OrganisationSeed(f"{key}/{kind}", key, kind, f"{kind} {key}", serves_keys=(key,)))
    seed.people.append(PersonSeed(f"{key}/staff", key, "社区工作人员", key))
    seed.grants.append(GrantSeed(f"{key}/staff", Role.COMMUNITY_STAFF, area_key=key))
    buildings = [_add_grid(seed, key, grid, lat, lon + grid * _SIDE / _GRIDS) for grid in range(_GRIDS)]
    homes = [building for column in buildings for building in column]
    for resident in range(_RESIDENTS):
        person = f"{key}/resident/{resident}"
        seed.people.append(PersonSeed(person, key, f"居民{resident}", homes[resident % len(homes)]))
        seed.grants.append(GrantSeed(person, Role.RESIDENT, area_key=key))


def _add_grid(seed: DirectorySeed, community: str, number: int, lat: float, lon: float) -> list[str]:
    key, width = f"{community}/grid/{number}", _SIDE / _GRIDS
    seed.areas.append(AreaSeed(key, community, "grid", f"网格{number}", polygons=_square(lat, lon, _SIDE, width)))
    officer = f"{key}/officer"
    seed.people.append(PersonSeed(officer, community, f"网格员{number}", key))
    seed.grants.append(GrantSeed(officer, Role.GRID_OFFICER, area_key=key))
    seed.offices.append(OfficeSeed(officer, "grid_officer", key, _SINCE))
    height = _SIDE / _BUILDINGS
    for building in range(_BUILDINGS):
        outline = _square(lat + building * height, lon, height * 0.8, width * 0.8)
        seed.areas.append(AreaSeed(f"{key}/{building}", key, "building", f"{building}号楼", polygons=outline))
    return [f"{key}/{building}" for building in range(_BUILDINGS)]
