"""A district beside the street, so that tables are as long as in life: 20,000 buildings with polygons, 100,000 people.

The same ids in every service, as if the feed had brought them; it would take minutes.
"""

import random

import asyncpg

from tests.bench.filling import filling

#: Degrees: communities are cells of a square of 32, and each building one of 20 places in its community.
SOUTH, WEST, SIDE, CELL = 40.0, 100.0, 0.64, 0.02

_AREAS = f"""
create temp table found as
with district as (
  select md5('elsewhere')::uuid as id
), street as (
  select s, md5('elsewhere ' || s)::uuid as id, d.id as district_id from district d, generate_series(0, 9) s
), community as (
  select c, md5('community ' || c)::uuid as id, s.id as street_id, array[s.district_id, s.id] as ancestors,
         {SOUTH} + c / 32 * {CELL} as lat, {WEST} + c % 32 * {CELL} as lon
    from generate_series(0, 999) c join street s on s.s = c / 100
), building as (
  select c.*, md5('building ' || c.c || ' ' || b)::uuid as building_id,
         c.lat + (b / 5 + 0.5) * {CELL} / 4 as y, c.lon + (b % 5 + 0.5) * {CELL} / 5 as x
    from community c, generate_series(0, 19) b
)
select id as tenant_id, id, null::uuid as parent_id, '{{}}'::uuid[] as ancestors, 'district' as kind,
       {SOUTH + SIDE / 2} as lat, {WEST + SIDE / 2} as lon,
       polygon(box(point({WEST}, {SOUTH}), point({WEST + SIDE}, {SOUTH + SIDE}))) as ring from district
union all
select id, id, district_id, array[district_id], 'street', {SOUTH} + (s + 0.5) * {SIDE / 10}, {WEST + SIDE / 2},
       polygon(box(point({WEST}, {SOUTH} + s * {SIDE / 10}), point({WEST + SIDE}, {SOUTH} + (s + 1) * {SIDE / 10})))
  from street
union all
select id, id, street_id, ancestors, 'community', lat + {CELL / 2}, lon + {CELL / 2},
       polygon(box(point(lon, lat), point(lon + {CELL}, lat + {CELL}))) from community
union all
select id, building_id, id, ancestors || id, 'building', y, x, polygon(12, circle(point(x, y), {CELL / 12}))
  from building;
create temp table community as select id, ancestors || id as path from found where kind = 'community';
"""
_AREA = """
insert into area (tenant_id, id, version, parent_id, ancestors, kind, name, lat, lon, closed)
select tenant_id, id, 1, parent_id, ancestors, kind, '远处 ' || kind, lat, lon, false from found;
insert into area_polygon (tenant_id, area_id, position, depth, ring)
select tenant_id, id, 0, cardinality(ancestors), ring from found;
"""
_PEOPLE = """
insert into person (tenant_id, id, version, {name}, home_id, erased)
select id, md5(id::text || ' person ' || n)::uuid, 1, '远处居民', null, false from community, generate_series(1, 100) n;
insert into organisation (tenant_id, id, version, kind, name, serves, closed{more})
select id, md5(id::text || kind)::uuid, 1, kind, '远处 ' || kind, array[id], false{values}
  from community, unnest(array['residents_committee', 'property_company']) kind;
insert into office (tenant_id, id, version, person_id, area_id, kind, {since})
select b.tenant_id, md5('office ' || b.id)::uuid, 1, md5(b.tenant_id::text || ' person 1')::uuid, b.id, 'building_head',
       {began} from found b where b.kind = 'building';
"""
_COPY = _PEOPLE.format(name="display_name", more="", values="", since="ended", began="false")
_OWN = _PEOPLE.format(
    name="name",
    more=", serves_tenants, aliases",
    values=", array[id], '{}'",
    since="starts_on, exclusive",
    began="date '2025-01-01', true",
)
_CATEGORIES = """
insert into category (tenant_id, id, key, name, name_en, urgency, position)
select id, md5(id::text || ' category ' || n)::uuid, n::text, '远处类别', '', 'ordinary', n
  from community, generate_series(1, 10) n
"""
_TABLES = "area", "area_polygon", "person", "organisation", "office"


async def add_elsewhere(environment: dict[str, str], *services: str) -> None:
    """Fills the district into the directory and into the copies of the others, or into those that are named."""
    for service in services or ("directory", "petitions", "volunteers"):
        async with filling(environment, service, *_TABLES) as connection:
            await connection.execute(_AREAS)
            await connection.execute(_AREA)
            await connection.execute(_OWN if service == "directory" else _COPY)
            if service == "petitions":
                await connection.execute(_CATEGORIES)
                await connection.execute("analyze category")


def points(count: int, *, inside: bool) -> list[tuple[float, float]]:
    """Longitudes and latitudes in the district, or beside it, where no polygon is."""
    chance = random.Random(1)
    north = 0.0 if inside else 1.0
    return [(WEST + chance.random() * SIDE, SOUTH + north + chance.random() * SIDE) for _ in range(count)]


async def buildings(connection: asyncpg.Connection) -> int:
    """How many polygons of buildings there are."""
    found: int = await connection.fetchval(
        "select count(*) from area_polygon p join area a on a.tenant_id = p.tenant_id and a.id = p.area_id"
        " where a.kind = 'building'"
    )
    return found
