"""A community's ledger in a test: who has accounts, and the usual transfers in a word each."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from services.volunteers.actions.points import Receipt, post
from services.volunteers.domain.ledger import Account, AccountKind, LotTerms, Scheme, Transfer, TransferKind

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass(slots=True)
class Book:
    """One tenant."""

    pool: asyncpg.Pool
    tenant_id: UUID = field(default_factory=uuid4)

    def volunteer(self, scheme: Scheme = Scheme.RESIDENT, owner_id: UUID | None = None) -> Account:
        return Account(self.tenant_id, scheme, AccountKind.VOLUNTEER, owner_id or uuid4())

    def award(self, account: Account, amount: int, id: UUID | None = None, **more: Any) -> Transfer:
        terms = more.pop("terms", LotTerms("A"))
        issued = account.system(AccountKind.ISSUED)
        given = {"reference_id": self.tenant_id, "actor_id": self.tenant_id, "terms": terms} | more
        return Transfer(id or uuid4(), issued, account, amount, TransferKind.AWARD, **given)

    def spend(self, account: Account, amount: int, id: UUID | None = None) -> Transfer:
        redeemed = account.system(AccountKind.REDEEMED)
        return Transfer(id or uuid4(), account, redeemed, amount, TransferKind.REDEMPTION, self.tenant_id)

    async def post(self, *transfers: Transfer, at: datetime = AT) -> list[Receipt]:
        return await post(self.pool, transfers, at)

    async def standing(self, account: Account) -> tuple[int, int, int]:
        """Version, balance, spendable as cached."""
        row = await self.pool.fetchrow(
            "select version, balance, spendable from account where tenant_id = $1 and id = $2",
            self.tenant_id,
            account.id,
        )
        return (0, 0, 0) if row is None else tuple(row)

    async def count(self, table: str) -> int:
        found: int = await self.pool.fetchval(f"select count(*) from {table} where tenant_id = $1", self.tenant_id)
        return found
