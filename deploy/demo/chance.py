"""Choices that look random and are the same on every machine and Python: drawn from a hash of a label."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def fraction(*label: object) -> float:
    """A number from 0 up to 1 that belongs to the label."""
    digest = sha256("/".join(map(str, label)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def pick(options: Sequence[T], *label: object) -> T:
    """The one of the options that belongs to the label."""
    return options[int(fraction(*label) * len(options))]


def between(low: float, high: float, *label: object) -> float:
    """A number from `low` to `high` that belongs to the label."""
    return low + (high - low) * fraction(*label)
