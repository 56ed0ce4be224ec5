"""Who acts: a person with roles, each rooted in areas or organisations. Pure data from a verified token."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Every role Linli knows. What a role may do is declared at the routes and in each service's permissions."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    HOUSEHOLD_GROUP_HEAD = "household_group_head"
    BUILDING_HEAD = "building_head"
    GRID_OFFICER = "grid_officer"
    COMMUNITY_STAFF = "community_staff"
    COMMUNITY_ADMIN = "community_admin"
    STREET_STAFF = "street_staff"
    ORGANISATION_STAFF = "organisation_staff"
    TEAM_LEADER = "team_leader"
    OVERSIGHT = "oversight"
    INTEGRATOR = "integrator"
    PLATFORM_ADMIN = "platform_admin"


#: "Staff" of the design (4-petitions): those who triage and dispatch.
STAFF: frozenset[Role] = frozenset({Role.COMMUNITY_STAFF, Role.COMMUNITY_ADMIN, Role.STREET_STAFF})

#: Unpaid neighbours and officers who look after part of a community.
OFFICERS: frozenset[Role] = frozenset({Role.HOUSEHOLD_GROUP_HEAD, Role.BUILDING_HEAD, Role.GRID_OFFICER})

#: Anybody with an account.
EVERYONE: frozenset[Role] = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role with its root: the area, or the organisation, in which it counts."""

    role: Role
    area_id: UUID | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller. `home_id` is the area where the person lives, `session_id` the session the token belongs to."""

    person_id: UUID
    grants: tuple[Grant, ...]
    home_id: UUID | None = None
    session_id: UUID | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def has(self, roles: frozenset[Role]) -> bool:
        """Whether the caller holds one of the roles anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def area_roots(self, roles: frozenset[Role] = EVERYONE) -> frozenset[UUID]:
        """The areas in which the caller holds one of the roles."""
        return frozenset(g.area_id for g in self.grants if g.area_id is not None and g.role in roles)

    def organisations(self, roles: frozenset[Role] = EVERYONE) -> frozenset[UUID]:
        """The organisations for which the caller holds one of the roles."""
        return frozenset(g.organisation_id for g in self.grants if g.organisation_id is not None and g.role in roles)
