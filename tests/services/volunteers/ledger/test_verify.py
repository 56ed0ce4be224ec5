"""Verify: silent on a sound ledger; whatever column of whatever row is changed, or row taken away, it says where."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.volunteers.domain.chain import link
from services.volunteers.domain.ledger import LotTerms, fingerprint
from services.volunteers.verify import Head, Wrong, verify
from services.volunteers.verify_rules import LOT_SUM, RULES, SENTENCES
from shared.infra.schema import APPEND_ONLY, KEPT
from tests.services.volunteers.ledger.book import AT
from tests.services.volunteers.ledger.conftest import new_database
from tests.services.volunteers.ledger.tampering import (
    COLUMNS,
    KEYS,
    TABLES,
    UNDETECTED,
    Row,
    Tampering,
    tampered,
)


@pytest.fixture(scope="module")
async def ledger(environment: dict[str, str]) -> AsyncIterator[Tampering]:
    addresses = await new_database(environment, "linli_volunteers_tampered")
    async with tampered(addresses.admin, addresses.app) as made:
        yield made


@pytest.fixture
async def tampering(ledger: Tampering) -> AsyncIterator[Tampering]:
    """The ledger, sound before each test and sound again after it."""
    await ledger.restore()
    yield ledger
    await ledger.restore()
    assert await ledger.wrong() is None


def _names(table: str, row: Row, wrong: Wrong | None, key: Any = None) -> None:
    """Holds verify to naming the row, by its new key or its old one, or what it belongs to, in both languages."""
    assert wrong is not None, f"a change of {table} {dict(row)} was not found"
    named = {str(row[name]) for name in (*KEYS[table], "account_id", "transfer_id") if name in row.keys()}  # noqa: SIM118
    named |= {str(key)} if key else set()
    assert any(word in wrong.en and word in wrong.zh for word in named), f"{wrong.en} does not name {table} {dict(row)}"


async def test_a_sound_ledger_is_called_sound(tampering: Tampering) -> None:
    heard: list[tuple[int, int]] = []
    report = await verify(tampering.pool, lambda *done: heard.append(done))
    assert report.wrong is None
    total = len(tampering.transfers)
    assert (report.tenants, report.transfers, report.unsealed) == (1, total, 1)
    last = (await tampering.rows("chain"))[-1]
    assert report.heads == [Head(tampering.book.tenant_id, total - 1, last["hash"].hex())]
    assert heard[-1] == (1, total)


def _others(value: Any, type_: type, null: bool, key: bool) -> list[Any]:
    """Plausible other values: near what stands there (a key must be free), and nothing at all where that may be."""
    near: dict[type, Callable[[], Any]] = {
        UUID: uuid4,
        str: lambda: {"resident": "party_booklet", "volunteer": "team", "A": "B"}.get(value, "other"),
        bytes: lambda: bytes(31) + b"\1",
        bool: lambda: not value,
        int: lambda: (value or 0) + (1000 if key else 1),
        datetime: lambda: (value or AT) + timedelta(days=1),
    }
    other = near[type_]()
    return [other, None] if null and value is not None else [other]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_a_changed_column_of_any_row_is_found_and_named(tampering: Tampering, table: str, column: str) -> None:
    described, key = TABLES[table].columns[column], column in KEYS[table]
    for row in await tampering.rows(table):
        for value in _others(row[column], described.type.python_type, described.nullable, key):
            await tampering.change(table, row, **{column: value})
            _names(table, row, await tampering.wrong(), value if key else None)
            await tampering.restore()


#: A key that is swapped is everything else swapped, which is another test.
_BESIDE_KEYS = [(t, c) for t, c in COLUMNS if c not in ("tenant_id", *KEYS[t])]


@pytest.mark.parametrize(("table", "column"), _BESIDE_KEYS)
async def test_two_rows_that_swap_a_value_are_found(tampering: Tampering, table: str, column: str) -> None:
    for one, other in pairwise(await tampering.rows(table)):
        if one[column] != other[column]:
            await tampering.change(table, one, **{column: other[column]})
            await tampering.change(table, other, **{column: one[column]})
            wrong = await tampering.wrong()
            assert wrong is not None, f"{table}.{column} of {dict(one)} and {dict(other)}"
            await tampering.restore()


@pytest.mark.parametrize("table", TABLES)
async def test_two_rows_that_change_places_are_found(tampering: Tampering, table: str) -> None:
    rest = [column for name, column in _BESIDE_KEYS if name == table]
    for one, other in pairwise(await tampering.rows(table)):
        await tampering.change(table, one, **{name: other[name] for name in rest})
        await tampering.change(table, other, **{name: one[name] for name in rest})
        assert await tampering.wrong() is not None, f"{table} {dict(one)} and {dict(other)}"
        await tampering.restore()


@pytest.mark.parametrize("table", TABLES)
async def test_any_row_that_was_taken_away_is_missed(tampering: Tampering, table: str) -> None:
    for row in await tampering.rows(table):
        await tampering.take(table, row)
        assert await tampering.wrong() is not None, f"{table} {dict(row)}"
        await tampering.restore()


@pytest.mark.parametrize("table", TABLES)
async def test_any_row_that_was_slipped_in_is_found(tampering: Tampering, table: str) -> None:
    for row in await tampering.rows(table):
        keys = {"seq": 1000, "account_version": 900}
        fresh = {name: keys.get(name) or uuid4() for name in KEYS[table]}
        fresh |= {"account_version": 900} if row.get("account_version") else {}
        await tampering.slip_in(table, row, **fresh)
        assert await tampering.wrong() is not None, f"{table} {dict(row)}"
        await tampering.restore()


async def test_points_moved_from_a_lot_that_expires_to_one_that_does_not_are_found(tampering: Tampering) -> None:
    """All sums are as before: only playing the transfers again tells which lot they were taken from."""
    lots = [row for row in await tampering.rows("lot") if row["spendable"]]
    giving = next(row for row in lots if row["expires_at"] and row["remaining"] > 0)
    taking = next(r for r in lots if r["account_id"] == giving["account_id"] and r["remaining"] < r["amount"])
    await tampering.change("lot", giving, remaining=giving["remaining"] - 1)
    await tampering.change("lot", taking, remaining=taking["remaining"] + 1)
    wrong = await tampering.wrong()
    assert wrong is not None and wrong.code == "lot_left"
    assert str(wrong.facts["id"]) in {str(giving["id"]), str(taking["id"])}


@pytest.mark.parametrize("length", [1, 3, 8])
async def test_a_chain_whose_tail_was_cut_off_is_found(tampering: Tampering, length: int) -> None:
    for row in (await tampering.rows("chain"))[-length:]:
        await tampering.take("chain", row)
    wrong = await tampering.wrong()
    assert wrong is not None and wrong.code == "neither_sealed_nor_waiting"


async def _shift(tampering: Tampering, by: int) -> None:
    """More points everywhere at once: transfer, entries, balances, lot and fingerprint all agree."""
    award = tampering.transfers[1]
    for statement in (
        f"update transfer set amount = amount + {by} where id = '{award.id}'",
        f"update entry set amount = amount + sign(amount)::int * {by} where transfer_id = '{award.id}'",
        f"update entry set balance_after = balance_after + {by} where account_id = '{award.credit.id}'",
        f"update account set balance = balance + {by}, spendable = spendable + {by} where id = '{award.credit.id}'",
        f"update lot set amount = amount + {by}, remaining = remaining + {by} where id = '{award.id}'",
    ):
        await tampering.hand.execute(statement)
    t = await tampering.hand.fetchrow("select * from transfer where id = $1", award.id)
    lot = await tampering.hand.fetchrow("select * from lot where id = $1", award.id)
    print_ = fingerprint(
        *(t[name] for name in ("tenant_id", "id", "scheme", "debit_id", "credit_id", "amount", "kind")),
        *(t[name] for name in ("reference_id", "rule_version", "reason", "actor_id", "reverses")),
        LotTerms(lot["evidence_grade"], lot["spendable"], lot["expires_at"]),
    )
    await tampering.hand.execute("update transfer set fingerprint = $1 where id = $2", print_, award.id)


async def _sealed_anew(tampering: Tampering) -> None:
    """What somebody can do who has the code and the owner's password: every hash of the chain is right again."""
    from services.volunteers.verify import _SEALED

    previous = bytes(32)
    for row in await tampering.hand.fetch(_SEALED, tampering.book.tenant_id):
        hash_ = link(previous, row["seq"], row)
        await tampering.hand.execute(
            "update chain set previous = $1, hash = $2 where seq = $3", previous, hash_, row["seq"]
        )
        previous = hash_


