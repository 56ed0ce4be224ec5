"""Offices are filled, ended and handed over."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.directory.actions import office_roles
from services.directory.actions.holding import Holdings, Wish, carry_out
from services.directory.actions.notes import note
from services.directory.domain.days import next_turn
from services.directory.domain.errors import AlreadyEnded, NotToYourself, OfficeTaken, wrong
from services.directory.domain.permissions import KEEPERS, filling_as
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries import offices
from shared.contracts.directory import OfficeHandedOver
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id

_KIND = "select key as kind, exclusive, role from office_kind where key = $1"
_READ = """
select o.*, k.role as gives from office o join office_kind k on k.key = o.kind where o.id = $1 for update of o
"""
_WHERE = "select area_id, person_id from office where id = $1"
# Those of one person on a day in the areas at or below the roots.
_HELD = """
select o.id from office o join area a on a.tenant_id = o.tenant_id and a.id = o.area_id
 where o.person_id = $1 and o.starts_on <= $2 and (o.ends_on is null or o.ends_on > $2)
   and (a.ancestors || a.id) && $3::uuid[] order by o.id
"""
_TAKEN = """
select o.id, o.person_id, h.name as holder, o.starts_on, o.ends_on
  from office o left join person h on h.id = o.person_id and not h.erased
 where o.tenant_id = $1 and o.area_id = $2 and o.kind = $3 and daterange(o.starts_on, o.ends_on) && daterange($4, $5)
   and (o.person_id = $6 or ($7 and o.exclusive)) order by o.starts_on limit 1
"""
_FED = """
, fed as (
  insert into change (tenant_id, kind, entity_id) select tenant_id, 'office', id from changed
  on conflict (tenant_id, kind, entity_id) do update set xid = default, seq = default returning seq
)
select max(seq) from fed
"""
_BEGIN = f"""
with changed as (
  insert into office (tenant_id, id, version, person_id, area_id, kind, starts_on, ends_on, exclusive, turns_on,
                      follows)
  values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10) returning *
){_FED}"""
_END = f"""
with changed as (
  update office set ends_on = $2, turns_on = $3, version = version + 1 where id = $1 returning *
){_FED}"""


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who is to hold which office, where and when. Without a first day it begins today."""

    person_id: UUID
    kind: str
    area_id: UUID
    starts_on: date | None
    ends_on: date | None


async def appoint(house: House, wish: Wish, given: Appointment) -> bytes:
    """Somebody comes to hold an office, and to have the role that it brings; gives the office."""

    async def work(holdings: Holdings, id: UUID) -> None:
        area = await holdings.open_area(given.area_id)
        kind = await holdings.connection.fetchrow(_KIND, given.kind)
        if kind is None:
            raise wrong("/kind", "unknown_kind", "没有这种职务", "there is no such office")
        office = {
            "id": id,
            "person_id": given.person_id,
            "starts_on": given.starts_on or holdings.day,
            "ends_on": given.ends_on,
            "follows": None,
            **kind,
        }
        await holdings.tell(area["tenant_id"], await _begin(holdings, area, office))

    id = await carry_out(house, wish, None, work)
    return await offices.again(house, wish.actor, id)


async def end(house: House, wish: Wish, office_id: UUID, on: date | None) -> bytes:
    """The office is held no longer from that day (today) on, nor is the role that it brought."""

    async def work(holdings: Holdings, id: UUID) -> None:
        area, office = await _to_end(holdings, id)
        await holdings.tell(area["tenant_id"], await _end(holdings, office, on or holdings.day, "end"))

    await carry_out(house, wish, office_id, work)
    return await offices.again(house, wish.actor, office_id)


async def hand_over(house: House, wish: Wish, office_id: UUID, person_id: UUID, on: date | None) -> bytes:
    """Somebody else holds the office from that day (today) on, for the rest of its term; gives the new office.

    What its holder held in the area follows by an event, on that day.
    """

    async def work(holdings: Holdings, id: UUID) -> None:
        tenant_id, last = await _pass_on(holdings, office_id, person_id, on or holdings.day, id)
        await holdings.tell(tenant_id, last)

    id = await carry_out(house, wish, None, work)
    return await offices.again(house, wish.actor, id)


async def hand_over_all(house: House, wish: Wish, holder_id: UUID, person_id: UUID, on: date | None) -> bytes:
    """The same with every office that somebody holds on that day where the caller may fill it: all or none."""

    async def work(holdings: Holdings, _: UUID) -> None:
        day = on or holdings.day
        held = await holdings.connection.fetch(_HELD, holder_id, day, list(holdings.actor.area_roots(KEEPERS)))
        if not held:
            raise NotFound
        told = [await _pass_on(holdings, row["id"], person_id, day, new_id(holdings.at)) for row in held]
        await holdings.tell(told[0][0], max(last for _, last in told))

    await carry_out(house, wish, holder_id, work)
    return await offices.passed_on(house, wish.actor, holder_id, person_id)


