"""The tables of the points ledger. What each is for, and why some usual constraints are not there, is said at each.

No foreign key leads to `account`: its check would take a share lock on the one row of the issuer in every award. The
account's id is derived from what the account is (domain/ledger.py), the posting statement makes its row, the service's
role cannot delete it, and `linli ledger verify` looks for entries without one.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    text,
)
from sqlmodel import Field

from services.volunteers.tables.base import Base
from shared.infra.schema import APPEND_ONLY, KEPT, moment, uuid, word

#: The role may add and take away, never change: what waits to be sealed.
QUEUE = {"grants": ("select", "insert", "delete")}


def _of_transfer(column: str = "transfer_id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", column], ["transfer.tenant_id", "transfer.id"])


class Account(Base, table=True):
    """Who can have points. `version` and `balance` are caches of the last entry, `spendable` of the lots, and only of
    accounts whose debits can be refused; a system account's balance is derived from its entries, so that nobody ever
    waits for its row.

    The id follows from scheme, kind and owner, so one is enough to be unique by. A second unique constraint would make
    two first awards at the same moment fail: ON CONFLICT looks after the one it names only.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("scheme in ('resident', 'party_booklet')", name="scheme"),
        CheckConstraint(
            "case when kind in ('volunteer', 'team', 'organisation', 'building', 'reward')"
            " then balance is not null and spendable is not null and spendable >= 0 and balance >= spendable"
            " and version >= 0"
            " when kind in ('issued', 'redeemed', 'expired', 'corrections')"
            " then balance is null and spendable is null and version = 0"
            " else false end",
            name="balance",
        ),
        Index(None, "owner_id", "kind"),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    scheme: str = word()
    kind: str = word()
    owner_id: UUID = uuid()
    version: int = Field(sa_type=BigInteger, nullable=False)
    balance: int | None = Field(sa_type=BigInteger, nullable=True)
    spendable: int | None = Field(sa_type=BigInteger, nullable=True)


class Transfer(Base, table=True):
    """One move of points, for ever. `fingerprint` stands for its content: the same id with another one is refused.

    `reverses` names the transfer that a correction takes back; each can be taken back once. `actor_id` is who decided
    (for an award the approver), null for what the system does by itself.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        _of_transfer("reverses"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit_id <> credit_id", name="sides"),
        CheckConstraint("scheme in ('resident', 'party_booklet')", name="scheme"),
        CheckConstraint("kind in ('award', 'redemption', 'expiry', 'correction')", name="kind"),
        CheckConstraint(
            "(kind = 'correction') = (reverses is not null)"
            " and (kind <> 'correction' or reason is not null and actor_id is not null)",
            name="correction",
        ),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
        Index(None, "tenant_id", "reverses", unique=True, postgresql_where=text("reverses is not null")),
        {"info": APPEND_ONLY},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    scheme: str = word()
    debit_id: UUID = uuid()
    credit_id: UUID = uuid()
    amount: int = Field(sa_type=BigInteger, nullable=False)
    kind: str = word()
    reference_id: UUID = uuid()
    rule_version: int = Field(sa_type=Integer, nullable=False)
    reason: str | None = word(null=True)
    actor_id: UUID | None = uuid(null=True)
    reverses: UUID | None = uuid(null=True)
    at: datetime = moment()
    fingerprint: bytes = Field(sa_type=LargeBinary, nullable=False)


class Entry(Base, table=True):
    """What a transfer did to one account; two for each transfer, which sum to zero.

    `account_version` counts the entries of an account whose debits can be refused, without gaps; the balance at any
    past version is `balance_after`. Both are null for system accounts.
    """

    __tablename__ = "entry"
    __table_args__ = (
        _of_transfer(),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint(
            "(account_version is null) = (balance_after is null) and account_version > 0 and balance_after >= 0",
            name="balance_after",
        ),
        Index(
            None,
            "tenant_id",
            "account_id",
            "account_version",
            unique=True,
            postgresql_where=text("account_version is not null"),
        ),
        # An account's transfers, newest first. Nobody lists a system account's; in the index they would all crowd
        # at one end.
        Index(
            None,
            "tenant_id",
            "account_id",
            "at",
            "transfer_id",
            postgresql_where=text("account_version is not null"),
        ),
        {"info": APPEND_ONLY},
    )

    tenant_id: UUID = uuid(key=True)
    transfer_id: UUID = uuid(key=True)
    account_id: UUID = uuid(key=True)
    amount: int = Field(sa_type=BigInteger, nullable=False)
    account_version: int | None = Field(sa_type=BigInteger, nullable=True)
    balance_after: int | None = Field(sa_type=BigInteger, nullable=True)
    at: datetime = moment()


class Lot(Base, table=True):
    """The points that one transfer brought, and what is left of them; id is the transfer's. Only `remaining` changes.

    The lots of an account always sum to its balance. Whether they can be spent follows from the evidence: A and B can,
    C and D count as honour hours.
    """

    __tablename__ = "lot"
    __table_args__ = (
        _of_transfer("id"),
        CheckConstraint("amount > 0 and remaining between 0 and amount", name="remaining"),
        CheckConstraint("evidence_grade in ('A', 'B', 'C', 'D')", name="evidence_grade"),
        Index(None, "tenant_id", "account_id", "expires_at", postgresql_where=text("remaining > 0")),
        {"info": KEPT},
    )

    tenant_id: UUID = uuid(key=True)
    id: UUID = uuid(key=True)
    account_id: UUID = uuid()
    amount: int = Field(sa_type=BigInteger, nullable=False)
    remaining: int = Field(sa_type=BigInteger, nullable=False)
    evidence_grade: str | None = word(null=True)
    spendable: bool = Field(sa_type=Boolean, nullable=False)
    expires_at: datetime | None = moment(null=True)


class Pending(Base, table=True):
    """A transfer that waits to be sealed. `since` is real time, whatever the business clock says."""

    __tablename__ = "pending"
    __table_args__ = (_of_transfer(), {"info": QUEUE})

    tenant_id: UUID = uuid(key=True)
    transfer_id: UUID = uuid(key=True)
    since: datetime = moment()


class Chain(Base, table=True):
    """The seals: one for each transfer, numbered from 1 without gaps within a tenant, each over the one before."""

    __tablename__ = "chain"
    __table_args__ = (
        _of_transfer(),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("octet_length(previous) = 32 and octet_length(hash) = 32", name="hash"),
        Index(None, "tenant_id", "transfer_id", unique=True),
        {"info": APPEND_ONLY},
    )

    tenant_id: UUID = uuid(key=True)
    seq: int = Field(sa_type=BigInteger, primary_key=True)
    transfer_id: UUID = uuid()
    previous: bytes = Field(sa_type=LargeBinary, nullable=False)
    hash: bytes = Field(sa_type=LargeBinary, nullable=False)
