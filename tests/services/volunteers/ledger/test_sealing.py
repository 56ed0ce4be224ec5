"""Sealing: every transfer once, without gaps, whatever crashes and however many sealers run."""

import asyncio
from itertools import pairwise
from uuid import uuid4

import asyncpg
import pytest

from services.volunteers.actions.points import post
from services.volunteers.actions.sealing import seal, seal_forever
from services.volunteers.domain.chain import GENESIS, digest
from tests.services.volunteers.ledger.book import AT, Book


async def _chain(book: Book) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await book.pool.fetch(
        "select * from chain where tenant_id = $1 order by seq", book.tenant_id
    )
    return rows


async def _all_sealed(book: Book) -> None:
    while (await seal(book.pool)).more:
        pass


async def test_seals_are_numbered_without_gaps_and_follow_each_other(book: Book) -> None:
    anna = book.volunteer()
    for round_ in range(3):
        for _ in range(round_ + 1):
            await book.post(book.award(anna, 2))
        await _all_sealed(book)
    rows = await _chain(book)
    assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[0]["previous"] == GENESIS
    assert all(before["hash"] == after["previous"] for before, after in pairwise(rows))
    assert await book.count("pending") == 0


async def test_many_sealers_at_once_seal_each_transfer_once(pool: asyncpg.Pool) -> None:
    books = [Book(pool) for _ in range(3)]
    people = [book.volunteer() for book in books]

    async def earn(number: int) -> None:
        for _ in range(20):
            await books[number % 3].post(books[number % 3].award(people[number % 3], 1))

    sealers = [asyncio.create_task(seal_forever(pool)) for _ in range(4)]
    await asyncio.gather(*(earn(number) for number in range(9)))
    async with asyncio.timeout(5):
        while any([await book.count("pending") for book in books]):
            await seal(pool)
    assert not any(sealer.done() for sealer in sealers)
    for sealer in sealers:
        sealer.cancel()
    await asyncio.gather(*sealers, return_exceptions=True)
    for book in books:
        rows = await _chain(book)
        assert [row["seq"] for row in rows] == list(range(1, 61))
        assert len({row["transfer_id"] for row in rows}) == 60
        assert all(before["hash"] == after["previous"] for before, after in pairwise(rows))


async def test_a_transfer_that_commits_late_is_sealed_late_but_not_skipped(book: Book) -> None:
    anna, bo = book.volunteer(), book.volunteer()
    await book.post(book.award(bo, 1))
    async with book.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        early = book.award(anna, 1)
        await post(connection, [early], AT)
        await book.post(book.award(bo, 1))
        await _all_sealed(book)
        assert len(await _chain(book)) == 2
        await transaction.commit()
    await _all_sealed(book)
    assert (await _chain(book))[-1]["transfer_id"] == early.id


async def test_a_crash_between_post_and_seal_loses_nothing(book: Book) -> None:
    await book.post(book.award(book.volunteer(), 1))
    sealer = asyncio.create_task(seal(book.pool))
    for _ in range(3):
        await asyncio.sleep(0)
    sealer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sealer
    assert await book.count("pending") + await book.count("chain") == 1
    await _all_sealed(book)
    assert (await book.count("pending"), await book.count("chain")) == (0, 1)


async def test_a_sealer_that_dies_in_its_transaction_holds_nobody_up(book: Book) -> None:
    await book.post(book.award(book.volunteer(), 1))
    async with book.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("select pg_advisory_xact_lock(726180202, hashtext($1::text))", str(book.tenant_id))
        await seal(book.pool)
        assert await book.count("chain") == 0
        await transaction.rollback()
    await _all_sealed(book)
    assert await book.count("chain") == 1


def test_fields_cannot_be_shifted_into_each_other() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])
    assert digest([None]) != digest([""])
    assert digest([1]) != digest([1, None])
    with pytest.raises(TypeError):
        digest([1.5])


async def test_two_tenants_have_chains_of_their_own(pool: asyncpg.Pool) -> None:
    first, second = Book(pool), Book(pool)
    same = uuid4()
    for book in (first, second):
        await book.post(book.award(book.volunteer(), 1, id=same))
    await _all_sealed(first)
    assert [row["seq"] for row in await _chain(first)] == [row["seq"] for row in await _chain(second)] == [1]
