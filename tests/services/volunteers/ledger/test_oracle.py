"""The ledger against a plain one in Python, in whatever order Hypothesis thinks of: a state machine on a real database.

Hypothesis' machines are not asynchronous; this one has an event loop of its own, with a pool of its own.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from services.volunteers.actions.sealing import seal
from services.volunteers.domain.ledger import (
    Account,
    AccountKind,
    LotTerms,
    NotEnoughPoints,
    NotReversible,
    Scheme,
    SecondPersonNeeded,
    Transfer,
    TransferIdReused,
    TransferKind,
    correction_of,
)
from services.volunteers.verify import verify
from shared.infra.database import open_pool
from tests.services.volunteers.ledger.book import AT, Book
from tests.services.volunteers.ledger.conftest import new_database
from tests.services.volunteers.ledger.oracle import Oracle
from tests.services.volunteers.ledger.tampering import TABLES

_REFUSALS = (NotEnoughPoints, NotReversible, SecondPersonNeeded, TransferIdReused)
_NAMES = UUID(int=7)
_HONOUR = LotTerms("D", spendable=False)
_amounts = st.integers(1, 12)
#: Community, scheme, kind and owner: few enough to meet again, in every way that two accounts can differ.
_ACCOUNTS = [
    (0, Scheme.RESIDENT, AccountKind.VOLUNTEER, 0),
    (0, Scheme.RESIDENT, AccountKind.VOLUNTEER, 1),
    (0, Scheme.RESIDENT, AccountKind.TEAM, 0),
    (0, Scheme.PARTY_BOOKLET, AccountKind.VOLUNTEER, 0),
    (1, Scheme.RESIDENT, AccountKind.VOLUNTEER, 0),
]
_accounts = st.sampled_from(_ACCOUNTS)
_terms = st.builds(
    lambda grade, days: LotTerms(grade, grade in "AB", AT + timedelta(days=days) if days else None),
    st.sampled_from("ABCD"),
    st.integers(0, 6),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the machines work with: a loop, a pool on it, and the owner's hand that empties the tables before each."""

    runner: asyncio.Runner
    pool: asyncpg.Pool
    hand: asyncpg.Connection

    def run(self, work: Any) -> Any:
        return self.runner.run(work)


@asynccontextmanager
async def _opened(owner: str, app: str) -> AsyncIterator[tuple[asyncpg.Pool, asyncpg.Connection]]:
    async with open_pool(app, 4) as pool:
        hand = await asyncpg.connect(owner)
        try:
            yield pool, hand
        finally:
            await hand.close()


@pytest.fixture(scope="module")
async def oracle_addresses(environment: dict[str, str]) -> Any:
    return await new_database(environment, "linli_volunteers_oracle")


@pytest.fixture
def desk(oracle_addresses: Any) -> Iterator[Desk]:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        opened = _opened(oracle_addresses.owner, oracle_addresses.app)
        pool, hand = runner.run(opened.__aenter__())
        yield Desk(runner, pool, hand)
        runner.run(opened.__aexit__(None, None, None))


