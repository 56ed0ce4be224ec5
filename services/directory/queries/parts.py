"""Pieces of SQL that several queries are put together from. In each, `a` is the area that is asked about."""

#: The tenants whose things the caller may see, as `tenants(tenant_id)`: domain/scope.py says which and why.
#: $1 roots of roles, $2 home, $3 organisations that the caller works for. Behind sub-selects PostgreSQL cannot see
#: the lists, and so keeps one plan: planning such a statement takes ten times as long as running it.
TENANTS = """
roots as (
  select unnest((select $1::uuid[])) as id
  union select unnest(o.serves) from organisation o where o.id = any((select $3::uuid[])::uuid[])
), places as (
  select id from roots
  union select unnest((select $2::uuid[]))
  union select o.tenant_id from organisation o where o.id = any((select $3::uuid[])::uuid[])
), tenants as (
  select up.tenant_id from places join area a on a.id = places.id join area up on up.id = any(a.ancestors || a.id)
  union select below.tenant_id from roots join area below on below.ancestors @> array[roots.id]
   where below.id = below.tenant_id
)
"""

BRIEF = "json_build_object('id', a.id, 'name', a.name, 'kind', a.kind, 'code', a.code)"

#: The area and everything above it, from the root.
PATH = """
(select json_agg(json_build_object('id', p.id, 'kind', p.kind, 'name', p.name) order by cardinality(p.ancestors))
   from area p where p.id = any(a.ancestors || a.id))
"""

#: The community, street or district `{tenant_id}`.
TENANT = """
(select json_build_object('id', t.id, 'kind', t.kind, 'name', t.name)
   from area t where t.tenant_id = {tenant_id} and t.id = {tenant_id})
"""

#: What took the place of the area, and of that in turn, as far as it is open.
SUCCESSORS = """
(with recursive heir as (
   select s.successor_id as id from area_succession s where s.area_id = a.id
   union select s.successor_id from heir join area_succession s on s.area_id = heir.id
 )
 select coalesce(json_agg(json_build_object('id', x.id, 'kind', x.kind, 'name', x.name) order by x.id), '[]')
   from heir join area x on x.id = heir.id where not x.closed)
"""

#: The rings of the area, each a list of [lon, lat].
RINGS = """
coalesce((select json_agg(translate(p.ring::text, '()', '[]')::json order by p.position) from area_polygon p
           where p.tenant_id = a.tenant_id and p.area_id = a.id), '[]')
"""

#: Who answers for the area, nearest first, on the day `{day}`.
OFFICERS = """
(select coalesce(json_agg(json_build_object(
          'kind', o.kind, 'kind_name', json_build_object('zh', k.name_zh, 'en', k.name_en),
          'person', json_build_object('id', h.id, 'name', h.name),
          'area', json_build_object('id', at.id, 'name', at.name))
          order by cardinality(at.ancestors) desc, k.position, o.kind, o.starts_on, o.id), '[]')
   from office o
   join office_kind k on k.key = o.kind
   join area at on at.tenant_id = o.tenant_id and at.id = o.area_id
   join person h on h.id = o.person_id and not h.erased
  where o.area_id = any(a.ancestors || a.id)
    and o.starts_on <= {day} and (o.ends_on is null or o.ends_on > {day}))
"""

#: Which organisations support the area or one above it 包联, nearest first, on the day `{day}`.
SUPPORTERS = """
(select coalesce(json_agg(json_build_object(
          'organisation', json_build_object('id', g.id, 'name', g.name),
          'area', json_build_object('id', at.id, 'name', at.name), 'starts_on', s.starts_on)
          order by cardinality(at.ancestors) desc, s.id), '[]')
   from support s
  cross join lateral (select * from area where tenant_id = s.tenant_id and id = s.area_id offset 0) at
  cross join lateral (select id, name from organisation where id = s.organisation_id offset 0) g
  where s.area_id = any(a.ancestors || a.id)
    and s.starts_on <= {day} and (s.ends_on is null or s.ends_on > {day}))
"""

#: Something with a name, as other things refer to it.
NAME = "json_build_object('id', {it}.id, 'name', {it}.name)"

#: Where something with a term stands on the day `{day}` (domain/ties.py).
STANDING = (
    "(case when {it}.ends_on <= {day} then 'ended' when {it}.starts_on > {day} then 'upcoming' else 'current' end)"
)
