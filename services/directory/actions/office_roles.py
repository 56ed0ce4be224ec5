"""The role that comes with an office: it begins and ends with it, in the office's area, with its own line in the audit.

One role of one person in one area is one row, whoever gave it: an office that brings what the person has already only
lengthens it, and the office that ends last ends it. Its kind says which role that is (domain/kinds.py).
"""

from datetime import date
from typing import Any
from uuid import UUID

from services.directory.actions.holding import Holdings
from services.directory.actions.notes import note
from services.directory.domain.plan import Row
from shared.kernel.ids import new_id

# One that goes on for ever first: of those only one may be.
_MEETING = """
select id, starts_on, ends_on from role_grant
 where person_id = $1 and role = $2 and area_id = $3
   and (daterange(starts_on, ends_on) && daterange($4, $5) or daterange(starts_on, ends_on) -|- daterange($4, $5))
 order by ends_on desc nulls first, id for update
"""
_NEW = """
insert into role_grant (tenant_id, id, version, person_id, role, area_id, starts_on, ends_on)
values ($1, $2, 1, $3, $4, $5, $6, $7)
"""
_LENGTHEN = "update role_grant set starts_on = $2, ends_on = $3, version = version + 1 where id = $1"
_OTHERS = """
select o.starts_on, o.ends_on from office o join office_kind k on k.key = o.kind
 where o.person_id = $1 and k.role = $2 and o.area_id = $3 and o.id <> $4 and (o.ends_on is null or o.ends_on > $5)
 order by o.starts_on
"""
_END = """
update role_grant set ends_on = greatest(starts_on, $4), version = version + 1
 where person_id = $1 and role = $2 and area_id = $3 and (ends_on is null or ends_on > greatest(starts_on, $4))
returning id
"""


async def give(holdings: Holdings, office: Row, tenant_id: UUID, role: str) -> None:
    """The person of the office has the role for its days. `tenant_id` keeps the person."""
    days = office["starts_on"], office["ends_on"]
    meeting = await holdings.connection.fetch(_MEETING, office["person_id"], role, office["area_id"], *days)
    if not meeting:
        id = new_id(holdings.at)
        row = tenant_id, id, office["person_id"], role, office["area_id"], *days
        await holdings.connection.execute(_NEW, *row)
        await note(holdings.connection, "role_grant", [id], holdings.author, "grant", office_id=office["id"])
        return
    there = meeting[0]
    wanted = _union(there, *days)
    if wanted != (there["starts_on"], there["ends_on"]):
        await holdings.connection.execute(_LENGTHEN, there["id"], *wanted)
        await note(holdings.connection, "role_grant", [there["id"]], holdings.author, "update", office_id=office["id"])


async def take(holdings: Holdings, office: Row, tenant_id: UUID, role: str, on: date) -> None:
    """The office ends on that day, and the role with it unless another office of theirs in the area brings it."""
    what = office["person_id"], role, office["area_id"]
    others = await holdings.connection.fetch(_OTHERS, *what, office["id"], on)
    until: date | None = on
    for other in others:
        if other["starts_on"] <= (until or date.max):
            until = None if until is None or other["ends_on"] is None else max(until, other["ends_on"])
    if until is None:
        return
    ended = await holdings.connection.fetch(_END, *what, until)
    ids = [row["id"] for row in ended]
    await note(holdings.connection, "role_grant", ids, holdings.author, "end", office_id=office["id"])
    for other in (other for other in others if other["starts_on"] > until):
        await give(holdings, office | dict(other), tenant_id, role)


def _union(there: Any, starts_on: date, ends_on: date | None) -> tuple[date | None, date | None]:
    """From the first day of either to the last of either."""
    first = min(there["starts_on"], starts_on) if there["starts_on"] else None
    last = max(there["ends_on"], ends_on) if there["ends_on"] and ends_on else None
    return first, last
