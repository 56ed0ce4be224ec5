"""The change feed after a restore: numbers that transactions of another database server had mean nothing here.

Those that lie in the future would be handed out when this server's transactions come so far, years from now. They get
a place of today instead.
"""

import asyncio

import asyncpg

_BATCH = 10_000
_EVERY_SECONDS = 60

#: What this server's own transactions have written, and a statement can see, lies below the end of its snapshot.
_RENUMBER = """
with foreign_rows as (
  select tenant_id, kind, entity_id from change
   where xid >= pg_snapshot_xmax(pg_current_snapshot()) order by xid, seq limit $1
), renumbered as (
  update change c set xid = default, seq = default from foreign_rows f
   where c.tenant_id = f.tenant_id and c.kind = f.kind and c.entity_id = f.entity_id returning true
)
select count(*) from renumbered
"""


async def renumber(pool: asyncpg.Pool) -> int:
    """Gives every change from another server a place in this one's feed; how many there were."""
    total = 0
    while count := int(await pool.fetchval(_RENUMBER, _BATCH)):
        total += count
    return total


async def keep_feed_readable(pool: asyncpg.Pool) -> None:
    """Runs for ever: a database is restored while its worker waits for it."""
    while True:
        await renumber(pool)
        await asyncio.sleep(_EVERY_SECONDS)
