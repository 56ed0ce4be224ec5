"""A small sound ledger with a row of every sort, and the hand that reaches into it past all grants and constraints."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg

from services.volunteers.actions.sealing import seal
from services.volunteers.domain.ledger import LotTerms, Scheme, Transfer, TransferKind, correction_of
from services.volunteers.tables import Account as AccountTable
from services.volunteers.tables import Chain, Entry, Lot, Pending
from services.volunteers.tables import Transfer as TransferTable
from services.volunteers.verify import Wrong, verify
from shared.infra.database import open_pool
from tests.services.volunteers.ledger.book import AT, Book

#: Every table of the ledger, and what tells its rows apart within a tenant.
TABLES = {table.__tablename__: table.__table__ for table in (AccountTable, TransferTable, Entry, Lot, Pending, Chain)}
KEYS = {
    name: [column.name for column in table.primary_key if column.name != "tenant_id"] for name, table in TABLES.items()
}
COLUMNS = [(name, column.name) for name, table in TABLES.items() for column in table.columns]
#: What may be changed without being found, each with its reason.
UNDETECTED = {
    ("pending", "since"): "moved by less than a minute, the time in a queue decides nothing but the order of sealing"
}

Row = asyncpg.Record


@dataclass(slots=True)
class Tampering:
    """`transfers` are those that were posted, in their order; the last one waits to be sealed."""

    pool: asyncpg.Pool
    hand: asyncpg.Connection
    book: Book
    transfers: list[Transfer]

    async def rows(self, table: str) -> list[Row]:
        """All rows of the table in the order of their keys."""
        found: list[Row] = await self.hand.fetch(f"select * from {table} order by {', '.join(KEYS[table])}")
        return found

    async def wrong(self, published: Iterable[str] = ()) -> Wrong | None:
        return (await verify(self.pool, published=published)).wrong

    async def change(self, table: str, row: Row, **values: Any) -> None:
        """Writes other values into one row, wherever its key leads afterwards."""
        arguments = [*values.values(), *(row[name] for name in ("tenant_id", *KEYS[table]))]
        sets = [f"{name} = ${n + 1}" for n, name in enumerate(values)]
        keys = [f"{name} = ${n + 1 + len(values)}" for n, name in enumerate(("tenant_id", *KEYS[table]))]
        done = await self.hand.execute(
            f"update {table} set {', '.join(sets)} where {' and '.join(keys)}", *arguments
        )  # fmt: skip
        assert done == "UPDATE 1"

    async def take(self, table: str, row: Row) -> None:
        keys = [f"{name} = ${n + 1}" for n, name in enumerate(KEYS[table])]
        await self.hand.execute(f"delete from {table} where {' and '.join(keys)}", *(row[k] for k in KEYS[table]))

    async def slip_in(self, table: str, row: Row, **values: Any) -> None:
        """A copy of a row with other values in it."""
        forged = dict(row) | values
        places = ", ".join(f"${n + 1}" for n in range(len(forged)))
        await self.hand.execute(f"insert into {table} ({', '.join(forged)}) values ({places})", *forged.values())

    async def restore(self) -> None:
        """Everything as it was. What waits has just begun to, however long the tests take."""
        for name in reversed(TABLES):
            await self.hand.execute(f"delete from {name}")
        for name in TABLES:
            await self.hand.execute(f"insert into {name} select * from kept.{name}")
        await self.hand.execute("update pending set since = now()")


@asynccontextmanager
async def tampered(admin: str, app: str) -> AsyncIterator[Tampering]:
    """On a database that is there for nothing else."""
    hand = await asyncpg.connect(admin)
    try:
        async with open_pool(app, 4) as pool:
            book = Book(pool)
            transfers = await _written(book)
            await _bared(hand)
            yield Tampering(pool, hand, book, transfers)
    finally:
        await hand.close()


async def _written(book: Book) -> list[Transfer]:
    """Awards of every sort, spending from two lots, an expiry, corrections both ways, and one that waits."""
    anna, bo = book.volunteer(), book.volunteer()
    soon, late = AT + timedelta(days=9), AT + timedelta(days=900)
    first = book.award(anna, 20, reason="checked", terms=LotTerms("A", expires_at=late))
    mistaken, spent = book.award(bo, 3, actor_id=uuid4()), book.spend(anna, 4)
    lapsing = book.award(bo, 2, terms=LotTerms("B", expires_at=soon))
    lapsed = Transfer(uuid4(), bo, bo.system("expired"), 2, TransferKind.EXPIRY, book.tenant_id)
    groups = [
        [book.award(bo, 7)],
        [first],
        [mistaken, book.award(anna, 6), spent, book.award(bo, 3, terms=LotTerms("D", False))],
        [book.award(anna, 5, terms=LotTerms("A", expires_at=late)), lapsing],
        [correction_of(mistaken, uuid4(), uuid4(), "entered_twice")],
        [correction_of(spent, uuid4(), uuid4(), "not_handed_over", LotTerms("A"))],
        [book.award(book.volunteer(Scheme.PARTY_BOOKLET), 2, terms=LotTerms("B", spendable=False))],
    ]
    for number, group in enumerate(groups):
        await book.post(*group, at=AT + timedelta(seconds=number))
    await book.post(lapsed, at=soon)
    await seal(book.pool)
    waiting = book.award(bo, 5)
    await book.post(waiting, at=soon)
    return [*(transfer for group in groups for transfer in group), lapsed, waiting]


async def _bared(hand: asyncpg.Connection) -> None:
    """Keeps a copy of everything, and takes away what would refuse a wrong row: the hashes have to do it alone."""
    await hand.execute("create schema kept")
    for name in TABLES:
        await hand.execute(f"create table kept.{name} as table public.{name}")
    constraints = await hand.fetch(
        "select conrelid::regclass::text as name, conname from pg_constraint"
        " where conrelid::regclass::text = any($1::text[]) and contype in ('c', 'f')",
        list(TABLES),
    )
    for row in constraints:
        await hand.execute(f"alter table {row['name']} drop constraint {row['conname']}")
    unique = await hand.fetch(
        "select indexrelid::regclass::text as name from pg_index"
        " where indrelid::regclass::text = any($1::text[]) and indisunique and not indisprimary",
        list(TABLES),
    )
    for row in unique:
        await hand.execute(f"drop index {row['name']}")
    assert len(constraints) > 10 and len(unique) == 3
