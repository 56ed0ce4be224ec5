"""Sealed texts on their way into an answer: masked, always. What is shown in full goes through actions/reveal."""

from base64 import b64decode
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson

from services.directory.domain.contact import Field, masked
from shared.infra.sealing import Sealed, Sealer

#: The sealed texts of `{owner}` as JSON, each with its key.
SEALED = """
(select json_object_agg(s.field, json_build_array(s.key_id, encode(s.value, 'base64'))) from sealed_value s
  where s.tenant_id = {tenant_id} and s.owner_id = {owner})::text
"""


def opened(
    sealer: Sealer, tenant_id: UUID, owner_id: UUID, sealed: str | None, fields: Iterable[str]
) -> dict[str, str]:
    """The texts of these fields behind what SEALED gave; those that there are."""
    given: dict[str, list[str]] = orjson.loads(sealed) if sealed else {}
    values = {str(field): Sealed(given[field][0], b64decode(given[field][1])) for field in fields if field in given}
    return {field: sealer.open(tenant_id, owner_id, field, value) for field, value in values.items()}


def shown(
    sealer: Sealer, tenant_id: UUID, owner_id: UUID | None, sealed: str | None, fields: Sequence[Field]
) -> dict[str, Any]:
    """The fields as they may be seen; null where nothing is known."""
    texts = opened(sealer, tenant_id, owner_id, sealed, fields) if owner_id else {}
    return {field.value: masked(field, texts[field]) if field in texts else None for field in fields}
