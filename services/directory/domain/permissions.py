"""Who may shape the tree of areas, fill its offices, and change organisations. (Who may give which role: granting.py.)

Below a community, street or district its administrators and the street's staff do; the tenants themselves, which keep
people and points, are made, moved and closed by the platform's administrators alone. An organisation is changed by
those who may shape what lies in the tenant that keeps it; how it is reached its own staff may correct.
"""

from collections.abc import Sequence
from uuid import UUID

from services.directory.domain.errors import NotYours, OrganisationNotYours
from shared.kernel.actor import STAFF, Actor, Role
from shared.kernel.words import Word

#: Who may shape what lies below a tenant, and with it import.
KEEPERS: frozenset[Role] = frozenset({Role.COMMUNITY_ADMIN, Role.STREET_STAFF, Role.PLATFORM_ADMIN})
#: Who may make, change, move and close the tenants themselves.
FOUNDERS: frozenset[Role] = frozenset({Role.PLATFORM_ADMIN})
#: Who may correct how an organisation is reached: whoever keeps it, and its own staff.
CORRECTORS: frozenset[Role] = KEEPERS | {Role.ORGANISATION_STAFF}
#: Who reads what is missing in an area, and what was done to it.
REVIEWERS: frozenset[Role] = STAFF | {Role.GRID_OFFICER, Role.OVERSIGHT, Role.PLATFORM_ADMIN}


class Relation(Word):
    """What ties a caller to an area that they see."""

    KEEPER = "keeper", "管理者"  # shapes it, by a role in it or above it
    KEEPER_OF_ALL = "keeper_of_all", "所有相关区域的管理者"  # and likewise every other area that the call names
    GRANTOR = "grantor", "授权者"  # may give the role, where it counts
    OWN_STAFF = "own_staff", "本单位人员"  # of an organisation: works for it


def may_shape(actor: Actor, path: Sequence[UUID], *, tenant: bool) -> bool:
    """Whether the caller may shape the area at the end of `path` (root first), or what lies right below it."""
    return bool(actor.area_roots(FOUNDERS if tenant else KEEPERS).intersection(path))


def shaping_as(actor: Actor, path: Sequence[UUID], *, tenant: bool) -> str:
    """The role in which the caller shapes an area, for its history; raises NotYours."""
    who = FOUNDERS if tenant else KEEPERS
    for grant in actor.grants:
        if grant.role in who and grant.area_id in path:
            return grant.role
    raise NotYours(needed_roles=sorted(who))


def filling_as(actor: Actor, path: Sequence[UUID]) -> str:
    """The role in which the caller fills an office of the area at the end of `path`, or ends it; raises NotYours.

    Also the offices of a community itself: none of them brings a role that runs it (kinds.py).
    """
    return shaping_as(actor, path, tenant=False)


def keeping_as(actor: Actor, path: Sequence[UUID]) -> str:
    """The role in which the caller changes an organisation kept at the end of `path`; raises OrganisationNotYours."""
    for grant in actor.grants:
        if grant.role in KEEPERS and grant.area_id in path:
            return grant.role
    raise OrganisationNotYours(needed_roles=sorted(KEEPERS))


def works_for(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the caller is on the organisation's own staff."""
    return organisation_id in actor.organisations(frozenset({Role.ORGANISATION_STAFF}))


def correcting_as(actor: Actor, organisation_id: UUID, path: Sequence[UUID]) -> str:
    """The role in which the caller corrects how it is reached; raises OrganisationNotYours."""
    return Role.ORGANISATION_STAFF if works_for(actor, organisation_id) else keeping_as(actor, path)
