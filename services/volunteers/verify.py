"""Recomputes the points ledger from its rows and names the first one that is wrong: what `linli ledger verify` runs.

Reads only, each tenant in one snapshot, so it may run beside the service. It finds every row that was changed, added or
taken away by itself. Whoever rewrites the chain to its end, or cuts its tail off with all that it sealed, leaves a
ledger that is right in itself: only heads that were published before (`Report.heads` of an earlier run) tell.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from services.volunteers.domain.chain import COLUMNS, GENESIS, link
from services.volunteers.domain.ledger import REFUSABLE, LotTerms, account_id, fingerprint
from services.volunteers.domain.settling import Lot, take, usable
from services.volunteers.verify_rules import LOT_SUM, RULES, SENTENCES, Rule

#: A transfer that waits longer to be sealed is a fault.
SEALED_WITHIN = timedelta(seconds=60)
_STEP = 1000
_PATIENCE = 24 * 3600  # seconds: the pool's own limits are for requests

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first wrong row. `code` says what kind of fault, `zh` and `en` say it in a sentence."""

    code: str
    facts: Mapping[str, Any]

    @property
    def zh(self) -> str:
        return SENTENCES[self.code][0].format_map(self.facts)

    @property
    def en(self) -> str:
        return SENTENCES[self.code][1].format_map(self.facts)


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal of a tenant: what is published, so that nobody can rewrite what came before."""

    tenant_id: UUID
    seq: int
    hash: str


@dataclass(slots=True)
class Report:
    """What was checked. `wrong` is None when the ledger is sound. `missed` are published heads that no chain has."""

    tenants: int = 0
    accounts: int = 0
    transfers: int = 0
    unsealed: int = 0
    heads: list[Head] = field(default_factory=list)
    missed: set[str] = field(default_factory=set)
    wrong: Wrong | None = None


class _FoundWrong(Exception):
    """Ends the search at the first wrong row."""

    def __init__(self, code: str, facts: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.wrong = Wrong(code, facts)


_TENANTS = """
select tenant_id from account union select tenant_id from transfer union select tenant_id from entry
union select tenant_id from lot union select tenant_id from pending union select tenant_id from chain order by 1
"""
_ACCOUNTS = "select tenant_id, id, scheme, kind, owner_id from account where tenant_id = $1 order by id"

#: A transfer with all that belongs to it.
_BESIDE = f"""
       {COLUMNS}, cr.kind as credit_kind,
       (select count(*) from entry e where e.tenant_id = t.tenant_id and e.transfer_id = t.id) as entries,
       l.id as lot_id, l.account_id as lot_account_id, l.amount as lot_amount, l.evidence_grade, l.spendable,
       l.expires_at
"""
_JOINS = """
  left join entry d on d.tenant_id = t.tenant_id and d.transfer_id = t.id and d.account_id = t.debit_id
  left join entry c on c.tenant_id = t.tenant_id and c.transfer_id = t.id and c.account_id = t.credit_id
  left join account cr on cr.tenant_id = t.tenant_id and cr.id = t.credit_id
  left join lot l on l.tenant_id = t.tenant_id and l.id = t.id
"""
_SEALED = f"""
select s.tenant_id as sealed_tenant_id, s.seq, s.transfer_id, s.previous, s.hash, {_BESIDE}
  from chain s left join transfer t on t.tenant_id = s.tenant_id and t.id = s.transfer_id {_JOINS}
 where s.tenant_id = $1 order by s.seq
"""
_UNSEALED = f"""
select p.since, {_BESIDE}
  from transfer t left join pending p on p.tenant_id = t.tenant_id and p.transfer_id = t.id {_JOINS}
 where t.tenant_id = $1
   and not exists (select from chain s where s.tenant_id = t.tenant_id and s.transfer_id = t.id)
 order by t.id
"""
#: What happened to each account that can be refused, in its order, and the lots as they stand now.
_HAPPENED = """
select e.account_id, e.transfer_id, e.amount, t.kind, t.reverses, t.at, l.remaining, l.spendable, l.expires_at
  from entry e join transfer t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
  left join lot l on l.tenant_id = e.tenant_id and l.id = e.transfer_id and l.account_id = e.account_id
 where e.tenant_id = $1 and e.account_version is not null order by e.account_id, e.account_version
