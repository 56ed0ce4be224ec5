"""What somebody sees of their own points."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.infra.cursors import START
from shared.kernel.actor import Actor
from shared.kernel.errors import BadRequest, FieldProblem

#: One statement, as dear for a thousand lots as for one: the cache of what can be spent, less the lots that have
#: expired since and wait for their expiry to be posted. Nothing can be held before there is something to spend on.
MINE = """
with mine as materialized (
  select a.tenant_id, a.scheme, a.balance, 0::bigint as held,
         a.spendable - coalesce((select sum(l.remaining) from lot l
                                  where l.tenant_id = a.tenant_id and l.account_id = a.id and l.remaining > 0
                                    and l.expires_at <= $2 and l.spendable), 0)::bigint as spendable
    from account a where a.owner_id = $1 and a.kind = 'volunteer'
)
select json_build_object(
         'balance', coalesce(sum(balance) filter (where scheme = 'resident'), 0)::bigint,
         'held', coalesce(sum(held) filter (where scheme = 'resident'), 0)::bigint,
         'spendable', coalesce(sum(spendable) filter (where scheme = 'resident'), 0)::bigint,
         'accounts', coalesce(json_agg(json_build_object(
            'tenant', json_build_object('id', tenant_id, 'name', (
                select name from area where area.tenant_id = mine.tenant_id and area.id = mine.tenant_id)),
            'scheme', scheme, 'balance', balance, 'held', held, 'spendable', spendable)
            order by tenant_id, scheme), '[]'))::text as body
  from mine
"""
_TRANSFERS = """
select json_build_object(
         'id', e.transfer_id, 'at', e.at, 'tenant_id', e.tenant_id, 'scheme', t.scheme, 'amount', e.amount,
         'kind', t.kind, 'reference_id', t.reference_id,
         'counter_account', (select kind from account o where o.tenant_id = t.tenant_id
                                and o.id = case when t.debit_id = e.account_id then t.credit_id else t.debit_id end),
         'sealed', (select seq from chain s where s.tenant_id = t.tenant_id and s.transfer_id = t.id),
         'balance_after', e.balance_after)::text as body,
       e.at, e.transfer_id
  from (select e.* from account a cross join lateral (
          select * from entry e
           where e.tenant_id = a.tenant_id and e.account_id = a.id and e.account_version is not null
             and (e.at, e.transfer_id) < ($2, $3) order by e.at desc, e.transfer_id desc limit $4) e
         where a.owner_id = $1 and a.kind = 'volunteer' order by e.at desc, e.transfer_id desc limit $4) e
  join transfer t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
 order by e.at desc, e.transfer_id desc
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


async def mine(pool: Any, actor: Actor, now: datetime) -> bytes:
    """The caller's points over all tenants."""
    body: str = await pool.fetchval(MINE, actor.person_id, now)
    return body.encode()


async def transfers(pool: Any, actor: Actor, limit: int, cursor: str | None) -> bytes:
    """The caller's transfers, newest first. Their ids follow from what they stand for, so the order is by time."""
    at, last = _position(cursor)
    rows = await pool.fetch(_TRANSFERS, actor.person_id, at, last, limit + 1)
    more = len(rows) > limit
    following = f'"{_cursor(rows[limit - 1]["at"], rows[limit - 1]["transfer_id"])}"' if more else "null"
    items = ",".join(row["body"] for row in rows[:limit])
    return f'{{"items":[{items}],"next_cursor":{following}}}'.encode()


def _cursor(at: datetime, last: UUID) -> str:
    position = ((at - _EPOCH) // _MICROSECOND).to_bytes(8, "big", signed=True) + last.bytes
    return urlsafe_b64encode(position).decode()


def _position(cursor: str | None) -> tuple[datetime, UUID]:
    """The place in time of a cursor; 400 when it is none of ours."""
    if cursor is None:
        return _LATEST, START
    try:
        position = urlsafe_b64decode(cursor)
        at = _EPOCH + int.from_bytes(position[:8], "big", signed=True) * _MICROSECOND
        return at, UUID(bytes=position[8:])
    except (ValueError, OverflowError) as error:
        zh, en = "请使用上一页给出的 next_cursor", "use the next_cursor of the page before"
        raise BadRequest(fields=[FieldProblem("cursor", "cursor_form", zh, en)]) from error
