"""Loads a tenant's category tree. The same tree again changes nothing; categories are never deleted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.petitions.domain.seed import CategorySeed
from shared.kernel.ids import new_id

_KNOWN = "select key, id from category where tenant_id = $1 and key = any($2::text[])"
_UPSERT = """
insert into category (tenant_id, id, parent_id, key, name, name_en, urgency, position)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])
on conflict (tenant_id, id) do update
   set parent_id = excluded.parent_id, name = excluded.name, name_en = excluded.name_en,
       urgency = excluded.urgency, position = excluded.position
 where (category.parent_id, category.name, category.name_en, category.urgency, category.position)
       is distinct from (excluded.parent_id, excluded.name, excluded.name_en, excluded.urgency, excluded.position)
"""


async def load_categories(pool: Any, tenant_id: UUID, seeds: Sequence[CategorySeed]) -> dict[str, UUID]:
    """Brings the tenant's tree to what the seeds say, parents before children; the id of every key."""
    async with pool.acquire() as connection, connection.transaction():
        known = {row["key"]: row["id"] for row in await connection.fetch(_KNOWN, tenant_id, [s.key for s in seeds])}
        ids: dict[str, UUID] = {seed.key: known.get(seed.key) or new_id() for seed in seeds}
        await connection.execute(
            _UPSERT,
            tenant_id,
            [ids[s.key] for s in seeds],
            [ids[s.parent_key] if s.parent_key else None for s in seeds],
            [s.key for s in seeds],
            [s.name for s in seeds],
            [s.name_en for s in seeds],
            [s.urgency for s in seeds],
            list(range(len(seeds))),
        )
    return ids
