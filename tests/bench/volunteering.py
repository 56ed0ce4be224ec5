"""Openings, service records and the ledger that follows from them, made set-wise.

An opening lasts an hour and follows the one before it in its community, so nobody is in two places at once.
"""

from services.volunteers.domain.ledger import Account, AccountKind, Scheme
from tests.bench.filling import filling
from tests.bench.street import COMMUNITIES

_IN_EACH = 10
_TABLES = (
    "opening", "opening_text", "opening_history", "service_record", "service_record_history", "service_record_note",
    "account", "transfer", "entry", "lot", "chain",
)  # fmt: skip

_PLACES = """
create temp table community as
select a.id, a.ancestors || a.id as path, buildings.ids as buildings,
       (select array_agg(p.id order by p.id) from person p where p.tenant_id = a.id and p.display_name like '居民%')
           as people,
       (select p.id from person p where p.tenant_id = a.id and p.display_name = '社区工作人员' limit 1) as leader_id
  from area a,
       lateral (select array_agg(array[b.parent_id, b.id] order by b.id) as ids from area b
                 where b.tenant_id = a.id and b.kind = 'building') buildings
 where a.kind = 'community' and a.name like '第%社区'
"""
#: $1 how many in each community. The last tenth is still to come.
_OPENINGS = """
create temp table made as
select c.id as tenant_id, uuidv7(starts_at - now() - interval '1 day') as id, n, c.leader_id, c.people, starts_at,
       case when n < $1::int * 0.9 then 'done' when n % 2 = 0 then 'open' else 'full' end as status,
       c.buildings[place][1] as grid_id, c.buildings[place][2] as area_id, c.path
  from community c cross join generate_series(1, $1::int) n,
  lateral (select now() + (n - $1::int * 0.9) * interval '1 hour' as starts_at,
                  1 + n % array_length(c.buildings, 1) as place) here
"""
#: $1 how many take part in each.
_OPENING = """
insert into opening (tenant_id, id, version, kind, status, area_id, area_path, lat, lon, leader_id, starts_at, ends_at,
                     capacity, taken, points, rule_version, secret, created_at, updated_at)
select tenant_id, id, 1, 'activity', status, area_id, path || grid_id || area_id, 30 + n % 100 * 0.0001, 110, leader_id,
       starts_at, starts_at + interval '1 hour', case status when 'open' then 2 else 1 end * $1::int, $1::int, 3, 1,
       uuid_send(id), starts_at - interval '1 day', starts_at - interval '1 day' from made order by n
"""
_OPENING_TEXT = """
insert into opening_text (tenant_id, opening_id, title, text)
select tenant_id, id, '楼道清洁 ' || n, '和邻居一起打扫楼道，工具由社区准备，请穿便于活动的衣服。' from made order by n
"""
_OPENING_HISTORY = """
insert into opening_history (tenant_id, opening_id, version, at, action, to_status, actor_id, actor_role, facts)
select tenant_id, id, 1, starts_at - interval '1 day', 'open', 'open', leader_id, 'community_staff', '{}' from made
"""
#: $1 how many take part in each. Nearly all that is over was awarded; some wait for their approval.
_RECORDS = """
create temp table taking as
select m.tenant_id, uuidv7(m.starts_at - now() - interval '20 hours') as id, m.id as opening_id, m.n, place,
       m.leader_id, m.people[1 + (m.n * $1::int + place) % cardinality(m.people)] as person_id, m.area_id,
       m.path || m.grid_id || m.area_id as area_path, m.starts_at,
       case when m.status <> 'done' then 'confirmed' when place = 0 and m.n % 20 = 0 then 'submitted' else 'awarded' end
           as status
  from made m, generate_series(0, $1::int - 1) place
"""
_RECORD = """
insert into service_record (tenant_id, id, version, status, opening_id, person_id, leader_id, area_id, area_path,
                            starts_at, ends_at, busy_until, checked_in_at, checked_out_at, minutes, evidence_grade,
                            attachment_ids, points, rule_version, transfer_id, created_at, updated_at)
select tenant_id, id, case status when 'confirmed' then 1 when 'submitted' then 4 else 6 end, status, opening_id,
       person_id, leader_id, area_id, area_path, starts_at, ends_at, ends_at, case when past then starts_at end,
       case when past then ends_at end, case when past then 60 end, case when awarded then 'A' end, '{}',
       case when awarded then 3 else 0 end, 1, case when awarded then id end, starts_at - interval '20 hours', ends_at
  from taking, lateral (select starts_at + interval '1 hour' as ends_at, status <> 'confirmed' as past,
                               status = 'awarded' as awarded) here order by n, place
"""
_RECORD_HISTORY = """
insert into service_record_history (tenant_id, service_record_id, version, at, action, from_status, to_status, actor_id,
                                    actor_role, facts)
select tenant_id, id, v, starts_at - interval '20 hours' + v * interval '1 hour',
       (array['claim', 'check-in', 'check-out', 'submit', 'approve', 'award'])[v],
       ($1::text[])[v - 1], ($1::text[])[v], case when v < 5 then person_id when v = 5 then leader_id end,
       case when v < 5 then 'volunteer' when v = 5 then 'leader' else 'system' end, '{}'
  from taking, generate_series(1, case status when 'confirmed' then 1 when 'submitted' then 4 else 6 end) v
"""
_RECORD_NOTE = """
insert into service_record_note (tenant_id, service_record_id, version, salt, note)
select tenant_id, id, 4, uuid_send(id), '打扫了三个单元的楼道。' from taking where status <> 'confirmed'
"""
#: $1 tenants, $2 ids, $3 owners, $4 the issuers of the tenants in the same order.
_ACCOUNTS = """
create temp table whose as select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])
                                      as w(tenant_id, id, owner_id, issuer_id)
"""
_LEDGER = """
create temp table posted as
select t.tenant_id, t.id, w.id as account_id, w.issuer_id, t.starts_at + interval '2 hours' as at, t.leader_id,
       row_number() over (partition by t.tenant_id order by t.n, t.place) as seq,
       row_number() over (partition by w.id order by t.n, t.place) as number
  from taking t join whose w on w.tenant_id = t.tenant_id and w.owner_id = t.person_id where t.status = 'awarded';
insert into account (tenant_id, id, scheme, kind, owner_id, version, balance, spendable)
select w.tenant_id, w.id, 'resident', 'volunteer', w.owner_id, count(p.id), 3 * count(p.id), 3 * count(p.id)
  from whose w left join posted p on p.account_id = w.id group by 1, 2, 5
union all select distinct on (issuer_id) tenant_id, issuer_id, 'resident', 'issued', tenant_id, 0, null::bigint,
                                         null::bigint from whose;
insert into transfer (tenant_id, id, scheme, debit_id, credit_id, amount, kind, reference_id, rule_version, actor_id,
                      at, fingerprint)
select tenant_id, id, 'resident', issuer_id, account_id, 3, 'award', id, 1, leader_id, at, sha256(uuid_send(id))
  from posted order by seq;
insert into entry (tenant_id, transfer_id, account_id, amount, account_version, balance_after, at)
select tenant_id, id, issuer_id, -3, null, null, at from posted
union all select tenant_id, id, account_id, 3, number, 3 * number, at from posted;
insert into lot (tenant_id, id, account_id, amount, remaining, evidence_grade, spendable)
select tenant_id, id, account_id, 3, 3, 'A', true from posted;
insert into chain (tenant_id, seq, transfer_id, previous, hash)
select tenant_id, seq, id, sha256(uuid_send(id)), sha256(uuid_send(id)) from posted;
"""


