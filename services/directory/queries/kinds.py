"""The words of this installation: kinds of areas, offices, organisations, care, memberships, facilities; lists."""

import asyncpg

_KINDS = """
select json_build_object(
  'areas', (select coalesce(json_agg(to_json(k) order by k.rank, k.key), '[]') from area_kind k),
  'offices', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from office_kind k),
  'organisations', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from organisation_kind k),
  'care', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from care_kind k),
  'memberships', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from membership_kind k),
  'words', (select coalesce(json_agg(to_json(w) order by w.list, w.position, w.key), '[]') from list_word w),
  'circles', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from circle_kind k),
  'facilities', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from facility_kind k),
  'services', (select coalesce(json_agg(to_json(k) order by k.position, k.key), '[]') from service_category k))::text
"""


async def kinds(pool: asyncpg.Pool) -> bytes:
    """All kinds, areas from the top of the tree down."""
    found: str = await pool.fetchval(_KINDS)
    return found.encode()