async def test_points_changed_everywhere_at_once_still_break_the_seal(tampering: Tampering) -> None:
    await _shift(tampering, 100)
    wrong = await tampering.wrong()
    assert wrong is not None and wrong.code == "hash"
    assert str(tampering.transfers[1].id) in wrong.en


async def test_a_chain_rewritten_to_its_end_is_found_by_a_head_that_was_published(tampering: Tampering) -> None:
    """Nothing in the database can tell: only what stands outside of it."""
    head = (await tampering.rows("chain"))[-1]["hash"].hex()
    assert await tampering.wrong([head]) is None
    await _shift(tampering, 100)
    await _sealed_anew(tampering)
    assert await tampering.wrong() is None
    wrong = await tampering.wrong([head])
    assert wrong is not None and wrong.code == "head" and head in wrong.en


async def test_a_tail_cut_off_with_all_that_it_sealed_is_found_by_a_head_that_was_published(
    tampering: Tampering,
) -> None:
    chain = await tampering.rows("chain")
    await tampering.take("chain", chain[-1])
    await tampering.slip_in("pending", (await tampering.rows("pending"))[0], transfer_id=chain[-1]["transfer_id"])
    assert await tampering.wrong([chain[-2]["hash"].hex()]) is None
    wrong = await tampering.wrong([row["hash"].hex() for row in chain[-2:]])
    assert wrong is not None and wrong.facts["hash"] == chain[-1]["hash"].hex()


async def test_a_transfer_that_waits_for_longer_than_a_minute_is_a_fault(tampering: Tampering) -> None:
    await tampering.hand.execute("update pending set since = since - interval '2 min'")
    wrong = await tampering.wrong()
    assert wrong is not None and wrong.code == "unsealed"


def test_every_table_of_the_ledger_is_tampered_with() -> None:
    module = "services.volunteers.tables.ledger"
    from services.volunteers import tables

    declared = {t.__tablename__ for t in vars(tables).values() if getattr(t, "__module__", "") == module}
    assert TABLES.keys() == declared
    assert set(UNDETECTED) <= set(COLUMNS) and not {t for t, _ in UNDETECTED if TABLES[t].info in (APPEND_ONLY, KEPT)}


def test_every_fault_has_its_sentence_in_two_languages() -> None:
    assert {rule.code for rule in (*RULES, LOT_SUM)} <= SENTENCES.keys()
    assert all(zh != en for zh, en in SENTENCES.values())
