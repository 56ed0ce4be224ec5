"""A ledger as plain as it can be said: lots in lists, one sum over them. It knows nothing of how the real one works."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.volunteers.domain.ledger import (
    NotEnoughPoints,
    NotReversible,
    SecondPersonNeeded,
    Transfer,
    TransferIdReused,
)

Refusal = type[NotEnoughPoints] | type[NotReversible] | type[SecondPersonNeeded] | type[TransferIdReused]


@dataclass(slots=True)
class Heap:
    """Points that came together."""

    amount: int
    left: int
    spendable: bool
    expires_at: datetime | None


@dataclass(slots=True)
class Oracle:
    """`heaps` by account and transfer; `moved` is what every account gained or lost in all."""

    heaps: dict[UUID, dict[UUID, Heap]] = field(default_factory=dict)
    moved: dict[UUID, int] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    posted: dict[UUID, Transfer] = field(default_factory=dict)

    def post(self, group: list[Transfer], at: datetime) -> Refusal | None:
        """Posts all or nothing; why nothing."""
        if any(t.reverses and t.actor_id in (t.debit.owner_id, t.credit.owner_id) for t in group):
            return SecondPersonNeeded
        tried = self._copy()
        fresh = [t for t in group if t.id not in self.posted]
        reversed_ = [t.reverses for t in (*self.posted.values(), *fresh) if t.reverses]
        if len(set(reversed_)) < len(reversed_) or any(t.reverses and t.reverses not in self.posted for t in fresh):
            return NotReversible
        if any(self.posted[t.id] != t for t in group if t.id in self.posted):
            return TransferIdReused
        for refusal in (tried._reversal(t) for t in fresh):
            if refusal:
                return refusal
        for transfer in fresh:
            if not tried._carry_out(transfer, at):
                return NotEnoughPoints
        self.heaps, self.moved, self.versions, self.posted = tried.heaps, tried.moved, tried.versions, tried.posted
        return None

    def _copy(self) -> "Oracle":
        heaps = {account: {id: replace(heap) for id, heap in own.items()} for account, own in self.heaps.items()}
        return Oracle(heaps, dict(self.moved), dict(self.versions), dict(self.posted))

    def _reversal(self, transfer: Transfer) -> Refusal | None:
        if transfer.reverses is None:
            return None
        past = self.posted[transfer.reverses]
        takes_back = transfer.debit == past.credit or transfer.credit == past.debit
        if past.kind == "correction" or past.amount != transfer.amount or not takes_back:
            return NotReversible
        return SecondPersonNeeded if past.actor_id == transfer.actor_id else None

    def _carry_out(self, transfer: Transfer, at: datetime) -> bool:
        wanted = transfer.amount
        if transfer.debit.refusable:
            for heap in self._in_order(transfer, at):
                part = min(wanted, heap.left)
                heap.left, wanted = heap.left - part, wanted - part
            if wanted:
                return False
        if transfer.terms is not None:
            heap = Heap(transfer.amount, transfer.amount, transfer.terms.spendable, transfer.terms.expires_at)
            self.heaps.setdefault(transfer.credit.id, {})[transfer.id] = heap
        for account, change in ((transfer.debit, -transfer.amount), (transfer.credit, transfer.amount)):
            self.moved[account.id] = self.moved.get(account.id, 0) + change
            if account.refusable:
                self.versions[account.id] = self.versions.get(account.id, 0) + 1
        self.posted[transfer.id] = transfer
        return True

    def _in_order(self, transfer: Transfer, at: datetime) -> list[Heap]:
        """What may be taken, as it is taken: the corrected points, then by their expiry, then what never expires."""
        own = self.heaps.get(transfer.debit.id, {})
        lapsed = {id for id, heap in own.items() if heap.expires_at and heap.expires_at <= at}
        may = {
            "redemption": {id for id in own if own[id].spendable and id not in lapsed},
            "expiry": lapsed,
            "correction": set(own),
        }[transfer.kind.value]
        first = [id for id in may if id == transfer.reverses]
        dated = sorted((own[id].expires_at, id) for id in may - set(first) if own[id].expires_at)  # type: ignore[type-var]
        never = sorted(id for id in may - set(first) if own[id].expires_at is None)
        return [own[id] for id in (*first, *(id for _, id in dated), *never)]

    def standing(self, account_id: UUID) -> tuple[int, int, int]:
        """Version, balance, spendable."""
        own = self.heaps.get(account_id, {}).values()
        balance = sum(heap.left for heap in own)
        return self.versions.get(account_id, 0), balance, sum(heap.left for heap in own if heap.spendable)
