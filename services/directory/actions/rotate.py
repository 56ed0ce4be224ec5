"""A new key for what is sealed: made first, then everything is sealed anew with it while the services run.

They read with every key there is all the time, and seal with the new one within seconds of its making. Each batch is a
transaction of its own, so a run that is killed leaves some values under the old key and the next one goes on with
those; two at once pass over each other's rows. Old keys stay in their folder: backups need them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from services.directory.queries.keys import keys_in_use
from shared.infra.sealing import RELOAD_SECONDS, Sealed, Sealer, TamperedError, age_of, key_ids, make_data_key

#: From then on nobody seals with the key before: every process has seen the new one, and what it had begun is done.
SETTLED_SECONDS = RELOAD_SECONDS + 15

_BATCH = 500
_START = UUID(int=0)
_OLD = """
select tenant_id, owner_id, field, key_id, value from sealed_value
 where (tenant_id, owner_id, field) > ($1, $2, $3) and key_id <> $4
 order by tenant_id, owner_id, field limit $5 for no key update skip locked
"""
_ANEW = """
update sealed_value s set key_id = $4, value = given.value
  from unnest($1::uuid[], $2::uuid[], $3::text[], $5::bytea[]) given(tenant_id, owner_id, field, value)
 where s.tenant_id = given.tenant_id and s.owner_id = given.owner_id and s.field = given.field
"""

Place = tuple[UUID, UUID, str]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rotated:
    """The key that seals now, how many values were sealed anew, and those that do not open: changed, or misplaced."""

    key_id: str
    made: bool
    sealed: int
    broken: list[Place]


async def rotate(
    pool: asyncpg.Pool,
    folder: Path,
    progress: Progress,
    *,
    settled: float = SETTLED_SECONDS,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Rotated:
    """Makes a key, unless a run before was not finished, and seals everything with it; gives what came of it."""
    newest, in_use = key_ids(folder)[-1], await keys_in_use(pool)
    old = sum(count for key_id, count in in_use.items() if key_id != newest)
    made = not old
    key_id = make_data_key(folder) if made else newest
    bar = _Bar(progress, old or sum(in_use.values()))
    sealer = Sealer(folder)
    while True:
        broken = await _one_pass(pool, sealer, key_id, bar)
        # What others held at that moment was passed over, and a process may still seal with the key before.
        left = sum(count for other, count in (await keys_in_use(pool)).items() if other != key_id) - len(broken)
        if left <= 0 and (not in_use or age_of(folder, key_id) >= settled):
            return Rotated(key_id, made, bar.done, broken)
        await pause(1)


@dataclass(slots=True)
class _Bar:
    """How far it is; what is written meanwhile with the old key comes on top."""

    progress: Progress
    total: int
    done: int = 0

    def add(self, more: int) -> None:
        self.done += more
        self.total = max(self.total, self.done)
        self.progress("keys", self.done, self.total)


async def _one_pass(pool: asyncpg.Pool, sealer: Sealer, key_id: str, bar: _Bar) -> list[Place]:
    """Walks once through all that another key seals, and seals it anew; gives what did not open."""
    after: Place = (_START, _START, "")
    broken: list[Place] = []
    while True:
        async with pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_OLD, *after, key_id, _BATCH)
            anew, wrong = _anew(sealer, rows)
            if anew:
                tenants, owners, fields, values = (list(column) for column in zip(*anew, strict=True))
                await connection.execute(_ANEW, tenants, owners, fields, key_id, values)
        broken += wrong
        if anew:
            bar.add(len(anew))
        if len(rows) < _BATCH:
            return broken
        after = rows[-1]["tenant_id"], rows[-1]["owner_id"], rows[-1]["field"]


def _anew(sealer: Sealer, rows: list[Any]) -> tuple[list[tuple[UUID, UUID, str, bytes]], list[Place]]:
    anew, wrong = [], []
    for row in rows:
        place = row["tenant_id"], row["owner_id"], row["field"]
        try:
            text = sealer.open(*place, Sealed(row["key_id"], row["value"]))
        except TamperedError:
            wrong.append(place)
        else:
            anew.append((*place, sealer.seal(*place, text).value))
    return anew, wrong
