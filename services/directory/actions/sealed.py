"""Sealed values are written and read: every statement on their table, within a transaction of the caller's."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from services.directory.domain.contact import ToSeal
from shared.infra.sealing import Sealed, Sealer

#: Texts a statement.
_BATCH = 5_000
#: What nobody looks up.
NOTE = "note"

_WRITE = """
insert into sealed_value (tenant_id, owner_id, field, key_id, value, blind)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[])
on conflict (tenant_id, owner_id, field)
   do update set key_id = excluded.key_id, value = excluded.value, blind = excluded.blind
"""
_FORGET = """
delete from sealed_value s using unnest($1::uuid[], $2::uuid[], $3::text[]) gone(tenant_id, owner_id, field)
 where s.tenant_id = gone.tenant_id and s.owner_id = gone.owner_id and s.field = gone.field
"""
_INDEXES = "select owner_id, field, encode(blind, 'hex') as blind from sealed_value where owner_id = any($1)"
_READ = "select owner_id, tenant_id, field, key_id, value from sealed_value where owner_id = any($1)"


def _quiet(kind: str, done: int, of: int) -> None:
    """For callers who do not watch."""


async def write_sealed(
    connection: Any, sealer: Sealer, texts: Iterable[ToSeal], progress: Callable[[str, int, int], None] = _quiet
) -> None:
    """Seals each text in its place; where there is none any more, nothing stays."""
    given = list(texts)
    gone = [one for one in given if one.text is None]
    if gone:
        await connection.execute(_FORGET, *_places(gone))
    kept = [(one, one.text) for one in given if one.text is not None]
    for start in range(0, len(kept), _BATCH):
        batch = kept[start : start + _BATCH]
        sealed = [sealer.seal(one.tenant_id, one.owner_id, one.field, text) for one, text in batch]
        blind = [None if one.field == NOTE else sealer.blind(one.field, text) for one, text in batch]
        values = [one.key_id for one in sealed], [one.value for one in sealed], blind
        await connection.execute(_WRITE, *_places([one for one, _ in batch]), *values)
        progress("sealed", start + len(batch), len(kept))


def _places(texts: Sequence[ToSeal]) -> tuple[list[UUID], list[UUID], list[str]]:
    return [one.tenant_id for one in texts], [one.owner_id for one in texts], [str(one.field) for one in texts]


async def indexes_of(connection: Any, owners: Sequence[UUID]) -> defaultdict[UUID, dict[str, str]]:
    """The blind indexes of the owners' texts, by owner and field, in hexadecimal."""
    found: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    for row in await connection.fetch(_INDEXES, owners) if owners else ():
        found[row["owner_id"]][row["field"]] = row["blind"]
    return found


async def texts_of(connection: Any, sealer: Sealer, owners: Sequence[UUID]) -> defaultdict[UUID, dict[str, str]]:
    """The owners' texts, opened, by owner and field."""
    found: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    for row in await connection.fetch(_READ, owners):
        sealed = Sealed(row["key_id"], row["value"])
        found[row["owner_id"]][row["field"]] = sealer.open(row["tenant_id"], row["owner_id"], row["field"], sealed)
    return found
