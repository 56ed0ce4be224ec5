"""Which community, street or district keeps a thing.

An area of some kinds (community, street, district: domain/kinds.py) is a *tenant*: it keeps its own people,
organisations and everything below it that is no tenant itself. So an area's tenant is the nearest area of such a kind,
itself included, and it never changes.
"""

from uuid import UUID

from services.directory.domain.kinds import Kinds


def tenant_of(kinds: Kinds, kind: str, area_id: UUID, parent_tenant_id: UUID | None) -> UUID | None:
    """The tenant of an area; None when no community, street or district stands at or above it."""
    return area_id if kinds.is_tenant(kind) else parent_tenant_id