class LedgerMachine(RuleBasedStateMachine):
    """Two communities, two schemes (each with an issuer of its own), volunteers and teams; a clock that moves on."""

    known = Bundle("known")

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.now = AT
        self.number = 0
        self.oracle = Oracle()
        self.receipts: dict[UUID, Any] = {}
        self.books = [Book(desk.pool, uuid5(_NAMES, f"community {n}")) for n in range(2)]

    @initialize(target=known)
    def begin(self) -> Any:
        """On empty tables everybody gets points of every sort, so that spending has something to choose from."""
        self.desk.run(self.desk.hand.execute(f"truncate {', '.join(TABLES)}, outbox cascade"))
        sorts = [LotTerms("A"), LotTerms("B", expires_at=self._on(4)), LotTerms("A", expires_at=self._on(2)), _HONOUR]
        groups = [[self._award(account, 3 + n, terms) for n, terms in enumerate(sorts)] for account in _ACCOUNTS]
        for group in groups:
            self._post(*group)
        return multiple(*(transfer for group in groups for transfer in group))

    def _on(self, day: int) -> Any:
        return AT + timedelta(days=day)

    def _account(self, named: tuple[int, Scheme, AccountKind, int]) -> Account:
        community, scheme, kind, person = named
        return Account(self.books[community].tenant_id, scheme, kind, uuid5(_NAMES, f"owner {person}"))

    def _id(self) -> UUID:
        self.number += 1
        return uuid5(_NAMES, f"transfer {self.number}")

    def _post(self, *group: Transfer) -> Any:
        """Posts on both sides, which must agree; gives what was posted."""
        expected = self.oracle.post(list(group), self.now)
        try:
            receipts = self.desk.run(self.books[0].post(*group, at=self.now))
        except _REFUSALS as refused:
            assert type(refused) is expected, f"{refused!r} instead of {expected}"
            return multiple()
        assert expected is None, f"posted instead of {expected}"
        for receipt in receipts:
            assert self.receipts.setdefault(receipt.transfer_id, receipt) == receipt
        return multiple(*group)

    def _award(self, account: Any, amount: int, terms: LotTerms) -> Transfer:
        to = self._account(account)
        return self.books[account[0]].award(to, amount, self._id(), terms=terms)

    def _spend(self, account: Any, amount: int) -> Transfer:
        return self.books[account[0]].spend(self._account(account), amount, self._id())

    @rule(target=known, account=_accounts, amount=_amounts, terms=_terms)
    def award(self, account: Any, amount: int, terms: LotTerms) -> Any:
        return self._post(self._award(account, amount, terms))

    @rule(target=known, account=_accounts, amount=_amounts)
    def spend(self, account: Any, amount: int) -> Any:
        return self._post(self._spend(account, amount))

    @rule(target=known, account=_accounts, amount=_amounts)
    def expire(self, account: Any, amount: int) -> Any:
        of = self._account(account)
        expired = of.system(AccountKind.EXPIRED)
        return self._post(Transfer(self._id(), of, expired, amount, TransferKind.EXPIRY, of.tenant_id))

    @rule(
        target=known,
        who=st.lists(st.tuples(st.integers(0, 2), _amounts, _terms, st.booleans()), min_size=2, max_size=4),
    )
    def several_at_once(self, who: list[Any]) -> Any:
        """In one call, of which every transfer succeeds or none."""
        group = [
            self._award(_ACCOUNTS[whose], amount, terms) if gives else self._spend(_ACCOUNTS[whose], amount)
            for whose, amount, terms, gives in who
        ]
        return self._post(*group)

    @rule(target=known, past=known, amount=_amounts, terms=_terms)
    def together_with_one_that_was_posted(self, past: Transfer, amount: int, terms: LotTerms) -> Any:
        community = [book.tenant_id for book in self.books].index(past.debit.tenant_id)
        self._post(past, self._award((community, past.debit.scheme, AccountKind.VOLUNTEER, 0), amount, terms))
        return multiple()

    @rule(target=known, past=known, actor=st.integers(0, 5), off=st.sampled_from([0, 0, 0, 1]), terms=_terms)
    def correct(self, past: Transfer, actor: int, off: int, terms: LotTerms) -> Any:
        """By anybody: who decided first, who owns the points, somebody else; sometimes with another amount."""
        actors = [past.debit.owner_id, past.credit.owner_id, past.actor_id or UUID(int=1), *map(UUID, _OTHERS)]
        wanted = correction_of(past, self._id(), actors[actor], "entered_twice")
        wanted = replace(wanted, amount=past.amount + off, terms=terms if wanted.credit.refusable else None)
        return self._post(wanted)

    @rule(past=known)
    def again(self, past: Transfer) -> None:
        """The same request later: the first answer, and nothing happens."""
        before = self.receipts[past.id]
        self._post(past)
        assert self.receipts[past.id] == before

    @rule(past=known, more=_amounts)
    def again_with_other_content(self, past: Transfer, more: int) -> None:
        assert self._post(replace(past, amount=past.amount + more)) == multiple()

    @rule(target=known, account=_accounts, amount=_amounts, terms=_terms, spending=st.booleans())
    def five_times_in_one_moment(self, account: Any, amount: int, terms: LotTerms, spending: bool) -> Any:
        wanted = self._spend(account, amount) if spending else self._award(account, amount, terms)
        expected = self.oracle.post([wanted], self.now)

        async def race() -> list[Any]:
            calls = [self.books[0].post(wanted, at=self.now) for _ in range(5)]
            return await asyncio.gather(*calls, return_exceptions=True)

        answers = self.desk.run(race())
        if expected is not None:
            assert {type(answer) for answer in answers} == {expected}
            return multiple()
        assert all(answer == answers[0] for answer in answers), answers
        self.receipts[wanted.id] = answers[0][0]
        return wanted

    @rule(days=st.integers(1, 3))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def seal(self) -> None:
        self.desk.run(seal(self.desk.pool))

    @rule(past=consumes(known))
    def forget(self, past: Transfer) -> None:
        """So that not all that comes later is about the first transfers."""

    @invariant()
    def balances_and_lots_are_the_oracles(self) -> None:
        accounts, lots, sums = self.desk.run(_read(self.desk.pool))
        for id, standing in accounts.items():
            assert standing == self.oracle.standing(id)
        assert set(self.oracle.versions) == set(accounts)
        heaps = {id: heap.left for own in self.oracle.heaps.values() for id, heap in own.items()}
        assert lots == heaps
        assert sums == {id: total for id, total in self.oracle.moved.items()}
        assert sum(sums.values()) == 0

    def teardown(self) -> None:
        while self.desk.run(seal(self.desk.pool)).sealed:
            pass
        report = self.desk.run(verify(self.desk.pool))
        note(f"{report.transfers} transfers")
        assert report.wrong is None, report.wrong
        assert (report.transfers, report.unsealed) == (len(self.oracle.posted), 0)


_OTHERS = [f"{n:032x}" for n in range(3)]


async def _read(pool: asyncpg.Pool) -> tuple[dict[UUID, Any], dict[UUID, int], dict[UUID, int]]:
    """Standings of accounts that can be refused, what is left of each lot, the sum of each account's entries."""
    accounts = await pool.fetch("select id, version, balance, spendable from account where balance is not null")
    lots = await pool.fetch("select id, remaining from lot")
    sums = await pool.fetch("select account_id, sum(amount)::bigint as total from entry group by account_id")
    return (
        {row["id"]: (row["version"], row["balance"], row["spendable"]) for row in accounts},
        {row["id"]: row["remaining"] for row in lots},
        {row["account_id"]: row["total"] for row in sums},
    )


def _play(desk: Desk, examples: int, steps: int) -> None:
    quietly = settings(max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: LedgerMachine(desk), settings=quietly)


def test_whatever_happens_the_ledger_stands_as_the_oracle_says(desk: Desk) -> None:
    _play(desk, examples=15, steps=40)


@pytest.mark.long
def test_whatever_happens_for_long_the_ledger_stands_as_the_oracle_says(desk: Desk) -> None:
    _play(desk, examples=300, steps=80)
