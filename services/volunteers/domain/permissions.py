"""Who somebody is to an opening or a service record. What the state then allows stands in states.py and openings.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.kernel.actor import EVERYONE, OFFICERS, STAFF, Actor, Role

#: Those who may make an opening in their areas without being asked by a petition.
ORGANISERS: frozenset[Role] = STAFF | {Role.TEAM_LEADER}
#: Those who may make one at all: organisers, and whoever holds the petition that it comes from.
OPENERS: frozenset[Role] = ORGANISERS | OFFICERS | {Role.ORGANISATION_STAFF}

_OVERSEERS = frozenset({Role.OVERSIGHT})
_IN_PERSON = OFFICERS | {Role.ORGANISATION_STAFF}


class Relation(StrEnum):
    """What ties a caller to an opening or a service record."""

    VOLUNTEER = "volunteer"  # takes part
    LEADER = "leader"  # leads the opening; by default the one who made it
    STAFF = "staff"  # community or street staff of the place
    TEAM_LEADER = "team_leader"  # leads a team in the place
    RECORDER = "recorder"  # recorded that the volunteer was there
    OVERSIGHT = "oversight"  # sees everything of the community, changes nothing


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
    for relation, roles in (
        (Relation.STAFF, STAFF),
        (Relation.TEAM_LEADER, frozenset({Role.TEAM_LEADER})),
        (Relation.OVERSIGHT, _OVERSEERS),
    ):
        if actor.area_roots(roles) & standing.area_path:
            found.add(relation)
    return frozenset(found)


def shows_codes(mine: Iterable[Relation]) -> bool:
    """Whether the caller may see the rotating code: then the code proves nothing about the caller's own presence."""
    return not {Relation.LEADER, Relation.STAFF}.isdisjoint(mine)


def may_turn_into_task(actor: Actor, petition: Holding) -> bool:
    """Organisers of the place, and whoever holds the petition, in person or as staff of the organisation that does."""
    if actor.area_roots(ORGANISERS) & petition.area_path:
        return True
    if petition.holder_type == "organisation":
        return petition.holder_id in actor.organisations(frozenset({Role.ORGANISATION_STAFF}))
    return petition.holder_id == actor.person_id and actor.has(_IN_PERSON)


def handled_roots(actor: Actor) -> frozenset[UUID]:
    """The areas whose service records the caller works on, with the volunteers' names."""
    return actor.area_roots(ORGANISERS)


def overseen_roots(actor: Actor) -> frozenset[UUID]:
    """The areas of which the caller may list every service record."""
    return actor.area_roots(ORGANISERS | _OVERSEERS)


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
