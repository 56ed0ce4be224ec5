"""The rotating code that a leader shows: it proves that somebody stood in front of the screen at that time.

It is bound to the opening (by its secret) and to a step of 30 seconds, as in RFC 6238, and short enough to be typed:
8 characters of base 32 without look-alikes, 40 bits. The step before is accepted too, because typing takes time.
Whoever guesses has one chance in 5 × 10^11 a try; how often one may try is a matter of the gateway's limits.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

STEP_SECONDS = 30
LENGTH = 8
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})


@dataclass(frozen=True, slots=True)
class Code:
    """What is shown, and until when."""

    text: str
    expires_at: datetime


def code_at(secret: bytes, opening_id: UUID, at: datetime) -> Code:
    """The code to show at that time."""
    step = _step(at)
    return Code(_text(secret, opening_id, step), datetime.fromtimestamp((step + 1) * STEP_SECONDS, UTC))


def accepts(secret: bytes, opening_id: UUID, at: datetime, given: str) -> bool:
    """Whether what was typed is the code of this step or of the one before."""
    typed = given.upper().translate(_LOOK_ALIKES).encode()
    good = (_text(secret, opening_id, step).encode() for step in (_step(at), _step(at) - 1))
    # Both are always compared, in constant time.
    return any([hmac.compare_digest(typed, code) for code in good])


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def _text(secret: bytes, opening_id: UUID, step: int) -> str:
    digest = hmac.new(secret, opening_id.bytes + step.to_bytes(8), hashlib.sha256).digest()
    return "".join(_letters(int.from_bytes(digest[:5])))


def _letters(number: int) -> Iterator[str]:
    for position in range(LENGTH):
        yield _ALPHABET[number >> 5 * position & 31]
