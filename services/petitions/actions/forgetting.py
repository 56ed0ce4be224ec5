"""Photos that nothing took: kept for a week, then their files and rows go. A photo of somebody's home is not ours."""

import asyncio
from datetime import datetime, timedelta

from services.petitions.actions.attachments import file_name
from services.petitions.house import House
from shared.kernel.clock import SystemClock

_KEPT = timedelta(days=7)
_BATCH = 100
_EVERY_SECONDS = 3600

_UNTAKEN = """
select uploader_id, id from upload where created_at < $1 order by created_at limit $2 for update skip locked
"""
_FORGET = "delete from upload where (uploader_id, id) in (select * from unnest($1::uuid[], $2::uuid[]))"


async def forget_untaken(house: House, now: datetime) -> int:
    """Forgets up to a batch; returns how many. Files first: a row without its file is found again, not the reverse."""
    async with house.pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(_UNTAKEN, now - _KEPT, _BATCH)
        for row in rows:
            for which in ("photo", "thumbnail"):
                await house.storage.delete(file_name(row["id"], which))
        await connection.execute(_FORGET, [row["uploader_id"] for row in rows], [row["id"] for row in rows])
    return len(rows)


async def forget_photos(house: House) -> None:
    """Runs for ever, once an hour."""
    while True:
        while await forget_untaken(house, SystemClock().now()) == _BATCH:
            pass
        await asyncio.sleep(_EVERY_SECONDS)