async def _pass_on(holdings: Holdings, office_id: UUID, person_id: UUID, on: date, new: UUID) -> tuple[UUID, int]:
    """Ends the office and begins the one that follows it; where it is kept, and its place in the feed."""
    area, office = await _to_end(holdings, office_id, person_id)
    if person_id == office["person_id"]:
        raise wrong("/person_id", "same_person", "就是现任本人", "they hold it already")
    await _end(holdings, office, on, "hand_over", to=person_id, office_id=new)
    following = {
        "id": new,
        "person_id": person_id,
        "kind": office["kind"],
        "starts_on": on,
        "ends_on": office["ends_on"],
        "exclusive": office["exclusive"],
        "follows": office_id,
        "role": office["gives"],
    }
    last = await _begin(holdings, area, following)
    if on <= holdings.day:
        event = OfficeHandedOver(
            area_id=area["id"],
            kind=office["kind"],
            from_office_id=office_id,
            from_person_id=office["person_id"],
            to_office_id=new,
            to_person_id=person_id,
        )
        await holdings.publish("office.handed_over", area["tenant_id"], new, 1, event.model_dump(mode="json"))
    return area["tenant_id"], last


async def _to_end(holdings: Holdings, office_id: UUID, *more: UUID) -> tuple[Row, Row]:
    """The office as it stands, and its area; raises when the caller may not end it. `more` are people who follow."""
    where = await holdings.connection.fetchrow(_WHERE, office_id)
    if where is None:
        raise NotFound
    area = await holdings.area(where["area_id"])
    holdings.role = filling_as(holdings.actor, area["path"])
    await holdings.people(where["person_id"], *more)
    return area, dict(await holdings.connection.fetchrow(_READ, office_id))


async def _begin(holdings: Holdings, area: Row, office: Row) -> int:
    """A new row, its line, its role; the place in the feed."""
    holdings.role = filling_as(holdings.actor, area["path"])
    if office["person_id"] == holdings.actor.person_id:
        raise NotToYourself(needed_roles=sorted(KEEPERS))
    if office["ends_on"] is not None and office["ends_on"] <= office["starts_on"]:
        raise wrong("/ends_on", "days", "结束日期应晚于开始日期", "it ends after it begins")
    person = (await holdings.people(office["person_id"])).get(office["person_id"])
    holdings.check_belongs(person, area["path"], area["tenant_id"], holdings.actor.area_roots(KEEPERS))
    where = area["tenant_id"], area["id"], office["kind"]
    days = office["starts_on"], office["ends_on"]
    taken = await holdings.connection.fetchrow(_TAKEN, *where, *days, office["person_id"], office["exclusive"])
    if taken is not None:
        raise _taken(area, taken)
    office = office | {"area_id": area["id"]}
    turns_on = next_turn(*days, holdings.day)
    row = *where[:1], office["id"], office["person_id"], *where[1:], *days, office["exclusive"], turns_on
    last: int = await holdings.connection.fetchval(_BEGIN, *row, office["follows"])
    await note(holdings.connection, "office", [office["id"]], holdings.author, "begin")
    if office["role"] is not None and person is not None:
        await office_roles.give(holdings, office, person["tenant_id"], office["role"])
    return last


async def _end(holdings: Holdings, office: Row, on: date, action: str, **facts: Any) -> int:
    """The office ends on that day; the place in the feed."""
    if on < office["starts_on"]:
        raise wrong("/on", "days", f"这个职务自 {office['starts_on']} 起", f"it begins on {office['starts_on']}")
    if office["ends_on"] is not None and office["ends_on"] <= on:
        raise AlreadyEnded(state="ended", allowed_actions=[], ends_on=str(office["ends_on"]))
    turns_on = next_turn(office["starts_on"], on, holdings.day)
    last: int = await holdings.connection.fetchval(_END, office["id"], on, turns_on)
    await note(holdings.connection, "office", [office["id"]], holdings.author, action, **facts)
    people = await holdings.people(office["person_id"])
    if office["gives"] is not None and people:
        tenant_id = people[office["person_id"]]["tenant_id"]
        await office_roles.take(holdings, office, tenant_id, office["gives"], on)
    return last


def _taken(area: Row, office: Any) -> OfficeTaken:
    """Who holds it, from when until when."""
    days: dict[str, Any] = {"starts_on": str(office["starts_on"])}
    if office["ends_on"] is not None:
        days["ends_on"] = str(office["ends_on"])
    who = {"office_id": office["id"], "person_id": office["person_id"], "holder": office["holder"]}
    return OfficeTaken(area=area["name"], **days, **who)
