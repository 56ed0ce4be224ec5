"""The hand-written situations that the demo's petitions are made of. Words only: no places, no people."""

from deploy.demo.changzheng.year.situations.early import COMPLAINTS, REFUSALS, WITHDRAWALS
from deploy.demo.changzheng.year.situations.homes import HOMES
from deploy.demo.changzheng.year.situations.lives import LIVES
from deploy.demo.changzheng.year.situations.model import (
    Outcome,
    Refusal,
    RejectReason,
    Result,
    Situation,
    Telling,
    Where,
)
from deploy.demo.changzheng.year.situations.streets import STREETS

SITUATIONS: tuple[Situation, ...] = (*HOMES, *STREETS, *LIVES)

__all__ = [
    "COMPLAINTS",
    "REFUSALS",
    "SITUATIONS",
    "WITHDRAWALS",
    "Outcome",
    "Refusal",
    "RejectReason",
    "Result",
    "Situation",
    "Telling",
    "Where",
]
