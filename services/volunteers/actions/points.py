"""Moving points: post transfers, and award what an approved service record has earned.

A single transfer from a system account, which is what an award is, takes one statement. What can be refused, and what
comes in groups, takes a short transaction: make the transfers and lock the accounts, read their lots, decide
(domain/settling.py), write everything else.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.volunteers.actions import posting
from services.volunteers.actions.awarding import mark_awarded
from services.volunteers.domain.ledger import (
    Account,
    AccountKind,
    NotReversible,
    Scheme,
    Transfer,
    TransferIdReused,
    TransferKind,
    award_id,
    award_terms,
    check,
)
from services.volunteers.domain.settling import Entry, Lot, Posted, Standing, check_reversal, settle
from services.volunteers.house import House
from shared.contracts.events import Envelope
from shared.contracts.volunteers import PointsTransferred, ServiceRecordChanged
from shared.infra.outbox import first_time
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer for one transfer, the same however often it is posted. Balances are of accounts with an owner."""

    transfer_id: UUID
    at: datetime
    debit_balance: int | None
    credit_balance: int | None


async def post(
    database: Any, transfers: Sequence[Transfer], at: datetime, traceparent: str | None = None
) -> list[Receipt]:
    """Posts all of the transfers or none. `database` is a pool, or a connection whose transaction then includes them.

    A transfer that is there already with the same content counts once and gets its first answer; with other content
    everything is refused.
    """
    check(transfers)
    if len(transfers) == 1 and not transfers[0].debit.refusable and transfers[0].reverses is None:
        return [await _issue(database, transfers[0], at, traceparent)]
    async with _connection(database) as connection:
        try:
            return await _settle_all(connection, transfers, at, traceparent)
        except NotReversible:
            # The same correction at the same moment fails on what it takes back before it meets its own id.
            return await _settle_all(connection, transfers, at, traceparent)


@asynccontextmanager
async def _connection(database: Any) -> AsyncIterator[Any]:
    if isinstance(database, asyncpg.Pool):
        async with database.acquire() as connection:
            yield connection
    else:
        yield database


async def _issue(database: Any, transfer: Transfer, at: datetime, traceparent: str | None) -> Receipt:
    debit, credit, terms = transfer.debit, transfer.credit, transfer.terms
    assert terms is not None  # check() saw to it: somebody receives the points
    row = await database.fetchrow(
        posting.ISSUE, debit.tenant_id, transfer.id, debit.scheme, debit.id, credit.id, transfer.amount, transfer.kind,
        transfer.reference_id, transfer.rule_version, transfer.reason, transfer.actor_id, at, transfer.fingerprint,
        debit.kind, credit.kind, credit.owner_id, terms.evidence_grade, terms.spendable, terms.expires_at,
        datetime.now(UTC), new_id(), traceparent, _payload(transfer),
    )  # fmt: skip
    if row is None:
        return (await _answers(database, [transfer]))[0]
    return Receipt(transfer.id, at, None, row["balance"])


async def _settle_all(
    connection: Any, transfers: Sequence[Transfer], at: datetime, traceparent: str | None
) -> list[Receipt]:
    async with connection.transaction():
        new, standings = await _begin(connection, transfers, at)
        if len(new) < len(transfers):
            await _answers(connection, [transfer for transfer in transfers if transfer.id not in new])
        if new:
            fresh = [transfer for transfer in transfers if transfer.id in new]
            await _check_reversals(connection, fresh)
            await _finish(connection, fresh, standings, settle(fresh, standings, at), at, traceparent)
        return await _answers(connection, transfers)


async def _begin(
    connection: Any, transfers: Sequence[Transfer], at: datetime
) -> tuple[set[UUID], dict[UUID, Standing]]:
    """Makes the transfers; those that are new, and how the accounts stand that are locked by now."""
    accounts = {account.id: account for t in transfers for account in (t.debit, t.credit)}
    columns = _columns(
        (t.id, t.debit.scheme, t.debit.id, t.credit.id, t.amount, t.kind, t.reference_id, t.rule_version, t.reason,
         t.actor_id, t.reverses, t.fingerprint) for t in transfers
    )  # fmt: skip
    columns += _columns((a.id, a.scheme, a.kind, a.owner_id, a.refusable) for a in accounts.values())
    tenant_id = transfers[0].debit.tenant_id
    try:
        rows = await connection.fetch(posting.BEGIN, tenant_id, at, *columns)
    except (asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError) as error:
        if "reverses" in (error.constraint_name or ""):
            raise NotReversible from error
        raise
    standings = {
        row["id"]: Standing(row["version"], row["balance"], row["spendable"]) for row in rows if not row["transfer"]
    }
    debited = list({t.debit.id for t in transfers} & standings.keys())
    for lot in await connection.fetch(posting.LOTS, tenant_id, debited) if debited else ():
        standings[lot["account_id"]].lots.append(
            Lot(lot["id"], lot["amount"], lot["remaining"], lot["spendable"], lot["expires_at"])
        )
    return {row["id"] for row in rows if row["transfer"]}, standings


