"""Roles are given and ended. Who may give which, and where, is said in domain/granting.py alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.directory.actions.holding import Holdings, Wish, carry_out
from services.directory.actions.notes import note
from services.directory.domain.errors import AlreadyEnded, RoleHeld, wrong
from services.directory.domain.granting import AUDITORS, FOR_ORGANISATIONS, IN_AREAS, granting_as, grantors_of
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries import grants
from services.directory.queries.areas import is_visible
from shared.kernel.actor import Role
from shared.kernel.errors import NotFound

_ORGANISATION = """
select o.tenant_id, o.closed, t.ancestors || t.id as path
  from organisation o join area t on t.id = o.tenant_id where o.id = $1
"""
_HELD = """
select starts_on, ends_on from role_grant
 where person_id = $1 and role = $2 and area_id is not distinct from $3 and organisation_id is not distinct from $4
   and daterange(starts_on, ends_on) && daterange($5, $6) order by starts_on nulls first limit 1
"""
_GIVE = """
insert into role_grant (tenant_id, id, version, person_id, role, area_id, organisation_id, starts_on, ends_on)
values ($1, $2, 1, $3, $4, $5, $6, $7, $8)
"""
_READ = """
select g.person_id, g.role, g.starts_on, g.ends_on, root.ancestors || root.id as path
  from role_grant g left join organisation o on o.id = g.organisation_id
  join area root on root.id = coalesce(g.area_id, o.tenant_id) where g.id = $1
"""
_END = "update role_grant set ends_on = $2, version = version + 1 where id = $1"


@dataclass(frozen=True, slots=True)
class NewRole:
    """Who is to have which role, in an area or for an organisation, and when. Without a first day from today on."""

    person_id: UUID
    role: Role
    area_id: UUID | None
    organisation_id: UUID | None
    starts_on: date | None
    ends_on: date | None


async def give(house: House, wish: Wish, given: NewRole) -> bytes:
    """Somebody has a role; gives it as it stands."""

    async def work(holdings: Holdings, id: UUID) -> None:
        root = await _root(holdings, given)
        holdings.role = granting_as(holdings.actor, given.person_id, given.role, root["path"])
        starts_on = given.starts_on or holdings.day
        if given.ends_on is not None and given.ends_on <= starts_on:
            raise wrong("/ends_on", "days", "结束日期应晚于开始日期", "it ends after it begins")
        person = (await holdings.people(given.person_id)).get(given.person_id)
        roots = holdings.actor.area_roots(frozenset(grantors_of(given.role)))
        holdings.check_belongs(person, root["path"], root["tenant_id"], roots)
        what = given.person_id, given.role, given.area_id, given.organisation_id
        days = starts_on, given.ends_on
        held = await holdings.connection.fetchrow(_HELD, *what, *days)
        if held is not None:
            known: dict[str, Any] = {name: str(day) for name, day in dict(held).items() if day is not None}
            raise RoleHeld(**known)
        if person is not None:
            await holdings.connection.execute(_GIVE, person["tenant_id"], id, *what, *days)
        await note(holdings.connection, "role_grant", [id], holdings.author, "grant")

    id = await carry_out(house, wish, None, work)
    return await grants.again(house, wish.actor, id)


async def end(house: House, wish: Wish, grant_id: UUID, on: date | None) -> bytes:
    """Somebody has a role no longer, from that day (today) on; gives it as it stands."""

    async def work(holdings: Holdings, id: UUID) -> None:
        grant = await _to_end(holdings, id)
        day = on or holdings.day
        if grant["starts_on"] is not None and day < grant["starts_on"]:
            raise wrong("/on", "days", f"这个角色自 {grant['starts_on']} 起", f"it begins on {grant['starts_on']}")
        if grant["ends_on"] is not None and grant["ends_on"] <= day:
            raise AlreadyEnded(state="ended", allowed_actions=[], ends_on=str(grant["ends_on"]))
        await holdings.connection.execute(_END, id, day)
        await note(holdings.connection, "role_grant", [id], holdings.author, "end")

    await carry_out(house, wish, grant_id, work)
    return await grants.again(house, wish.actor, grant_id)


async def _root(holdings: Holdings, given: NewRole) -> Row:
    """Where the role is to count: what keeps it, and the way there; raises where it cannot."""
    if given.area_id is not None:
        if given.role not in IN_AREAS:
            raise wrong("/area_id", "wrong_root", "这个角色只能授予在单位上", "this role counts for an organisation")
        return await holdings.open_area(given.area_id)
    if given.role not in FOR_ORGANISATIONS:
        raise wrong("/organisation_id", "wrong_root", "这个角色只能授予在区域里", "this role counts in an area")
    found: Any = await holdings.connection.fetchrow(_ORGANISATION, given.organisation_id)
    if found is None or not await is_visible(holdings.connection, holdings.viewer, found["tenant_id"]):
        raise wrong("/organisation_id", "unknown_organisation", "没有这个单位", "no such organisation")
    if found["closed"]:
        raise wrong("/organisation_id", "closed", "这个单位已撤销", "it is closed")
    return dict(found)


async def _to_end(holdings: Holdings, grant_id: UUID) -> Row:
    """The role as it stands, kept from others; raises when the caller does not see it, or may not end it."""
    grant = await holdings.connection.fetchrow(_READ, grant_id)
    if grant is None or not holdings.viewer.area_roots(AUDITORS).intersection(grant["path"]):
        raise NotFound
    holdings.role = granting_as(holdings.actor, grant["person_id"], Role(grant["role"]), grant["path"])
    await holdings.people(grant["person_id"])
    return dict(await holdings.connection.fetchrow(_READ, grant_id))
