"""The sealer: takes transfers that wait and appends their seals to the chain of their tenant.

It takes what stands in `pending`, never what is "newer than the last": transactions commit out of order. One sealer a
tenant at a time by an advisory lock that ends with the transaction, so any number of workers may run, and one that
dies leaves nothing behind. (A head row to lock would be a second truth beside the chain; the head is its last row.)
"""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from services.volunteers.domain.chain import COLUMNS, GENESIS, link

_IDLE_SECONDS = 0.2
_TENANTS = 50
_BATCH = 1000  # transfers of one tenant in one round
_LOCK = 726_180_202  # the namespace of this lock among others

#: The tenants that have waited longest, as far as no other sealer is at them. Two tenants whose keys collide only
#: wait for each other.
_TAKE = """
with waiting as materialized (
  select tenant_id from pending group by tenant_id order by min(since), tenant_id limit $2
)
select tenant_id from waiting where pg_try_advisory_xact_lock($1, hashtext(tenant_id::text))
"""
#: A statement of its own, after the lock: its snapshot sees what the last sealer appended.
_HEADS = """
select t.id as tenant_id, head.seq, head.hash from unnest($1::uuid[]) as t(id)
  cross join lateral (select seq, hash from chain where tenant_id = t.id order by seq desc limit 1) head
"""
_WAITING = f"""
select {COLUMNS} from unnest($1::uuid[]) as tenant(id)
  cross join lateral (select * from pending where tenant_id = tenant.id order by since, transfer_id limit $2) p
  join transfer t on t.tenant_id = p.tenant_id and t.id = p.transfer_id
  join entry d on d.tenant_id = t.tenant_id and d.transfer_id = t.id and d.account_id = t.debit_id
  join entry c on c.tenant_id = t.tenant_id and c.transfer_id = t.id and c.account_id = t.credit_id
 order by p.tenant_id, p.since, p.transfer_id
"""
_APPEND = """
with sealed as (
  insert into chain (tenant_id, seq, transfer_id, previous, hash)
  select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bytea[], $5::bytea[])
)
delete from pending p using unnest($1::uuid[], $3::uuid[]) as done(tenant_id, transfer_id)
 where p.tenant_id = done.tenant_id and p.transfer_id = done.transfer_id
"""


class Round(NamedTuple):
    """What one round did, and whether it had to leave something for the next."""

    sealed: int
    more: bool


async def seal_forever(pool: asyncpg.Pool) -> None:
    """Seals for ever. With nothing to do it asks a small table five times a second."""
    while True:
        if not (await seal(pool)).more:
            await asyncio.sleep(_IDLE_SECONDS)


async def seal(pool: asyncpg.Pool) -> Round:
    """One round over the tenants that wait."""
    async with pool.acquire() as connection, connection.transaction():
        tenants = [row["tenant_id"] for row in await connection.fetch(_TAKE, _LOCK, _TENANTS)]
        if not tenants:
            return Round(0, more=False)
        heads = {row["tenant_id"]: (row["seq"], row["hash"]) for row in await connection.fetch(_HEADS, tenants)}
        seals = [_seal(heads, row) for row in await connection.fetch(_WAITING, tenants, _BATCH)]
        if seals:
            await connection.execute(_APPEND, *(list(column) for column in zip(*seals, strict=True)))
        return Round(len(seals), more=bool(seals) and (len(tenants) == _TENANTS or len(seals) >= _BATCH))


def _seal(heads: dict[UUID, tuple[int, bytes]], row: Mapping[str, Any]) -> tuple[UUID, int, UUID, bytes, bytes]:
    """The row of the chain for a transfer, which becomes the head of its tenant."""
    tenant_id = row["tenant_id"]
    last, previous = heads.get(tenant_id, (0, GENESIS))
    hashed = link(previous, last + 1, row)
    heads[tenant_id] = (last + 1, hashed)
    return tenant_id, last + 1, row["id"], previous, hashed
