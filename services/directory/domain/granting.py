"""Who may give and end which role, and where: the only place that knows.

Nobody gives more than they have: only roles below their own, and only where their own counts or below that. Nobody
gives a role to themselves or ends their own. Staff of an organisation give none, whatever their organisation serves:
who works for it is said by the community that keeps it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.directory.domain.errors import BeyondYourRank, NotToYourself
from shared.kernel.actor import EVERYONE, OFFICERS, Actor, Role
from shared.kernel.words import Word

_OF_A_COMMUNITY = OFFICERS | {
    Role.RESIDENT,
    Role.VOLUNTEER,
    Role.COMMUNITY_STAFF,
    Role.ORGANISATION_STAFF,
    Role.TEAM_LEADER,
}

#: What each role may give. Who watches over a community's administrators is not chosen by them.
MAY_GRANT: dict[Role, frozenset[Role]] = {
    Role.COMMUNITY_ADMIN: _OF_A_COMMUNITY,
    Role.STREET_STAFF: _OF_A_COMMUNITY | {Role.COMMUNITY_ADMIN, Role.OVERSIGHT},
    Role.PLATFORM_ADMIN: EVERYONE,
}
#: Those who may give any role at all.
GRANTORS: frozenset[Role] = frozenset(MAY_GRANT)
#: Who reads which roles people have, and what was done to them.
AUDITORS: frozenset[Role] = GRANTORS | {Role.OVERSIGHT}

#: Roles that count for an organisation. A team's leader also looks after an area's volunteers.
FOR_ORGANISATIONS = frozenset({Role.ORGANISATION_STAFF, Role.TEAM_LEADER})
#: Roles that count in an area.
IN_AREAS = EVERYONE - {Role.ORGANISATION_STAFF}


def grantors_of(role: Role) -> list[Role]:
    """The roles by which somebody may give this one."""
    return sorted(giver for giver, given in MAY_GRANT.items() if role in given)


def may_grant(actor: Actor, role: Role, path: Sequence[UUID]) -> bool:
    """Whether the caller may give the role, or end it, at the end of `path` (root first).

    The path of an organisation is that of the community, street or district that keeps it.
    """
    return bool(actor.area_roots(frozenset(grantors_of(role))).intersection(path))


def granting_as(actor: Actor, person_id: UUID, role: Role, path: Sequence[UUID]) -> str:
    """In which role the caller gives or ends the role of that person; raises BeyondYourRank, NotToYourself."""
    needed = grantors_of(role)
    given = next((g.role for g in actor.grants if g.role in needed and g.area_id in path), None)
    if given is None:
        raise BeyondYourRank(role=role, needed_roles=needed)
    if person_id == actor.person_id:
        raise NotToYourself(needed_roles=needed)
    return given


def belongs(person: Any, path: Sequence[UUID], tenant_id: UUID, roots: frozenset[UUID]) -> bool:
    """Whether the person can be given something at the end of `path`, which the tenant keeps.

    They are kept by the tenant or by one above it, live there, or belong to somewhere else that the giver answers for
    as well: a community chooses among its own people, a street among those of all its communities.
    """
    kept = person["tenant_id"] in path or person["home_tenant_id"] == tenant_id
    return kept or bool(roots.intersection(person["tenant_path"]))


class Granting(Word):
    """Everything that can be done to a role that somebody has."""

    END = "end", "终止"


def allowed_on_grant(
    actor: Actor, person_id: UUID, role: Role, path: Sequence[UUID], ends_on: date | None, day: date
) -> list[Granting]:
    """What the caller may do to a role that somebody has."""
    over = ends_on is not None and ends_on <= day
    return [Granting.END] if not over and person_id != actor.person_id and may_grant(actor, role, path) else []
