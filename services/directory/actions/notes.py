"""Lines in the histories of offices and roles: each change once, by whom and as what, and how it stands since.

Whatever writes an office or a role writes its line in the same transaction, after the row itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.kernel.ids import new_id

_OFFICES = """
insert into office_history (tenant_id, id, office_id, version, at, action, actor_id, actor_role, facts)
select o.tenant_id, given.line, o.id, o.version, $3, coalesce($4, case o.version when 1 then 'begin' else 'update' end),
       $5, $6, $7::jsonb || jsonb_build_object(
         'person_id', o.person_id, 'area_id', o.area_id, 'starts_on', o.starts_on, 'ends_on', o.ends_on)
  from unnest($1::uuid[], $2::uuid[]) given(id, line) join office o on o.id = given.id
"""
_GRANTS = """
insert into role_grant_history (tenant_id, id, grant_id, version, at, action, actor_id, actor_role, person_id, role,
                                path, facts)
select root.tenant_id, given.line, g.id, g.version, $3,
       coalesce($4, case g.version when 1 then 'grant' else 'update' end), $5, $6, g.person_id, g.role,
       root.ancestors || root.id, $7::jsonb || jsonb_strip_nulls(jsonb_build_object(
         'area_id', g.area_id, 'organisation_id', g.organisation_id)) || jsonb_build_object(
         'starts_on', g.starts_on, 'ends_on', g.ends_on)
  from unnest($1::uuid[], $2::uuid[]) given(id, line) join role_grant g on g.id = given.id
  left join organisation o on o.id = g.organisation_id
  join area root on root.id = coalesce(g.area_id, o.tenant_id)
"""
_STATEMENTS = {"office": _OFFICES, "role_grant": _GRANTS}


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, in which role, and when. Nobody in person stands for who runs the installation."""

    who: UUID | None
    role: str
    at: datetime


async def note(
    connection: Any, table: str, ids: Collection[UUID], author: Author, action: str | None = None, **facts: Any
) -> None:
    """One line for each of the offices or roles; without an action it tells whether they are new."""
    if not ids:
        return
    lines = [new_id(author.at) for _ in ids]
    more = orjson.dumps(facts, default=str).decode()
    given = list(ids), lines, author.at, action, author.who, author.role, more
    await connection.execute(_STATEMENTS[table], *given)
