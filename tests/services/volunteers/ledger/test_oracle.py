"""The ledger against a small one in Python that keeps nothing but balances and ids."""

from uuid import UUID, uuid5

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.volunteers.actions.sealing import seal
from services.volunteers.domain.ledger import LotTerms, NotEnoughPoints, Transfer, TransferIdReused
from services.volunteers.verify import verify
from tests.services.volunteers.ledger.book import Book

_STEPS = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["award", "honour", "spend"]),
            st.integers(0, 2),  # whose account
            st.integers(1, 9),  # amount
            st.integers(0, 11),  # the transfer's id, from a few, so that some come again
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda step: step[3],
    ),
    max_size=12,
)


class Oracle:
    """What should happen, as plainly as it can be said."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[str, int, int]] = {}
        self.balance = [0, 0, 0]
        self.spendable = [0, 0, 0]

    def post(self, group: list[tuple[str, int, int, int]]) -> type[Exception] | None:
        known, balance, spendable = dict(self.known), list(self.balance), list(self.spendable)
        if any(id in known and known[id] != (what, who, amount) for what, who, amount, id in group):
            return TransferIdReused
        for what, who, amount, id in group:
            if id in known:
                continue
            known[id] = (what, who, amount)
            sign = -1 if what == "spend" else 1
            balance[who] += sign * amount
            spendable[who] += 0 if what == "honour" else sign * amount
            if spendable[who] < 0:
                return NotEnoughPoints
        self.known, self.balance, self.spendable = known, balance, spendable
        return None


def _transfer(book: Book, step: tuple[str, int, int, int]) -> Transfer:
    what, who, amount, number = step
    account = book.volunteer(owner_id=uuid5(book.tenant_id, f"person {who}"))
    id = uuid5(book.tenant_id, f"transfer {number}")
    if what == "spend":
        return book.spend(account, amount, id)
    return book.award(account, amount, id, terms=LotTerms("A" if what == "award" else "D", what == "award"))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(groups=_STEPS)
async def test_whatever_is_posted_the_ledger_stands_as_the_oracle_says(
    pool: asyncpg.Pool, groups: list[list[tuple[str, int, int, int]]]
) -> None:
    book, oracle = Book(pool), Oracle()
    for group in groups:
        expected = oracle.post(group)
        try:
            await book.post(*(_transfer(book, step) for step in group))
            happened = None
        except (NotEnoughPoints, TransferIdReused) as refused:
            happened = type(refused)
        assert happened is expected
    for who in range(3):
        owner_id: UUID = uuid5(book.tenant_id, f"person {who}")
        _, balance, spendable = await book.standing(book.volunteer(owner_id=owner_id))
        assert (balance, spendable) == (oracle.balance[who], oracle.spendable[who])
    assert await book.count("transfer") == len(oracle.known)


async def test_the_ledger_of_all_these_is_sound(pool: asyncpg.Pool) -> None:
    while (await seal(pool)).sealed:
        pass
    report = await verify(pool)
    assert report.wrong is None
