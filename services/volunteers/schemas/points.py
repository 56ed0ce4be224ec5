"""Points as their owner sees them, in whole points."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.volunteers.domain.ledger import AccountKind, Scheme, TransferKind
from shared.infra.web.types import Named


class AccountPoints(BaseModel):
    """One account: in one community, of one kind of points."""

    tenant: Named
    scheme: Scheme
    balance: int
    held: int
    spendable: int


class MyPoints(BaseModel):
    """Residents' points over all communities; `accounts` also shows the party members' booklet 党员积分手册."""

    balance: int = Field(description="All points, honour hours too.")
    held: int = Field(description="Points set aside for something not yet handed over.")
    spendable: int = Field(description="Points with evidence of grade A or B, neither held nor expired.")
    accounts: list[AccountPoints]


class PointsTransfer(BaseModel):
    """One line of the booklet. It can never be changed; `sealed` is its number in the community's chain of seals."""

    id: UUID
    at: datetime
    tenant_id: UUID
    scheme: Scheme
    amount: int = Field(description="Above zero: received; below: given.")
    kind: TransferKind
    reference_id: UUID = Field(description="What it is for: the service record of an award.")
    counter_account: AccountKind = Field(description="The other side.")
    sealed: int | None = Field(description="Null for the first second or so.")
    balance_after: int = Field(description="The balance of the account after this transfer.")


class PointsTransferList(BaseModel):
    items: list[PointsTransfer]
    next_cursor: str | None


MY_POINTS: dict[str, Any] = {
    "balance": 25,
    "held": 0,
    "spendable": 20,
    "accounts": [
        {
            "tenant": {"id": "01932f08-4444-7d0e-9a53-2f3c1d1c8a11", "name": "长征社区"},
            "scheme": "resident",
            "balance": 25,
            "held": 0,
            "spendable": 20,
        }
    ],
}
TRANSFERS: dict[str, Any] = {
    "items": [
        {
            "id": "2ac5b5f4-3f0b-5c0e-a7c3-8a3d5c1b9e77",
            "at": "2026-03-08T09:30:00+00:00",
            "tenant_id": "01932f08-4444-7d0e-9a53-2f3c1d1c8a11",
            "scheme": "resident",
            "amount": 20,
            "kind": "award",
            "reference_id": "01932f0c-7777-7d0e-9a53-2f3c1d1c8a11",
            "counter_account": "issued",
            "sealed": 1024,
            "balance_after": 25,
        }
    ],
    "next_cursor": None,
}
