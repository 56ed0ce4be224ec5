"""A hundred thousand of everything elsewhere, for plans: the statements, and the tables that they fill."""

CATALOGUED = "facility", "service", "service_place", "catalogue_history"
FILLED = (
    *("organisation", "organisation_history", "support", "person", "role_grant", "membership", "change"),
    *("household", "sealed_value", "access_log", "care", "care_helper"),
)

#: What goes with the people elsewhere: their roles, who works where, keys, and all of it in the change feed.
MORE = """
insert into organisation (tenant_id, id, version, kind, name, serves, serves_tenants, aliases, closed, search_keys,
                          credit_code, responsibilities)
select tenant_id, md5(id::text || n)::uuid, 1, 'shop', '远处小店' || n, serves, serves, '{}', false,
       array['远处小店' || n], upper(md5(id::text || n)), '[{"category": "doors", "level": "community"}]'
  from organisation, generate_series(1, 50) n where name like '远处%';
insert into organisation_history (tenant_id, id, organisation_id, version, at, action, actor_role, facts)
select tenant_id, gen_random_uuid(), id, 1, now(), 'create', 'community_admin', '{}' from organisation
 where name like '远处小店%';
insert into support (tenant_id, id, version, organisation_id, area_id, starts_on)
select tenant_id, gen_random_uuid(), 1, id, tenant_id, date '2026-01-01' from organisation where name like '远处小店%';
update person set external_key = id::text where name = '远处居民';
insert into role_grant (tenant_id, id, version, person_id, role, area_id)
select tenant_id, gen_random_uuid(), 1, id, 'resident', tenant_id from person where name = '远处居民';
insert into membership (tenant_id, id, version, person_id, organisation_id, kind, starts_on)
select tenant_id, gen_random_uuid(), 1, md5(tenant_id::text || ' person ' || n)::uuid, id, 'staff', date '2025-01-01'
  from organisation, generate_series(2, 6) n where name like '远处 %';
insert into enrolment (tenant_id, id, version, organisation_id, person_id, told_on, starts_on)
select tenant_id, gen_random_uuid(), 1, md5(tenant_id::text || 'property_company')::uuid, id, date '2026-01-01',
       date '2026-01-02' from person where name = '远处居民';
insert into change (tenant_id, kind, entity_id) select tenant_id, 'area', id from area where name like '远处%';
insert into change (tenant_id, kind, entity_id) select tenant_id, 'organisation', id from organisation
 where name like '远处%';
insert into change (tenant_id, kind, entity_id) select tenant_id, 'person', id from person where name = '远处居民';
insert into change (tenant_id, kind, entity_id) select tenant_id, 'office', id from office
 where kind = 'building_head' and tenant_id in (select tenant_id from person where name = '远处居民');
"""

#: A large community: 50,000 people in 1,000 buildings with two sealed texts each, and one of them often looked at.
REGISTER = """
create temp table house as
select a.tenant_id, b.id, row_number() over () as n from area a,
       lateral (select md5(a.id::text || ' house ' || n)::uuid as id from generate_series(1, 1000) n) b where a.id = $1;
insert into area (tenant_id, id, version, parent_id, ancestors, kind, name, closed)
select h.tenant_id, h.id, 1, a.id, a.ancestors || a.id, 'building', '楼', false from house h join area a on a.id = $1;
insert into household (tenant_id, id, version, area_id, closed)
select h.tenant_id, md5(h.id::text || d)::uuid, 1, h.id, false from house h, generate_series(1, 20) d;
insert into person (tenant_id, id, version, name, home_id, household_id, erased)
select h.tenant_id, gen_random_uuid(), 1, substr('赵钱孙李周吴郑王冯陈', 1 + d % 10, 1) || md5(h.id::text || d),
       h.id, md5(h.id::text || (1 + d % 20))::uuid, false from house h, generate_series(1, 50) d;
insert into sealed_value (tenant_id, owner_id, field, key_id, value, blind)
select p.tenant_id, p.id, field, 'data-1', sha256(p.id::text::bytea), sha256((p.id::text || field)::bytea)
  from person p, unnest(array['id_number', 'address']) field where p.home_id in (select id from house);
insert into care (tenant_id, person_id, version, kinds)
select p.tenant_id, p.id, 1, '{lives_alone}' from person p where p.home_id in (select id from house);
insert into care_helper (tenant_id, id, person_id, helper_id, starts_on)
select p.tenant_id, gen_random_uuid(), p.id, h.id, date '2026-01-01' from person p,
       lateral (select x.id from person x where x.home_id = p.home_id order by x.id limit 2) h
 where p.home_id in (select id from house);
insert into access_log (tenant_id, id, person_id, at, actor_id, actor_role, reason, fields)
select p.tenant_id, gen_random_uuid(), p.id, now(), gen_random_uuid(), 'grid_officer', 'service', '{phone}'
  from (select * from person where home_id in (select id from house) order by id limit 1000) p, generate_series(1, 100);
"""

