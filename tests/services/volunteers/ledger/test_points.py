"""What volunteers see of their points."""

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.volunteers.actions.sealing import seal
from services.volunteers.domain.ledger import LotTerms, Scheme
from services.volunteers.routes.points import routes
from services.volunteers.schemas.points import MyPoints, PointsTransferList
from shared.infra.web.frame import Frame
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.clock import MovedClock
from tests.services.volunteers.ledger.book import AT, Book


class _Verifier:
    """Takes the token for the person's id."""

    def actor(self, token: bytes) -> Actor:
        return Actor(UUID(token.removeprefix(b"Bearer ").decode()), (Grant(Role.RESIDENT),))


@pytest.fixture
async def api(book: Book) -> AsyncIterator[httpx.AsyncClient]:
    """The routes of points alone, on the test's ledger."""
    app = FastAPI()
    app.state.house = SimpleNamespace(pool=book.pool, clock=MovedClock(AT), verifier=_Verifier())
    routes.add_to(app)
    transport = httpx.ASGITransport(app=Frame(app.router, "volunteers"))
    async with httpx.AsyncClient(transport=transport, base_url="http://points/api/v1/points") as client:
        yield client


async def _me(api: httpx.AsyncClient, person_id: UUID, path: str = "/me") -> Any:
    answer = await api.get(path, headers={"authorization": f"Bearer {person_id}"})
    assert answer.status_code == 200, answer.text
    (MyPoints if path == "/me" else PointsTransferList).model_validate_json(answer.content)
    return answer.json()


async def test_who_never_earned_anything_has_nothing(api: httpx.AsyncClient) -> None:
    nothing = {"balance": 0, "held": 0, "spendable": 0, "accounts": []}
    person_id = uuid4()
    assert await _me(api, person_id) == nothing
    assert await _me(api, person_id, "/me/transfers") == {"items": [], "next_cursor": None}


async def test_points_are_summed_over_communities_and_the_booklet_is_apart(book: Book, api: httpx.AsyncClient) -> None:
    elsewhere, person_id = Book(book.pool), uuid4()
    here, there = book.volunteer(owner_id=person_id), elsewhere.volunteer(owner_id=person_id)
    booklet = book.volunteer(Scheme.PARTY_BOOKLET, person_id)
    await book.post(book.award(here, 20), book.award(here, 5, terms=LotTerms("C", False)), book.spend(here, 3))
    await elsewhere.post(elsewhere.award(there, 7))
    await book.post(book.award(booklet, 11, terms=LotTerms("A", False)))
    mine = await _me(api, person_id)
    assert {k: mine[k] for k in ("balance", "held", "spendable")} == {"balance": 29, "held": 0, "spendable": 24}
    found = {(a["tenant"]["id"], a["scheme"]): (a["balance"], a["spendable"]) for a in mine["accounts"]}
    assert found == {
        (str(book.tenant_id), "resident"): (22, 17),
        (str(book.tenant_id), "party_booklet"): (11, 0),
        (str(elsewhere.tenant_id), "resident"): (7, 7),
    }


async def test_expired_points_cannot_be_spent_even_before_their_expiry_is_posted(
    book: Book, api: httpx.AsyncClient
) -> None:
    anna = book.volunteer()
    await book.post(
        book.award(anna, 20, terms=LotTerms("A", expires_at=AT)),
        book.award(anna, 4, terms=LotTerms("A", expires_at=AT + timedelta(seconds=1))),
    )
    mine = await _me(api, anna.owner_id)
    assert (mine["balance"], mine["spendable"]) == (24, 4)


async def test_transfers_come_newest_first_page_by_page(book: Book, api: httpx.AsyncClient) -> None:
    elsewhere, person_id = Book(book.pool), uuid4()
    accounts = [(b, b.volunteer(owner_id=person_id)) for b in (book, elsewhere)]
    expected = []
    for minute in range(7):
        b, account = accounts[minute % 2]
        transfer = b.award(account, minute + 1)
        await b.post(transfer, at=AT + timedelta(minutes=minute // 3))  # some at the same moment
        expected.append(str(transfer.id))
    seen: list[dict[str, Any]] = []
    path = "/me/transfers?limit=3"
    while True:
        page = await _me(api, person_id, path)
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        path = f"/me/transfers?limit=3&cursor={page['next_cursor']}"
    assert sorted(row["id"] for row in seen) == sorted(expected)
    assert [(row["at"], row["id"]) for row in seen] == sorted(((row["at"], row["id"]) for row in seen), reverse=True)


async def test_a_transfer_says_what_it_was_and_whether_it_is_sealed(book: Book, api: httpx.AsyncClient) -> None:
    anna = book.volunteer()
    await book.post(book.award(anna, 20))
    await seal(book.pool)
    await book.post(book.spend(anna, 8), at=AT + timedelta(minutes=1))
    spent, earned = (await _me(api, anna.owner_id, "/me/transfers"))["items"]
    names = ("amount", "kind", "counter_account", "sealed", "balance_after")
    assert [spent[name] for name in names] == [-8, "redemption", "redeemed", None, 12]
    assert [earned[name] for name in names] == [20, "award", "issued", 1, 20]
    assert earned["reference_id"] == str(book.tenant_id)


@pytest.mark.parametrize("query", ["cursor=%21", "cursor=AAAA", "cursor=" + "f" * 32, "limit=0", "limit=101", "who=me"])
async def test_a_bad_query_is_refused(api: httpx.AsyncClient, query: str) -> None:
    answer = await api.get(f"/me/transfers?{query}", headers={"authorization": f"Bearer {uuid4()}"})
    assert answer.status_code in (400, 422)
