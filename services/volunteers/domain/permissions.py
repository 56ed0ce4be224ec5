"""Who somebody is to an opening or a service record. What the state then allows stands in states.py and openings.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared.kernel.actor import EVERYONE, OFFICERS, STAFF, Actor, Role
from shared.kernel.words import Word

#: Those who may make an opening in their areas without being asked by a petition.
ORGANISERS: frozenset[Role] = STAFF | {Role.TEAM_LEADER}
#: Those who may make one at all: organisers, and whoever holds the petition that it comes from.
OPENERS: frozenset[Role] = ORGANISERS | OFFICERS | {Role.ORGANISATION_STAFF}

_IN_PERSON = STAFF | OFFICERS | {Role.ORGANISATION_STAFF}


class Relation(Word):
    """What ties a caller to an opening or a service record."""

    VOLUNTEER = "volunteer", "参加者本人"  # takes part
    LEADER = "leader", "负责人"  # leads the opening; by default the one who made it
    STAFF = "staff", "社区或街道工作人员"  # community or street staff of the place
    TEAM_LEADER = "team_leader", "队长"  # leads a team in the place
    RECORDER = "recorder", "登记人"  # recorded that the volunteer was there
    OVERSIGHT = "oversight", "监督人员"  # sees everything of the community, changes nothing


#: The roles by which somebody can be what a relation says. A leader is whoever could make the opening.
ROLES: dict[Relation, frozenset[Role]] = {
    Relation.VOLUNTEER: EVERYONE,
    Relation.LEADER: OPENERS,
    Relation.STAFF: STAFF,
    Relation.TEAM_LEADER: frozenset({Role.TEAM_LEADER}),
    Relation.RECORDER: EVERYONE,
    Relation.OVERSIGHT: frozenset({Role.OVERSIGHT}),
}
#: Those that come with a role in the place or above it.
_OF_THE_PLACE = (Relation.STAFF, Relation.TEAM_LEADER, Relation.OVERSIGHT)
#: Those who show the check-in code.
CODE_SHOWERS = frozenset({Relation.LEADER, Relation.STAFF})


def roles_of(who: frozenset[Relation]) -> frozenset[Role]:
    """The roles with which one can be any of these at all; whoever has none of them need not ask."""
    return frozenset().union(*(ROLES[relation] for relation in who))


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules need to know of people and place. `person_id` is None for an opening itself."""

    leader_id: UUID
    area_path: frozenset[UUID]
    person_id: UUID | None = None
    recorded_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a petition, and where it is: its area and everything above it."""

    holder_type: str | None
    holder_id: UUID | None
    area_path: frozenset[UUID]


def relations(actor: Actor, standing: Standing) -> frozenset[Relation]:
    """Everything the caller is to it."""
    found = set()
    for relation, person_id in (
        (Relation.VOLUNTEER, standing.person_id),
        (Relation.LEADER, standing.leader_id),
        (Relation.RECORDER, standing.recorded_by),
    ):
        if person_id == actor.person_id:
            found.add(relation)
    for relation in _OF_THE_PLACE:
        if actor.area_roots(ROLES[relation]) & standing.area_path:
            found.add(relation)
    return frozenset(found)


def shows_codes(mine: Iterable[Relation]) -> bool:
    """Whether the caller may see the rotating code: then the code proves nothing about the caller's own presence."""
    return not CODE_SHOWERS.isdisjoint(mine)


def may_turn_into_task(actor: Actor, petition: Holding) -> bool:
    """Organisers of the place, and whoever holds the petition."""
    return organises(actor, petition) or _holds(actor, petition)


def organises(actor: Actor, petition: Holding) -> bool:
    """Whether the caller organises where the petition is, whoever holds it."""
    return bool(actor.area_roots(ORGANISERS) & petition.area_path)


def _holds(actor: Actor, petition: Holding) -> bool:
    """In person, or as staff of the organisation that does."""
    if petition.holder_type == "organisation":
        return petition.holder_id in actor.organisations(frozenset({Role.ORGANISATION_STAFF}))
    return petition.holder_id == actor.person_id and actor.has(_IN_PERSON)


def handled_roots(actor: Actor) -> frozenset[UUID]:
    """The areas whose service records the caller works on, with the volunteers' names."""
    return actor.area_roots(ORGANISERS)


def overseen_roots(actor: Actor) -> frozenset[UUID]:
    """The areas of which the caller may list every service record."""
    return actor.area_roots(ORGANISERS | ROLES[Relation.OVERSIGHT])


def wide_roots(actor: Actor) -> frozenset[UUID]:
    """The areas below which other communities may lie that the caller sees too: a street, a district."""
    return actor.area_roots(EVERYONE - OFFICERS - {Role.RESIDENT, Role.VOLUNTEER})


def acting_as(actor: Actor, used: frozenset[Relation], standing: Standing) -> str:
    """The word for the history: the role that let the caller act, or that they lead it or take part."""
    for relation, roles in ((Relation.STAFF, STAFF), (Relation.TEAM_LEADER, frozenset({Role.TEAM_LEADER}))):
        if relation in used:
            return next(g.role for g in actor.grants if g.role in roles and g.area_id in standing.area_path)
    return Relation.LEADER if Relation.LEADER in used else Relation.VOLUNTEER


def opening_as(actor: Actor, area_path: frozenset[UUID]) -> str:
    """The word for the history of somebody who makes an opening: the role for the place, else the one they hold."""
    for grant in actor.grants:
        if grant.role in ORGANISERS and grant.area_id in area_path:
            return grant.role
    return next(grant.role for grant in actor.grants if grant.role in OPENERS)
