"""The seal over the ledger: each transfer's hash takes in the one before, so that no past row can be changed alone.

Fields are hashed with their length before them: no two different rows give the same bytes, whatever they hold. The
order of the fields is part of the format. It is not to be changed: every seal ever made depends on it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

#: What stands as `previous` in the first seal of a tenant.
GENESIS = bytes(32)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ABSENT = b"\xff\xff\xff\xff"
_MICROSECOND = timedelta(microseconds=1)

_TRANSFER = (
    "tenant_id", "id", "scheme", "debit_id", "credit_id", "amount", "kind", "reference_id", "rule_version", "reason",
    "actor_id", "reverses", "at", "fingerprint",
)  # fmt: skip
_ENTRY = ("account_id", "amount", "account_version", "balance_after", "at")
#: The columns that `link` reads of a row: the transfer's by their names, its two entries' after debit_ and credit_.
_FIELDS = (*_TRANSFER, *(f"{side}_entry_{name}" for side in ("debit", "credit") for name in _ENTRY))

#: Gives the rows that `link` takes; `t` is the transfer, `d` and `c` are its entries.
COLUMNS = ", ".join(
    [f"t.{name}" for name in _TRANSFER]
    + [f"{alias}.{name} as {side}_entry_{name}" for alias, side in (("d", "debit"), ("c", "credit")) for name in _ENTRY]
)


def digest(fields: Iterable[Any]) -> bytes:
    """SHA-256 over the fields, each after its length in four bytes; what is absent has a length that nothing has."""
    hashed = hashlib.sha256()
    for value in fields:
        if value is None:
            hashed.update(_ABSENT)
        else:
            raw = _bytes(value)
            hashed.update(len(raw).to_bytes(4, "big") + raw)
    return hashed.digest()


def link(previous: bytes, seq: int, row: Mapping[str, Any]) -> bytes:
    """The hash of the seal `seq` after `previous`, over a transfer with its two entries."""
    return digest([previous, seq, *(row[name] for name in _FIELDS)])


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, datetime):
        return b"%d" % ((value - _EPOCH) // _MICROSECOND)
    if isinstance(value, int):
        return b"%d" % value
    raise TypeError(f"no form for {type(value).__name__}")
