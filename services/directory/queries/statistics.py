"""What there is in an area and all below it, counted from the tables, in one statement.

schemas/statistics.py says what each figure counts. Everything is counted as it is on the day; what is closed, ended,
erased or merged into another is not there.
"""

from datetime import date
from uuid import UUID

import asyncpg
import orjson

from services.directory.domain.figures import told
from services.directory.domain.permissions import REVIEWERS
from services.directory.queries.parts import BRIEF
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_SIXTY = 60
#: Councils that are named, those of the largest areas first.
MOST_COUNCILS = 100

#: What belongs to the area, for the parts: `inside` the areas, `tenants` those of them that are tenants, `around` the
#: tenants of all of them (of a grid: its community).
_INSIDE = """
root as materialized (
  select * from area where id = $1 and (ancestors || id) && $2::uuid[]
), inside as materialized (
  select * from root where not closed
  union all select a.* from area a where a.ancestors @> array[$1::uuid] and not a.closed and exists (select from root)
), tenants as materialized (
  select id as tenant_id from inside where id = tenant_id
), around as materialized (
  select distinct tenant_id from inside
)"""

#: A household or resident is counted where it is counted deepest, as in the coverage report. Null: nobody has said.
_STATED = """
(select sum({figure}) from inside i where i.{figure} > 0
    and not exists (select from inside c where c.parent_id = i.id and c.{figure} > 0))"""

_AREAS = """
(select coalesce(json_agg(json_build_object('kind', kind, 'count', count) order by rank, kind), '[]')
   from (select i.kind, count(*) as count, min(k.rank) as rank from inside i left join area_kind k on k.key = i.kind
          group by i.kind) x)"""

# Each area looks its own up (LATERAL): a join would read every person and household that there is.
_HOUSEHOLDS = """
(select count(*) from inside i cross join lateral (
   select from household h where h.area_id = i.id and not h.closed offset 0) h)"""
_PEOPLE = f"""
(select json_build_object(
          'registered', count(*),
          'over_60', count(*) filter (where extract(year from $3::date) - p.birth_year >= {_SIXTY}),
          'party_members', count(*) filter (where p.party_member))
   from inside i cross join lateral (
     select birth_year, party_member from person
      where home_id = i.id and not erased and merged_into is null offset 0) p)"""

_ORGANISATIONS = """
(select coalesce(json_agg(json_build_object('kind', kind, 'count', count) order by position, kind), '[]')
   from (select o.kind, count(*) as count, min(k.position) as position
           from (select o.id, o.kind from tenants cross join lateral (
                   select id, kind from organisation where tenant_id = tenants.tenant_id and not closed offset 0) o
                 union
                 select s.id, s.kind from (
                   select id, kind, unnest(serves) as area_id from organisation
                    where serves_tenants && array(select tenant_id from around) and not closed) s
                   join inside i on i.id = s.area_id) o
           left join organisation_kind k on k.key = o.kind group by o.kind) x)"""

_OFFICES = """
(select coalesce(json_agg(json_build_object('kind', k.key, 'held', coalesce(h.held, 0), 'areas', coalesce(h.areas, 0),
                                            'required', coalesce(r.required, 0), 'vacant', coalesce(r.vacant, 0))
                          order by k.position), '[]')
   from office_kind k
   left join (select kind, count(*) as held, count(distinct area_id) as areas from held group by kind) h
          on h.kind = k.key
   left join (select k.key, count(*) as required, count(*) filter (where not exists (
                       select from held where held.area_id = i.id and held.kind = k.key)) as vacant
                from office_kind k join inside i on i.kind = any(k.required_in) group by k.key) r on r.key = k.key
  where h.kind is not null or r.key is not null)"""
#: An enrolment is kept by the community where it is due.
_ENROLMENTS = """
(select json_build_object(
          'units', json_build_object('told', count(distinct e.organisation_id) filter (where told),
                                     'enrolled', count(distinct e.organisation_id) filter (where enrolled)),
          'members', json_build_object('told', count(*) filter (where told and by_person),
                                       'enrolled', count(*) filter (where enrolled and by_person)))
   from tenants cross join lateral (
     select organisation_id, person_id is not null as by_person, told_on <= $3 as told, starts_on <= $3 as enrolled
       from enrolment where tenant_id = tenants.tenant_id and (ends_on is null or ends_on > $3) offset 0) e)"""

