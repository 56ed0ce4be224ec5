"""Somebody comes to belong to an organisation, and leaves it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.directory.actions.parties import organisation_for, person_for
from services.directory.actions.records import Writing, carry_out, check_term
from services.directory.domain.errors import AlreadyEnded, wrong
from services.directory.domain.plan import Row
from services.directory.domain.ties import Standing, recording_as, standing
from services.directory.house import House
from services.directory.queries import memberships
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_KIND = "select * from membership_kind where key = $1"
_SAME = """
select person_id from membership
 where tenant_id = $1 and organisation_id = $2 and kind = $3 and (person_id = $4 or $5)
   and starts_on < coalesce($7, 'infinity'::date) and coalesce(ends_on, 'infinity'::date) > $6
 order by person_id = $4 desc limit 1
"""
_MEMBERSHIP = """
select m.*, k.own from membership m left join membership_kind k on k.key = m.kind where m.id = $1 for update of m
"""


@dataclass(frozen=True, slots=True)
class NewMembership:
    """Who shall belong to which organisation, as what, sent by whom, and when (today, unless it is said)."""

    organisation_id: UUID
    person_id: UUID
    kind: str
    on_behalf_of_id: UUID | None
    starts_on: date | None
    ends_on: date | None


async def join(house: House, actor: Actor, new: NewMembership, once: Once) -> bytes:
    """The person belongs to the organisation; gives the membership."""

    async def work(writing: Writing) -> UUID:
        organisation = await organisation_for(writing, new.organisation_id, "/organisation_id", lock=True)
        kind = await writing.row(_KIND, new.kind)
        if kind is None:
            raise wrong("/kind", "unknown_kind", "没有这种成员身份", "there is no such kind of membership")
        writing.role = recording_as(actor, organisation["path"], organisation["id"], own=kind["own"])
        person = await person_for(writing, new.person_id, organisation, "/person_id")
        starts_on, membership_id = new.starts_on or writing.day, writing.new_id()
        check_term(starts_on, new.ends_on)
        row = {
            "tenant_id": organisation["tenant_id"],
            "id": membership_id,
            "version": 1,
            "person_id": person["id"],
            "organisation_id": organisation["id"],
            "on_behalf_of_id": await _sender(writing, new, kind),
            "kind": new.kind,
            "starts_on": starts_on,
            "ends_on": new.ends_on,
        }
        await _check_free(writing, row, exclusive=kind["exclusive"])
        await writing.store("membership", row)
        await writing.note("membership", row, "join", kind=new.kind, starts_on=starts_on, ends_on=new.ends_on)
        return membership_id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def end(house: House, actor: Actor, membership_id: UUID, ends_on: date | None, once: Once) -> bytes:
    """The person belongs to it no longer from that day on (today); gives the membership."""

    async def work(writing: Writing) -> UUID:
        row = await writing.row(_MEMBERSHIP, membership_id)
        if row is None or not await memberships.is_seen(writing.connection, actor, membership_id):
            raise NotFound
        organisation = await organisation_for(writing, row["organisation_id"])
        own = bool(row.pop("own"))
        writing.role = recording_as(actor, organisation["path"], organisation["id"], own=own)
        last = ends_on or max(writing.day, row["starts_on"])
        check_end(row, last, writing.day)
        changed = row | {"ends_on": last, "version": row["version"] + 1}
        await writing.store("membership", changed)
        await writing.note("membership", changed, "end", ends_on=last)
        return membership_id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


def check_end(row: Row, ends_on: date, day: date) -> None:
    """Whether what holds may end on that day: once, and not later than was said before."""
    if standing(row["starts_on"], row["ends_on"], day) is Standing.ENDED:
        raise AlreadyEnded(state=Standing.ENDED, allowed_actions=[], ends_on=str(row["ends_on"]))
    check_term(row["starts_on"], ends_on)
    if row["ends_on"] is not None and ends_on > row["ends_on"]:
        zh, en = f"已定于 {row['ends_on']} 结束，只能提前", f"it ends on {row['ends_on']}, and can only end earlier"
        raise wrong("/ends_on", "later_than_before", zh, en)


async def _sender(writing: Writing, new: NewMembership, kind: Row) -> UUID | None:
    """The organisation that sends the person, if one does."""
    if new.on_behalf_of_id is None:
        return None
    pointer = "/on_behalf_of_id"
    if not kind["delegated"]:
        zh, en = f"{kind['name_zh']}不是由单位委派的", f"{kind['name_en']}: nobody is sent as that"
        raise wrong(pointer, "not_delegated", zh, en)
    if new.on_behalf_of_id == new.organisation_id:
        raise wrong(pointer, "itself", "不能由本单位委派到本单位", "an organisation sends nobody to itself")
    sender = await organisation_for(writing, new.on_behalf_of_id, pointer)
    return UUID(str(sender["id"]))


async def _check_free(writing: Writing, row: Row, *, exclusive: bool) -> None:
    """Nobody belongs to an organisation as the same thing twice, and some things only one person can be."""
    known = (row[name] for name in ("tenant_id", "organisation_id", "kind", "person_id"))
    other = await writing.value(_SAME, *known, exclusive, row["starts_on"], row["ends_on"])
    if other == row["person_id"]:
        raise wrong("/person_id", "duplicate", "此人在这段时间里已是如此", "they are that already in that time")
    if other is not None:
        raise wrong("/kind", "held_by_another", "这段时间里已有他人担任", "somebody else is that in that time")


async def _shown(house: House, actor: Actor, id: UUID) -> bytes:
    body, _ = await memberships.detail(house.pool, actor, id, house.today())
    return body
