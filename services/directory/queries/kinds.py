"""The words of this installation: kinds of areas, offices and organisations, and of care."""

import asyncpg

_KINDS = """
select json_build_object(
  'areas', (select coalesce(json_agg(to_json(k) order by k.rank, k.key), '[]') from area_kind k),
  'offices', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from office_kind k),
  'organisations', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from organisation_kind k),
  'care', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from care_kind k)
)::text
"""


async def kinds(pool: asyncpg.Pool) -> bytes:
    """All kinds, areas from the top of the tree down."""
    found: str = await pool.fetchval(_KINDS)
    return found.encode()
