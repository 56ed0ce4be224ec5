"""Verify: silent on a sound ledger; whatever column is changed or row taken away, it says where."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.volunteers.actions.sealing import seal
from services.volunteers.domain.ledger import Account, LotTerms, Scheme, correction_of, fingerprint
from services.volunteers.tables import Account as AccountTable
from services.volunteers.tables import Chain, Entry, Lot, Pending, Transfer
from services.volunteers.verify import verify
from services.volunteers.verify_rules import RULES, SENTENCES
from shared.infra.database import open_pool
from tests.services.volunteers.ledger.book import AT, Book
from tests.services.volunteers.ledger.conftest import new_database

_TABLES = {table.__tablename__: table for table in (AccountTable, Transfer, Entry, Lot, Pending, Chain)}
_COLUMNS = [(name, column.name) for name, table in _TABLES.items() for column in table.__table__.columns]


@dataclass(frozen=True, slots=True)
class Tampering:
    """A small sound ledger, and the hand that reaches into it past all grants and constraints."""

    pool: asyncpg.Pool
    hand: asyncpg.Connection
    book: Book
    anna: Account
    award: UUID
    waiting: UUID

    async def said(self) -> str:
        """What verify says: code and sentence, or nothing."""
        wrong = (await verify(self.pool)).wrong
        if wrong is None:
            return ""
        assert wrong.zh != wrong.en
        return f"{wrong.code}: {wrong.en} {wrong.zh}"

    def row(self, table: str) -> tuple[str, Any]:
        """The row that is meddled with in each table, and what the sentence must name."""
        return {
            "account": (f"id = '{self.anna.id}'", self.anna.id),
            "transfer": (f"id = '{self.award}'", self.award),
            "entry": (f"transfer_id = '{self.award}' and account_id = '{self.anna.id}'", self.award),
            "lot": (f"id = '{self.award}'", self.award),
            "pending": (f"transfer_id = '{self.waiting}'", self.waiting),
            "chain": ("seq = 2", 2),
        }[table]

    async def take(self, table: str, where: str) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self.hand.fetch(f"delete from {table} where {where} returning *")
        return rows

    async def put_back(self, table: str, rows: list[asyncpg.Record]) -> None:
        for row in rows:
            places = ", ".join(f"${i + 1}" for i in range(len(row)))
            await self.hand.execute(f"insert into {table} values ({places})", *row)


@pytest.fixture(scope="module")
async def tampering(environment: dict[str, str]) -> AsyncIterator[Tampering]:
    addresses = await new_database(environment, "linli_volunteers_tampered")
    hand = await asyncpg.connect(addresses.admin)
    async with open_pool(addresses.app, 4) as pool:
        book = Book(pool)
        anna, bo = book.volunteer(), book.volunteer()
        award = book.award(anna, 20, reason="checked", terms=LotTerms("A", expires_at=AT + timedelta(days=900)))
        wrong = book.award(bo, 3, actor_id=uuid4())
        await book.post(book.award(bo, 7), at=AT)
        await book.post(award)
        await book.post(wrong, book.award(anna, 6), book.spend(anna, 4), book.award(bo, 3, terms=LotTerms("D", False)))
        await book.post(correction_of(wrong, uuid4(), uuid4(), "entered_twice"))
        await book.post(book.award(book.volunteer(Scheme.PARTY_BOOKLET), 2, terms=LotTerms("B", spendable=False)))
        await seal(pool)
        waiting = book.award(bo, 5)
        await book.post(waiting)
        await hand.execute("update pending set since = since + interval '50 s'")  # the tests may take a while
        for row in await hand.fetch(
            "select conrelid::regclass::text as t, conname from pg_constraint"
            " where conrelid::regclass::text = any($1::text[]) and contype in ('c', 'f')",
            list(_TABLES),
        ):
            await hand.execute(f"alter table {row['t']} drop constraint {row['conname']}")
        yield Tampering(pool, hand, book, anna, award.id, waiting.id)
    await hand.close()


async def test_a_sound_ledger_is_called_sound(tampering: Tampering) -> None:
    heard: list[tuple[int, int]] = []
    report = await verify(tampering.pool, lambda *done: heard.append(done))
    assert report.wrong is None
    assert (report.tenants, report.transfers, report.unsealed) == (1, 9, 1)
    last = await tampering.hand.fetchrow("select seq, hash from chain order by seq desc limit 1")
    assert [(head.seq, head.hash) for head in report.heads] == [(last["seq"], last["hash"].hex())]
    assert heard[-1] == (1, 9)


def _other(kind: str, value: Any) -> str:
    """SQL for another value of the column's type."""
    others = {
        "uuid": f"'{uuid4()}'",
        "text": {"resident": "'party_booklet'", "volunteer": "'team'", "A": "'B'"}.get(value, "'other'"),
        "bytea": "'\\x" + bytes(31).hex() + "01'",
        "boolean": "false" if value else "true",
        "timestamp with time zone": "timestamptz '2026-01-01 00:00+00'",
    }
    return others.get(kind) or f"{value + 40}"