"""


async def verify(pool: asyncpg.Pool, progress: Progress | None = None, published: Iterable[str] = ()) -> Report:
    """Checks every tenant until something is wrong. `progress` hears of tenants done and transfers checked.

    `published` are hashes of heads that were noted before: each must still be a seal of some chain.
    """
    report = Report(missed=set(published))
    tenants = [row["tenant_id"] for row in await pool.fetch(_TENANTS, timeout=_PATIENCE)]
    try:
        for tenant_id in tenants:
            async with (
                pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                await connection.execute("set local statement_timeout = 0")
                await _Ledger(connection, tenant_id, report, progress or _silent).check()
            report.tenants += 1
        for missing in sorted(report.missed):
            raise _FoundWrong("head", {"hash": missing})
    except _FoundWrong as found:
        report.wrong = found.wrong
    (progress or _silent)(report.tenants, report.transfers)
    return report


def _silent(tenants: int, transfers: int) -> None:
    """For callers who do not wait for it."""


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The ledger of one tenant, in one snapshot."""

    connection: Any
    tenant_id: UUID
    report: Report
    progress: Progress

    async def check(self) -> None:
        await self._accounts()
        await self._sealed()
        await self._unsealed()
        await self._rules(RULES)
        await self._lots()
        await self._rules([LOT_SUM])

    async def _rules(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            row = await self.connection.fetchrow(rule.statement, self.tenant_id, timeout=_PATIENCE)
            if row is not None:
                raise _FoundWrong(rule.code, dict(row) | {"tenant_id": self.tenant_id})

    def _rows(self, statement: str) -> Any:
        return self.connection.cursor(statement, self.tenant_id, prefetch=_STEP, timeout=_PATIENCE)

    async def _accounts(self) -> None:
        async for row in self._rows(_ACCOUNTS):
            if row["id"] != account_id(row["tenant_id"], row["scheme"], row["kind"], row["owner_id"]):
                raise _FoundWrong("account_id", dict(row))
            self.report.accounts += 1

    async def _sealed(self) -> None:
        seq, previous = 0, GENESIS
        async for row in self._rows(_SEALED):
            facts = dict(row) | {"tenant_id": self.tenant_id, "expected": seq + 1}
            if row["seq"] != seq + 1:
                raise _FoundWrong("seq", facts)
            if row["previous"] != previous:
                raise _FoundWrong("previous", facts)
            if row["id"] is None:
                raise _FoundWrong("seal_without_transfer", facts)
            self._transfer(row)
            seq, previous = row["seq"], row["hash"]
            if previous != link(row["previous"], seq, row):
                raise _FoundWrong("hash", facts)
            if self.report.missed:
                self.report.missed.discard(previous.hex())
        if seq:
            self.report.heads.append(Head(self.tenant_id, seq, previous.hex()))

    async def _unsealed(self) -> None:
        now = datetime.now(UTC)
        async for row in self._rows(_UNSEALED):
            if row["since"] is None:
                raise _FoundWrong("neither_sealed_nor_waiting", dict(row))
            if abs(now - row["since"]) > SEALED_WITHIN:
                raise _FoundWrong("unsealed", dict(row))
            self._transfer(row)
            self.report.unsealed += 1

    async def _lots(self) -> None:
        """Plays every account's transfers again, from the first: what they leave of each lot is what should be left."""
        account_id, lots, stored = None, list[Lot](), dict[UUID, int]()
        async for row in self._rows(_HAPPENED):
            if row["account_id"] != account_id:
                _compare(account_id, lots, stored)
                account_id, lots, stored = row["account_id"], [], {}
            if row["amount"] > 0:
                lots.append(Lot(row["transfer_id"], row["amount"], row["amount"], row["spendable"], row["expires_at"]))
                stored[row["transfer_id"]] = row["remaining"]
                continue
            drawn = usable(row["kind"], row["reverses"], lots, row["at"])
            if sum(lot.remaining for lot in drawn) < -row["amount"]:
                raise _FoundWrong("overdrawn", dict(row))
            take(drawn, -row["amount"])
        _compare(account_id, lots, stored)

    def _transfer(self, row: Mapping[str, Any]) -> None:
        """A transfer against its entries, its lot and its fingerprint."""
        code = _wrong_beside(row)
        if code is not None:
            raise _FoundWrong(code, dict(row))
        self.report.transfers += 1
        if self.report.transfers % _STEP == 0:
            self.progress(self.report.tenants, self.report.transfers)


def _compare(account_id: UUID | None, lots: Iterable[Lot], stored: Mapping[UUID, int]) -> None:
    for lot in lots:
        if stored[lot.id] != lot.remaining:
            facts = {"id": lot.id, "account_id": account_id, "remaining": stored[lot.id], "expected": lot.remaining}
            raise _FoundWrong("lot_left", facts)


def _wrong_beside(row: Mapping[str, Any]) -> str | None:
    amount, at = row["amount"], row["at"]
    if row["entries"] != 2 or row["debit_entry_amount"] != -amount or row["credit_entry_amount"] != amount:
        return "entries"
    if row["debit_entry_at"] != at or row["credit_entry_at"] != at:
        return "entry_at"
    if row["credit_kind"] is None:
        return "account_missing"
    if (row["lot_id"] is not None) != (row["credit_kind"] in REFUSABLE):
        return "lot_missing"
    terms = None
    if row["lot_id"] is not None:
        if row["lot_account_id"] != row["credit_id"] or row["lot_amount"] != amount:
            return "lot"
        terms = LotTerms(row["evidence_grade"], row["spendable"], row["expires_at"])
    expected = fingerprint(
        row["tenant_id"], row["id"], row["scheme"], row["debit_id"], row["credit_id"], amount, row["kind"],
        row["reference_id"], row["rule_version"], row["reason"], row["actor_id"], row["reverses"], terms,
    )  # fmt: skip
    return None if expected == row["fingerprint"] else "fingerprint"