_COUNCILS = f"""
(select coalesce(json_agg(json_build_object(
          'id', c.id, 'name', c.name, 'area', json_build_object('id', c.tenant_id, 'name', c.area),
          'organisations', (select count(*) from council_member m where m.tenant_id = c.tenant_id
                              and m.council_id = c.id and m.starts_on <= $3 and (m.ends_on is null or m.ends_on > $3)),
          'committee_members', (select count(*) from membership m where m.tenant_id = c.tenant_id
                              and m.organisation_id = c.id and m.starts_on <= $3
                              and (m.ends_on is null or m.ends_on > $3)),
          'rhythms', (select coalesce(json_agg(json_build_object('kind', r.kind, 'months', r.months)
                                               order by r.months, r.kind), '[]')
                        from jsonb_to_recordset(c.rhythms) as r(kind text, months int))) order by c.depth, c.id), '[]')
   from (select c.tenant_id, c.id, o.name, i.name as area, c.rhythms, cardinality(i.ancestors) as depth
           from tenants join inside i on i.id = tenants.tenant_id
          cross join lateral (select * from council where tenant_id = i.id offset 0) c
          cross join lateral (
            select name from organisation where tenant_id = c.tenant_id and id = c.id and not closed offset 0) o
          order by cardinality(i.ancestors), c.id limit {MOST_COUNCILS}) c)"""

_FACILITIES = """
(select coalesce(json_agg(json_build_object('kind', kind, 'count', count) order by position, kind), '[]')
   from (select f.kind, count(*) as count, min(k.position) as position
           from around cross join lateral (
             select kind, area_id from facility where tenant_id = around.tenant_id and not closed offset 0) f
           join inside i on i.id = f.area_id left join facility_kind k on k.key = f.kind group by f.kind) x)"""

_SERVED = """
served as materialized (
  select s.*, (select kind from organisation where id = s.organisation_id) as giver
    from tenants cross join lateral (
      select tenant_id, id, category, organisation_id from service
       where tenant_id = tenants.tenant_id and not closed offset 0) s
)"""
_SERVICES = """
json_build_object(
  'total', (select count(*) from served),
  'by_volunteers', (select count(*) from served where giver in ('volunteer_station', 'volunteer_team')),
  'by_category', (
    select coalesce(json_agg(json_build_object('kind', category, 'count', count) order by position, category), '[]')
      from (select category, count(*) as count, min(k.position) as position
              from served left join service_category k on k.key = category group by category) x),
  'by_facility_kind', (
    select coalesce(json_agg(json_build_object('kind', kind, 'count', count) order by position, kind), '[]')
      from (select f.kind, count(distinct s.id) as count, min(k.position) as position
              from served s cross join lateral (
                select facility_id from service_place
                 where tenant_id = s.tenant_id and service_id = s.id and not closed offset 0) p
              cross join lateral (select kind from facility where id = p.facility_id offset 0) f
              left join facility_kind k on k.key = f.kind
             group by f.kind) x))"""

_HELD = """
held as materialized (
  select i.id as area_id, o.kind from inside i cross join lateral (
    select kind from office
     where area_id = i.id and starts_on <= $3 and (ends_on is null or ends_on > $3) offset 0) o
)"""

_STATISTICS = f"""
with {_INSIDE}, {_HELD}, {_SERVED}
select json_build_object('area', {BRIEF}, 'areas', {_AREAS},
  'households', json_build_object('stated', {_STATED.format(figure="households")}, 'registered', {_HOUSEHOLDS}),
  'residents', {_STATED.format(figure="residents")}, 'people', {_PEOPLE},
  'organisations', {_ORGANISATIONS}, 'offices', {_OFFICES},
  'enrolments', {_ENROLMENTS}, 'councils', {_COUNCILS},
  'facilities', {_FACILITIES}, 'services', {_SERVICES})::text
  from root a
"""


async def statistics(pool: asyncpg.Pool, actor: Actor, area_id: UUID, day: date) -> bytes:
    """The figures of the area on that day; raises NotFound outside of the areas where the caller has a say."""
    found: str | None = await pool.fetchval(_STATISTICS, area_id, list(actor.area_roots(REVIEWERS)), day)
    if found is None:
        raise NotFound
    figures = orjson.loads(found)
    return orjson.dumps(figures | {"people": told(figures["people"])})
