"""Petitions by the hundred thousand: with words, history, notes and photos, made set-wise."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.petitions.actions.submit import search_vector
from services.petitions.domain.numbers import number_of
from tests.bench.filling import filling

#: What is reported: the category in both languages, title and text.
KINDS = (
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
_AT_ONCE = 50_000
_TABLES = "petition", "petition_text", "petition_history", "petition_note", "attachment"

_PLACES = """
create temp table community as
select row_number() over (order by a.id) - 1 as place, a.id, a.ancestors || a.id as path,
       buildings.ids as buildings, buildings.grids, buildings.officers,
       (select array_agg(p.id order by p.id) from person p where p.tenant_id = a.id and p.display_name like '居民%')
           as people,
       (select id from organisation o where o.tenant_id = a.id and kind = 'property_company' limit 1) as company,
       (select id from organisation o where o.tenant_id = a.id and kind = 'residents_committee' limit 1) as committee
  from area a,
       lateral (select array_agg(b.id order by b.id) as ids, array_agg(b.parent_id order by b.id) as grids,
                       array_agg((select person_id from office where area_id = b.parent_id limit 1) order by b.id)
                           as officers
                  from area b where b.tenant_id = a.id and b.kind = 'building') buildings
 where a.kind = 'community' and a.name like '第%社区'
"""
#: $1 how many there will be, $2 the numbers of this part, $3 the place of its first, $4 statuses, $5 categories.
_PETITIONS = """
create temp table part as
select c.id as tenant_id, uuidv7(at - now()) as id, n, number, moves, at, ($4::text[])[moves] as status,
       ($5::uuid[])[1 + abs(hashint4(n::int + 1)) % cardinality($5::uuid[])] as category_id,
       c.buildings[building] as area_id, c.path || c.grids[building] || c.buildings[building] as area_path,
       c.people[1 + n / 20 % cardinality(c.people)] as reporter_id,
       case when moves < 3 then 'person' else 'organisation' end as holder_type,
       case when moves < 3 then c.officers[building] else c.company end as holder_id,
       case when moves > 2 and n % 800 < 20 then c.committee end as helper_id
  from (select n, number, now() - ($1::int - n) * interval '3 minutes' as at,
               -- old ones are closed, of the newest tenth some stand at every step
               case when n < $1::int * 0.9 then 6 else 1 + abs(hashint4(n::int)) % 6 end as moves
          from (select $3::int + part as n, number from unnest($2::text[]) with ordinality as s(number, part)) s) given
  join community c on c.place = n % (select count(*) from community),
  lateral (select 1 + n / 20 % cardinality(c.buildings) as building) here
"""
_INSERT = """
insert into petition (tenant_id, id, version, number, kind, status, category_id, urgency, area_id, area_path,
                      level_area_id, reporter_id, anonymity, channel, holder_type, holder_id, co_handlers,
                      co_handler_ids, round, respond_by, resolve_by, responded_at, resolved_at, closed_at, outcome,
                      lat, lon, created_at, updated_at)
select tenant_id, id, moves, number, 'problem', status, category_id, 'ordinary', area_id, area_path, tenant_id,
       reporter_id, 'none', 'app', holder_type, holder_id,
       case when helper_id is null then '[]'
            else jsonb_build_array(jsonb_build_object('type', 'organisation', 'id', helper_id)) end,
       array_remove(array[helper_id], null), 1, at + interval '1 day', at + interval '7 days',
       case when moves > 3 then at + interval '3 hours' end,
       case when moves > 4 then at + interval '4 hours' end, case when moves > 5 then at + interval '5 hours' end,
       case when moves > 4 then 'solved' end, 30 + n % 100 * 0.0001, 110, at, at + moves * interval '1 hour'
  from part order by n
"""
_TEXTS = """
insert into petition_text (tenant_id, petition_id, title, text, search)
select tenant_id, id, ($1::text[])[words], ($2::text[])[words],
       ($3::text[])[words]::tsvector || array_to_tsvector(array[number])
  from part, lateral (select 1 + abs(hashint4(n::int + 1)) % cardinality($1::text[]) as words) here order by n
"""
_HISTORY = """
insert into petition_history (tenant_id, petition_id, version, at, action, from_status, to_status, actor_id,
                              actor_role, facts)
select p.tenant_id, p.id, v, p.at + (v - 1) * interval '1 hour', ($1::text[])[v], ($2::text[])[v - 1],
       ($2::text[])[v], case when ($3::text[])[v] = 'reporter' then p.reporter_id else p.holder_id end,
       ($3::text[])[v], case when v = 5 then '{"outcome": "solved"}'::jsonb else '{}' end
  from part p, generate_series(1, p.moves) v order by p.n, v
"""
_NOTES = """
insert into petition_note (tenant_id, petition_id, version, salt, public_note, internal_note)
select tenant_id, id, v, uuid_send(id), case when v = 5 then '已经修好，请您查看。' end,
       case when v = 3 then '请今天先派人看现场，再给居民回个电话。' end
  from part, unnest(array[3, 5]) v where v <= moves order by n, v
"""
#: Every third came with a photo.
_PHOTOS = """
insert into attachment (tenant_id, id, owner_id, version, position, width, height)
select tenant_id, uuidv7(), id, 1, 1, 1280, 960 from part where n % 3 = 0 order by n
"""


async def make_petitions(
    environment: dict[str, str], categories: list[UUID], petitions: int, done: Callable[[int], Any] = lambda _: None
) -> None:
    """Fills the tables of petitions; `done` hears after each part how many there are."""
    texts = [(title.format(n=n), text.format(n=n)) for n in range(1, 31) for _, _, title, text in KINDS]
    words = [t for t, _ in texts], [t for _, t in texts], [search_vector(f"{title} {text}") for title, text in texts]
    statuses = [status for _, status, _ in _MOVES]
    async with filling(environment, "petitions", *_TABLES) as connection:
        for table in ("area", "person", "organisation", "office"):
            await connection.execute(f"analyze {table}")
        await connection.execute(_PLACES)
        for first in range(0, petitions, _AT_ONCE):
            last = min(first + _AT_ONCE, petitions)
            numbers = [number_of(sequence) for sequence in range(first + 1, last + 1)]
            await connection.execute(_PETITIONS, petitions, numbers, first, statuses, categories)
            await connection.execute(_INSERT)
            await connection.execute(_TEXTS, *words)
            await connection.execute(_HISTORY, [a for a, _, _ in _MOVES], statuses, [r for _, _, r in _MOVES])
            await connection.execute(_NOTES)
            await connection.execute(_PHOTOS)
            await connection.execute("drop table part")
            done(last)
        await connection.execute("select setval('petition_number', $1)", petitions)
