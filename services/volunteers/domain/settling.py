"""What transfers do to the accounts they touch: entries, balances, lots. Pure; the caller holds the accounts' locks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.volunteers.domain.ledger import NotEnoughPoints, NotReversible, SecondPersonNeeded, Transfer, TransferKind


@dataclass(slots=True)
class Lot:
    """Points that came together. `fresh` ones come in with the transfers that are being settled."""

    id: UUID
    amount: int
    remaining: int
    spendable: bool
    expires_at: datetime | None = None
    evidence_grade: str | None = None
    fresh: bool = False


@dataclass(slots=True)
class Standing:
    """How an account stands: as it was read, then as the transfers leave it."""

    version: int = 0
    balance: int = 0
    spendable: int = 0
    lots: list[Lot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one transfer does to one account; version and balance only where debits can be refused."""

    transfer_id: UUID
    account_id: UUID
    amount: int
    version: int | None = None
    balance_after: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A transfer of the past, as far as taking it back needs to know it."""

    kind: str
    debit_id: UUID
    credit_id: UUID
    amount: int
    actor_id: UUID | None


def settle(transfers: Iterable[Transfer], standings: Mapping[UUID, Standing], at: datetime) -> list[Entry]:
    """Carries the transfers out, one after the other, on `standings`; raises when an account holds too little."""
    entries = []
    for transfer in transfers:
        entries.append(_debit(transfer, standings, at))
        entries.append(_credit(transfer, standings))
    return entries


def _debit(transfer: Transfer, standings: Mapping[UUID, Standing], at: datetime) -> Entry:
    if not transfer.debit.refusable:
        return Entry(transfer.id, transfer.debit.id, -transfer.amount)
    standing = standings[transfer.debit.id]
    lots = usable(transfer.kind, transfer.reverses, standing.lots, at)
    available = sum(lot.remaining for lot in lots)
    if available < transfer.amount:
        raise NotEnoughPoints(needed=transfer.amount, available=available)
    standing.spendable -= take(lots, transfer.amount)
    return _moved(transfer, transfer.debit.id, standing, -transfer.amount)


def usable(kind: str, reverses: UUID | None, lots: Iterable[Lot], at: datetime) -> list[Lot]:
    """The lots that a debit of this kind may take from, in the order in which it does: first what expires first.

    Spending takes what can be spent and has not expired, expiry what has; a correction takes everything if it must,
    but first the very points that it takes back.
    """

    def may(lot: Lot) -> bool:
        expired = lot.expires_at is not None and lot.expires_at <= at
        if kind == TransferKind.REDEMPTION:
            return lot.spendable and not expired
        return expired if kind == TransferKind.EXPIRY else True

    def order(lot: Lot) -> tuple[bool, bool, datetime, UUID]:
        return lot.id != reverses, lot.expires_at is None, lot.expires_at or at, lot.id

    return sorted((lot for lot in lots if lot.remaining and may(lot)), key=order)


def take(lots: Iterable[Lot], amount: int) -> int:
    """Takes so many points from the lots, one after the other; how many of them could be spent."""
    spendable = 0
    for lot in lots:
        part = min(lot.remaining, amount)
        lot.remaining -= part
        amount -= part
        spendable += part if lot.spendable else 0
    return spendable


def _credit(transfer: Transfer, standings: Mapping[UUID, Standing]) -> Entry:
    terms = transfer.terms
    if terms is None:
        return Entry(transfer.id, transfer.credit.id, transfer.amount)
    standing = standings[transfer.credit.id]
    standing.lots.append(
        Lot(
            transfer.id, transfer.amount, transfer.amount, terms.spendable, terms.expires_at, terms.evidence_grade, True
        )
    )
    standing.spendable += transfer.amount if terms.spendable else 0
    return _moved(transfer, transfer.credit.id, standing, transfer.amount)


def _moved(transfer: Transfer, account_id: UUID, standing: Standing, amount: int) -> Entry:
    standing.version += 1
    standing.balance += amount
    return Entry(transfer.id, account_id, amount, standing.version, standing.balance)


def check_reversal(correction: Transfer, past: Posted | None) -> None:
    """Raises unless the correction mirrors the past transfer and somebody else decides. Once is the database's part."""
    if past is None or past.kind == TransferKind.CORRECTION or past.amount != correction.amount:
        raise NotReversible
    debit, credit = correction.debit, correction.credit
    mirrored = debit.id == past.credit_id if debit.refusable else credit.id == past.debit_id
    if not mirrored or (debit.refusable and credit.refusable and credit.id != past.debit_id):
        raise NotReversible
    if correction.actor_id == past.actor_id:
        raise SecondPersonNeeded
