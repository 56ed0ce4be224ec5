"""Who somebody is to a petition. What the state then allows stands in states.py."""

from dataclasses import dataclass
from uuid import UUID

from shared.kernel.actor import EVERYONE, OFFICERS, STAFF, Actor, Role
from shared.kernel.words import Word


class Relation(Word):
    """What ties a caller to a petition; each row of the state table names those it lets act."""

    REPORTER = "reporter", "上报人"  # reported it
    HOLDER = "holder", "承办人"  # holds it, in person or as staff of the organisation that does
    CO_HANDLER = "co_handler", "协办人"  # helps the holder: sees it, does not act
    STAFF = "staff", "社区或街道工作人员"  # community or street staff of the place
    OFFICER = "officer", "网格员、楼栋长等"  # looks after the place: grid officer, building head, household-group head
    OVERSIGHT = "oversight", "监督人员"  # sees everything of the community, changes nothing


#: The roles by which somebody can be what a relation says.
ROLES: dict[Relation, frozenset[Role]] = {
    Relation.REPORTER: EVERYONE,
    Relation.HOLDER: STAFF | OFFICERS | {Role.ORGANISATION_STAFF},
    Relation.CO_HANDLER: STAFF | OFFICERS | {Role.ORGANISATION_STAFF},
    Relation.STAFF: STAFF,
    Relation.OFFICER: OFFICERS,
    Relation.OVERSIGHT: frozenset({Role.OVERSIGHT}),
}
#: Those that come with a role in the place or above it.
_OF_THE_PLACE = (Relation.STAFF, Relation.OFFICER, Relation.OVERSIGHT)


def roles_of(who: frozenset[Relation]) -> frozenset[Role]:
    """The roles with which one can be any of these at all; whoever has none of them need not ask."""
    return frozenset().union(*(ROLES[relation] for relation in who))


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules need to know of a petition's people and place.

    `area_path` is the petition's area and everything above it.
    """

    reporter_id: UUID | None
    holder_id: UUID | None
    co_handler_ids: frozenset[UUID]
    area_path: frozenset[UUID]


def relations(actor: Actor, standing: Standing) -> frozenset[Relation]:
    """Everything the caller is to the petition; empty means that it does not exist for them."""
    found = set()
    if standing.reporter_id == actor.person_id:
        found.add(Relation.REPORTER)
    mine = actor.organisations(frozenset({Role.ORGANISATION_STAFF})) | {actor.person_id}
    if standing.holder_id in mine:
        found.add(Relation.HOLDER)
    if standing.co_handler_ids & mine:
        found.add(Relation.CO_HANDLER)
    for relation in _OF_THE_PLACE:
        if actor.area_roots(ROLES[relation]) & standing.area_path:
            found.add(relation)
    return frozenset(found)


def overseen_roots(actor: Actor) -> frozenset[UUID]:
    """The areas of which the caller may list every petition."""
    return actor.area_roots(roles_of(frozenset(_OF_THE_PLACE)))


def acting_as(actor: Actor, used: frozenset[Relation], standing: Standing) -> str:
    """The word for the history: the role that let the caller act, or that they are the reporter."""
    if Relation.STAFF in used:
        return next(g.role for g in actor.grants if g.role in STAFF and g.area_id in standing.area_path)
    if Relation.HOLDER in used:
        for grant in actor.grants:
            holds = grant.organisation_id == standing.holder_id or grant.area_id in standing.area_path
            if holds and grant.role is not Role.RESIDENT:
                return grant.role
        return "holder"
    return "reporter"
