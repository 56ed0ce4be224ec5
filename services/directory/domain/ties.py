"""What ties people to organisations and organisations to communities: its kinds, its days, and who may record it.

A membership (Popolo: person, organisation, on behalf of, dates) says that somebody belongs to an organisation; an
enrolment (双向报到) that an organisation has reported for duty where it is, or one of its members where they live.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.directory.domain.errors import NotYours
from services.directory.domain.permissions import KEEPERS
from shared.kernel.actor import STAFF, Actor, Role
from shared.kernel.words import Word

#: Those of a community, street or district who do its daily work: they note meetings, agreements, lists, enrolments.
ORGANISERS: frozenset[Role] = STAFF | {Role.PLATFORM_ADMIN}
#: Who sees by name who belongs where: who works there, and those who look over their shoulders.
READERS: frozenset[Role] = ORGANISERS | {Role.OVERSIGHT}
_OWN: frozenset[Role] = frozenset({Role.ORGANISATION_STAFF})


class Tie(Word):
    """What ties a caller to a membership, an enrolment, a council and what belongs to it."""

    KEEPER = "keeper", "管理者"  # administers the tenant that keeps it, or one above
    ORGANISER = "organiser", "社区或街道工作人员"  # works in the tenant that keeps it, or in one above
    READER = "reader", "工作人员或监督人员"  # likewise, or oversees it
    OWN_STAFF = "own_staff", "本单位工作人员"  # works for the organisation that it is about
    ONESELF = "oneself", "本人"  # is the person that it is about


class Standing(Word):
    """Where something with a term stands on a day."""

    UPCOMING = "upcoming", "未开始"
    CURRENT = "current", "有效"
    ENDED = "ended", "已结束"


@dataclass(frozen=True, slots=True)
class MembershipKind:
    """A kind of membership. `exclusive`: one person at a time in an organisation; `delegated`: an organisation may have
    sent them; `own`: the organisation's own staff may record it."""

    key: str
    name_zh: str
    name_en: str
    position: int
    exclusive: bool = False
    delegated: bool = False
    own: bool = False


MEMBERSHIP_KINDS: tuple[MembershipKind, ...] = (
    MembershipKind("secretary", "书记", "Secretary", 1, exclusive=True),
    MembershipKind("deputy_secretary", "副书记", "Deputy secretary", 2),
    MembershipKind("committee_member", "委员", "Committee member", 3, delegated=True),
    MembershipKind("part_time_committee_member", "兼职委员", "Part-time committee member", 4, delegated=True),
    MembershipKind("stationed", "驻社区工作队队员", "Member of a stationed team", 5, delegated=True),
    MembershipKind("leader", "负责人", "Leader", 6, exclusive=True),
    MembershipKind("staff", "工作人员", "Staff", 7, own=True),
    MembershipKind("member", "成员", "Member", 8, own=True),
)


def standing(starts_on: date, ends_on: date | None, day: date) -> Standing:
    """Where a term stands; `ends_on` is the first day on which it no longer holds."""
    if ends_on is not None and ends_on <= day:
        return Standing.ENDED
    return Standing.UPCOMING if starts_on > day else Standing.CURRENT


def role_in(actor: Actor, roles: frozenset[Role], path: Sequence[UUID]) -> str | None:
    """Which of the roles the caller has in the last area of `path`, or above it."""
    return next((g.role for g in actor.grants if g.role in roles and g.area_id in path), None)


def works_for(actor: Actor, organisation_id: UUID | None) -> str | None:
    """As what the caller works for the organisation."""
    return Role.ORGANISATION_STAFF if organisation_id in actor.organisations(_OWN) else None


def recording_as(actor: Actor, path: Sequence[UUID], organisation_id: UUID, *, own: bool) -> str:
    """The role in which the caller records who belongs to an organisation kept at the end of `path`.

    Who keeps the tenant records everything. The organisation's own staff record whom they employ and whom they count
    as members (`own`); who leads it, and who is sent to it, is for others to say. Raises NotYours.
    """
    found = role_in(actor, KEEPERS, path) or (works_for(actor, organisation_id) if own else None)
    if found is None:
        raise NotYours(needed_roles=sorted(KEEPERS | _OWN if own else KEEPERS))
    return found


def organising_as(actor: Actor, path: Sequence[UUID], *organisation_ids: UUID | None) -> str:
    """The role in which the caller does the daily work of the tenant at the end of `path`, or that of one of the
    organisations that a thing is about; raises NotYours."""
    found = role_in(actor, ORGANISERS, path) or next(
        filter(None, (works_for(actor, id) for id in organisation_ids)), None
    )
    if found is None:
        raise NotYours(needed_roles=sorted(ORGANISERS | _OWN if organisation_ids else ORGANISERS))
    return found


def keeping_as(actor: Actor, path: Sequence[UUID]) -> str:
    """The role in which the caller makes and changes the council of the tenant that `path` ends in; raises NotYours."""
    found = role_in(actor, KEEPERS, path)
    if found is None:
        raise NotYours(needed_roles=sorted(KEEPERS))
    return found
