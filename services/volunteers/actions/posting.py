"""The statements that post transfers. Which one is used, and when, says actions/points.py.

In all of them: transfers first, in the order of their ids, then accounts, in the order of theirs, so that no two calls
wait for each other. Only accounts whose debits can be refused are locked; a system account's row is written once in
its life and then only looked at.
"""

#: One transfer from a system account to somebody, in one statement. No row when its id is there already.
#: The account of the receiver is made, or locked and raised in its newest state, whatever the snapshot saw.
ISSUE = """
with posted as (
  insert into transfer (tenant_id, id, scheme, debit_id, credit_id, amount, kind, reference_id, rule_version, reason,
                        actor_id, at, fingerprint)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  on conflict (tenant_id, id) do nothing returning id
), issuer as (
  insert into account (tenant_id, id, scheme, kind, owner_id, version)
  select $1::uuid, $4::uuid, $3::text, $14::text, $1::uuid, 0 from posted
   where not exists (select from account where tenant_id = $1 and id = $4)
  on conflict (tenant_id, id) do nothing returning id
), credited as (
  insert into account as a (tenant_id, id, scheme, kind, owner_id, version, balance, spendable)
  select $1::uuid, $5::uuid, $3::text, $15::text, $16::uuid, 1, $6::bigint,
         case when $18::boolean then $6::bigint else 0 end
    from posted left join issuer on true
  on conflict (tenant_id, id) do update set version = a.version + 1, balance = a.balance + excluded.balance,
                                            spendable = a.spendable + excluded.spendable
  returning version, balance
), entries as (
  insert into entry (tenant_id, transfer_id, account_id, amount, account_version, balance_after, at)
  select $1::uuid, $2::uuid, $4::uuid, -$6::bigint, null, null, $12::timestamptz from posted
  union all select $1::uuid, $2::uuid, $5::uuid, $6::bigint, version, balance, $12::timestamptz from credited
), brought as (
  insert into lot (tenant_id, id, account_id, amount, remaining, evidence_grade, spendable, expires_at)
  select $1::uuid, $2::uuid, $5::uuid, $6::bigint, $6::bigint, $17::text, $18::boolean, $19::timestamptz from posted
), waiting as (
  insert into pending (tenant_id, transfer_id, since) select $1::uuid, $2::uuid, $20::timestamptz from posted
), event as (
  insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
  select $1::uuid, $21::uuid, 'points.transferred', $2::uuid, 1, $12::timestamptz, $22::text, $23::jsonb from posted
)
select balance from credited
"""

#: Several transfers, or one that can be refused: makes the transfers that are new and locks the accounts they touch.
BEGIN = """
with given as (
  select * from unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::bigint[], $8::text[], $9::uuid[], $10::int[],
                       $11::text[], $12::uuid[], $13::uuid[], $14::bytea[])
    as g(id, scheme, debit_id, credit_id, amount, kind, reference_id, rule_version, reason, actor_id, reverses,
         fingerprint)
), posted as (
  insert into transfer (tenant_id, id, scheme, debit_id, credit_id, amount, kind, reference_id, rule_version, reason,
                        actor_id, reverses, at, fingerprint)
  select $1::uuid, id, scheme, debit_id, credit_id, amount, kind, reference_id, rule_version, reason, actor_id,
         reverses, $2::timestamptz, fingerprint from given order by id
  on conflict (tenant_id, id) do nothing returning id, debit_id, credit_id
), touched as (
  select * from unnest($15::uuid[], $16::text[], $17::text[], $18::uuid[], $19::boolean[])
             as a(id, scheme, kind, owner_id, refusable)
   where id in (select debit_id from posted union all select credit_id from posted)
), system as (
  insert into account (tenant_id, id, scheme, kind, owner_id, version)
  select $1::uuid, id, scheme, kind, owner_id, 0 from touched
   where not refusable and not exists (select from account a where a.tenant_id = $1 and a.id = touched.id) order by id
  on conflict (tenant_id, id) do nothing returning id
), locked as (
  insert into account as a (tenant_id, id, scheme, kind, owner_id, version, balance, spendable)
  select $1::uuid, id, scheme, kind, owner_id, 0, 0, 0 from touched
   where refusable and (select count(*) from system) >= 0 order by id
  on conflict (tenant_id, id) do update set version = a.version returning id, version, balance, spendable
)
select true as transfer, id, null::bigint as version, null::bigint as balance, null::bigint as spendable from posted
union all select false, id, version, balance, spendable from locked
"""

#: What is left on accounts that are locked by now: in a statement of its own, which sees what others left there.
LOTS = """
select account_id, id, amount, remaining, spendable, expires_at from lot
 where tenant_id = $1 and account_id = any($2::uuid[]) and remaining > 0
"""

PAST = (
    "select id, kind, debit_id, credit_id, amount, actor_id from transfer where tenant_id = $1 and id = any($2::uuid[])"
)

#: Everything that follows from the transfers once they are settled.
FINISH = """
with entries as (
  insert into entry (tenant_id, transfer_id, account_id, amount, account_version, balance_after, at)
  select $1::uuid, e.*, $2::timestamptz from unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[]) e
), standing as (
  update account a set version = n.version, balance = n.balance, spendable = n.spendable
    from unnest($8::uuid[], $9::bigint[], $10::bigint[], $11::bigint[]) as n(id, version, balance, spendable)
   where a.tenant_id = $1 and a.id = n.id
), taken as (
  update lot l set remaining = n.remaining from unnest($12::uuid[], $13::bigint[]) as n(id, remaining)
   where l.tenant_id = $1 and l.id = n.id
), brought as (
  insert into lot (tenant_id, id, account_id, amount, remaining, evidence_grade, spendable, expires_at)
  select $1::uuid, n.* from unnest($14::uuid[], $15::uuid[], $16::bigint[], $17::bigint[], $18::text[], $19::boolean[],
                                   $20::timestamptz[]) n
), waiting as (
  insert into pending (tenant_id, transfer_id, since) select $1::uuid, id, $21::timestamptz from unnest($22::uuid[]) id
)
insert into outbox (tenant_id, id, type, aggregate_id, aggregate_version, at, traceparent, payload)
select $1::uuid, n.event_id, 'points.transferred', n.id, 1, $2::timestamptz, $23::text, n.payload
  from unnest($22::uuid[], $24::uuid[], $25::jsonb[]) as n(id, event_id, payload)
"""

#: What was answered when the transfers were posted.
ANSWERS = """
select t.id, t.fingerprint, t.at, d.balance_after as debit_balance, c.balance_after as credit_balance
  from transfer t
  left join entry d on d.tenant_id = t.tenant_id and d.transfer_id = t.id and d.account_id = t.debit_id
  left join entry c on c.tenant_id = t.tenant_id and c.transfer_id = t.id and c.account_id = t.credit_id
 where t.tenant_id = $1 and t.id = any($2::uuid[])
"""
