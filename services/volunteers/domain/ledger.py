"""The rules of the points ledger: double entry in whole points. Pure; actions/points.py carries them out.

A transfer debits one account and credits another of the same tenant and scheme. Accounts that belong to somebody can
refuse a debit: they never go below zero. System accounts (issued, redeemed, expired, corrections) cannot; theirs is
the other side, so the sum over all accounts is always zero. Points come in lots with an evidence grade; a debit takes
from the lots of the account, those that expire first before the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID, uuid5

from services.volunteers.domain.chain import digest
from shared.kernel.errors import FieldProblem, Forbidden, Problem

_NAMES = UUID("6f0d6c1e-5a3b-5d1c-9f0e-4b1c5a7e2d90")
#: Far above what anybody earns in a life, far below what a sum of them could overflow.
_LARGEST_AMOUNT = 1_000_000_000


class Scheme(StrEnum):
    """A currency of its own within a tenant."""

    RESIDENT = "resident"  # 居民积分: can be spent
    PARTY_BOOKLET = "party_booklet"  # 党员积分手册: for record and honours


class AccountKind(StrEnum):
    """Whose account it is."""

    VOLUNTEER = "volunteer"
    TEAM = "team"
    ORGANISATION = "organisation"
    BUILDING = "building"
    REWARD = "reward"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    CORRECTIONS = "corrections"


SYSTEM = frozenset({AccountKind.ISSUED, AccountKind.REDEEMED, AccountKind.EXPIRED, AccountKind.CORRECTIONS})
REFUSABLE = frozenset(AccountKind) - SYSTEM


class TransferKind(StrEnum):
    """Why points move."""

    AWARD = "award"  # for approved work
    REDEMPTION = "redemption"  # spent
    EXPIRY = "expiry"  # a lot has passed its time
    CORRECTION = "correction"  # takes an earlier transfer back, once, by a second person


_EARNERS = REFUSABLE - {AccountKind.REWARD}
#: From which accounts to which each kind moves points; a correction moves between an owner's and corrections.
_SIDES: dict[TransferKind, tuple[frozenset[AccountKind], frozenset[AccountKind]]] = {
    TransferKind.AWARD: (frozenset({AccountKind.ISSUED}), _EARNERS),
    TransferKind.REDEMPTION: (_EARNERS, frozenset({AccountKind.REDEEMED, AccountKind.REWARD})),
    TransferKind.EXPIRY: (REFUSABLE, frozenset({AccountKind.EXPIRED})),
    TransferKind.CORRECTION: (
        REFUSABLE | {AccountKind.CORRECTIONS},
        REFUSABLE | {AccountKind.CORRECTIONS},
    ),
}


class InvalidTransfer(Problem):
    code, status = "ledger.invalid_transfer", 422
    title = ("这笔积分转移不合规则", "This transfer is against the rules")
    detail = ("没有任何积分变动，errors 说明了原因。", "No points have moved; errors says why.")


class TransferIdReused(Problem):
    code, status = "ledger.transfer_id_reused", 422
    title = ("同一个转移编号用在了不同的内容上", "The transfer id was used for something else")
    detail = ("没有任何积分变动；新的转移要用新的编号。", "No points have moved; a new transfer needs a new id.")


class NotEnoughPoints(Problem):
    code, status = "ledger.not_enough_points", 409
    title = ("可用积分不足", "Not enough points")
    detail = (
        "需要 {needed} 分，可用 {available} 分，没有任何积分变动。",
        "{needed} points are needed, {available} can be used; no points have moved.",
    )


class NotReversible(Problem):
    code, status = "ledger.not_reversible", 409
    title = ("这笔转移不能冲正", "This transfer cannot be taken back")
    detail = (
        "要冲正的转移不存在、本身是冲正、已经冲正过，或两者的账户和分值不相对应。",
        "It does not exist, is a correction itself, was taken back before, or the accounts and amount do not match it.",
    )


class SecondPersonNeeded(Forbidden):
    code = "ledger.second_person_needed"
    title = ("冲正需要另一个人来做", "A correction needs a second person")
    detail = (
        "作出原决定的人和积分的所有者都不能自己冲正。",
        "Neither who decided the first time nor who owns the points may take it back.",
    )


def account_id(tenant_id: UUID, scheme: str, kind: str, owner_id: UUID) -> UUID:
    """Follows from what the account is, so that posting needs no look-up, and nobody can make a second one."""
    return uuid5(_NAMES, f"account/{tenant_id}/{scheme}/{kind}/{owner_id}")


@dataclass(frozen=True)
class Account:
    """Who an account belongs to. A system account belongs to its tenant."""

    tenant_id: UUID
    scheme: Scheme
    kind: AccountKind
    owner_id: UUID

    @cached_property
    def id(self) -> UUID:
        return account_id(self.tenant_id, self.scheme, self.kind, self.owner_id)

    @property
    def refusable(self) -> bool:
        return self.kind in REFUSABLE

    def system(self, kind: AccountKind) -> "Account":
        """The system account on the other side."""
        return Account(self.tenant_id, self.scheme, kind, self.tenant_id)


@dataclass(frozen=True, slots=True)
class LotTerms:
    """What is known of the points that a transfer brings to somebody."""

    evidence_grade: str | None = None
    spendable: bool = True
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A wish to move points. `terms` are given exactly when somebody (not the system) receives them."""

    id: UUID
    debit: Account
    credit: Account
    amount: int
    kind: TransferKind
    reference_id: UUID
    rule_version: int = 1
    reason: str | None = None
    actor_id: UUID | None = None
    reverses: UUID | None = None
    terms: LotTerms | None = None

    @property
    def fingerprint(self) -> bytes:
        """What the id stands for. The time is not in it: a retry comes later."""
        return fingerprint(
            self.debit.tenant_id, self.id, self.debit.scheme, self.debit.id, self.credit.id, self.amount, self.kind,
            self.reference_id, self.rule_version, self.reason, self.actor_id, self.reverses, self.terms,
        )  # fmt: skip


