"""The numbers that other systems gave to petitions: taking the same thing in twice finds it by them."""

from typing import Any
from uuid import UUID

_KNOWN = "select number from external_ref where system = $1 and tenant_id = any($2::uuid[])"
_NOTE = """
insert into external_ref (tenant_id, system, number, petition_id)
select tenant_id, $1, $2, id from petition where tenant_id = $3 and id = $4 on conflict do nothing
"""


async def known_numbers(pool: Any, system: str, tenants: list[UUID]) -> set[str]:
    """The system's numbers that are known in these tenants."""
    return {row["number"] for row in await pool.fetch(_KNOWN, system, tenants)}


async def note_number(pool: Any, system: str, number: str, tenant_id: UUID, petition_id: UUID) -> None:
    """The petition has this number there."""
    await pool.execute(_NOTE, system, number, tenant_id, petition_id)
