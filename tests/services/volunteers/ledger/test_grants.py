"""What PostgreSQL lets the service's role do with the ledger: add to it, never change it."""

import asyncpg
import pytest

from services.volunteers.actions.sealing import seal
from tests.services.volunteers.ledger.book import Book

_INSERT_ONLY = ("transfer", "entry", "chain")
_NEVER_DELETED = (*_INSERT_ONLY, "account", "lot")


async def _filled(book: Book) -> None:
    await book.post(book.award(book.volunteer(), 20))
    await seal(book.pool)


@pytest.mark.parametrize("table", _INSERT_ONLY)
async def test_no_row_can_be_changed(book: Book, table: str) -> None:
    await _filled(book)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await book.pool.execute(f"update {table} set tenant_id = tenant_id")


@pytest.mark.parametrize("table", _NEVER_DELETED)
async def test_no_row_can_be_deleted(book: Book, table: str) -> None:
    await _filled(book)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await book.pool.execute(f"delete from {table}")


@pytest.mark.parametrize("table", (*_NEVER_DELETED, "pending"))
async def test_no_table_can_be_emptied_altered_or_dropped(book: Book, table: str) -> None:
    for statement in (
        f"truncate {table} cascade",
        f"alter table {table} disable trigger all",
        f"drop table {table} cascade",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await book.pool.execute(statement)


async def test_what_waits_to_be_sealed_can_be_taken_away_but_not_changed(book: Book) -> None:
    await book.post(book.award(book.volunteer(), 20))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await book.pool.execute("update pending set since = since")


async def test_a_stray_entry_without_a_transfer_is_refused(book: Book) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await book.pool.execute(
            "insert into entry (tenant_id, transfer_id, account_id, amount, at) values ($1, $1, $1, 5, now())",
            book.tenant_id,
        )
