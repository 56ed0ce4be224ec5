"""domain/granting: who may give which role, and where; every giver × role × place."""

from uuid import UUID, uuid5

import pytest

from services.directory.domain.errors import BeyondYourRank, NotToYourself
from services.directory.domain.granting import granting_as, may_grant
from services.directory.domain.kinds import OFFICE_KINDS
from services.directory.domain.permissions import KEEPERS
from shared.kernel.actor import Actor, Grant, Role

_NAMES = UUID(int=0)
PLACES = {word: uuid5(_NAMES, word) for word in ("district", "street", "here", "grid", "sister", "there", "elsewhere")}
#: Ways from the root down, by what the place is to somebody whose role counts `here`.
PATHS = {
    "own": ["district", "street", "here"],
    "below": ["district", "street", "here", "grid"],
    "sister": ["district", "street", "there"],
    "above": ["district", "street"],
    "other": ["elsewhere"],
}
ADMIN, STREET, PLATFORM = Role.COMMUNITY_ADMIN, Role.STREET_STAFF, Role.PLATFORM_ADMIN
#: Spelled out from the design: the lowest rank that gives each role, and all above it do.
GIVEN_FROM: dict[Role, list[Role]] = {
    Role.RESIDENT: [ADMIN, STREET, PLATFORM],
    Role.VOLUNTEER: [ADMIN, STREET, PLATFORM],
    Role.HOUSEHOLD_GROUP_HEAD: [ADMIN, STREET, PLATFORM],
    Role.BUILDING_HEAD: [ADMIN, STREET, PLATFORM],
    Role.GRID_OFFICER: [ADMIN, STREET, PLATFORM],
    Role.COMMUNITY_STAFF: [ADMIN, STREET, PLATFORM],
    Role.ORGANISATION_STAFF: [ADMIN, STREET, PLATFORM],
    Role.TEAM_LEADER: [ADMIN, STREET, PLATFORM],
    Role.COMMUNITY_ADMIN: [STREET, PLATFORM],
    Role.OVERSIGHT: [STREET, PLATFORM],
    Role.STREET_STAFF: [PLATFORM],
    Role.INTEGRATOR: [PLATFORM],
    Role.PLATFORM_ADMIN: [PLATFORM],
}
ME, SOMEBODY = UUID(int=1), UUID(int=2)


def path(place: str) -> list[UUID]:
    return [PLACES[word] for word in PATHS[place]]


@pytest.mark.parametrize("place", PATHS)
@pytest.mark.parametrize("given", Role)
@pytest.mark.parametrize("giver", Role)
def test_a_role_is_given_by_those_above_it_within_their_own_place(giver: Role, given: Role, place: str) -> None:
    actor = Actor(ME, (Grant(giver, PLACES["here"]),))
    expected = giver in GIVEN_FROM[given] and place in ("own", "below")
    assert may_grant(actor, given, path(place)) == expected
    if expected:
        assert granting_as(actor, SOMEBODY, given, path(place)) == giver
        with pytest.raises(NotToYourself):
            granting_as(actor, ME, given, path(place))
    else:
        with pytest.raises(BeyondYourRank) as refused:
            granting_as(actor, SOMEBODY, given, path(place))
        assert refused.value.facts["needed_roles"] == sorted(GIVEN_FROM[given])


@pytest.mark.parametrize("giver", Role)
def test_no_role_for_an_organisation_gives_any(giver: Role) -> None:
    actor = Actor(ME, (Grant(giver, None, PLACES["here"]),))
    assert not any(may_grant(actor, given, path("own")) for given in Role)


def test_nobody_but_the_platform_gives_a_role_of_their_own_rank() -> None:
    assert [role for role in Role if role in GIVEN_FROM[role]] == [Role.PLATFORM_ADMIN]


def test_who_fills_an_office_may_give_the_role_that_it_brings() -> None:
    brought = {kind.role for kind in OFFICE_KINDS if kind.role is not None}
    assert brought == {Role.GRID_OFFICER, Role.BUILDING_HEAD, Role.HOUSEHOLD_GROUP_HEAD}
    for keeper in KEEPERS:
        actor = Actor(ME, (Grant(keeper, PLACES["here"]),))
        assert all(may_grant(actor, role, path("below")) for role in brought)
