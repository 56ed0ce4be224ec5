"""Awards: the ledger's own post of one award, beside bare statements by pgbench, at 2, 10 and 1,000 accounts.

The bare statement does what no ledger can do without: a transfer that counts once by its id, two entries, a lot, the
balance. The system's also has the event, what waits to be sealed, and the fingerprint of the content.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import psutil

from services.volunteers.actions.points import post
from services.volunteers.domain.ledger import Account, AccountKind, LotTerms, Scheme, Transfer, TransferKind
from shared.infra.database import open_pool
from shared.infra.settings import CommonSettings
from shared.kernel.ids import new_id
from tests.bench.load import CONNECTIONS, BenchFailed, Sent
from tests.bench.rounds import Row, Side, Tell, compare

COUNTS = {"award": 1000, "award_10": 10, "award_2": 2}
_POOL = CommonSettings.model_fields["pool_size"].default
_SECONDS = 1

_ACCOUNTS = """
insert into account (tenant_id, id, scheme, kind, owner_id, version, balance, spendable)
select $1, id, 'resident', 'volunteer', id, 0, 0, 0
  from (select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid as id from generate_series(1, $2::int) n) a
"""
#: For pgbench: `:tenant` one community, `:accounts` how many there are.
_BARE = """
\\set n random(1, :accounts)
with chosen as (
  select uuidv7() as id, ('00000000-0000-4000-8000-' || lpad(:n::text, 12, '0'))::uuid as account_id
), posted as (
  insert into transfer (tenant_id, id, scheme, debit_id, credit_id, amount, kind, reference_id, rule_version, at,
                        fingerprint)
  select '{tenant}', id, 'resident', '{issuer}', account_id, 3, 'award', id, 1, now(), sha256('') from chosen
  on conflict (tenant_id, id) do nothing returning id, credit_id
), credited as (
  update account a set version = version + 1, balance = balance + 3, spendable = spendable + 3
    from posted where a.tenant_id = '{tenant}' and a.id = posted.credit_id returning version, balance
), entries as (
  insert into entry (tenant_id, transfer_id, account_id, amount, account_version, balance_after, at)
  select '{tenant}'::uuid, id, '{issuer}'::uuid, -3, null, null, now() from posted
  union all select '{tenant}'::uuid, id, credit_id, 3, version, balance, now() from posted, credited
)
insert into lot (tenant_id, id, account_id, amount, remaining, evidence_grade, spendable)
select '{tenant}', id, credit_id, 3, 3, 'A', true from posted;
"""


async def awards(
    environment: dict[str, str], pgbench: Path, folder: Path, *, rounds: int, postgres: psutil.Process, tell: Tell
) -> AsyncIterator[Row]:
    """One row for each number of accounts."""
    url = environment["LINLI_VOLUNTEERS_DATABASE_URL"]
    async with open_pool(url, _POOL) as pool:
        for name, accounts in COUNTS.items():
            floor = Side(await _bare(pool, pgbench, url, folder, accounts), [psutil.Process()])
            system = Side(_posting(pool, accounts), [psutil.Process()])
            unit = f"awards/s, {accounts:,} accounts"
            yield await compare(name, unit, floor, system, rounds=rounds, postgres=postgres, tell=tell)


async def _bare(pool: asyncpg.Pool, pgbench: Path, url: str, folder: Path, accounts: int) -> Any:
    tenant = new_id()
    await pool.execute(_ACCOUNTS, tenant, accounts)
    script = folder / f"award-{accounts}.sql"
    script.write_text(_BARE.format(tenant=tenant, issuer=new_id()), encoding="utf-8")
    command = [str(pgbench), "--no-vacuum", "--protocol=prepared", f"--client={_POOL}", f"--time={_SECONDS}"]
    command += [f"--define=accounts={accounts}", f"--file={script}", url]

    async def send() -> Sent:
        running = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        try:
            output = (await running.communicate())[0].decode()
        finally:
            if running.returncode is None:
                running.kill()
        told = dict(line.split(":", 1) for line in output.splitlines() if ":" in line)
        rate = next((line.split()[2] for line in output.splitlines() if line.startswith("tps = ")), None)
        done = told.get("number of transactions actually processed", "0").split("/")[0]
        if rate is None or running.returncode:
            raise BenchFailed(f"pgbench gave no figures: {output.strip()[-300:]}")
        return Sent(int(done), int(done) / float(rate))

    return send


def _posting(pool: asyncpg.Pool, accounts: int) -> Any:
    tenant = new_id()
    volunteers = [Account(tenant, Scheme.RESIDENT, AccountKind.VOLUNTEER, new_id()) for _ in range(accounts)]
    issued = volunteers[0].system(AccountKind.ISSUED)

    async def send() -> Sent:
        done = 0
        started = time.perf_counter()

        async def caller() -> None:
            nonlocal done
            while time.perf_counter() - started < _SECONDS:
                credit = random.choice(volunteers)
                await post(pool, [_award(issued, credit, tenant)], datetime.now(UTC))
                done += 1

        await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
        return Sent(done, time.perf_counter() - started)

    return send


def _award(issued: Account, credit: Account, approver_id: UUID) -> Transfer:
    record_id = new_id()
    return Transfer(
        id=record_id,
        debit=issued,
        credit=credit,
        amount=3,
        kind=TransferKind.AWARD,
        reference_id=record_id,
        actor_id=approver_id,
        terms=LotTerms("A"),
    )
