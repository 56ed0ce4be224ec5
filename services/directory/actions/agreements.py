"""Agreements 共驻共建协议书 of a council's organisations: made, changed, and their clauses fulfilled."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

import orjson

from services.directory.actions.councils import council_for
from services.directory.actions.records import Writing, carry_out, check_term
from services.directory.domain.errors import wrong
from services.directory.domain.joint_work import Clause, renewed
from services.directory.domain.lists import WordList
from services.directory.domain.plan import Row
from services.directory.domain.ties import organising_as
from services.directory.house import House
from services.directory.queries import joint_work
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, StaleVersion

_AGREEMENT = "select * from agreement where id = $1 for update"
_WORDS = "select key from list_word where list = $1"
_SEATED = """
select organisation_id from council_member
 where tenant_id = $1 and council_id = $2 and (ends_on is null or ends_on > $3)
"""


@dataclass(frozen=True, slots=True)
class Promised:
    """What an agreement says: its term (`ends_on` is the first day after), its parties, its clauses."""

    title: str
    starts_on: date
    ends_on: date
    party_ids: Sequence[UUID]
    clauses: Sequence[Clause]


async def make(house: House, actor: Actor, council_id: UUID, said: Promised, once: Once) -> bytes:
    """A new agreement; gives its detail."""

    async def work(writing: Writing) -> UUID:
        council = await council_for(writing, council_id, organising_as, "/council_id")
        id = writing.new_id()
        row = {"tenant_id": council["tenant_id"], "id": id, "version": 1, "council_id": council_id}
        row |= await _columns(writing, council, said, []) | {"external_key": f"agreement/{id}"}
        await writing.store("agreement", row)
        await writing.note("agreement", row, "make", party_ids=said.party_ids, clauses=len(said.clauses))
        return id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def change(house: House, actor: Actor, id: UUID, version: int, said: Promised, once: Once) -> bytes:
    """The whole of it, over the version that was read; clauses that stay keep whether they are fulfilled."""

    async def work(writing: Writing) -> UUID:
        row, council = await _agreement(writing, id)
        if row["version"] != version:
            raise StaleVersion
        changed = row | await _columns(writing, council, said, _clauses(row)) | {"version": version + 1}
        await writing.store("agreement", changed)
        await writing.note("agreement", changed, "update", party_ids=said.party_ids, clauses=len(said.clauses))
        return id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def fulfil(
    house: House, actor: Actor, id: UUID, clause_id: UUID, note: str, fulfilled_on: date | None, once: Once
) -> bytes:
    """A clause is fulfilled, once, with a note of how."""

    async def work(writing: Writing) -> UUID:
        row, _ = await _agreement(writing, id)
        day, clauses = fulfilled_on or writing.day, _clauses(row)
        clause = next((one for one in clauses if one.id == clause_id), None)
        if clause is None:
            raise wrong("/clause_id", "unknown_clause", "没有这一条", "there is no such clause")
        if clause.fulfilled_on is not None:
            raise wrong("/clause_id", "duplicate", "这一条已经完成", "it is fulfilled already")
        if day > writing.day:
            raise wrong("/fulfilled_on", "future", "不能晚于今天", "cannot be later than today")
        check_term(row["starts_on"], day, "/fulfilled_on")
        done = [replace(one, fulfilled_on=day, note=note) if one is clause else one for one in clauses]
        changed = row | {"clauses": [asdict(one) for one in done], "version": row["version"] + 1}
        await writing.store("agreement", changed)
        await writing.note("agreement", changed, "fulfil", clause_id=clause_id, fulfilled_on=day)
        return id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def _agreement(writing: Writing, id: UUID) -> tuple[Row, Row]:
    """The agreement and its council, both locked."""
    row = await writing.row(_AGREEMENT, id)
    if row is None:
        raise NotFound
    return row, await council_for(writing, row["council_id"], organising_as)


async def _columns(writing: Writing, council: Row, said: Promised, present: Sequence[Clause]) -> Row:
    """The row of what was said; raises with what is wrong about it."""
    check_term(said.starts_on, said.ends_on)
    rows = await writing.connection.fetch(_SEATED, council["tenant_id"], council["id"], said.starts_on)
    seated = {row["organisation_id"] for row in rows}
    for i, party in enumerate(said.party_ids):
        if party not in seated:
            raise wrong(f"/party_ids/{i}", "not_a_member", "它不是大党委的成员单位", "it does not sit in the council")
        if party in said.party_ids[:i]:
            raise wrong(f"/party_ids/{i}", "duplicate", "同一单位出现了两次", "the same one twice")
    known = {row["key"] for row in await writing.connection.fetch(_WORDS, WordList.JOINT_WORK)}
    for i, clause in enumerate(said.clauses):
        if clause.field not in known:
            raise wrong(f"/clauses/{i}/field", "unknown_kind", "没有这个共建领域", "there is no such field")
        if clause.organisation_id is not None and clause.organisation_id not in said.party_ids:
            raise wrong(f"/clauses/{i}/organisation_id", "not_a_party", "它不是协议的一方", "it is no party")
    kept = [clause.id for clause in said.clauses if clause.id is not None]
    for i, clause in enumerate(said.clauses):
        if clause.id is not None and (kept.count(clause.id) > 1 or clause.id not in {one.id for one in present}):
            zh, en = "没有这一条，或它出现了两次", "there is no such clause, or it is there twice"
            raise wrong(f"/clauses/{i}/id", "unknown_clause", zh, en)
    clauses = [replace(one, id=one.id or writing.new_id()) for one in renewed(said.clauses, present)]
    return {
        "title": said.title,
        "starts_on": said.starts_on,
        "ends_on": said.ends_on,
        "party_ids": list(said.party_ids),
        "clauses": [asdict(one) for one in clauses],
    }


def _clauses(row: Row) -> list[Clause]:
    """The clauses of a row, as the rules want them."""
    return [
        Clause(
            UUID(one["id"]),
            one["field"],
            one["text"],
            UUID(one["organisation_id"]) if one["organisation_id"] else None,
            date.fromisoformat(one["fulfilled_on"]) if one["fulfilled_on"] else None,
            one["note"],
        )
        for one in orjson.loads(row["clauses"])
    ]


async def _shown(house: House, actor: Actor, id: UUID) -> bytes:
    body, _ = await joint_work.agreement(house.pool, actor, id, house.today())
    return body
