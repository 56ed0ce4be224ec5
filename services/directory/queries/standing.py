"""What of a token still holds: asked of the database itself, where a quarter of an hour is too long.

An access token lives on after a role has ended. Whatever gives or takes power, or reveals what is personal, asks here
first, in its own transaction: a role that ended a second ago counts no more.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from shared.kernel.actor import Actor, Role

_STILL = """
select given.n from unnest($2::text[], $3::uuid[], $4::uuid[]) with ordinality given(role, area_id, organisation_id, n)
 where exists (
   select from role_grant g
    where g.person_id = $1 and g.role = given.role and g.area_id is not distinct from given.area_id
      and g.organisation_id is not distinct from given.organisation_id
      and (g.starts_on is null or g.starts_on <= $5) and (g.ends_on is null or g.ends_on > $5))
   and exists (select from person where id = $1 and not erased)
"""


async def as_they_stand(connection: Any, actor: Actor, day: date) -> Actor:
    """The caller with those of the token's roles that the person still has on that day; no others are added."""
    grants = actor.grants
    given = [g.role for g in grants], [g.area_id for g in grants], [g.organisation_id for g in grants]
    rows = await connection.fetch(_STILL, actor.person_id, *given, day)
    still = {row["n"] - 1 for row in rows}
    return replace(actor, grants=tuple(grant for n, grant in enumerate(grants) if n in still))


async def role_in_force(
    connection: Any, actor: Actor, roles: frozenset[Role], path: Collection[UUID], day: date
) -> Role | None:
    """The role, of those that are wanted, that the caller still has in an area of the path; None when it has ended."""
    standing = await as_they_stand(connection, actor, day)
    return next((grant.role for grant in standing.grants if grant.role in roles and grant.area_id in path), None)
