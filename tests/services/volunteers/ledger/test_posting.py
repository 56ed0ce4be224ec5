"""Posting: once, together or not at all, never below zero."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from services.volunteers.actions.points import Receipt, post
from services.volunteers.domain.ledger import (
    InvalidTransfer,
    LotTerms,
    NotEnoughPoints,
    NotReversible,
    SecondPersonNeeded,
    Transfer,
    TransferIdReused,
    correction_of,
)
from tests.services.volunteers.ledger.book import AT, Book


async def test_an_award_leaves_two_entries_a_lot_a_waiting_seal_and_an_event(book: Book) -> None:
    anna = book.volunteer()
    transfer = book.award(anna, 20)
    assert await book.post(transfer) == [Receipt(transfer.id, AT, None, 20)]
    assert await book.standing(anna) == (1, 20, 20)
    entries = await book.pool.fetch(
        "select account_id, amount, account_version, balance_after from entry where transfer_id = $1 order by amount",
        transfer.id,
    )
    assert [tuple(row) for row in entries] == [(transfer.debit.id, -20, None, None), (anna.id, 20, 1, 20)]
    lot = await book.pool.fetchrow("select * from lot where id = $1", transfer.id)
    assert (lot["account_id"], lot["amount"], lot["remaining"], lot["evidence_grade"]) == (anna.id, 20, 20, "A")
    assert await book.count("pending") == 1
    event = await book.pool.fetchrow("select * from outbox where aggregate_id = $1", transfer.id)
    assert (event["type"], event["aggregate_version"]) == ("points.transferred", 1)


async def test_the_same_transfer_again_counts_once_and_gets_the_first_answer(book: Book) -> None:
    anna = book.volunteer()
    transfer = book.award(anna, 20)
    first = await book.post(transfer)
    await book.post(book.award(anna, 5))
    assert await book.post(transfer, at=AT + timedelta(days=1)) == first
    assert await book.standing(anna) == (2, 25, 25)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 21},
        {"reference_id": uuid4()},
        {"rule_version": 2},
        {"reason": "other"},
        {"actor_id": uuid4()},
        {"terms": LotTerms("B")},
        {"terms": LotTerms("A", spendable=False)},
        {"terms": LotTerms("A", expires_at=AT)},
    ],
)
async def test_the_same_id_with_other_content_is_refused(book: Book, change: dict[str, Any]) -> None:
    anna = book.volunteer()
    transfer = book.award(anna, 20)
    await book.post(transfer)
    with pytest.raises(TransferIdReused):
        await book.post(replace(transfer, **change))
    with pytest.raises(TransferIdReused):
        await book.post(book.award(anna, 1), replace(transfer, **change))
    assert await book.standing(anna) == (1, 20, 20)


async def test_one_transfer_posted_by_fifty_at_once_counts_once(book: Book) -> None:
    anna = book.volunteer()
    transfer = book.award(anna, 20)
    answers = await asyncio.gather(*(book.post(transfer, at=AT + timedelta(seconds=i)) for i in range(50)))
    assert len({answer[0] for answer in answers}) == 1
    assert await book.standing(anna) == (1, 20, 20)
    assert await book.count("entry") == 2


async def test_one_debit_posted_by_fifty_at_once_counts_once(book: Book) -> None:
    anna = book.volunteer()
    await book.post(book.award(anna, 20))
    transfer = book.spend(anna, 15)
    answers = await asyncio.gather(*(book.post(transfer) for _ in range(50)))
    assert len({answer[0] for answer in answers}) == 1
    assert await book.standing(anna) == (2, 5, 5)


async def test_two_hundred_debits_at_once_never_go_below_zero(book: Book) -> None:
    anna = book.volunteer()
    for amount in (30, 40, 30):
        await book.post(book.award(anna, amount))
    tries = [book.post(book.spend(anna, 3)) for _ in range(200)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    done = [r for r in results if isinstance(r, list)]
    assert len(done) == 33
    assert {type(r) for r in results if not isinstance(r, list)} == {NotEnoughPoints}
    assert await book.standing(anna) == (3 + 33, 1, 1)
    assert sorted(answer[0].debit_balance or 0 for answer in done) == [1 + 3 * i for i in range(33)]


async def test_postgresql_itself_refuses_a_balance_below_zero(book: Book) -> None:
    anna = book.volunteer()
    await book.post(book.award(anna, 20))
    with pytest.raises(asyncpg.CheckViolationError):
        await book.pool.execute("update account set balance = -1, spendable = -1 where id = $1", anna.id)


async def test_transfers_that_cross_in_both_directions_do_not_lock_each_other_out(book: Book) -> None:
    people = [book.volunteer() for _ in range(4)]
    await book.post(*(book.award(person, 100) for person in people))
    groups = [[book.spend(p, 1) for p in (people if i % 2 else people[::-1])] for i in range(40)]
    await asyncio.gather(*(book.post(*group) for group in groups))
    assert [await book.standing(person) for person in people] == [(41, 60, 60)] * 4


async def test_several_transfers_succeed_or_fail_together(book: Book) -> None:
    anna, bo = book.volunteer(), book.volunteer()
    with pytest.raises(NotEnoughPoints):
        await book.post(book.award(anna, 20), book.award(bo, 5), book.spend(bo, 6))
    assert [await book.count(t) for t in ("transfer", "entry", "lot", "pending", "account", "outbox")] == [0] * 6
    await book.post(book.award(anna, 20), book.award(bo, 5), book.spend(bo, 5), book.spend(anna, 1))
    assert await book.standing(anna) == (2, 19, 19)
    assert await book.standing(bo) == (2, 0, 0)


async def test_a_group_that_was_posted_before_gets_its_first_answers(book: Book) -> None:
    anna = book.volunteer()
    group = [book.award(anna, 20), book.spend(anna, 5)]
    first = await book.post(*group)
    assert [answer.debit_balance for answer in first] == [None, 15]
    again = await book.post(*group, book.spend(anna, 1))
    assert again[:2] == first
    assert await book.standing(anna) == (3, 14, 14)


async def test_issuing_waits_for_nobody_elses_transaction(book: Book) -> None:
    anna, bo = book.volunteer(), book.volunteer()
    await book.post(book.award(anna, 1))
    async with book.pool.acquire() as connection, connection.transaction():
        await post(connection, [book.award(anna, 1)], AT)
        await asyncio.wait_for(book.post(book.award(bo, 1)), 2)
        locks = await connection.fetchval("select xmax::text from account where id = $1", anna.system("issued").id)
        assert locks == "0"


async def test_honour_points_cannot_be_spent(book: Book) -> None:
    anna = book.volunteer()
    await book.post(book.award(anna, 20, terms=LotTerms("C", spendable=False)), book.award(anna, 5))
    with pytest.raises(NotEnoughPoints) as refused:
        await book.post(book.spend(anna, 6))
    assert refused.value.facts == {"needed": 6, "available": 5}
    await book.post(book.spend(anna, 5))
    assert await book.standing(anna) == (3, 20, 0)


async def test_spending_takes_what_expires_first_and_nothing_that_has_expired(book: Book) -> None:
    anna = book.volunteer()
    days = {None: None, 30: AT + timedelta(days=30), 10: AT + timedelta(days=10), -1: AT - timedelta(days=1)}
    ids = {}
    for day, expires_at in days.items():
        transfer = book.award(anna, 10, terms=LotTerms("A", expires_at=expires_at))
        ids[day] = transfer.id
        await book.post(transfer)
    await book.post(book.spend(anna, 25))
    left = {
        r["id"]: r["remaining"]
        for r in await book.pool.fetch("select id, remaining from lot where account_id = $1", anna.id)
    }
    assert {day: left[id] for day, id in ids.items()} == {10: 0, 30: 0, None: 5, -1: 10}
    with pytest.raises(NotEnoughPoints):
        await book.post(book.spend(anna, 6))


async def test_a_correction_takes_an_award_back_once_by_a_second_person(book: Book) -> None:
    anna, approver, second = book.volunteer(), uuid4(), uuid4()
    wrong, right = book.award(anna, 20, actor_id=approver), book.award(anna, 5)
    await book.post(wrong)
    await book.post(right)
    for same in (approver, anna.owner_id):
        with pytest.raises(SecondPersonNeeded):
            await book.post(correction_of(wrong, uuid4(), same, "entered_twice"))
    back = correction_of(wrong, uuid4(), second, "entered_twice")
    await book.post(back)
    assert await book.standing(anna) == (3, 5, 5)
    assert await book.pool.fetchval("select remaining from lot where id = $1", wrong.id) == 0
    with pytest.raises(NotReversible):
        await book.post(correction_of(wrong, uuid4(), second, "entered_twice"))
    with pytest.raises(NotReversible):
        await book.post(correction_of(back, uuid4(), uuid4(), "no", LotTerms()))
    assert await book.post(back) == [Receipt(back.id, AT, 5, None)]


async def test_one_correction_posted_by_twenty_at_once_counts_once(book: Book) -> None:
    anna = book.volunteer()
    award = book.award(anna, 20)
    await book.post(award, book.award(anna, 5))
    back = correction_of(award, uuid4(), uuid4(), "entered_twice")
    answers = await asyncio.gather(*(book.post(back) for _ in range(20)))
    assert {answer[0] for answer in answers} == {Receipt(back.id, AT, 5, None)}
    assert await book.standing(anna) == (3, 5, 5)


async def test_twenty_corrections_of_one_award_at_once_take_it_back_once(book: Book) -> None:
    anna = book.volunteer()
    award = book.award(anna, 20)
    await book.post(award, book.award(anna, 100))
    tries = (book.post(correction_of(award, uuid4(), uuid4(), "entered_twice")) for _ in range(20))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(r) for r in results if not isinstance(r, list)] == [NotReversible] * 19
    assert await book.standing(anna) == (3, 100, 100)


async def test_first_awards_to_one_account_at_once_all_count(book: Book) -> None:
    for _ in range(5):
        anna = book.volunteer()
        await asyncio.gather(*(book.post(book.award(anna, 1)) for _ in range(20)))
        assert await book.standing(anna) == (20, 20, 20)


async def test_a_correction_must_mirror_what_it_takes_back(book: Book) -> None:
    anna, bo, second = book.volunteer(), book.volunteer(), uuid4()
    award = book.award(anna, 20, actor_id=uuid4())
    await book.post(award, book.award(bo, 20))
    good = correction_of(award, uuid4(), second, "entered_twice")
    for bad in (replace(good, amount=19), replace(good, debit=bo), replace(good, reverses=uuid4())):
        with pytest.raises(NotReversible):
            await book.post(bad)
    assert await book.standing(anna) == (1, 20, 20)


async def test_a_correction_of_spending_gives_the_points_back_as_a_new_lot(book: Book) -> None:
    anna = book.volunteer()
    spent = book.spend(anna, 5)
    await book.post(book.award(anna, 20), spent)
    await book.post(correction_of(spent, uuid4(), uuid4(), "not_handed_over", LotTerms()))
    assert await book.standing(anna) == (3, 20, 20)


async def test_a_correction_is_refused_when_the_points_are_spent(book: Book) -> None:
    anna = book.volunteer()
    award = book.award(anna, 20)
    await book.post(award, book.spend(anna, 1))
    with pytest.raises(NotEnoughPoints):
        await book.post(correction_of(award, uuid4(), uuid4(), "entered_twice"))


def _broken(book: Book) -> dict[str, list[Transfer]]:
    anna, bo = book.volunteer(), Book(book.pool).volunteer()
    award = book.award(anna, 20)
    return {
        "nothing": [],
        "zero": [replace(award, amount=0)],
        "below zero": [replace(award, amount=-1)],
        "beyond all sense": [replace(award, amount=10**12)],
        "another tenant": [replace(award, credit=bo)],
        "two tenants": [award, Book(book.pool).award(bo, 1)],
        "one id twice": [award, award],
        "no terms": [replace(award, terms=None)],
        "terms for the system": [replace(book.spend(anna, 1), terms=LotTerms())],
        "wrong way round": [replace(award, debit=anna, credit=award.debit, terms=None)],
        "a correction of nothing": [replace(book.spend(anna, 1), kind="correction")],
        "an award that takes back": [replace(award, reverses=uuid4())],
    }


@pytest.mark.parametrize("what", _broken(Book(None)))
async def test_what_is_against_the_rules_is_refused_before_anything_is_written(book: Book, what: str) -> None:
    with pytest.raises(InvalidTransfer):
        await book.post(*_broken(book)[what])
    assert await book.count("transfer") == 0
