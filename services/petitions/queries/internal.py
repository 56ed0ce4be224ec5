"""What other services may read."""

from typing import Any
from uuid import UUID

from shared.kernel.errors import NotFound

_STATE = """
select json_build_object('tenant_id', tenant_id, 'id', id, 'version', version, 'number', number, 'status', status,
         'area_id', area_id, 'holder_type', holder_type, 'holder_id', holder_id)::text
  from petition where id = $1
"""


async def state(pool: Any, petition_id: UUID) -> bytes:
    """A petition's state as JSON; raises NotFound."""
    found: str | None = await pool.fetchval(_STATE, petition_id)
    if found is None:
        raise NotFound
    return found.encode()
