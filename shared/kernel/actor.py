"""Who acts: a person with roles, each rooted in areas or organisations. Pure data from a verified token."""

from dataclasses import dataclass
from uuid import UUID

from shared.kernel.words import Word


class Role(Word):
    """Every role Linli knows. What a role may do is declared at the routes and in each service's permissions."""

    RESIDENT = "resident", "居民"
    VOLUNTEER = "volunteer", "志愿者"
    HOUSEHOLD_GROUP_HEAD = "household_group_head", "联户长"
    BUILDING_HEAD = "building_head", "楼栋长"
    GRID_OFFICER = "grid_officer", "网格员"
    COMMUNITY_STAFF = "community_staff", "社区工作人员"
    COMMUNITY_ADMIN = "community_admin", "社区管理员"
    STREET_STAFF = "street_staff", "街道工作人员"
    ORGANISATION_STAFF = "organisation_staff", "单位工作人员"
    TEAM_LEADER = "team_leader", "队长"
    OVERSIGHT = "oversight", "监督人员"
    INTEGRATOR = "integrator", "接入方"
    PLATFORM_ADMIN = "platform_admin", "平台管理员"


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
