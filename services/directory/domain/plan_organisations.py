"""The rows of organisations that a load will write."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.directory.domain.credit_code import canonical
from services.directory.domain.kinds import OrganisationKind
from services.directory.domain.organisations import Contact, formation
from services.directory.domain.seed import OrganisationSeed
from services.directory.domain.unit_names import search_keys


def organisation_columns(
    seed: OrganisationSeed, parent_id: UUID | None, serves: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """What the seed says of an organisation. What it does not say is no column: people in Linli may have said it."""
    said: dict[str, Any] = {
        "credit_code": canonical(seed.credit_code) if seed.credit_code else None,
        "formation_status": seed.formation_status,
        "responsibilities": [one.plain() for one in seed.responsibilities],
        **(seed.contact.columns() if seed.contact else {}),
    }
    return {
        "kind": seed.kind,
        "name": seed.name,
        "parent_id": parent_id,
        "aliases": list(seed.aliases),
        "search_keys": search_keys(seed.name, seed.aliases),
        "serves": [area["id"] for area in serves],
        "serves_tenants": sorted({area["tenant_id"] for area in serves}),
        **{name: value for name, value in said.items() if value},
    }


def unsaid(kind: OrganisationKind) -> dict[str, Any]:
    """What an organisation has at first where nothing is said."""
    nothing: dict[str, Any] = {"credit_code": None, "responsibilities": [], "closed": False, "closed_on": None}
    return nothing | Contact().columns() | {"formation_status": formation(kind, None)}