async def make_services(environment: dict[str, str], records: int, in_each: int = _IN_EACH) -> None:
    """Fills the tables of volunteers with this many service records in all communities together."""
    async with filling(environment, "volunteers", *_TABLES) as connection:
        for table in ("area", "person", "organisation", "office"):
            await connection.execute(f"analyze {table}")
        await connection.execute(_PLACES)
        await connection.execute(_OPENINGS, max(records // COMMUNITIES // in_each, 1))
        await connection.execute(_OPENING, in_each)
        for statement in (_OPENING_TEXT, _OPENING_HISTORY):
            await connection.execute(statement)
        await connection.execute(_RECORDS, in_each)
        await connection.execute(_RECORD)
        statuses = ["confirmed", "checked_in", "checked_out", "submitted", "approved", "awarded"]
        await connection.execute(_RECORD_HISTORY, statuses)
        await connection.execute(_RECORD_NOTE)
        volunteers = [
            Account(row["tenant_id"], Scheme.RESIDENT, AccountKind.VOLUNTEER, row["person_id"])
            for row in await connection.fetch("select id as tenant_id, unnest(people) as person_id from community")
        ]
        issuers = [volunteer.system(AccountKind.ISSUED).id for volunteer in volunteers]
        columns = [v.tenant_id for v in volunteers], [v.id for v in volunteers], [v.owner_id for v in volunteers]
        await connection.execute(_ACCOUNTS, *columns, issuers)
        await connection.execute(_LEDGER)
