"""An approved service record becomes points, once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.volunteers.actions.points import award
from services.volunteers.domain.ledger import InvalidTransfer, award_id
from services.volunteers.tables import Opening, ServiceRecord, ServiceRecordHistory
from shared.contracts.events import Envelope
from shared.contracts.volunteers import ServiceRecordChanged
from shared.kernel.clock import MovedClock
from tests.services.volunteers.ledger.book import AT, Book

Approved = Callable[..., Awaitable[Envelope]]
_PLAIN = {
    UUID: UUID(int=1),
    int: 1,
    bool: False,
    str: "",
    bytes: b"",
    list: [],
    datetime: AT,
    object: "{}",
}  # object: JSON


async def _insert(book: Book, table: Any, **given: Any) -> None:
    """A row of a table that is not the ledger's: what is not given and must be there is something plain."""
    row = {"tenant_id": book.tenant_id} | given
    for column in table.__table__.columns:
        if not column.nullable and column.name not in row:
            row[column.name] = _PLAIN[column.type.python_type]
    places = ", ".join(f"${i + 1}" for i in range(len(row)))
    await book.pool.execute(f"insert into {table.__tablename__} ({', '.join(row)}) values ({places})", *row.values())


@pytest.fixture
def house(book: Book) -> Any:
    """As much of the house as an award needs."""
    return SimpleNamespace(pool=book.pool, clock=MovedClock(AT))


@pytest.fixture
def approved(book: Book) -> Approved:
    """Makes an approved service record, and the event that tells of it."""

    async def make(person_id: UUID, approver_id: UUID | None = None, **payload: Any) -> Envelope:
        opening_id, record_id = uuid4(), uuid4()
        await _insert(book, Opening, id=opening_id, ends_at=AT + timedelta(hours=1))
        record = {"id": record_id, "opening_id": opening_id, "person_id": person_id, "version": 5}
        await _insert(book, ServiceRecord, **record, status="approved", ends_at=AT + timedelta(hours=1))
        history = {"service_record_id": record_id, "version": 5, "to_status": "approved", "actor_id": approver_id}
        await _insert(book, ServiceRecordHistory, **history)
        given = {"points": 20, "evidence_grade": "A"} | payload
        change = ServiceRecordChanged(
            opening_id=opening_id, petition_id=None, person_id=person_id, status="approved", **given
        )
        return Envelope(
            id=uuid4(),
            type="service_record.approved",
            tenant_id=book.tenant_id,
            aggregate_id=record_id,
            aggregate_version=5,
            at=AT,
            payload=change.model_dump(mode="json"),
        )

    return make


async def _record(book: Book, event: Envelope) -> tuple[str, UUID | None]:
    row = await book.pool.fetchrow("select status, transfer_id from service_record where id = $1", event.aggregate_id)
    return row["status"], row["transfer_id"]


async def test_an_approved_record_brings_its_points_and_is_marked(book: Book, house: Any, approved: Approved) -> None:
    anna, approver = book.volunteer(), uuid4()
    event = await approved(anna.owner_id, approver)
    await award(house, event)
    transfer_id = award_id(event.aggregate_id, 1)
    assert await _record(book, event) == ("awarded", transfer_id)
    row = await book.pool.fetchrow("select * from transfer where id = $1", transfer_id)
    assert (row["amount"], row["kind"], row["reference_id"], row["actor_id"]) == (
        20, "award", event.aggregate_id, approver,
    )  # fmt: skip
    assert await book.standing(anna) == (1, 20, 20)


async def test_an_event_delivered_twice_counts_once(book: Book, house: Any, approved: Approved) -> None:
    anna = book.volunteer()
    event = await approved(anna.owner_id)
    await asyncio.gather(*(award(house, event) for _ in range(5)))
    await award(house, event)
    house.clock.move(timedelta(days=1))
    await award(house, event.model_copy(update={"id": uuid4()}))
    assert await book.standing(anna) == (1, 20, 20)


async def test_a_record_that_is_not_approved_brings_nothing(book: Book, house: Any, approved: Approved) -> None:
    anna = book.volunteer()
    event = await approved(anna.owner_id)
    await book.pool.execute("update service_record set status = 'rejected' where id = $1", event.aggregate_id)
    await award(house, event)
    assert await book.standing(anna) == (0, 0, 0)


async def test_no_points_no_transfer_but_awarded(book: Book, house: Any, approved: Approved) -> None:
    anna = book.volunteer()
    event = await approved(anna.owner_id, points=0)
    await award(house, event)
    assert await _record(book, event) == ("awarded", None)
    assert await book.count("transfer") == 0


@pytest.mark.parametrize(("grade", "spendable"), [("A", 20), ("B", 20), ("C", 0), ("D", 0), (None, 0)])
async def test_the_evidence_decides_whether_points_can_be_spent(
    book: Book, house: Any, approved: Approved, grade: str | None, spendable: int
) -> None:
    anna = book.volunteer()
    await award(house, await approved(anna.owner_id, evidence_grade=grade))
    assert await book.standing(anna) == (1, 20, spendable)


async def test_the_party_booklet_is_for_record(book: Book, house: Any, approved: Approved) -> None:
    anna = book.volunteer()
    await award(house, await approved(anna.owner_id, scheme="party_booklet"))
    assert await book.standing(anna) == (0, 0, 0)
    assert await book.standing(book.volunteer("party_booklet", anna.owner_id)) == (1, 20, 0)


async def test_an_award_that_fails_leaves_nothing_so_that_it_can_be_tried_again(
    book: Book, house: Any, approved: Approved
) -> None:
    event = await approved(uuid4(), points=-1)
    with pytest.raises(InvalidTransfer):
        await award(house, event)
    assert await _record(book, event) == ("approved", None)
    assert await book.pool.fetchval("select count(*) from inbox where event_id = $1", event.id) == 0
