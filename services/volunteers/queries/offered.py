"""What has been offered so far, for who loads openings and must not load one twice."""

from typing import Any
from uuid import UUID

_OFFERED = """
select o.leader_id, x.title, count(*) as times
  from opening o join opening_text x on x.tenant_id = o.tenant_id and x.opening_id = o.id
 where o.tenant_id = $1 group by o.leader_id, x.title
"""


async def times_offered(pool: Any, tenant_id: UUID) -> dict[tuple[UUID, str], int]:
    """How often each leader has offered an opening with each title in a community."""
    rows = await pool.fetch(_OFFERED, tenant_id)
    return {(row["leader_id"], row["title"]): row["times"] for row in rows}