#: 100,000 facilities and as many services elsewhere, a hundred in each community, of twenty kinds.
CATALOGUE = """
create temp table given as
select c.tenant_id, md5(c.id::text || ' facility ' || n)::uuid as id,
       md5(c.id::text || ' service ' || n)::uuid as service,
       c.lat + (random() - 0.5) * 0.02 as lat, c.lon + (random() - 0.5) * 0.02 as lon,
       (select array_agg(key order by key) from facility_kind) as kinds, n
  from area c, generate_series(1, 100) n where c.kind = 'community' and c.name like '远处%';
create temp table placed as
select *, format('(%s, %s, %s)', 6371008.8 * cos(radians(lat)) * cos(radians(lon)),
                 6371008.8 * cos(radians(lat)) * sin(radians(lon)), 6371008.8 * sin(radians(lat)))::cube as spot
  from given;
insert into facility (tenant_id, id, version, kind, name, area_id, lat, lon, spot, given_lat, given_lon, coord_sys,
                      access, schedule, closed, external_key)
select tenant_id, id, 1, kinds[1 + n % 20], '远处设施', tenant_id, lat, lon, spot, lat, lon, 'wgs84', '{}',
       '{"weekly": [{"days": ["mo"], "opens": "08:30", "closes": "12:00"}], "dates": [], "observes_holidays": true}',
       false, id::text from placed;
insert into service (tenant_id, id, version, category, name, aliases, area_id, documents, costs, errand, closed,
                     external_key)
select tenant_id, service, 1, 'repairs', '远处服务', '{修理}', tenant_id, '[]', '[]', false, false, service::text
  from placed;
insert into service_place (tenant_id, id, version, service_id, facility_id, area_id, lat, lon, spot, closed)
select tenant_id, service, 1, service, id, tenant_id, lat, lon, spot, false from placed;
insert into catalogue_history (tenant_id, id, entry_id, version, at, action, actor_role, facts)
select tenant_id, id, id, 1, now(), 'create', 'operator', '{}' from placed;
"""

#: Councils of a thousand communities elsewhere, each with a hundred of what councils have.
COUNCILS = """
create temp table seat as
select id as tenant_id, md5(id::text || ' council')::uuid as id from area
 where kind = 'community' and name like '远处%';
insert into organisation (tenant_id, id, version, kind, name, serves, serves_tenants, aliases, closed, search_keys)
select tenant_id, id, 1, 'council', '远处大党委', array[tenant_id], array[tenant_id], '{}', false, '{}' from seat;
insert into council (tenant_id, id, version, starts_on, rhythms)
select tenant_id, id, 1, date '2025-01-01', '[]' from seat;
create temp table listed as
select tenant_id, id as council_id, gen_random_uuid() as id from seat, generate_series(1, 100);
insert into agreement (tenant_id, id, version, council_id, title, party_ids, clauses, starts_on, ends_on)
select tenant_id, id, 1, council_id, '协议', '{}', '[]', date '2026-01-01', date '2027-01-01' from listed;
insert into resource (tenant_id, id, version, council_id, organisation_id, kind, title, state, starts_on)
select tenant_id, id, 1, council_id, council_id, 'room', '礼堂', 'open', date '2026-01-01' from listed;
insert into need (tenant_id, id, version, council_id, kind, title, state, starts_on)
select tenant_id, id, 1, council_id, 'room', '缺场地', 'open', date '2026-01-01' from listed;
insert into project (tenant_id, id, version, council_id, title, need_ids, resource_ids, state, starts_on)
select tenant_id, id, 1, council_id, '项目', array[id], array[id], 'open', date '2026-01-01' from listed;
insert into record_history (tenant_id, id, noun, record_id, version, at, action, actor_id, actor_role, facts)
select tenant_id, gen_random_uuid(), 'need', id, 1, now(), 'enter', id, 'community_admin', '{}' from listed;
insert into person_history (tenant_id, id, person_id, version, at, action, actor_role, facts)
select tenant_id, gen_random_uuid(), id, 1, now(), 'create', 'operator', '{}' from person where name = '远处居民';
"""
OF_COUNCILS = "council", "agreement", "resource", "need", "project", "record_history", "person_history"