def fingerprint(
    tenant_id: UUID, id: UUID, scheme: str, debit_id: UUID, credit_id: UUID, amount: int, kind: str,
    reference_id: UUID, rule_version: int, reason: str | None, actor_id: UUID | None, reverses: UUID | None,
    terms: LotTerms | None,
) -> bytes:  # fmt: skip
    """The fingerprint from single values, as they also stand in the tables."""
    lot = (None,) if terms is None else (terms.evidence_grade, int(terms.spendable), terms.expires_at)
    return digest((
        tenant_id, id, scheme, debit_id, credit_id, amount, kind, reference_id, rule_version, reason, actor_id,
        reverses, len(lot), *lot,
    ))  # fmt: skip


def award_id(service_record_id: UUID, rule_version: int) -> UUID:
    """The one transfer that a service record can bring under a version of its rule, whatever is retried."""
    return uuid5(_NAMES, f"award/{service_record_id}/{rule_version}")


def award_terms(scheme: Scheme, evidence_grade: str | None) -> LotTerms:
    """Grades A and B can be spent; C and D count as honour hours, and so does everything in the party booklet."""
    return LotTerms(evidence_grade, scheme is Scheme.RESIDENT and evidence_grade in ("A", "B"))


def correction_of(transfer: Transfer, id: UUID, actor_id: UUID, reason: str, terms: LotTerms | None = None) -> Transfer:
    """The transfer that takes another back. `terms` are those of the points that somebody gets back."""
    other = transfer.credit.system(AccountKind.CORRECTIONS)
    return Transfer(
        id=id,
        debit=transfer.credit if transfer.credit.refusable else other,
        credit=transfer.debit if transfer.debit.refusable else other,
        amount=transfer.amount,
        kind=TransferKind.CORRECTION,
        reference_id=transfer.reference_id,
        rule_version=transfer.rule_version,
        reason=reason,
        actor_id=actor_id,
        reverses=transfer.id,
        terms=terms,
    )


def check(transfers: Sequence[Transfer]) -> None:
    """Raises unless the transfers can stand in one call, each by the rules. What the accounts hold is checked later."""
    if not transfers or len({transfer.debit.tenant_id for transfer in transfers}) != 1:
        raise _invalid("tenant_id", "one_tenant", "一次只能在一个社区内转移", "one call moves points in one tenant")
    if len({transfer.id for transfer in transfers}) != len(transfers):
        raise _invalid("id", "repeated", "同一个编号出现了两次", "an id is named twice")
    for transfer in transfers:
        _check_sides(transfer)
        _check_correction(transfer)


def _check_sides(transfer: Transfer) -> None:
    debit, credit = transfer.debit, transfer.credit
    debits, credits = _SIDES[transfer.kind]
    if (debit.tenant_id, debit.scheme) != (credit.tenant_id, credit.scheme) or debit == credit:
        zh, en = "应为同一社区、同一积分种类的两个账户", "must be two accounts of one tenant and scheme"
        raise _invalid("credit", "sides", zh, en)
    if debit.kind not in debits or credit.kind not in credits:
        zh, en = "这种转移不能在这两类账户之间进行", f"{transfer.kind} never goes from {debit.kind} to {credit.kind}"
        raise _invalid("kind", "sides", zh, en)
    if not 1 <= transfer.amount <= _LARGEST_AMOUNT:
        raise _invalid("amount", "amount", "积分应为正整数，且不能过大", "must be a positive whole number, not huge")
    if credit.refusable != (transfer.terms is not None):
        zh, en = "有人收到积分时，且只有这时，需要说明积分的来历", "terms go with points that somebody receives"
        raise _invalid("terms", "terms", zh, en)


def _check_correction(transfer: Transfer) -> None:
    correction = transfer.kind is TransferKind.CORRECTION
    if correction != (transfer.reverses is not None) or (correction and not (transfer.reason and transfer.actor_id)):
        zh, en = "冲正要写明冲正哪一笔、原因和经办人", "a correction says what it takes back, why, and who decided"
        raise _invalid("reverses", "correction", zh, en)
    if correction and transfer.actor_id in (transfer.debit.owner_id, transfer.credit.owner_id):
        raise SecondPersonNeeded


def _invalid(field: str, code: str, zh: str, en: str) -> InvalidTransfer:
    return InvalidTransfer(fields=[FieldProblem(f"/{field}", code, zh, en)])