async def _check_reversals(connection: Any, transfers: Sequence[Transfer]) -> None:
    corrections = [transfer for transfer in transfers if transfer.reverses is not None]
    if not corrections:
        return
    named = [correction.reverses for correction in corrections]
    rows = await connection.fetch(posting.PAST, corrections[0].debit.tenant_id, named)
    past = {
        row["id"]: Posted(row["kind"], row["debit_id"], row["credit_id"], row["amount"], row["actor_id"])
        for row in rows
    }
    for correction in corrections:
        check_reversal(correction, past.get(correction.reverses) if correction.reverses else None)


async def _finish(
    connection: Any,
    transfers: Sequence[Transfer],
    standings: dict[UUID, Standing],
    entries: list[Entry],
    at: datetime,
    traceparent: str | None,
) -> None:
    lots = [(account_id, lot) for account_id, standing in standings.items() for lot in standing.lots]
    await connection.execute(
        posting.FINISH,
        transfers[0].debit.tenant_id,
        at,
        *_columns(((e.transfer_id, e.account_id, e.amount, e.version, e.balance_after) for e in entries), 5),
        *_columns(((id, s.version, s.balance, s.spendable) for id, s in standings.items()), 4),
        *_columns(((lot.id, lot.remaining) for _, lot in lots if not lot.fresh), 2),
        *_columns(
            ((lot.id, account_id, lot.amount, lot.remaining, lot.evidence_grade, lot.spendable, lot.expires_at)
             for account_id, lot in lots if lot.fresh), 7
        ),
        datetime.now(UTC),
        [transfer.id for transfer in transfers],
        traceparent,
        [new_id() for _ in transfers],
        [_payload(transfer) for transfer in transfers],
    )  # fmt: skip


def _columns(rows: Iterable[tuple[Any, ...]], count: int = 0) -> list[list[Any]]:
    """Rows as one array a column; `count` columns when there may be no row."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(count)]


def _payload(transfer: Transfer) -> str:
    return PointsTransferred(
        scheme=transfer.debit.scheme,
        debit_account_id=transfer.debit.id,
        credit_account_id=transfer.credit.id,
        amount=transfer.amount,
        kind=transfer.kind,
        reference_id=transfer.reference_id,
    ).model_dump_json()


async def _answers(database: Any, transfers: Sequence[Transfer]) -> list[Receipt]:
    """What was answered the first time; raises when an id stands for other content."""
    tenant_id = transfers[0].debit.tenant_id
    rows = {row["id"]: row for row in await database.fetch(posting.ANSWERS, tenant_id, [t.id for t in transfers])}
    receipts = []
    for transfer in transfers:
        row = rows[transfer.id]
        if row["fingerprint"] != transfer.fingerprint:
            raise TransferIdReused
        receipts.append(Receipt(transfer.id, row["at"], row["debit_balance"], row["credit_balance"]))
    return receipts


#: Who approved: the history row of the very version that the event tells of.
_APPROVER = """
select actor_id from service_record_history where tenant_id = $1 and service_record_id = $2 and version = $3
"""


async def award(house: House, event: Envelope) -> None:
    """Consumer of `service_record.approved`: inbox, record and transfer commit together, so an award counts once.

    The record is marked before the points are posted (the transfer's id is known beforehand), so that the volunteer's
    account is locked for the last moment of the transaction only. No points, no transfer: the record is awarded all
    the same. A record that does not wait for its award (any more) brings nothing.
    """
    change = ServiceRecordChanged.model_validate(event.payload)
    at = house.clock.now()
    async with house.pool.acquire() as connection, connection.transaction():
        if not await first_time(connection, "points", event):
            return
        approver_id = await connection.fetchval(_APPROVER, event.tenant_id, event.aggregate_id, event.aggregate_version)
        transfer = award_of(event, change, approver_id) if change.points else None
        transfer_id = transfer.id if transfer else None
        marked = await mark_awarded(connection, event.tenant_id, event.aggregate_id, transfer_id, at, event.traceparent)
        if marked and transfer:
            await post(connection, [transfer], at, event.traceparent)


def award_of(event: Envelope, change: ServiceRecordChanged, approver_id: UUID | None) -> Transfer:
    """The transfer that an approved service record brings."""
    scheme = Scheme(change.scheme)
    volunteer = Account(event.tenant_id, scheme, AccountKind.VOLUNTEER, change.person_id)
    return Transfer(
        id=award_id(event.aggregate_id, change.rule_version),
        debit=volunteer.system(AccountKind.ISSUED),
        credit=volunteer,
        amount=change.points,
        kind=TransferKind.AWARD,
        reference_id=event.aggregate_id,
        rule_version=change.rule_version,
        actor_id=approver_id,
        terms=award_terms(scheme, change.evidence_grade),
    )