@pytest.mark.parametrize(("table", "column"), _COLUMNS)
async def test_each_changed_column_is_found_and_its_row_named(tampering: Tampering, table: str, column: str) -> None:
    where, name = tampering.row(table)
    value, kind = await tampering.hand.fetchrow(
        f"select {column}, pg_typeof({column})::text from {table} where {where}"
    )
    changed = await tampering.hand.fetchval(
        f"update {table} set {column} = {_other(kind, value)} where {where} returning ctid"
    )
    said = await tampering.said()
    await tampering.hand.execute(f"update {table} set {column} = $1 where ctid = $2", value, changed)
    assert said, f"{table}.{column} from {value!r} was not found"
    named = {str(name), str(value), f"seal {name}", f"Seal {name}", str(tampering.award)}
    named |= {str(tampering.anna.id), str(tampering.anna.owner_id)}
    assert any(word in said for word in named), said
    assert await tampering.said() == ""


@pytest.mark.parametrize("table", _TABLES)
async def test_a_row_that_was_taken_away_is_missed(tampering: Tampering, table: str) -> None:
    where, _ = tampering.row(table)
    rows = await tampering.take(table, where)
    assert len(rows) == 1
    said = await tampering.said()
    await tampering.put_back(table, rows)
    assert said
    assert await tampering.said() == ""


@pytest.mark.parametrize("table", _TABLES)
async def test_a_row_that_was_slipped_in_is_found(tampering: Tampering, table: str) -> None:
    where, _ = tampering.row(table)
    key = next(column.name for column in _TABLES[table].__table__.primary_key if column.name != "tenant_id")
    fresh = "1000" if key == "seq" else f"'{uuid4()}'"
    columns = [column.name for column in _TABLES[table].__table__.columns]
    values = [fresh if c == key else "900" if c == "account_version" else c for c in columns]
    if table in ("account", "chain"):
        values = [
            f"'{uuid4()}'" if c in ("owner_id", "transfer_id") else v for c, v in zip(columns, values, strict=True)
        ]
    slipped = await tampering.hand.fetchval(
        f"insert into {table} select {', '.join(values)} from {table} where {where} returning ctid"
    )
    said = await tampering.said()
    await tampering.hand.execute(f"delete from {table} where ctid = $1", slipped)
    assert said
    assert await tampering.said() == ""


async def test_points_changed_everywhere_at_once_still_break_the_seal(tampering: Tampering) -> None:
    """An insider with the owner's password mends entries, balances, lots and fingerprint: the chain tells."""
    statements = (
        "update transfer set amount = amount + {d} where id = '{t}'",
        "update entry set amount = amount + sign(amount)::int * {d} where transfer_id = '{t}'",
        "update entry set balance_after = balance_after + {d} where account_id = '{a}'",
        "update account set balance = balance + {d}, spendable = spendable + {d} where id = '{a}'",
        "update lot set amount = amount + {d}, remaining = remaining + {d} where id = '{t}'",
    )

    async def shift(by: int) -> None:
        for statement in statements:
            await tampering.hand.execute(statement.format(d=by, t=tampering.award, a=tampering.anna.id))
        t = await tampering.hand.fetchrow("select * from transfer where id = $1", tampering.award)
        lot = await tampering.hand.fetchrow("select * from lot where id = $1", tampering.award)
        print_ = fingerprint(
            *(t[name] for name in ("tenant_id", "id", "scheme", "debit_id", "credit_id", "amount", "kind")),
            *(t[name] for name in ("reference_id", "rule_version", "reason", "actor_id", "reverses")),
            LotTerms(lot["evidence_grade"], lot["spendable"], lot["expires_at"]),
        )
        await tampering.hand.execute("update transfer set fingerprint = $1 where id = $2", print_, tampering.award)

    await shift(100)
    said = await tampering.said()
    await shift(-100)
    assert said.startswith("hash: ")
    assert str(tampering.award) in said
    assert await tampering.said() == ""


async def test_a_transfer_that_waits_for_longer_than_a_minute_is_a_fault(tampering: Tampering) -> None:
    await tampering.hand.execute("update pending set since = since - interval '2 min'")
    said = await tampering.said()
    await tampering.hand.execute("update pending set since = since + interval '2 min'")
    assert said.startswith("unsealed: ")


def test_every_fault_has_its_sentence_in_two_languages() -> None:
    assert {rule.code for rule in RULES} <= SENTENCES.keys()
    assert all(zh != en for zh, en in SENTENCES.values())
